import type { ModuleCode, Outline } from './code.ts';
import type { SourceTree } from './tree.ts';

/** Where a specifier leads: a file of the repository, or a package from outside it. */
export type Target = { readonly file: string } | { readonly package: string; readonly subpath: string } | undefined;

/** A package of the workspace. */
export interface LocalPackage {
  readonly name: string;
  readonly root: string;
}

interface PathsConfig {
  readonly base: string;
  readonly paths: readonly { readonly prefix: string; readonly suffix: string; readonly targets: readonly string[] }[];
  readonly baseUrl?: string;
}

const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json', '.d.ts'];

/**
 * Resolves specifiers by the known set of paths, each file under its nearest tsconfig or jsconfig,
 * without asking the disk. Sources win over build output.
 */
export class ModuleResolver {
  readonly #tree: SourceTree;
  readonly #packages: ReadonlyMap<string, LocalPackage>;
  readonly #configs = new Map<string, PathsConfig | undefined>();
  readonly #relative = new Map<string, Map<string, Target>>();
  readonly #named = new Map<string, Map<string, Target>>();

  constructor(tree: SourceTree, packages: readonly LocalPackage[]) {
    this.#tree = tree;
    // two packages of one name: neither can be told apart by its name
    const seen = new Map<string, LocalPackage>();
    for (const p of packages) if (p.name !== '' && !seen.has(p.name)) seen.set(p.name, p);
    this.#packages = seen;
  }

  resolve(from: string, specifier: string): Target {
    const dir = folderOf(from);
    const memo = specifier.startsWith('.') ? this.#relativeTo(dir) : this.#namedIn(dir);
    const known = memo.get(specifier);
    if (known || memo.has(specifier)) return known;
    const target = this.#find(dir, specifier);
    memo.set(specifier, target);
    return target;
  }

  #relativeTo(dir: string): Map<string, Target> {
    const known = this.#relative.get(dir);
    if (known) return known;
    const made = new Map<string, Target>();
    this.#relative.set(dir, made);
    return made;
  }

  /** What a name means is the same in all folders below the one that says so in its package.json or tsconfig. */
  #namedIn(dir: string): Map<string, Target> {
    const known = this.#named.get(dir);
    if (known) return known;
    const says =
      dir === '' || ['package.json', 'tsconfig.json', 'jsconfig.json'].some(name => this.#tree.has(`${dir}/${name}`));
    const made = says ? new Map<string, Target>() : this.#namedIn(folderOf(dir));
    this.#named.set(dir, made);
    return made;
  }

  #find(dir: string, specifier: string): Target {
    if (specifier.startsWith('.')) {
      const file = this.#file(join(dir, specifier));
      return file === undefined ? undefined : { file };
    }
    if (specifier.startsWith('node:') || specifier.startsWith('/') || specifier === '')
      return specifier === '' ? undefined : { package: specifier, subpath: '' };
    const config = this.#configFor(dir);
    for (const c of config ? [config] : []) {
      const best = c.paths
        .filter(
          p =>
            specifier.startsWith(p.prefix) &&
            specifier.endsWith(p.suffix) &&
            specifier.length >= p.prefix.length + p.suffix.length,
        )
        .sort((a, b) => b.prefix.length - a.prefix.length);
      for (const p of best) {
        const star = specifier.slice(p.prefix.length, specifier.length - p.suffix.length);
        for (const t of p.targets) {
          const outside = /(?:^|\/)node_modules\/([\s\S]+)$/.exec(t.replace('*', star))?.[1];
          if (outside !== undefined)
            return {
              package: packageOf(outside.replace(/^@types\//, '')),
              subpath: outside.slice(packageOf(outside).length + 1),
            };
          const file = this.#file(join(c.base, t.replace('*', star)));
          if (file !== undefined) return { file };
        }
      }
    }
    const name = packageOf(specifier);
    const local = this.#packages.get(name);
    const subpath = specifier.slice(name.length + 1);
    if (local) {
      const file = this.#inPackage(local.root, subpath);
      if (file !== undefined) return { file };
    }
    if (config?.baseUrl !== undefined) {
      const file = this.#file(join(config.baseUrl, specifier));
      if (file !== undefined) return { file };
    }
    return this.#alias(dir, specifier) ?? { package: name, subpath };
  }

  /** Aliases outside tsconfig: package.json `imports` and `_moduleAliases`, and the usual `@/` and `~/`. */
  #alias(dir: string, specifier: string): Target {
    for (const up of upward(dir)) {
      const manifest = join(up, 'package.json');
      if (!this.#tree.has(manifest)) continue;
      const json = jsonIn(this.#tree, manifest);
      for (const field of ['_moduleAliases', 'imports', 'alias', 'aliases']) {
        const map = isRecord(json) ? json[field] : undefined;
        if (!isRecord(map)) continue;
        for (const [key, value] of Object.entries(map)) {
          const target =
            typeof value === 'string'
              ? value
              : isRecord(value)
                ? Object.values(value).find(v => typeof v === 'string')
                : undefined;
          if (typeof target !== 'string') continue;
          const prefix = key.replace(/\/?\*$/, '');
          if (specifier !== prefix && !specifier.startsWith(`${prefix}/`)) continue;
          const file = this.#file(join(up, target.replace(/\/?\*[\s\S]*$/, '') + specifier.slice(prefix.length)));
          if (file !== undefined) return { file };
        }
      }
      const at = /^[@~]\/(.*)$/.exec(specifier)?.[1] ?? /^~([^/].*)$/.exec(specifier)?.[1];
      if (at !== undefined) {
        for (const root of [join(up, 'src'), up, join(up, 'app')]) {
          const file = this.#file(join(root, at));
          if (file !== undefined) return { file };
        }
      }
      return undefined;
    }
    return undefined;
  }

  #inPackage(root: string, subpath: string): string | undefined {
    const json = jsonIn(this.#tree, join(root, 'package.json'));
    const entries: string[] = [];
    if (isRecord(json)) {
      const wanted = subpath === '' ? '.' : `./${subpath}`;
      const map = json['exports'];
      if (typeof map === 'string' && subpath === '') entries.push(map);
      if (isRecord(map)) {
        for (const [key, value] of Object.entries(map)) {
          const star = key.indexOf('*');
          const hit =
            key === wanted ||
            (star >= 0 && wanted.startsWith(key.slice(0, star)) && wanted.endsWith(key.slice(star + 1)));
          if (!hit) continue;
          const part = star < 0 ? '' : wanted.slice(star, wanted.length - (key.length - star - 1));
          for (const leaf of leaves(value)) entries.push(leaf.replace('*', part));
        }
        if (subpath === '' && !Object.keys(map).some(k => k.startsWith('.'))) entries.push(...leaves(map));
      }
      if (subpath === '')
        for (const field of ['source', 'types', 'typings', 'module', 'main'])
          if (typeof json[field] === 'string') entries.push(json[field]);
    }
    if (subpath !== '') entries.push(subpath, `src/${subpath}`, `lib/${subpath}`);
    else entries.push('src/index', 'index', 'lib/index', 'src/main', 'src/lib/index');
    for (const entry of entries) {
      for (const source of sourcesOf(entry)) {
        const file = this.#file(join(root, source));
        if (file !== undefined && !file.endsWith('.d.ts')) return file;
      }
    }
    return undefined;
  }

  #file(path: string): string | undefined {
    const has = (p: string): boolean => this.#tree.has(p);
    const script = /\.([cm]?)jsx?$/.exec(path);
    if (script) {
      const stem = path.slice(0, -script[0].length);
      // `x.mjs` is built from `x.mts`; `x.ts` beside it is another file
      const own = script[1] === '' ? ['.ts', '.tsx'] : [`.${script[1]}ts`, ...(has(path) ? [] : ['.ts', '.tsx'])];
      for (const ext of own) if (has(stem + ext)) return stem + ext;
    }
    if (has(path) && extensions.some(e => path.endsWith(e))) return path;
    for (const ext of extensions) if (has(path + ext)) return path + ext;
    for (const ext of extensions)
      if (has(`${path === '' ? '' : `${path}/`}index${ext}`)) return `${path === '' ? '' : `${path}/`}index${ext}`;
    if (path !== '' && has(`${path}/package.json`)) return this.#inPackage(path, '');
    return undefined;
  }

  #configFor(dir: string): PathsConfig | undefined {
    if (this.#configs.has(dir)) return this.#configs.get(dir);
    let found: PathsConfig | undefined;
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const path = join(dir, name);
      if (!this.#tree.has(path)) continue;
      found = this.#readConfig(path, new Set());
      break;
    }
    if (!found || (found.paths.length === 0 && found.baseUrl === undefined)) {
      const upper =
        dir === ''
          ? this.#tree.has('tsconfig.base.json')
            ? this.#readConfig('tsconfig.base.json', new Set())
            : undefined
          : this.#configFor(folderOf(dir));
      found = upper && (upper.paths.length > 0 || !found) ? upper : found;
    }
    this.#configs.set(dir, found);
    return found;
  }

  #readConfig(path: string, seen: Set<string>): PathsConfig | undefined {
    if (seen.has(path)) return undefined;
    seen.add(path);
    const json = jsonIn(this.#tree, path);
    if (!isRecord(json)) return undefined;
    const dir = folderOf(path);
    const options = isRecord(json['compilerOptions']) ? json['compilerOptions'] : {};
    const baseUrl = typeof options['baseUrl'] === 'string' ? join(dir, options['baseUrl']) : undefined;
    const parents = [json['extends']].flat().flatMap(e => (typeof e === 'string' && e.startsWith('.') ? [e] : []));
    let inherited: PathsConfig | undefined;
    for (const parent of parents) {
      const file = [join(dir, parent), join(dir, `${parent}.json`)].find(p => this.#tree.has(p));
      const read = file === undefined ? undefined : this.#readConfig(file, seen);
      if (read) inherited = read;
    }
    const own = isRecord(options['paths']) ? options['paths'] : undefined;
    const url = baseUrl ?? inherited?.baseUrl;
    if (!own)
      return {
        base: inherited?.base ?? dir,
        paths: inherited?.paths ?? [],
        ...(url === undefined ? {} : { baseUrl: url }),
      };
    const paths = Object.entries(own).map(([key, value]) => {
      const [prefix = '', suffix = ''] = key.split('*');
      return {
        prefix,
        suffix: key.includes('*') ? suffix : '',
        targets: Array.isArray(value) ? value.filter(v => typeof v === 'string') : [],
      };
    });
    return { base: url ?? dir, paths, ...(url === undefined ? {} : { baseUrl: url }) };
  }
}

/** Reads each module at most once, and only when something asks for it. */
export class ModuleStore {
  readonly #tree: SourceTree;
  readonly #read: (file: string, text: string) => ModuleCode | undefined;
  readonly #outlineOf: (file: string, text: string) => Outline | undefined;
  readonly #modules = new Map<string, ModuleCode | undefined>();
  readonly #outlines = new Map<string, Outline | undefined>();

  constructor(
    tree: SourceTree,
    read: (file: string, text: string) => ModuleCode | undefined,
    outlineOf: (file: string, text: string) => Outline | undefined,
  ) {
    this.#tree = tree;
    this.#read = read;
    this.#outlineOf = outlineOf;
  }

  get(file: string): ModuleCode | undefined {
    if (this.#modules.has(file)) return this.#modules.get(file);
    const text = this.#text(file);
    const code = text === undefined ? undefined : this.#read(file, text);
    this.#modules.set(file, code);
    return code;
  }

  /** What a file loads and exports, read without its code where that can be done. */
  outline(file: string): Outline | undefined {
    const known = this.#modules.get(file) ?? this.#outlines.get(file);
    if (known || this.#modules.has(file)) return known;
    const text = this.#text(file);
    const outline = text === undefined ? undefined : (this.#outlineOf(file, text) ?? this.get(file));
    this.#outlines.set(file, outline);
    return outline;
  }

  #text(file: string): string | undefined {
    return /\.(json|d\.[cm]?ts)$/.test(file) ? undefined : this.#tree.read(file);
  }

  json(file: string): unknown {
    return jsonIn(this.#tree, file);
  }

  filesIn(folder: string): readonly string[] {
    return this.#tree.files.filter(f => f.startsWith(folder === '' ? '' : `${folder}/`));
  }

  get count(): number {
    return this.#modules.size;
  }
}

const specifierPattern = /(?:\bfrom|\bimport|\brequire)\s*(?:\(\s*)?(['"`])([^'"`\n]+)\1/g;
const statement = /\b(?:import|export)\b/g;
/** What stands behind the word in `import type …`, `export type …`, and `import { type A, type B }`, which is nothing at run time either. */
const typesAlone =
  /^\s+(?:type\s[^'"`;()]*|\{\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?(?:\s*,\s*type\s+[\w$]+(?:\s+as\s+[\w$]+)?)*\s*(?:,\s*)?\}\s*)$/;

/** Specifiers of a file without parsing it: all of them, and a few that only look like one. Those of types alone are left out. */
export function scanSpecifiers(text: string): string[] {
  const found = new Set<string>();
  const mayHoldTypes = text.includes('type ');
  let end = 0;
  for (const m of text.matchAll(specifierPattern)) {
    const isOfTypes = mayHoldTypes && m[0].startsWith('from') && loadsTypesAlone(text.slice(end, m.index));
    if (!isOfTypes && m[2] !== undefined) found.add(m[2]);
    end = m.index + m[0].length;
  }
  return [...found];
}

/** Whether the statement that `before` ends in takes nothing but types from what is named next. */
function loadsTypesAlone(before: string): boolean {
  if (!before.includes('type')) return false;
  const last = [...before.matchAll(statement)].at(-1);
  return last !== undefined && typesAlone.test(before.slice(last.index + last[0].length));
}

export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

/** Joins and normalises; the empty string is the root. */
export function join(dir: string, path: string): string {
  const parts: string[] = dir === '' || dir === '.' ? [] : dir.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function upward(dir: string): string[] {
  const all = [dir];
  for (let d = dir; d !== ''; d = folderOf(d)) all.push(folderOf(d));
  return all;
}

/** A path into build output, as the paths of sources it may be built from. */
function sourcesOf(entry: string): string[] {
  const path = entry.replace(/^\.\//, '');
  const bare = path.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
  const out = /^(dist|build|lib|out|esm|cjs)\/(.*)$/.exec(bare);
  const inner = out?.[2]?.replace(/^(esm|cjs|types|src)\//, '');
  return [...(inner === undefined ? [] : [`src/${inner}`, inner, `lib/${inner}`]), path, bare];
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return isRecord(value) ? Object.values(value).flatMap(leaves) : [];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const parsed = new WeakMap<SourceTree, Map<string, unknown>>();

/** What a JSON file of the repository says; undefined where it is missing or is none. Manifests are asked for often. */
export function jsonIn(tree: SourceTree, path: string): unknown {
  const known = parsed.get(tree) ?? new Map<string, unknown>();
  parsed.set(tree, known);
  if (!known.has(path)) known.set(path, parseJson(tree.read(path)));
  return known.get(path);
}

/** JSON with comments and trailing commas, as tsconfig files are written; undefined where it is not even that. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  let bare = '';
  for (const m of text.matchAll(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[^"/]+|[\s\S]/g))
    if (!/^\/[/*]/.test(m[0])) bare += m[0];
  try {
    return JSON.parse(bare.replace(/,(\s*[}\]])/g, '$1'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
