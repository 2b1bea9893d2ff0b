import type { Config } from '../config.ts';
import { technologiesFor } from '../extract/index.ts';
import { readModule } from '../extract/module.ts';
import { readOutline } from '../extract/outline.ts';
import { syntaxProblem } from '../extract/syntax-problem.ts';
import type { Problem } from '../extract/yaml.ts';
import { Annotations, annotationMarker, mayHoldAnnotations, parseAnnotations } from './annotations.ts';
import { assemble, type ServiceUse } from './assemble.ts';
import type { DiscoveredService } from './discovery.ts';
import { Evaluator } from './evaluate.ts';
import type { ServiceExchange } from './exchanges/found.ts';
import { joinExchanges } from './exchanges/join.ts';
import { without } from './glob.ts';
import { Lines } from './lines.ts';
import { watchFor } from './marked.ts';
import { ModuleResolver, ModuleStore } from './modules.ts';
import { practicesOf, probesOf, type ServicePractice, sorted } from './practices.ts';
import { isMigration } from './production.ts';
import type { Provenance } from './provenance.ts';
import { callsTo, placeInOwnCode, type Reach, reachOf, runsOf } from './reach.ts';
import { reallyRelevant } from './relevant.ts';
import { discover } from './services.ts';
import { Settings } from './settings.ts';
import { sourceImports } from './source-imports.ts';
import { loadedFrom, type Packages, packagesOf, type Sources, sourcesOf } from './sources.ts';
import { sqlMigrations } from './sql-migrations.ts';
import { Surrounding } from './surroundings.ts';
import type { System } from './system.ts';
import type { SourceTree } from './tree.ts';
import type { Activation, ClassValue, Exchange, Origin } from './value.ts';
import { writtenPaths, writtenPractices } from './written-practices.ts';

export interface Analysis {
  readonly system: System;
  /** Names of the servers that the manifests start. */
  readonly servers: readonly string[];
  readonly annotations: Annotations;
  /** What is wrong with the files themselves. */
  readonly problems: readonly Problem[];
  /** How each claim came about; worked out when asked for. */
  provenance(): Provenance;
}

/** The System of a repository: manifests first, then the code that touches data, then what each service reaches of it. */
export function analyse(repository: SourceTree, config: Config): Analysis {
  const { tree, marked } = watchFor(annotationMarker, without(config.ignore, repository));
  const discovery = discover(tree, config);
  const resolver = new ModuleResolver(tree, packagesOf(tree));
  const technologies = technologiesFor(tree);
  const ev = new Evaluator(new ModuleStore(tree, readModule, readOutline), resolver, technologies);
  const packages: Packages = {
    isOfInterest: (pkg, names) => isOfInterest(ev, pkg, names),
    importedAs: (from, specifier, file) => ev.importedAs(from, specifier, file),
    isOwned: (file, source) => ev.technologies.owners.some(t => t.owns?.(file, source)),
  };
  const sources = sourcesOf(tree, discovery, resolver, packages);
  const scanned = sources.files.filter(f => sources.relevant.has(f) && sources.isProduction(f) && !isMigration(f));
  // most of what is left out is left out by what it imports; the rest by what it does with that
  const leading = reallyRelevant(scanned, file => ev.modules.outline(file), resolver, packages, sources.talking);
  const relevant = reallyRelevant([...leading], file => ev.code(file), resolver, packages, sources.talking);
  const production = new Set(scanned.filter(f => relevant.has(f)));
  for (const file of production) {
    const code = ev.code(file);
    if (code) ev.collectProviders(code);
  }
  const lines = new Lines(tree);
  const uses: ServiceUse[] = [];
  const exchanges: ServiceExchange[] = [];
  const practices: ServicePractice[] = [];
  const settings = new Map<string, Settings>();
  for (const service of discovery.services) {
    if (service.role === 'library') continue;
    const own = filesOf(service, production, sources, discovery.services);
    const isOwn = (file: string): boolean => own.has(file);
    const isForeign = (file: string): boolean => {
      const owner = sources.ownerOf(file);
      return owner !== undefined && owner !== service && owner.role !== 'library';
    };
    const reach = reachOfService(ev, own, file => relevant.has(file), isForeign);
    settings.set(service.id, new Settings(service, ev, new Set(reach.keys()), tree));
    uses.push(...usesOf(service, reach, isOwn));
    const isOfService = (file: string): boolean => sources.ownerOf(file) === service;
    const ownPlace = (at: { origin: Origin }, act: Activation): Origin => placeInOwnCode(at, act, reach, isOwn);
    const runs = runsOf(ev, reach, isOfService, file => relevant.has(file));
    const surrounding = new Surrounding(runs);
    for (const act of runs) {
      for (const exchange of act.exchanges)
        exchanges.push({
          service,
          exchange,
          from: ownPlace(exchange, act),
          ...(isSaid(exchange) ? { around: surrounding.of(act, exchange) } : {}),
        });
      practices.push(...act.practices.map(practice => ({ service, practice, from: ownPlace(practice, act) })));
    }
  }
  for (const library of [...discovery.services.filter(s => s.role === 'library'), undefined]) {
    // migrations of a library: whose they are is decided by who runs them
    const files = sources.ownedBy(library).filter(f => isMigration(f) && sources.relevant.has(f));
    if (files.length === 0) continue;
    const reach = reachOf(ev, rootsOf(ev, new Set(files)));
    uses.push(...usesOf(library, reach, f => files.includes(f)));
  }
  for (const service of discovery.services) {
    if (service.role === 'library') continue;
    const files = sources.ownedBy(service).filter(f => isMigration(f) && sources.relevant.has(f));
    if (files.length === 0) continue;
    const reach = reachOf(ev, rootsOf(ev, new Set(files)));
    uses.push(
      ...usesOf(service, reach, f => files.includes(f)).filter(
        u => u.use.op === 'schema' || u.use.via === 'foreign-key',
      ),
    );
  }
  uses.push(...sqlMigrations(tree, sources));
  const common = new Set(sources.ownedBy(undefined).filter(f => production.has(f)));
  if (common.size > 0)
    uses.push(...usesOf(undefined, reachOf(ev, rootsOf(ev, common)), () => true).filter(u => u.use.op === 'connect'));
  const imports = sourceImports(tree, discovery, sources, resolver, ev, lines);
  const annotations = new Annotations(
    [...marked].filter(mayHoldAnnotations).flatMap(file => parseAnnotations(file, tree.read(file) ?? '')),
  );
  const servers = discovery.servers.map(s => s.name);
  const said = joinExchanges({ tree, config, discovery, sources, resolver, settings, lines, annotations, exchanges });
  return {
    ...assemble({
      tree,
      config,
      discovery,
      sources,
      uses,
      settings,
      lines,
      imports,
      said,
      practices: sorted([
        ...practicesOf(practices, lines),
        ...probesOf(discovery.services, writtenPaths({ tree, sources }, said.endpoints)),
        ...writtenPractices({ tree, discovery, sources, lines }),
      ]),
      annotations,
    }),
    servers,
    annotations,
    problems: [...discovery.problems, ...problemsOf(sources, leading, ev, tree)],
  };
}

/** Code that would be read if it could be. */
function problemsOf(sources: Sources, leading: ReadonlySet<string>, ev: Evaluator, tree: SourceTree): Problem[] {
  const wrong = [...leading].filter(file => ev.code(file) === undefined && !/\.(json|d\.[cm]?ts)$/.test(file));
  return [
    ...wrong.map(file => syntaxProblem(file, tree.read(file) ?? '')),
    ...sources.unread.filter(sources.isProduction).map(file => ({
      message: `${file} is not read: larger than 2 MB, no text, or nobody's to read`,
      at: { file, line: 1, column: 1 },
    })),
  ];
}

function isSaid({ kind }: Exchange): boolean {
  return kind === 'call' || kind === 'publish' || kind === 'consume';
}

function isOfInterest(ev: Evaluator, pkg: string, names?: readonly string[]): boolean {
  const tech = ev.technologies.decorating(pkg);
  if (tech === undefined || tech.auxiliary === true) return false;
  const { entrances } = tech;
  return (
    entrances === undefined ||
    names === undefined ||
    names.some(n => n === '*' || n === '=' || n === 'default' || entrances.includes(n))
  );
}

function filesOf(
  service: DiscoveredService,
  production: ReadonlySet<string>,
  sources: Sources,
  all: readonly DiscoveredService[],
): Set<string> {
  const inFolder = withoutDead(
    service,
    sources.ownedBy(service).filter(f => production.has(f)),
    sources,
  );
  if (service.root !== '.' || inFolder.length > 0 || all.length === 1) return new Set(inFolder);
  const loaded = loadedFrom(service.entries, sources);
  return new Set(sources.ownedBy(undefined).filter(f => production.has(f) && loaded.has(f)));
}

/**
 * Files that no entry of the service loads are left out, where its entries load most of it. Where they load little,
 * it is put together in a way that imports do not show (folders read at start, file-based routes), and all counts.
 */
function withoutDead(service: DiscoveredService, files: readonly string[], sources: Sources): readonly string[] {
  if (service.entries.length === 0) return files;
  const loaded = loadedFrom(service.entries, sources);
  const all = sources.ownedBy(service).filter(sources.isProduction);
  return all.filter(f => loaded.has(f)).length * 2 > all.length ? files.filter(f => loaded.has(f)) : files;
}

/**
 * Every function of a service's own files may be called by its framework. Nest calls only the classes that its modules
 * name: a controller in no module is dead. Where that explains few of the classes, modules are put together in a way
 * that is not seen, and all count.
 */
function reachOfService(
  ev: Evaluator,
  own: ReadonlySet<string>,
  isOfInterest: (file: string) => boolean,
  isForeign: (file: string) => boolean,
): Reach {
  const managed = classesOf(ev, own).filter(
    cls => cls.decl.members.some(m => m.unit !== undefined) && isManaged(ev, cls),
  );
  if (managed.length > 0) {
    const names = new Set(managed.map(nameOfClass));
    const reach = reachOf(
      ev,
      rootsOf(ev, own, cls => !names.has(nameOfClass(cls))),
      isOfInterest,
      isForeign,
    );
    const live = new Set(
      [...reach.keys()].flatMap(a => (a.unit.cls === undefined ? [] : [`${a.code.file}#${a.unit.cls}`])),
    );
    if (managed.filter(cls => live.has(nameOfClass(cls))).length * 2 > managed.length) return reach;
  }
  return reachOf(ev, rootsOf(ev, own), isOfInterest, isForeign);
}

function nameOfClass(cls: ClassValue): string {
  return `${cls.code.file}#${cls.decl.index}`;
}

function isManaged(ev: Evaluator, cls: ClassValue): boolean {
  return ev.decorators(cls.decl.decorators, cls.scope).some(d => d.pkg.startsWith('@nestjs/'));
}

function classesOf(ev: Evaluator, files: ReadonlySet<string>): ClassValue[] {
  return [...files].flatMap(file => {
    const code = ev.code(file);
    return (code?.classes ?? []).flatMap((decl): ClassValue[] => {
      const scope = code?.units[decl.scope];
      return code && scope ? [{ t: 'class', code, decl, scope: ev.genericActivation(code, scope) }] : [];
    });
  });
}

function rootsOf(
  ev: Evaluator,
  files: ReadonlySet<string>,
  isRoot: (cls: ClassValue) => boolean = () => true,
): Activation[] {
  const left = new Set<string>();
  for (const cls of classesOf(ev, files)) {
    if (isRoot(cls)) ev.enter(cls);
    else left.add(nameOfClass(cls));
  }
  return [...files].flatMap(file => {
    const code = ev.code(file);
    return (code?.units ?? []).flatMap(unit => {
      const parent = code?.units[unit.parent];
      const isTop = unit.parent < 0 || parent?.index === 0 || (unit.cls !== undefined && parent?.cls !== unit.cls);
      if (!code || !isTop || (unit.cls !== undefined && left.has(`${file}#${unit.cls}`))) return [];
      return [ev.genericActivation(code, unit)];
    });
  });
}

function usesOf(service: DiscoveredService | undefined, reach: Reach, isOwn: (file: string) => boolean): ServiceUse[] {
  return [...reach.keys()].flatMap(act =>
    act.uses.map(use => ({
      service,
      use,
      from: placeInOwnCode(use, act, reach, isOwn),
      own: isOwn(use.origin.file),
      calls: callsTo(use, act, reach, isOwn),
    })),
  );
}
