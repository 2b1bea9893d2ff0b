import { folderOf, join } from '../model/modules.ts';
import type { Technology } from '../model/technology.ts';
import type { SourceTree } from '../model/tree.ts';
import { each, text } from '../model/value.ts';

const reading = new Set(['readFile', 'readFileSync', 'promises.readFile']);

/** Texts that code reads from files of its repository, above all statements kept in `.sql` files. */
export function textFiles(tree: SourceTree): Technology {
  return {
    id: 'text-files',
    auxiliary: true,
    packages: ['fs', 'node:fs', 'fs/promises', 'node:fs/promises', 'fs-extra'],
    call(c) {
      if (!reading.has(c.path.replace(/^default\./, ''))) return undefined;
      const path = each(c.args[0]).find(v => v.t === 'text');
      // what stands before the first known part is the folder of the file itself: __dirname, import.meta.url
      const known = path?.parts.filter(p => typeof p === 'string').join('') ?? '';
      if (!known.endsWith('.sql')) return undefined;
      const file = ancestors(folderOf(c.origin.file))
        .map(folder => join(folder, known))
        .find(candidate => tree.has(candidate));
      const content = file === undefined ? undefined : tree.read(file);
      return file === undefined || content === undefined ? undefined : text(content, { file, at: 0 });
    },
  };
}

function ancestors(folder: string): string[] {
  return folder === '' ? [''] : [folder, ...ancestors(folderOf(folder))];
}
