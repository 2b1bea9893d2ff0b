import { parseDotenv } from './dotenv.ts';
import type { ConfigData } from './kubernetes.ts';
import { itemsAt, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** ConfigMaps and Secrets that a kustomization makes from literals and env files. */
export function parseKustomization(
  file: string,
  text: string,
  readBeside: (path: string) => string | undefined,
): readonly ConfigData[] {
  if (!/(configMap|secret)Generator/.test(text)) return [];
  return parseYaml(file, text).documents.flatMap(document => [
    ...itemsAt(document, 'configMapGenerator').map(item => generated('ConfigMap', item, file, readBeside)),
    ...itemsAt(document, 'secretGenerator').map(item => generated('Secret', item, file, readBeside)),
  ]);
}

function generated(
  kind: ConfigData['kind'],
  item: Value,
  file: string,
  readBeside: (path: string) => string | undefined,
): ConfigData {
  const literals = itemsAt(item, 'literals').flatMap(literal => {
    const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(literal.kind === 'scalar' ? (literal.text ?? '') : '') ?? [];
    return name ? [{ name, value: (value ?? '').replace(/^(["'])(.*)\1$/, '$2'), at: literal.at }] : [];
  });
  const folder = file.includes('/') ? `${file.slice(0, file.lastIndexOf('/'))}/` : '';
  const fromFiles = [...textsAt(item, 'envs'), ...textsAt(item, 'env')].flatMap(path =>
    parseDotenv(folder + path.replace(/^\.\//, ''), readBeside(path) ?? ''),
  );
  return {
    kind,
    name: textAt(item, 'name') ?? '',
    data: [...fromFiles.map(({ name, value, at }) => ({ name, value, at })), ...literals],
  };
}
