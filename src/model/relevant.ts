import type { Outline } from './code.ts';
import { Exports } from './exports.ts';
import { type ModuleResolver, packageOf } from './modules.ts';
import type { Packages } from './sources.ts';

/**
 * Of files that may lead to a package of interest, those that do: by the imports that are left when the program runs.
 * The scan before parsing takes an import that is only used as a type for a real one; browser code is full of them.
 */
export function reallyRelevant(
  files: readonly string[],
  codeOf: (file: string) => Outline | undefined,
  resolver: ModuleResolver,
  packages: Packages,
  talking: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const loadedBy = new Map<string, string[]>();
  const relevant = new Set<string>();
  const queue: string[] = [];
  const mark = (file: string): void => {
    if (relevant.has(file)) return;
    relevant.add(file);
    queue.push(file);
  };
  const known = new Set(files);
  const exports = new Exports(file => (known.has(file) ? codeOf(file) : undefined), resolver);
  const defining = new Map<string, string>();
  /** The file that makes what a file exports under a name: lists of re-exports lead to many files, each name to one. */
  const definingFile = (file: string, name: string, depth = 0): string => {
    const id = `${file}\n${name}`;
    const done = defining.get(id);
    if (done !== undefined) return done;
    defining.set(id, file);
    const code = known.has(file) && depth < 12 ? codeOf(file) : undefined;
    const found = code ? (exportedFrom(code, name, depth) ?? file) : file;
    defining.set(id, found);
    return found;
  };
  const exportedFrom = (code: Outline, name: string, depth: number): string | undefined => {
    const [own] = code.exports.get(name) ?? [];
    if (own && 'specifier' in own) return through(code.file, own.specifier, own.imported, depth);
    if (own) {
      const passed = own.v.k === 'id' ? code.imports.get(own.v.n) : undefined;
      return passed ? through(code.file, passed.specifier, passed.name, depth) : undefined;
    }
    const named = exports.fileOf(code.file, name);
    if (named !== undefined && named !== code.file) return definingFile(named, name, depth + 1);
    const outside = code.stars.flatMap(star => {
      const target = resolver.resolve(code.file, star);
      return target && 'package' in target ? [packageOf(target.package)] : [];
    });
    if (outside.length === 0) return undefined;
    return outside.some(pkg => packages.isOfInterest(pkg, [name])) ? code.file : nowhere;
  };
  const through = (from: string, specifier: string, name: string, depth: number): string | undefined => {
    const target = resolver.resolve(from, specifier);
    if (!target || !('file' in target)) return undefined;
    return name === '*' || name === '=' ? target.file : definingFile(target.file, name, depth + 1);
  };
  const link = (from: string, to: string): void => {
    const list = loadedBy.get(to);
    if (list) list.push(from);
    else loadedBy.set(to, [from]);
  };
  for (const file of files) {
    const code = codeOf(file);
    if (!code) continue;
    if (talking.has(file)) mark(file);
    const gone = goneSpecifiers(code);
    const named = namesTaken(code);
    for (const { s, typeOnly } of code.specifiers) {
      if (typeOnly || gone.has(s)) continue;
      const target = resolver.resolve(file, s);
      const pkg =
        packages.importedAs(file, s, target && 'file' in target ? target.file : undefined) ??
        (target && 'package' in target ? packageOf(target.package) : undefined);
      const names = named.get(s);
      if (pkg !== undefined && packages.isOfInterest(pkg, names)) mark(file);
      if (!target || !('file' in target)) continue;
      if (!names) link(file, target.file);
      else for (const name of names) link(file, through(file, s, name, 0) ?? target.file);
    }
  }
  for (let f = queue.pop(); f !== undefined; f = queue.pop()) for (const by of loadedBy.get(f) ?? []) mark(by);
  return relevant;
}

/** Stands for a file outside the repository. */
const nowhere = '';

/** What is taken of each file, imported or passed on, where it is taken by name. */
function namesTaken(code: Outline): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>(code.stars.map(star => [star, ['*']]));
  const add = (specifier: string, name: string): void => {
    names.set(specifier, [...(names.get(specifier) ?? []), name]);
  };
  for (const i of code.imports.values()) if (!i.typeOnly && (code.used?.has(i.local) ?? true)) add(i.specifier, i.name);
  for (const x of [...code.exports.values()].flat()) if ('specifier' in x && !x.typeOnly) add(x.specifier, x.imported);
  return names;
}

/** Specifiers of imports of which no name is used as a value. */
function goneSpecifiers(code: Outline): ReadonlySet<string> {
  const left = new Set<string>();
  const named = new Set<string>();
  for (const i of code.imports.values()) {
    named.add(i.specifier);
    if (!i.typeOnly && (code.used?.has(i.local) ?? true)) left.add(i.specifier);
  }
  for (const star of code.stars) left.add(star);
  for (const x of [...code.exports.values()].flat()) if ('specifier' in x && !x.typeOnly) left.add(x.specifier);
  return new Set([...named].filter(s => !left.has(s)));
}
