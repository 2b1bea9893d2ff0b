import { isTokenPackage } from '../extract/tokens.ts';
import { speaksOfTls } from '../extract/unverified-tls.ts';
import type { DiscoveredService, Discovery } from './discovery.ts';
import {
  folderOf,
  isRecord,
  join,
  jsonIn,
  type LocalPackage,
  type ModuleResolver,
  packageOf,
  scanSpecifiers,
} from './modules.ts';
import { isMigration, isOutput, isProduction, isSource } from './production.ts';
import type { SourceTree } from './tree.ts';

/** Asks over HTTP, or says where it is asked. */
const talks = /(?<![.\w$])fetch\(|\.listen\(\s*[\w'"{+]/;

/** The source files of a repository, whose they are, and who loads whom, before any is parsed. */
export interface Sources {
  readonly files: readonly string[];
  /** The service or library whose folder a file is in. */
  ownerOf(file: string): DiscoveredService | undefined;
  /** All files of an owner; those that nobody owns for undefined. */
  ownedBy(owner: DiscoveredService | undefined): readonly string[];
  /** Files that load a file at run time, and those that a file loads. */
  readonly loads: ReadonlyMap<string, readonly string[]>;
  /** Files from which a package of interest is reached. */
  readonly relevant: ReadonlySet<string>;
  /** Files that talk to others by what the language has, without a package. */
  readonly talking: ReadonlySet<string>;
  /** Files that may hold practices which are read from the text alone. */
  readonly practising: ReadonlySet<string>;
  /** Files that are there and give no text. */
  readonly unread: readonly string[];
  isProduction(file: string): boolean;
}

export function packagesOf(tree: SourceTree): LocalPackage[] {
  return tree.files.flatMap(path => {
    if ((path !== 'package.json' && !path.endsWith('/package.json')) || isOutput(path)) return [];
    const json = jsonIn(tree, path);
    return isRecord(json) && typeof json['name'] === 'string' ? [{ name: json['name'], root: folderOf(path) }] : [];
  });
}

export interface Packages {
  /** Whether a package, or one of the names taken of it, can lead to data. */
  isOfInterest(pkg: string, names?: readonly string[]): boolean;
  /** The package that an import is taken for, where its specifier does not say. */
  importedAs(from: string, specifier: string, file: string | undefined): string | undefined;
  /** Whether a file leads to data though it loads no package of interest. */
  isOwned(file: string, source: string): boolean;
}

export function sourcesOf(
  tree: SourceTree,
  discovery: Discovery,
  resolver: ModuleResolver,
  packages: Packages,
): Sources {
  const files = tree.files.filter(f => isSource(f) && !isOutput(f));
  const ownerOf = ownership(discovery);
  let byOwner: ReadonlyMap<DiscoveredService | undefined, readonly string[]> | undefined;
  const loads = new Map<string, readonly string[]>();
  const loadedBy = new Map<string, string[]>();
  const queue: string[] = [];
  const relevant = new Set<string>();
  const talking = new Set<string>();
  const practising = new Set<string>();
  const unread: string[] = [];
  const mark = (file: string): void => {
    if (relevant.has(file)) return;
    relevant.add(file);
    queue.push(file);
  };
  for (const file of files) {
    const text = tree.read(file);
    if (text === undefined) {
      unread.push(file);
      continue;
    }
    const targets: string[] = [];
    if (speaksOfTls(text)) practising.add(file);
    for (const s of scanSpecifiers(text)) {
      if (isTokenPackage(s)) practising.add(file);
      const target = resolver.resolve(file, s);
      const pkg = packages.importedAs(file, s, target && 'file' in target ? target.file : undefined);
      if (pkg !== undefined && packages.isOfInterest(pkg)) mark(file);
      if (pkg !== undefined || !target) continue;
      if ('package' in target) {
        if (packages.isOfInterest(packageOf(target.package))) mark(file);
        continue;
      }
      targets.push(target.file);
      const list = loadedBy.get(target.file);
      if (list) list.push(file);
      else loadedBy.set(target.file, [file]);
    }
    loads.set(file, targets);
    if (isMigration(file)) mark(file);
    if (talks.test(text) || packages.isOwned(file, text)) {
      talking.add(file);
      mark(file);
    }
  }
  for (let f = queue.pop(); f !== undefined; f = queue.pop()) for (const by of loadedBy.get(f) ?? []) mark(by);
  return {
    files,
    ownerOf,
    ownedBy: owner => {
      byOwner ??= Map.groupBy(files, ownerOf);
      return byOwner.get(owner) ?? [];
    },
    loads,
    relevant,
    talking,
    practising,
    unread,
    isProduction: file => isProduction(file, ownerOf(file)?.root ?? ''),
  };
}

/** The innermost folder wins. A service at the root of a repository of several owns only what is in nobody's folder and what it loads. */
function ownership(discovery: Discovery): (file: string) => DiscoveredService | undefined {
  const byRoot = new Map<string, DiscoveredService>();
  for (const s of discovery.services)
    for (const root of [s.root, ...(s.roots ?? [])]) byRoot.set(root === '.' ? '' : root.replace(/\/$/, ''), s);
  const deployed = discovery.services.filter(s => s.role !== 'library');
  const top = byRoot.get('');
  if (top && deployed.length > 1) byRoot.delete('');
  const memo = new Map<string, DiscoveredService | undefined>();
  const find = (dir: string): DiscoveredService | undefined => {
    if (memo.has(dir)) return memo.get(dir);
    const found = byRoot.get(dir) ?? (dir === '' ? undefined : find(folderOf(dir)));
    memo.set(dir, found);
    return found;
  };
  return file => byRoot.get(file) ?? find(folderOf(file));
}

/** What a service's entries load, for a service without a folder of its own. */
export function loadedFrom(entries: readonly string[], sources: Sources): Set<string> {
  const seen = new Set<string>();
  const queue = [...entries.map(e => join('', e))];
  for (let f = queue.pop(); f !== undefined; f = queue.pop()) {
    if (seen.has(f)) continue;
    seen.add(f);
    queue.push(...(sources.loads.get(f) ?? []));
  }
  return seen;
}
