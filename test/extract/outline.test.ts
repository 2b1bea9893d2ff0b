import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModule } from '../../src/extract/module.ts';
import { readOutline } from '../../src/extract/outline.ts';
import type { Outline } from '../../src/model/code.ts';

describe('the outline of a file, read from its text', () => {
  const plain: Readonly<Record<string, string>> = {
    'imports of all kinds': `import a, { b, type C, d as e } from './x';\nimport * as f from 'f'\nimport type { G } from "g";\nimport h, * as i from './h';\nimport './effects';\n`,
    'lists over several lines': `import {\n  a,\n  type B,\n  c as d,\n} from './x';\nexport {\n  a,\n  d as e,\n};\n`,
    're-exports': `export * from './a';\nexport * as b from './b';\nexport { c, default as d } from './c';\nexport { default } from './e';\nexport type { F } from './f';\n`,
    declarations: `export const a = 1;\nexport async function b() {}\nexport function* c() {}\nexport abstract class D {}\nexport interface E {}\nexport type F = 1;\nexport enum G {}\nexport const enum H {}\nexport declare const i: 1;\n`,
    'a default': `const a = 1;\nexport default a;\n`,
    'a default class': `export default class Orders {}\n`,
    'decorators on the same line': `import { Entity } from 'typeorm';\n@Entity() export class Order {}\n@Entity({ name: 'x' }) export class Line {}\n`,
    'statements on one line': `import a from './a'; import { b } from './b'; export { a }; export const c = b;\n`,
    'comments that talk of exports': `/** For batch exports. */\n// an export of data, an import from a bank\nimport { a } from './a';\nexport const b = a;\n`,
    'overloads of a function': `export function a(x: 1): 1;\nexport function a(x: 2): 2;\nexport function a(x: number) { return x; }\n`,
  };
  for (const [what, text] of Object.entries(plain)) {
    it(`says what the code says: ${what}`, () => {
      expect(said(readOutline('x.ts', text))).toEqual(said(readModule('x.ts', text)));
    });
  }

  const doubtful: Readonly<Record<string, string>> = {
    CommonJS: `exports.a = require('./a');\n`,
    'an export of what a pattern takes apart': `export const { a, b } = load();\n`,
    'a comment among the names': `import {\n  a, // it's the first\n  b,\n} from './x';\n`,
    'a comment that looks like a statement': `// import { a } from './x'\nimport { b } from './x';\n/*\nexport const c = 1;\nexport default c */\nconst d = 'from "y"';\n`,
    'names beyond ASCII': `import { größe } from './x';\n`,
  };
  for (const [what, text] of Object.entries(doubtful)) {
    it(`says nothing, or what the code says, of ${what}`, () => {
      const outline = readOutline('x.ts', text);
      if (outline) expect(said(outline)).toEqual(said(readModule('x.ts', text)));
    });
  }

  it('says of each file of this project what the code says, and of nearly all says something', () => {
    const files = ['src', 'rules'].flatMap(folder =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter(f => f.endsWith('.ts'))
        .map(f => join(folder, f)),
    );
    let silent = 0;
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      const outline = readOutline(file, text);
      if (outline) expect(said(outline), file).toEqual(said(readModule(file, text)));
      else silent++;
    }
    expect(silent).toBeLessThan(files.length / 10);
  });
});

function said(outline: Outline | undefined): unknown {
  if (!outline) return undefined;
  const imports = [...outline.imports.values()].map(
    i => `${i.typeOnly ? 'type ' : ''}${i.name} as ${i.local} from ${i.specifier}`,
  );
  const exports = [...outline.exports].map(([name, list]) => {
    const [one] = list;
    return one && 'specifier' in one ? `${name}: ${one.imported} from ${one.specifier}` : `${name}: own`;
  });
  return { imports: imports.sort(), exports: exports.sort(), stars: outline.stars };
}
