import { itemsAt, parseYaml, textAt } from './yaml.ts';

/** Which folder an image is built from. `context` is from the folder of the file. */
export interface BuiltImage {
  readonly image: string;
  readonly context: string;
  readonly dockerfile?: string;
}

export function parseSkaffold(file: string, text: string): readonly BuiltImage[] {
  return parseYaml(file, text).documents.flatMap(document =>
    itemsAt(document, 'build', 'artifacts').flatMap(artifact => {
      const image = textAt(artifact, 'image');
      const dockerfile = textAt(artifact, 'docker', 'dockerfile');
      return image
        ? [{ image, context: textAt(artifact, 'context') ?? '.', ...(dockerfile ? { dockerfile } : {}) }]
        : [];
    }),
  );
}
