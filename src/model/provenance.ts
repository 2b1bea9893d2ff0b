import type { Config } from '../config.ts';
import type { Findings, StoreDraft, TableDraft, Touch } from './assemble.ts';
import type { DiscoveredService, Environment, Server } from './discovery.ts';
import { compareEvidence, strongest } from './evidence.ts';
import { masked } from './masked.ts';
import { ownValue } from './own-value.ts';
import { hole, type Settings, type Source } from './settings.ts';
import { sqlFiles } from './sql-migrations.ts';
import type { Identity } from './stores.ts';
import type { Evidence } from './system.ts';
import { constantOf, namingOf } from './table-naming.ts';
import type { StoreRef, Value } from './value.ts';

export interface Step {
  readonly step: string;
  readonly evidence?: Evidence;
}

/** One thing that is said of a service, datastore or table, and the steps that lead there. */
export interface Claim {
  readonly said: string;
  readonly steps: readonly Step[];
}

/** The claims about each service, datastore and table, by its id. */
export type Provenance = Readonly<Record<string, readonly Claim[]>>;

type Known = Pick<Findings, 'tree' | 'config' | 'discovery' | 'settings' | 'lines'>;

export function provenanceOf(
  found: Known,
  stores: ReadonlyMap<string, StoreDraft>,
  tables: ReadonlyMap<string, TableDraft>,
): Provenance {
  return Object.fromEntries([
    ...found.discovery.services.map(service => [service.id, claimsOfService(service)] as const),
    ...[...stores].map(([id, store]) => [id, claimsOfStore(found, store)] as const),
    ...[...tables].map(([id, table]) => [id, claimsOfTable(found, table)] as const),
  ]);
}

function claimsOfService(service: DiscoveredService): Claim[] {
  const { role, evidence, entries, hosts, environments } = service;
  return withSteps([
    {
      said: role === 'library' ? 'it is code that services share' : 'it is deployed or started',
      steps: evidence.map(at => ({ step: `by ${manifestOf(at.file)}`, evidence: at })),
    },
    { said: 'it starts with', steps: entries.map(step => ({ step })) },
    { said: 'it answers to', steps: hosts.map(({ name, project }) => ({ step: `${name} in ${project}` })) },
    { said: 'its variables come', steps: environments.flatMap(stepsOfEnvironment) },
  ]);
}

function manifestOf(file: string): string {
  if (file === 'lintel.yaml') return 'the configuration of Lintel';
  if (/(^|\/)[^/]*compose[^/]*\.ya?ml$/.test(file)) return 'Compose';
  if (/dockerfile[^/]*$/i.test(file)) return 'a Dockerfile';
  if (/(^|\/)package\.json$/.test(file)) return 'its package';
  return /serverless/.test(file) ? 'the Serverless Framework' : 'a manifest';
}

function stepsOfEnvironment({ id, production, variables }: Environment): Step[] {
  const [first, ...more] = Object.values(variables)
    .map(({ at }) => at)
    .toSorted(compareEvidence);
  if (first === undefined) return [];
  const count = more.length === 0 ? '1 variable' : `${more.length + 1} variables`;
  return [{ step: `from ${id}${production ? ', in production' : ''}: ${count}`, evidence: first }];
}

function claimsOfStore(found: Known, { users }: StoreDraft): Claim[] {
  return [...users].flatMap(([service, { connections }]) => {
    const settings = found.settings.get(service);
    if (!settings) return [];
    return withSteps(
      [...connections].map(([identity, opened]) => ({
        said: `${service} connects to it${opened ? ` by ${opened.tech}` : ''}`,
        steps: stepsOfConnection(found, identity, opened, settings),
      })),
    );
  });
}

type Opened = StoreRef & { kind: 'open' };

const parts = ['url', 'host', 'port', 'database', 'schema'] as const;
type Part = (typeof parts)[number];

function stepsOfConnection(found: Known, identity: Identity, opened: Opened | undefined, settings: Settings): Step[] {
  const at = opened && found.lines.at(opened.origin);
  const opening = at ? [{ step: 'the connection is opened', evidence: at }] : [];
  if (identity.said) return [...opening, { step: 'an annotation names the datastore', evidence: identity.said }];
  const sources = parts.map(part => ({
    part,
    sources: settings.trace(opened?.[part], identity.environment),
  }));
  const steps = sources.flatMap(({ part, sources }) =>
    sources.filter(isTelling).map(source => stepOfSource(found, part, source, identity)),
  );
  const texts = sources.flatMap(({ sources }) => sources.map(textOf));
  const { met } = identity;
  const meeting = met
    ? [{ step: `there ${met.service} connects too, and to this where it is deployed`, evidence: met.at }]
    : [];
  return distinct([
    ...opening,
    ...steps,
    ...meeting,
    ...stepsToServer(found.config, identity, met ? texts.filter(text => !isHere(text)) : texts),
  ]);
}

function stepOfSource({ lines }: Known, of: Part, source: Source, { environment, engine }: Identity): Step {
  const part = of === 'database' ? (ownValue(databases, engine) ?? of) : of;
  switch (source.kind) {
    case 'written':
      return { step: `the ${part} is written: ${masked(part, source.text)}`, evidence: lines.at(source.at) };
    case 'read':
      return { step: `the ${part} is read from ${source.name}`, evidence: lines.at(source.at) };
    case 'default':
      return { step: `${source.name} has a default`, evidence: lines.at(source.at) };
    case 'given': {
      const by = environment ? ` (${environment.id})` : '';
      return { step: `${givenAs(source)}${by}`, evidence: source.at };
    }
  }
}

/** What some engines have for a database. */
const databases: Readonly<Record<string, string>> = { dynamodb: 'table', sqlite: 'file' };

function givenAs({ name, value }: Source & { kind: 'given' }): string {
  return value === '' ? `${name} is set outside of the repository` : `${name}: ${masked(name, value)}`;
}

function isTelling(source: Source): boolean {
  return source.kind !== 'written' || source.text !== '';
}

function textOf(source: Source): string {
  return source.kind === 'written' ? source.text : source.kind === 'given' ? source.value : '';
}

/** From the host to the server, and to the database where the address names none. */
function stepsToServer({ hosts, hostPlaces }: Config, identity: Identity, texts: readonly string[]): Step[] {
  const { server, database, serverAt, engine } = identity;
  const aliases = Object.entries(hosts).filter(
    ([host, target]) => (target === serverAt?.name || target === server) && texts.some(text => text.includes(host)),
  );
  const isNamed = database === undefined || database.includes(hole) || texts.some(text => text.includes(database));
  const given = Object.values(serverAt?.variables ?? {}).find(({ value }) => value === database);
  return [
    ...aliases.map(([host, target]) => stepAt(`the host ${host} is ${target}`, ownValue(hostPlaces, host))),
    ...(serverAt
      ? [stepAt(leadsTo(serverAt, [...texts, ...aliases.map(([, target]) => target)]), serverAt.evidence)]
      : []),
    ...(isNamed
      ? []
      : [stepAt(`no database is named, so it is ${database}, ${given?.name ?? `as in ${engine}`}`, given?.at)]),
  ];
}

function leadsTo({ name, engine, hosts }: Server, texts: readonly string[]): string {
  const host = [name, ...hosts.map(one => one.name)].find(one => texts.some(text => text.includes(one)));
  if (host !== undefined) return `the host ${host} is a ${engine} server${host === name ? '' : ` called ${name}`}`;
  return texts.some(isHere)
    ? `on this machine, the port is that of ${name}, a ${engine} server`
    : `${name} is a ${engine} server`;
}

function isHere(text: string): boolean {
  return /localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal/.test(text);
}

function claimsOfTable(found: Known, { name, touches }: TableDraft): Claim[] {
  const names = touches.flatMap(touch => stepsOfName(found, name, touch));
  const groups = Map.groupBy(touches, ({ service, use }) => `${service} ${verbs[use.op]} it${byWay(use.via)}`);
  return withSteps([
    { said: 'its name is', steps: first(distinct(names)) },
    ...[...groups].map(([said, of]) => ({
      said: `${said} (${strongest(of.map(({ confidence }) => confidence))})`,
      steps: stepsOfUses(found, of),
    })),
  ]);
}

const verbs = {
  connect: 'connects to',
  read: 'reads',
  write: 'writes',
  schema: 'migrates',
  declare: 'declares',
  'run-migrations': 'migrates',
} as const satisfies Record<Touch['use']['op'], string>;

function byWay(via: Touch['use']['via']): string {
  return via === 'query' ? '' : ` by ${via}`;
}

function stepsOfName(found: Known, name: string, { service, use, said }: Touch): Step[] {
  if (said) return [{ step: 'named by an annotation', evidence: said }];
  const { settings: all, tree, lines } = found;
  const settings = all.get(service);
  const bare = name.slice(name.lastIndexOf('.') + 1);
  const sources = settings?.trace(use.table, settings.environments[0]) ?? writtenIn(use.table);
  return sources.flatMap(source => {
    if (source.kind !== 'written') return source.kind === 'default' ? [] : [stepOfTableSource(found, source)];
    if (source.text === '') return [];
    const { file, at } = source.at;
    const text = tree.read(file) ?? '';
    const naming = namingOf(text.slice(at), bare, source.text, use.tech);
    const constant = naming.isTogether ? constantOf(text, bare) : undefined;
    return [
      { step: naming.step, evidence: lines.at({ file, at: at + naming.at }) },
      ...(constant === undefined
        ? []
        : [{ step: `${bare} is a constant`, evidence: lines.at({ file, at: constant }) }]),
    ];
  });
}

function stepOfTableSource({ lines }: Known, source: Source & { kind: 'read' | 'given' }): Step {
  return source.kind === 'read'
    ? { step: `read from ${source.name}`, evidence: lines.at(source.at) }
    : { step: givenAs(source), evidence: source.at };
}

function writtenIn(v: Value | undefined): Source[] {
  return v?.t === 'text' && v.origin
    ? [{ kind: 'written', text: v.parts.map(part => (typeof part === 'string' ? part : '…')).join(''), at: v.origin }]
    : [];
}

/** How each use is reached; of many, the first. */
function stepsOfUses(found: Known, touches: readonly Touch[]): Step[] {
  const uses = touches.map(touch => stepsOfUse(found, touch));
  const different = [...new Map(uses.map(steps => [JSON.stringify(steps), steps])).values()];
  return first(different).flat();
}

function stepsOfUse({ lines }: Known, { use, calls, own, through }: Touch): Step[] {
  const [call, ...more] = calls;
  const start = call && !own ? [{ step: 'calls', evidence: lines.at(call) }] : [];
  const library = through === undefined ? '' : ` in ${through}`;
  const how = use.tech === sqlFiles ? 'in SQL' : `by ${use.tech}`;
  return [
    ...start,
    ...more.map(at => ({ step: 'which calls', evidence: lines.at(at) })),
    { step: `${start.length > 0 ? 'which does it ' : ''}${how}${library}`, evidence: lines.at(use.origin) },
  ];
}

function stepAt(step: string, evidence: Evidence | undefined): Step {
  return evidence ? { step, evidence } : { step };
}

function withSteps(claims: readonly Claim[]): Claim[] {
  return claims.map(({ said, steps }) => ({ said, steps: distinct(steps) })).filter(({ steps }) => steps.length > 0);
}

/** More that say the same would hide what differs. */
function first<T>(many: readonly T[]): readonly T[] {
  return many.slice(0, 5);
}

function distinct(steps: readonly Step[]): Step[] {
  const keyOf = ({ step, evidence }: Step) => `${step} ${evidence?.file}:${evidence?.line}`;
  return [...new Map(steps.map(step => [keyOf(step), step])).values()];
}
