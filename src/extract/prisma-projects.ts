import { folderOf, isRecord, join, jsonIn, packageOf } from '../model/modules.ts';
import type { SourceTree } from '../model/tree.ts';
import type { Origin } from '../model/value.ts';
import { type PrismaModel, type PrismaRelation, prismaClientAccessor, readPrismaSchema } from './prisma-schema.ts';

/** One schema of Prisma: a file, or several that are put together; one client is generated from it. */
export interface PrismaProject {
  /** Its main file, where the datasource stands. */
  readonly file: string;
  /** Folder of the package that it belongs to. */
  readonly root: string;
  readonly provider: string;
  /** The string, or the variable that holds it; absent where neither schema nor configuration tells. */
  readonly url?: { readonly env?: string; readonly value?: string; readonly origin: Origin };
  /** Folder or package where the client is written. */
  readonly output?: { readonly folder: string } | { readonly package: string };
  readonly models: readonly PrismaTable[];
  /** Its `migration.sql` files, in order. */
  readonly migrations: readonly string[];
}

export interface PrismaTable extends Omit<PrismaModel, 'relations'> {
  /** The property of the client. */
  readonly accessor: string;
  readonly origin: Origin;
  readonly relations: readonly (PrismaRelation & { readonly origin: Origin })[];
}

/** Every schema of a repository, each with its tables and their places. */
export function prismaProjects(tree: SourceTree): PrismaProject[] {
  const files = tree.files.filter(
    f => f.endsWith('.prisma') && !/(^|\/)(node_modules|dist|build|migrations)\//.test(f),
  );
  const mains = files.filter(f => readPrismaSchema(tree.read(f) ?? '').datasourceLine !== undefined);
  return mains.map(main =>
    projectOf(tree, main, [main, ...files.filter(f => !mains.includes(f) && mainOf(f, mains, tree) === main)]),
  );
}

/** Models of a schema stand beside or below its main file, else somewhere in its package. */
function mainOf(file: string, mains: readonly string[], tree: SourceTree): string | undefined {
  const above = mains.filter(m => isBelow(file, folderOf(m))).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const root = packageRoot(tree, folderOf(file));
  return above[0] ?? mains.find(m => packageRoot(tree, folderOf(m)) === root);
}

function projectOf(tree: SourceTree, main: string, files: readonly string[]): PrismaProject {
  const texts = files.map(f => tree.read(f) ?? '');
  // one text, so that relations between files are seen; places are counted back to the file
  const schema = readPrismaSchema(texts.join('\n'));
  const starts = files.flatMap((file, i) => lineStarts(texts[i] ?? '').map(at => ({ file, at })));
  const place = (line: number, column: number): Origin => {
    const start = starts[line - 1] ?? { file: main, at: 0 };
    return { file: start.file, at: start.at + column - 1 };
  };
  const folder = folderOf(main);
  const root = packageRoot(tree, folder);
  const own = schema.url && { ...schema.url, origin: place(schema.datasourceLine ?? 1, 1) };
  const url = own ?? configuredUrl(tree, root, main);
  const output = outputOf(folder, schema.generatorOutput);
  return {
    file: main,
    root,
    provider: schema.provider ?? '',
    models: schema.models.map(m => ({
      ...m,
      accessor: prismaClientAccessor(m.name),
      origin: place(m.line, m.column),
      relations: m.relations.map(r => ({ ...r, origin: place(r.line, r.column) })),
    })),
    migrations: tree.files.filter(
      f => f.endsWith('/migration.sql') && migrationFolders(folder).some(m => isBelow(f, m)),
    ),
    ...(url ? { url } : {}),
    ...(output ? { output } : {}),
  };
}

/** The schema may stand in a folder of its own beside the migrations. */
function migrationFolders(folder: string): string[] {
  return [
    join(folder, 'migrations'),
    ...(/(^|\/)(schema|schemas|models)$/.test(folder) ? [join(folderOf(folder), 'migrations')] : []),
  ];
}

function outputOf(folder: string, output: string | undefined): PrismaProject['output'] {
  if (output === undefined) return undefined;
  const [, installed] = /(?:^|\/)node_modules\/(?!.*\/node_modules\/)(.+?)\/?$/.exec(output) ?? [];
  if (installed === '.prisma/client' || installed === '@prisma/client') return undefined;
  return installed === undefined ? { folder: join(folder, output) } : { package: installed };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

const variable = String.raw`env(?:<\w+>)?\(\s*['"](\w+)['"]|process\.env\.(\w+)|process\.env\[\s*['"](\w+)['"]|['"\x60]([^'"\x60$]+)['"\x60]`;

/** `prisma.config.ts` may tell the url, for all schemas of its package or for the one that it names. */
function configuredUrl(tree: SourceTree, root: string, main: string): PrismaProject['url'] {
  for (const name of [
    'prisma.config.ts',
    'prisma.config.mts',
    'prisma.config.js',
    'prisma.config.mjs',
    '.config/prisma.ts',
  ]) {
    const file = join(root, name);
    const text = tree.has(file) ? tree.read(file) : undefined;
    const [whole, a, b, c, value] =
      new RegExp(String.raw`\bdatasource\s*:\s*\{[^}]{0,2000}?\burl\s*:\s*(?:${variable})`).exec(text ?? '') ?? [];
    if (text === undefined || whole === undefined) continue;
    const schema = /\bschema\s*:\s*(?:[\w.]{1,200}\([^'"]{0,500})?['"]([^'"]{1,500})['"]/.exec(text)?.[1];
    if (schema !== undefined && !isBelow(main, join(folderOf(file), schema)) && join(folderOf(file), schema) !== main)
      continue;
    const origin = { file, at: text.indexOf(whole) };
    const env = a ?? b ?? c;
    return env === undefined ? { value: value ?? '', origin } : { env, origin };
  }
  return undefined;
}

/**
 * The schema whose client an import means. A client in a folder or package of its own is known by where it is written;
 * `@prisma/client` is that of the nearest schema of the same package, else of a package that it depends on.
 */
export class PrismaClients {
  readonly #tree: SourceTree;
  readonly #projects: readonly PrismaProject[];
  readonly #memo = new Map<string, PrismaProject | undefined>();
  #packages: ReadonlyMap<string, string> | undefined;

  constructor(tree: SourceTree, projects: readonly PrismaProject[]) {
    this.#tree = tree;
    this.#projects = projects;
  }

  imported(from: string, specifier: string, file: string | undefined): PrismaProject | undefined {
    if (this.#projects.length === 0 || specifier.startsWith('node:')) return undefined;
    if (file !== undefined) return this.#projects.find(p => isWritten(file, p.output));
    if (/^[@.]prisma\/client(\/(edge|default|index))?$/.test(specifier)) return this.near(from);
    const key = `${folderOf(from)}\n${specifier}`;
    if (!this.#memo.has(key)) this.#memo.set(key, this.#absent(from, specifier));
    return this.#memo.get(key);
  }

  /** The schema whose tables code in a file means. */
  near(from: string): PrismaProject | undefined {
    if (this.#projects.length === 0) return undefined;
    const key = folderOf(from);
    if (!this.#memo.has(key)) this.#memo.set(key, this.#nearest(from));
    return this.#memo.get(key);
  }

  /** A client that is not in the checkout. */
  #absent(from: string, specifier: string): PrismaProject | undefined {
    const made = this.#projects.find(({ output }) => {
      if (!output) return false;
      if ('folder' in output) return this.#leadsTo(from, specifier, output.folder);
      return specifier === output.package || specifier.startsWith(`${output.package}/`);
    });
    if (made || specifier.startsWith('.')) return made;
    // a package that is nothing but the client made in it
    const root = this.#rootOf(packageOf(specifier));
    return root === undefined || root === '' ? undefined : this.#projects.find(p => p.root === root);
  }

  /** Where a specifier would lead if the client had been generated. */
  #leadsTo(from: string, specifier: string, folder: string): boolean {
    if (specifier.startsWith('.'))
      return isBelow(join(folderOf(from), specifier), folder) || join(folderOf(from), specifier) === folder;
    const root = this.#rootOf(packageOf(specifier));
    const inner = specifier.slice(packageOf(specifier).length + 1);
    if (root !== undefined)
      return ['', 'src', 'lib'].some(
        d => isBelow(join(join(root, d), inner), folder) || join(join(root, d), inner) === folder,
      );
    // an alias: what follows it is the end of the folder's path, in the same package
    if (packageRoot(this.#tree, folderOf(from)) !== packageRoot(this.#tree, folder)) return false;
    const [head = '', ...rest] = specifier.split('/');
    const isAlias = /^[@~#$]/.test(head);
    const parts =
      isAlias && rest.length > 0 ? [...(head.length > 1 ? [head.slice(1)] : []), ...rest] : specifier.split('/');
    const path = folder.split('/');
    for (let n = Math.min(parts.length, path.length); n > 0; n--) {
      for (const given of [parts, isAlias ? rest : parts]) {
        if (given.length >= n && (n > 1 || isAlias) && given.slice(0, n).join('/') === path.slice(-n).join('/'))
          return true;
      }
    }
    return false;
  }

  #nearest(from: string): PrismaProject | undefined {
    const root = packageRoot(this.#tree, folderOf(from));
    const usual = (list: readonly PrismaProject[]): readonly PrismaProject[] => {
      const plain = list.filter(p => !p.output);
      return plain.length > 0 ? plain : list;
    };
    for (let dir: string = root; ; dir = packageRoot(this.#tree, folderOf(dir))) {
      const own = usual(this.#projects.filter(p => p.root === dir));
      if (own.length > 0) return closestTo(from, own);
      const needed = usual(this.#dependencies(dir));
      if (needed.length > 0) return closestTo(from, needed);
      if (dir === '') break;
    }
    const all = usual(this.#projects);
    return all.length === 1 ? all[0] : undefined;
  }

  #dependencies(root: string, depth = 0): PrismaProject[] {
    const json = jsonIn(this.#tree, join(root, 'package.json'));
    const names = ['dependencies', 'devDependencies', 'peerDependencies'].flatMap(k =>
      isRecord(json) && isRecord(json[k]) ? Object.keys(json[k]) : [],
    );
    const roots = names.flatMap(n => this.#rootOf(n) ?? []).filter(r => r !== root);
    const direct = this.#projects.filter(p => roots.includes(p.root));
    return direct.length > 0 || depth > 1 ? direct : roots.flatMap(r => this.#dependencies(r, depth + 1));
  }

  #rootOf(name: string): string | undefined {
    this.#packages ??= packageRoots(this.#tree);
    return this.#packages.get(name);
  }
}

function packageRoots(tree: SourceTree): Map<string, string> {
  const roots = new Map<string, string>();
  for (const file of tree.files) {
    if ((file !== 'package.json' && !file.endsWith('/package.json')) || file.includes('node_modules/')) continue;
    const json = jsonIn(tree, file);
    if (isRecord(json) && typeof json.name === 'string' && !roots.has(json.name)) roots.set(json.name, folderOf(file));
  }
  return roots;
}

/** Files of a client that is in the repository; a service of one's own may stand in the same folder. */
function isWritten(file: string, output: PrismaProject['output']): boolean {
  if (!output || !('folder' in output) || !isBelow(file, output.folder)) return false;
  const inner = file.slice(output.folder.length + 1);
  return (
    /^(internal|models|runtime)\//.test(inner) ||
    /^(index|client|default|edge|browser|wasm|models|enums|library)\.[cm]?[jt]s$/.test(inner)
  );
}

function packageRoot(tree: SourceTree, folder: string): string {
  for (let dir = folder; dir !== ''; dir = folderOf(dir)) if (tree.has(`${dir}/package.json`)) return dir;
  return '';
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

function closestTo(from: string, projects: readonly PrismaProject[]): PrismaProject | undefined {
  const path = from.split('/');
  const shared = (p: PrismaProject): number => {
    const other = p.file.split('/');
    let n = 0;
    while (n < other.length && other[n] === path[n]) n++;
    return n;
  };
  const best = Math.max(...projects.map(shared));
  const near = projects.filter(p => shared(p) === best);
  return near.find(p => p.provider !== 'sqlite' && p.file.endsWith('/schema.prisma')) ?? near[0];
}
