import type { Export, Import, Outline } from '../model/code.ts';
import { scanSpecifiers } from '../model/modules.ts';

/** `import clause from 'x'`, `export clause from 'x'`, `export { … }`, each at the start of a statement, behind decorators and comments. */
const clauses =
  /\b(import|export(?=\s*(?:type\s*)?[*{]))(?<=(?:^|[;})/]|@[\w$.]+)[ \t]*\w+)\s*\b(type\s+(?!from\b|,))?\s*([\w$*{][^'"`;()=]{0,5000}?)(?:\bfrom\s*(['"])([^'"\n]+)\4|(?<=\})(?!\s*from\b))/gm;
const declarations =
  /\bexport(?<=(?:^|[;})/]|@[\w$.]+)[ \t]*\w+)\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:const\s+enum|const|let|var|function\s*\*?|class|interface|type|enum|namespace)\s+([\w$]+)/gm;
const defaults = /\bexport(?<=(?:^|[;})/]|@[\w$.]+)[ \t]*\w+)\s+default\b(?:\s+([\w$]+)\s*(?:;|$))?/m;
/** What the three should find all of, wherever it stands. */
const exportWords =
  /\bexport(?:\s+(?:default|declare|abstract|async|const|let|var|function|class|interface|type|enum|namespace)\b|\s*[{*])/g;
const sources = /\bfrom\s*(['"])[^'"\n]+\1/g;
const commonJs = /\bexports\s*(?:\.\s*[\w$]|[[=])|\bexport\s*=/;

/** The patterns look some way ahead from each word, which in a long text adds up. */
const longest = 300_000;

/**
 * What a file loads and exports, by the look of its text: a tenth of the cost of parsing it. Undefined where the text
 * is not plain enough to be sure: comments among the names, words that are no statements, CommonJS.
 */
export function readOutline(file: string, text: string): Outline | undefined {
  if (text.length > longest || commonJs.test(text)) return undefined;
  const imports = new Map<string, Import>();
  const exports = new Map<string, Export[]>();
  const stars: string[] = [];
  const add = (name: string, one: Export): void => {
    exports.set(name, [...(exports.get(name) ?? []), one]);
  };
  let sourcesLeft = text.match(sources)?.length ?? 0;
  let exportsLeft = text.match(exportWords)?.length ?? 0;
  for (const { 1: word, 2: type, 3: clause = '', 5: specifier, index: at } of text.matchAll(clauses)) {
    const typeOnly = type !== undefined;
    if (specifier !== undefined) sourcesLeft--;
    if (word === 'export') exportsLeft--;
    // a word of a comment, a name that the pattern cuts off
    if (/\b(?:import|export)\b|[^\0-\x7f]/.test(clause)) return undefined;
    for (const { name, local, isType } of namesIn(clause)) {
      const only = typeOnly || isType;
      if (word === 'export') {
        if (specifier === undefined) add(local, { v: { k: 'id', n: name, at }, ...(only ? { typeOnly: true } : {}) });
        else if (name === '*' && local === '*') stars.push(specifier);
        else add(local, { specifier, imported: name, ...(only ? { typeOnly: true } : {}) });
      } else if (specifier !== undefined) {
        const known = imports.get(local);
        if (known && (known.specifier !== specifier || known.name !== name)) return undefined;
        imports.set(local, { local, specifier, name, typeOnly: only && (known?.typeOnly ?? true), at });
      }
    }
  }
  for (const { 1: name = '', index: at } of text.matchAll(declarations)) {
    exportsLeft--;
    // overloads of a function are one
    if (!exports.has(name)) add(name, { v: { k: 'id', n: name, at } });
  }
  const whole = defaults.exec(text);
  if (whole) {
    exportsLeft--;
    add('default', { v: { k: 'id', n: whole[1] ?? '', at: whole.index } });
  }
  if (sourcesLeft !== 0 || exportsLeft !== 0) return undefined;
  const specifiers = scanSpecifiers(text).map(s => ({ s, typeOnly: false, at: 0 }));
  return { file, imports, exports, stars, specifiers };
}

/** The names in `a, { b as c, type d }`, `* as e` and `*`: as the other file knows each, and as this one does. */
function namesIn(clause: string): { name: string; local: string; isType: boolean }[] {
  const [, before = '', braces, after = ''] = /^([^{]*)(?:\{([^}]*)\}([\s\S]*))?$/.exec(clause) ?? [];
  const listed = (braces ?? '').replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '').split(',');
  return [
    ...[...before.split(','), ...after.split(',')].flatMap(part => {
      const [, star, starLocal] = /^\s*(\*)(?:\s*as\s+([\w$]+))?\s*$/.exec(part) ?? [];
      if (star) return [{ name: '*', local: starLocal ?? '*', isType: false }];
      const [, local] = /^\s*([\w$]+)\s*$/.exec(part) ?? [];
      return local === undefined ? [] : [{ name: 'default', local, isType: false }];
    }),
    ...listed.flatMap(part => {
      const [, type, name, local] = /^\s*(type\s+(?!as\b))?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(part) ?? [];
      return name === undefined ? [] : [{ name, local: local ?? name, isType: type !== undefined }];
    }),
  ];
}
