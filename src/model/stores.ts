import type { Config } from '../config.ts';
import { type Connection, defaultPort, parseConnection, parseElasticsearch } from '../extract/connection-string.ts';
import type { DiscoveredService, Discovery, Environment, Server } from './discovery.ts';
import { hostBehind } from './host-names.ts';
import { isExampleEnvFile } from './services/env-files.ts';
import { hole, type Settings } from './settings.ts';
import type { Evidence } from './system.ts';
import type { StoreRef, Value } from './value.ts';

/** Where a connection leads in one environment. Two connections are one datastore where `key` is equal. */
export interface Identity {
  readonly key: string;
  /** The key without the schema that the connection is set to, where it is set to one of its own. */
  readonly base?: string;
  readonly engine: string;
  readonly server?: string;
  readonly database?: string;
  readonly schema?: string;
  readonly login?: string;
  readonly environment?: Environment;
  /** Lines of manifests and env files that name it. */
  readonly evidence: readonly Evidence[];
  readonly serverAt?: Server;
  /** False where a part that identifies it is in no file of the repository. */
  readonly known: boolean;
  /** True where at least one part came from an environment. */
  readonly given: boolean;
  /** The annotation that says it. */
  readonly said?: Evidence;
  /** Of what is told by others only: the service that connects to the same place, and to this where it is deployed. */
  readonly met?: { readonly service: string; readonly at: Evidence };
}

type Opened = StoreRef & { kind: 'open' };

/** Every identity that a connection has for one service, best environment first, unknown ones last. */
export function identitiesOf(
  store: Opened,
  settings: Settings,
  found: { readonly discovery: Discovery; readonly config: Config },
  shared: string | undefined,
): Identity[] {
  const all = settings.environments.map(environment => identityIn(store, environment, settings, found, shared));
  const bare = settings.environments[0] === undefined ? [] : [identityIn(store, undefined, settings, found, shared)];
  const ranked = [
    ...all.filter(i => i.known && i.given),
    ...all.filter(i => i.known && !i.given),
    ...bare.filter(i => i.known),
    ...all.filter(i => !i.known && i.given),
    ...all.filter(i => !i.known && !i.given),
    ...bare,
  ];
  const seen = new Set<string>();
  return ranked.filter(i => {
    const isNew = !seen.has(i.key);
    seen.add(i.key);
    return isNew;
  });
}

function identityIn(
  store: Opened,
  environment: Environment | undefined,
  settings: Settings,
  { discovery, config }: { readonly discovery: Discovery; readonly config: Config },
  shared: string | undefined,
): Identity {
  const evidence: Evidence[] = [];
  const holes: string[] = [];
  let given = false;
  const read = (v: Value | undefined): string | undefined => {
    const s = settings.resolve(v, environment, shared);
    if (!s) return undefined;
    evidence.push(...s.evidence);
    given ||= s.given;
    return s.holes.length > 0 ? `${hole}${s.holes.join('+')}` : s.text;
  };
  const urlSetting = settings.resolve(store.url, environment, shared);
  const url = urlSetting ? addressIn(urlSetting.text, store.engine) : undefined;
  if (urlSetting) {
    evidence.push(...urlSetting.evidence);
    given ||= urlSetting.given;
    holes.push(...urlSetting.holes);
  }
  // what the address says beats what the code was written for: one client may speak to several engines
  const declared = store.engine === 'unknown' || store.engine === '' ? 'sql' : engineName(store.engine);
  const engine =
    url &&
    store.engine !== 'elasticsearch' &&
    sqlEngines.has(url.engine) &&
    (declared === 'sql' || sqlEngines.has(declared))
      ? url.engine
      : declared;
  // where the address could be taken apart, a part that is not known leaves the others known
  const urlHole = urlSetting && urlSetting.holes.length > 0 ? `${hole}${urlSetting.holes.join('+')}` : undefined;
  const isApart = url !== undefined && url.hosts.length > 0;
  // a host that is empty is one that is not used there
  // a cluster is known by its first node
  const [node, nodePort] = firstNode(read(store.host));
  const named = node?.replace(/^$/, `${hole}${settings.service.id}?`) ?? url?.hosts[0]?.host ?? urlHole;
  const port =
    read(store.port) ?? nodePort ?? (url?.hosts[0]?.port === undefined ? undefined : String(url.hosts[0].port));
  const host = hostBehind(config.hosts, named, port);
  const database =
    read(store.database) ??
    url?.database ??
    (urlHole && (!isApart || endsInHole(urlSetting?.text)) ? urlHole : undefined);
  const schema = read(store.schema) ?? url?.schema;
  const user = read(store.user) ?? url?.user;
  const password = read(store.password) ?? url?.password;
  const place = serverOf(host, port, engine, environment, settings.service, discovery);
  const name = database ?? defaultDatabase(engine, place.server, user);
  const part = (s: string | undefined): string => (s === undefined ? '' : s);
  // SQLite is a file of the service, unless it is asked for over the network, as libSQL's is
  const embedded = (engine === 'sqlite' && host === undefined) || engine === 'dynamodb';
  const server = embedded ? (engine === 'sqlite' ? settings.service.id : undefined) : place.name;
  const known =
    !part(name).includes(hole) &&
    !part(embedded ? undefined : place.key).includes(hole) &&
    (embedded ? name !== undefined : place.key !== '?');
  // one package opens one datastore, whatever its addresses are called: a primary, a replica, the one of another stage
  const isOfPackage = !known && shared !== undefined && engine !== 'dynamodb';
  const base = isOfPackage
    ? `${engine} ${hole}${shared}`
    : `${engine} ${embedded ? (server ?? '') : place.key} ${part(name).toLowerCase()}`;
  // a connection set to a schema of its own is as apart as one to a database of its own
  const own =
    (engine === 'postgres' || engine === 'mssql') &&
    known &&
    schema !== undefined &&
    !schema.includes(hole) &&
    !/^(public|dbo)?$/i.test(schema) &&
    !schema.includes(',')
      ? schema.toLowerCase()
      : undefined;
  return {
    ...(own === undefined ? { key: base } : { key: withSchema(base, own), base }),
    engine,
    evidence,
    known,
    given,
    ...(server === undefined ? {} : { server }),
    ...(name === undefined ? {} : { database: name }),
    ...(schema === undefined || schema.includes(hole) ? {} : { schema }),
    // what an example shows is there to be replaced, and so is `postgres://username:password@host`
    ...(user !== undefined &&
    password !== undefined &&
    user !== '' &&
    !`${user}${password}`.includes(hole) &&
    !placeholder.test(user) &&
    !evidence.some(at => isExampleEnvFile(at.file))
      ? { login: `${engine}:${place.key} ${user} ${fingerprint(password)}` }
      : {}),
    ...(environment ? { environment } : {}),
    ...(place.server ? { serverAt: place.server } : {}),
  };
}

const placeholder = /^(?:user_?name|db_?user_?name|your.*|<.*>|x{3,}|\*+)$/i;

/** `…/${DATABASE}` or `…/${DATABASE}?ssl=true`: the name of the database is what is not known. */
function endsInHole(text: string | undefined): boolean {
  return text !== undefined && new RegExp(`/${hole}[^/@]*$`).test(text);
}

const sqlEngines = new Set(['postgres', 'mysql', 'mssql', 'sqlite']);

/** Engines that are asked by HTTP have web addresses; the others may go without a scheme. */
function addressIn(text: string, engine: string): Connection | undefined {
  if (engine === 'sqlite') return parseConnection(text.replace(/^(?:https?|wss?):/, 'libsql:'));
  if (engine === 'elasticsearch' || /^https?:/i.test(text)) return parseElasticsearch(text);
  // a replica on this machine may be written as its port alone
  if (engine === 'tigerbeetle' && /^\d+$/.test(text)) return parseElasticsearch(`localhost:${text}`);
  return (
    parseConnection(text) ??
    (/^(?:redis|cassandra|clickhouse|mongodb|tigerbeetle)$/.test(engine) &&
    /^[\w.-]+(?::\d+)?(?:,[\w.-]+(?::\d+)?)*(?:\/\S*)?$/.test(text)
      ? parseElasticsearch(text)
      : undefined)
  );
}

export function engineName(engine: string): string {
  const e = engine.toLowerCase();
  if (/^(pg|postgres|postgresql|cockroachdb|aurora-postgres|timescale)/.test(e)) return 'postgres';
  if (/^(mysql|maria|aurora-mysql)/.test(e)) return 'mysql';
  if (/^(mssql|sqlserver|tedious)/.test(e)) return 'mssql';
  if (/^(mongo)/.test(e)) return 'mongodb';
  if (/^(sqlite|better-sqlite3|libsql|sqljs)/.test(e)) return 'sqlite';
  return e;
}

/** Not a secret of any worth any more, but no report shall repeat it. */
function fingerprint(password: string): string {
  let h = 5381;
  for (const c of password) h = (h * 33 + (c.codePointAt(0) ?? 0)) >>> 0;
  return h.toString(36);
}

function defaultDatabase(engine: string, server: Server | undefined, user: string | undefined): string | undefined {
  switch (engine) {
    case 'redis':
      return '0';
    case 'mongodb':
      return 'test';
    case 'postgres':
      return server?.variables['POSTGRES_DB']?.value ?? server?.variables['POSTGRES_USER']?.value ?? user ?? 'postgres';
    case 'mysql':
      return server?.variables['MYSQL_DATABASE']?.value ?? server?.variables['MARIADB_DATABASE']?.value ?? undefined;
    case 'mssql':
      return 'master';
    default:
      return undefined;
  }
}

/** `redis-1:6379,redis-2:6379`: host and port of the first; anything else is left as it is. */
function firstNode(host: string | undefined): readonly [string?, string?] {
  if (host === undefined || !host.includes(',')) return host === undefined ? [] : [host];
  const [first = ''] = host.split(',');
  const [name = '', port] = /^[^:/]+:\d+$/.test(first.trim()) ? first.trim().split(':') : [first.trim()];
  return port === undefined ? [name] : [name, port];
}

/** The key of a schema within a database. */
export function withSchema(base: string, schema: string): string {
  return `${base} schema ${schema.toLowerCase()}`;
}

interface Place {
  /** Equal where it is one server. `?` where nothing is known. */
  readonly key: string;
  readonly name?: string;
  readonly server?: Server;
}

function serverOf(
  host: string | undefined,
  port: string | undefined,
  engine: string,
  environment: Environment | undefined,
  service: DiscoveredService,
  discovery: Discovery,
): Place {
  if (host === undefined && port === undefined) {
    // a client opened with nothing at all connects to this machine
    return localPlace(String(defaultPort(engine) ?? ''), engine, environment, service, discovery);
  }
  const h = host ?? 'localhost';
  if (h.includes(hole)) return { key: `${h}:${port ?? ''}`, name: nameOfHole(h) };
  const known = port === undefined || port.includes(hole) ? String(defaultPort(engine) ?? '') : port;
  if (
    /^(localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|\[::1\]|host\.docker\.internal|docker\.for\.mac\.localhost)$/.test(h)
  )
    return localPlace(known, engine, environment, service, discovery);
  const answering = discovery.servers.filter(s => s.hosts.some(x => x.name === h));
  const servers = answering.length > 0 ? answering : discovery.servers.filter(s => s.name === h);
  const near = environment
    ? servers.filter(s => s.hosts.some(x => x.name === h && x.project === environment.project))
    : [];
  const [server] = near.length > 0 ? near : servers.length === 1 ? servers : nearest(servers, service);
  if (server) return { key: serverKey(server), name: server.name, server };
  // a name without dots means something only inside its project
  const scope = h.includes('.') ? '' : `${environment ? systemOf(environment.project) : ''}/`;
  const suffix = known !== '' && known !== String(defaultPort(engine) ?? '') ? `:${known}` : '';
  return { key: `${scope}${h.toLowerCase()}${suffix}`, name: `${h}${suffix}` };
}

/** On one machine, a port is one server; where a container file publishes the port, it is that container. */
function localPlace(
  port: string,
  engine: string,
  environment: Environment | undefined,
  service: DiscoveredService,
  discovery: Discovery,
): Place {
  const sharesNetwork = discovery.servers.filter(
    s =>
      sameEngine(s.engine, engine) &&
      covers(s, service) &&
      s.hosts.some(
        h => h.name === 'localhost' && (environment?.kind !== 'compose' || h.project === environment.project),
      ) &&
      s.ports.every(p => String(p.inside) === port),
  );
  const [onHost] = nearest(sharesNetwork, service);
  if (onHost) return { key: serverKey(onHost), name: onHost.name, server: onHost };
  const published = discovery.servers.filter(
    s => sameEngine(s.engine, engine) && s.ports.some(p => String(p.outside ?? '') === port),
  );
  const mine = published.filter(s => covers(s, service));
  const [server] = nearest(mine.length > 0 ? mine : [], service);
  if (server) return { key: serverKey(server), name: server.name, server };
  const inContainer =
    environment !== undefined && (environment.kind === 'compose' || environment.kind === 'kubernetes');
  if (inContainer) return { key: `localhost of ${service.id}:${port}`, name: `localhost(${service.id})` };
  return {
    key: `laptop ${laptopOf(service)}:${port}`,
    name: port === String(defaultPort(engine) ?? '') || port === '' ? 'localhost' : `localhost:${port}`,
  };
}

function laptopOf(service: DiscoveredService): string {
  const env = service.environments.find(e => e.project.startsWith('laptop:'));
  if (env) return env.project.slice('laptop:'.length);
  const compose = service.environments.find(e => e.project.startsWith('compose:'));
  return compose ? systemOf(compose.project) : service.root.includes('/') ? '.' : '.';
}

function systemOf(project: string): string {
  return project.slice(project.indexOf(':') + 1);
}

function sameEngine(a: string, b: string): boolean {
  return engineName(a) === engineName(b);
}

/** A compose file serves the services at and below its folder, and those beside it. */
function covers(server: Server, service: DiscoveredService): boolean {
  const dir = server.evidence.file.includes('/')
    ? server.evidence.file.slice(0, server.evidence.file.lastIndexOf('/'))
    : '';
  if (dir === '') return true;
  const top = dir.split('/')[0];
  return (
    service.root.startsWith(dir) ||
    service.root.split('/')[0] === top ||
    /(^|\/)(docker|infra|infrastructure|deploy|deployment|local|localenv|dev|compose|ops|\.docker|\.devcontainer)(\/|$)/.test(
      dir,
    )
  );
}

function nearest(servers: readonly Server[], service: DiscoveredService): Server[] {
  const score = (s: Server): number => {
    const a = s.evidence.file.split('/');
    const b = service.root.split('/');
    let n = 0;
    while (n < a.length && a[n] === b[n]) n++;
    return n * 10 - a.length;
  };
  return [...servers].sort((a, b) => score(b) - score(a));
}

function serverKey(server: Server): string {
  return `server ${server.hosts[0]?.project ?? server.evidence.file} ${server.name}`;
}

function nameOfHole(h: string): string {
  const last = h.slice(h.lastIndexOf(' ') + 1).replaceAll(hole, '');
  return last.endsWith('?') ? '' : `$${last.replace(/[${}]/g, '')}`;
}

/** What is shown for a part that is not known: the name of its variable. */
export function shown(part: string | undefined): string | undefined {
  return part?.includes(hole) ? nameOfHole(part) : part;
}
