import { tokensIn } from '../extract/tokens.ts';
import { unverifiedTlsIn } from '../extract/unverified-tls.ts';
import type { DiscoveredService, Discovery } from './discovery.ts';
import type { Lines } from './lines.ts';
import { folderOf } from './modules.ts';
import { loadedFrom, type Sources } from './sources.ts';
import type { Endpoint, Practice, PracticeBy } from './system.ts';
import type { SourceTree } from './tree.ts';

interface Written {
  readonly tree: SourceTree;
  readonly discovery: Discovery;
  readonly sources: Sources;
  readonly lines: Lines;
}

/** Practices that stand in the text of code and manifests, whatever values flow through it. */
export function writtenPractices(written: Written): Practice[] {
  const all = [...inCode(written), ...inManifests(written.discovery)];
  return [...new Map(all.map(practice => [JSON.stringify(practice), practice])).values()];
}

function inCode({ tree, discovery, sources, lines }: Written): Practice[] {
  const found = [...sources.practising].filter(sources.isProduction).flatMap(file => {
    const text = tree.read(file) ?? '';
    const here: (PracticeBy & { readonly at: number })[] = [
      ...tokensIn(file, text).map(one => ({ kind: 'token' as const, ...one })),
      ...unverifiedTlsIn(file, text).map(one => ({ kind: 'unverified-tls' as const, ...one })),
    ];
    return here.length > 0 ? [{ file, here }] : [];
  });
  if (found.length === 0) return [];
  const users = usersOf(discovery, sources);
  return found.flatMap(({ file, here }) =>
    users(file).flatMap(service =>
      here.map(({ at, ...practice }) => ({ ...practice, service: service.id, evidence: [lines.at({ file, at })] })),
    ),
  );
}

/**
 * Tells whether a service writes the end of a path as the whole of a part of a string, though no endpoint of it is known
 * to have that path: whoever answers to it then is not seen.
 */
export function writtenPaths(
  { tree, sources }: Pick<Written, 'tree' | 'sources'>,
  endpoints: readonly Endpoint[],
): (service: DiscoveredService, path: string) => boolean {
  const answers = new Map<string, boolean>();
  return (service, path) => {
    const last = path.split('/').findLast(Boolean);
    const own = endpoints.filter(endpoint => endpoint.service === service.id);
    if (last === undefined || own.length === 0 || own.some(endpoint => endpoint.path === path)) return false;
    const key = `${service.id} ${last}`;
    const answer = answers.get(key) ?? codeOf(service, sources).some(file => writes(tree.read(file) ?? '', last));
    answers.set(key, answer);
    return answer;
  };
}

function codeOf(service: DiscoveredService, sources: Sources): string[] {
  const own = sources.files.filter(file => sources.ownerOf(file) === service);
  return [...loadedFrom([...own, ...service.entries], sources)].filter(sources.isProduction);
}

function writes(text: string, word: string): boolean {
  return new RegExp(`["'\`/]${word.replace(/[^\w-]/g, '\\$&')}["'\`/?]`, 'i').test(text);
}

/** The services that run a file: its owner unless nothing there loads it; of a library, those that load it. */
function usersOf(discovery: Discovery, sources: Sources): (file: string) => DiscoveredService[] {
  const loadedBy = new Map<string, string[]>();
  for (const [by, files] of sources.loads)
    for (const file of files) {
      const known = loadedBy.get(file);
      if (known) known.push(by);
      else loadedBy.set(file, [by]);
    }
  const deployed = discovery.services.filter(({ role }) => role !== 'library');
  const living = new Map<DiscoveredService, (file: string) => boolean>();
  const runs = (service: DiscoveredService, file: string): boolean => {
    const isLiving = living.get(service) ?? livingOf(service, sources);
    living.set(service, isLiving);
    return isLiving(file) && !(isBesidePackage(service, file) && !loadedBy.has(file));
  };
  return file => {
    const owner = sources.ownerOf(file);
    if (owner && owner.role !== 'library') return owner.role !== 'frontend' && runs(owner, file) ? [owner] : [];
    const seen = new Set([file]);
    for (const one of seen) for (const by of loadedBy.get(one) ?? []) if (sources.isProduction(by)) seen.add(by);
    return deployed.filter(
      service =>
        service.role !== 'frontend' &&
        [...seen].some(one => (sources.ownerOf(one) === service ? runs(service, one) : service.entries.includes(one))),
    );
  };
}

/** What nothing loads there is a script that somebody runs by hand, unless the service starts with it. */
function isBesidePackage({ root, entries }: DiscoveredService, file: string): boolean {
  return entries.length > 0 && !entries.includes(file) && (folderOf(file) || '.') === root;
}

/** Where entries load most of a service, what they do not load is dead. */
function livingOf(service: DiscoveredService, sources: Sources): (file: string) => boolean {
  const loaded = loadedFrom(service.entries, sources);
  const own = sources.files.filter(file => sources.ownerOf(file) === service && sources.isProduction(file));
  return own.filter(file => loaded.has(file)).length * 2 > own.length ? file => loaded.has(file) : () => true;
}

const switchName = 'NODE_TLS_REJECT_UNAUTHORIZED';

function inManifests(discovery: Discovery): Practice[] {
  return discovery.services.flatMap(service =>
    service.environments.flatMap(({ production, variables }): Practice[] => {
      const given = Object.hasOwn(variables, switchName) ? variables[switchName] : undefined;
      return given?.value?.trim() === '0'
        ? [
            {
              kind: 'unverified-tls',
              what: 'the certificate of any server',
              ...(production ? { production } : {}),
              service: service.id,
              evidence: [given.at],
            },
          ]
        : [];
    }),
  );
}
