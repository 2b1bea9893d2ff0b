import { configFile } from '../config.ts';
import { isProduction, isSource } from '../model/production.ts';
import type { Edge, Evidence, Service, System } from '../model/system.ts';
import type { Finding } from './rule.ts';
import type { Changes } from './verdict.ts';

/** Paths from the root that differ from a commit. */
export interface ChangedFiles {
  /** Files, and folders of submodules that are at another commit. */
  readonly paths: readonly string[];
  /** Those that are no longer there, an old name of a file that was renamed too. */
  readonly gone: readonly string[];
}

/**
 * What has to do with a change: findings that stand in a changed file or are proved by one, findings about a table,
 * topic, endpoint or datastore that is declared in one, and findings of a service on what it reaches through one. Of a
 * file that is gone nothing is known but whose it was, so all that its service uses and owns counts as changed.
 */
export function changesIn(system: System, { paths, gone }: ChangedFiles): Changes {
  const changed = new Set(paths);
  const touches = ({ file }: Evidence) => foldersOf(file).some(path => changed.has(path));
  // Who owns what, what is left out and which rules hold is declared there.
  if (changed.has(configFile)) return { affects: () => true, touches };
  const losers = new Set(gone.filter(isPartOfSystem).flatMap(file => serviceOf(system, file) ?? []));
  const declared = declaredThings(system, touches, losers);
  const uses = new Set(
    system.edges.filter(edge => placesOf(edge).some(touches)).map(({ from, to }) => `${from} ${to}`),
  );
  const places = new Set(
    system.edges
      .filter(({ kind, to }) => kind !== 'connects' && declared.has(to))
      .flatMap(edge => edge.evidence.map(lineOf).concat(sitesOf(edge))),
  );
  const stores = new Map(system.tables.map(({ id, store }) => [id, store]));
  return {
    touches,
    affects: finding => {
      const things = thingsOf(finding);
      const reached = [...things, ...things.flatMap(id => stores.get(id) ?? [])];
      return (
        touches(finding.at) ||
        finding.related.some(({ at }) => touches(at)) ||
        things.some(id => declared.has(id)) ||
        servicesOf(finding).some(service => reached.some(id => uses.has(`${service} ${id}`))) ||
        places.has(lineOf(finding.at))
      );
    },
  };
}

/** A path and the folders that hold it: a submodule changes as a whole. */
function foldersOf(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Code, schemas and manifests; of a picture or a test nothing was known. */
function isPartOfSystem(file: string): boolean {
  return (isSource(file) && isProduction(file, '.')) || /\.(?:sql|prisma|ya?ml)$/.test(file);
}

/** The innermost service or library whose folder holds a file. */
function serviceOf(system: System, file: string): string | undefined {
  const holds = ({ root, roots = [] }: Service) =>
    Math.max(
      ...[root, ...roots].map(folder => (folder === '.' ? 0 : file.startsWith(`${folder}/`) ? folder.length : -1)),
    );
  const [nearest] = system.services.filter(service => holds(service) >= 0).sort((a, b) => holds(b) - holds(a));
  return nearest?.id;
}

function declaredThings(
  system: System,
  touches: (at: Evidence) => boolean,
  losers: ReadonlySet<string>,
): ReadonlySet<string> {
  const { tables, topics, endpoints, datastores, edges } = system;
  const declares = [...topics, ...endpoints, ...datastores].filter(({ evidence }) => evidence.some(touches));
  const owned = tables.filter(
    ({ owner, ownerEvidence = [], declarations = [] }) =>
      (typeof owner === 'string' && losers.has(owner)) ||
      [...ownerEvidence, ...declarations.map(({ evidence }) => evidence)].some(touches),
  );
  const lost = edges.filter(({ from, through = [] }) => losers.has(from) || through.some(one => losers.has(one)));
  return new Set([...[...declares, ...owned].map(({ id }) => id), ...lost.map(({ to }) => to)]);
}

/** All that shows an edge, where its address is from too. */
function placesOf({ evidence, sites = [] }: Edge): readonly Evidence[] {
  return [
    ...evidence,
    ...sites.flatMap(({ at, through, address }) => [
      at,
      ...(through ? [through] : []),
      ...(address ? [address.at] : []),
    ]),
  ];
}

function sitesOf({ sites = [] }: Edge): string[] {
  return sites.map(({ at }) => lineOf(at));
}

function lineOf({ file, line }: Evidence): string {
  return `${file}:${line}`;
}

function thingsOf({ datastore, table, tables = [], topic }: Finding): readonly string[] {
  return [datastore, table, topic, ...tables].filter(id => id !== undefined);
}

function servicesOf({ service, services = [] }: Finding): readonly string[] {
  return service === undefined ? services : [service, ...services];
}
