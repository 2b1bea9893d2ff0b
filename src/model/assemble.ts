import type { Config } from '../config.ts';
import { annotatedIdentity, idToFillIn } from './annotated.ts';
import { Annotations, annotationFor } from './annotations.ts';
import { configuredOwnerOfStore, configuredOwnerOfTable } from './configured.ts';
import type { DiscoveredService, Discovery, Server } from './discovery.ts';
import { compareEvidence } from './evidence.ts';
import type { Joined } from './exchanges/found.ts';
import type { Lines } from './lines.ts';
import { type Ownership, ownerOf } from './owners.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
import { hole, type Settings } from './settings.ts';
import type { Sources } from './sources.ts';
import { sqlFiles } from './sql-migrations.ts';
import { engineName, type Identity, identitiesOf, shown, withSchema } from './stores.ts';
import type {
  Confidence,
  Datastore,
  Edge,
  Evidence,
  Practice,
  Purpose,
  Service,
  System,
  Table,
  Unresolved,
} from './system.ts';
import type { SourceTree } from './tree.ts';
import { signature } from './unions.ts';
import { literal, type Origin, type StoreRef, type Use } from './value.ts';

/** A use on behalf of a service; without one, of code that no service is known to run (migrations of a library). */
export interface ServiceUse {
  readonly service: DiscoveredService | undefined;
  readonly use: Use;
  /** The place in the service's own code. */
  readonly from: Origin;
  /** True where the use itself stands in the service's own code. */
  readonly own: boolean;
  /** The calls that lead to it from the service's own code, where it stands elsewhere. */
  readonly calls?: readonly Origin[];
}

export interface Findings {
  readonly tree: SourceTree;
  readonly config: Config;
  readonly discovery: Discovery;
  readonly sources: Sources;
  readonly uses: readonly ServiceUse[];
  readonly settings: ReadonlyMap<string, Settings>;
  readonly lines: Lines;
  readonly imports: readonly Edge[];
  readonly said: Joined;
  readonly practices: readonly Practice[];
  readonly annotations: Annotations;
}

type Opened = StoreRef & { kind: 'open' };

export interface StoreDraft {
  readonly identity: Identity;
  readonly evidence: Evidence[];
  readonly users: Map<
    string,
    {
      purposes: Set<Purpose>;
      connects: Evidence[];
      login?: string;
      production: boolean;
      confidence: Confidence;
      readonly connections: Map<Identity, Opened | undefined>;
    }
  >;
}

export interface Touch {
  readonly service: string;
  readonly use: Use;
  readonly from: Origin;
  readonly own: boolean;
  readonly through: string | undefined;
  readonly confidence: Confidence;
  readonly calls: readonly Origin[];
  /** The annotation that names the table. */
  readonly said?: Evidence;
}

export interface TableDraft {
  readonly store: string;
  name: string;
  readonly touches: Touch[];
  /** Keys of the tables that this one refers to. */
  readonly foreignKeys: { table: string; touch: Touch }[];
}

/** What was found in code and manifests, joined into the System. */
export function assemble(found: Findings): { readonly system: System; readonly provenance: () => Provenance } {
  // an annotation names a datastore by its id, which is known once all that is known without it has been joined
  const known = found.annotations.has('datastore')
    ? new Assembly({ ...found, annotations: new Annotations([]) }).identities()
    : undefined;
  const assembly = new Assembly(found, known);
  return { system: assembly.system(), provenance: () => assembly.provenance() };
}

class Assembly {
  readonly #in: Findings;
  readonly #stores = new Map<string, StoreDraft>();
  readonly #tables = new Map<string, TableDraft>();
  readonly #unresolved: Unresolved[] = [];
  readonly #identities = new Map<string, Identity>();
  readonly #schemas = new Map<string, Identity>();
  readonly #elsewhere = new Map<string, { service: string; opened: Opened; identity: Identity }>();
  readonly #metIdentities = new Map<Identity, Identity>();
  readonly #variants: { service: string; opened: Opened; first: Identity; others: readonly Identity[] }[] = [];
  readonly #libraryData: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #known: ReadonlyMap<string, Identity>;

  constructor(found: Findings, known: ReadonlyMap<string, Identity> = new Map()) {
    this.#in = found;
    this.#known = known;
    this.#libraryData = librariesWithData(found);
  }

  system(): System {
    for (const identity of this.#allIdentities())
      if (identity.base !== undefined && !this.#schemas.has(identity.key)) this.#schemas.set(identity.key, identity);
    this.#meet();
    for (const service of this.#in.discovery.services) if (service.role !== 'library') this.#service(service);
    this.#libraryMigrations();
    this.#otherDeployments();
    const ids = this.#storeIds();
    const tables = [...this.#tables].map(([key, draft]) => this.#table(key, draft, ids));
    const owners = new Map([...this.#tables.keys()].map((key, i) => [key, tables[i]?.owner ?? null]));
    const edges = [...this.#dataEdges(ids, owners), ...this.#in.imports, ...this.#in.said.edges].sort(
      byText(e => `${e.from}\n${e.kind}\n${e.to}\n${e.via ?? ''}`),
    );
    return {
      schema: 1,
      services: this.#in.discovery.services.map(s => publicService(s, this.#in.said.open.has(s.id))),
      datastores: [...this.#stores]
        .filter(([key]) => edges.some(e => e.to === ids.get(key) || e.to.startsWith(`${ids.get(key)}#`)))
        .map(([key, d]) => this.#datastore(key, d, ids, edges, tables))
        .sort(byText(d => d.id)),
      tables: tables.filter(t => edges.some(e => e.to === t.id)).sort(byText(t => t.id)),
      topics: this.#in.said.topics,
      endpoints: this.#in.said.endpoints,
      edges,
      outbound: this.#in.said.outbound,
      practices: this.#in.practices,
      routes: this.#in.said.routes,
      unresolved: dedupe([...this.#unresolved, ...this.#in.said.unresolved]),
    };
  }

  /** What is known of each datastore, by its id in lower case. */
  identities(): Map<string, Identity> {
    this.#allIdentities();
    this.#meet();
    for (const service of this.#in.discovery.services) if (service.role !== 'library') this.#service(service);
    const ids = this.#storeIds();
    return new Map(
      [...this.#stores]
        .filter(([, d]) => d.identity.known)
        .map(([key, d]) => [(ids.get(key) ?? key).toLowerCase(), d.identity]),
    );
  }

  provenance(): Provenance {
    const ids = this.#storeIds();
    return provenanceOf(
      this.#in,
      new Map([...this.#stores].map(([key, d]) => [ids.get(key) ?? key, d])),
      new Map([...this.#tables].map(([key, d]) => [this.#tableId(key, ids), d])),
    );
  }

  #service(service: DiscoveredService): void {
    const settings = this.#in.settings.get(service.id);
    if (!settings) return;
    const mine = this.#in.uses.filter(u => u.service === service);
    const opens = distinctOpens(mine);
    const knownEngines = new Set(
      opens
        .map(o => this.#identity(o, service, settings))
        .filter(i => (i.known || i.key.includes('$shared')) && !tableEngines.has(i.engine))
        .map(i => i.engine),
    );
    const surePlaces = new Set(mine.flatMap(u => (u.use.guessed ? [] : [placeOf(u.use)])));
    const resolvedPlaces = new Set(
      mine.flatMap(u =>
        this.#tableName(u.use, settings, undefined) === undefined
          ? []
          : [placeOf(u.use), ...(u.use.call ? [`${u.use.call.file}:${u.use.call.at}`] : [])],
      ),
    );
    for (const u of mine) {
      const { use } = u;
      if (use.op === 'connect' || use.op === 'run-migrations') continue;
      if (use.guessed && (opens.length === 0 || surePlaces.has(placeOf(use)))) continue;
      const choice = this.#chooseStore(use, opens, service, settings);
      // a guess needs a connection that it may be about
      if (use.guessed && !choice.opened) continue;
      const chosen = this.#wayTaken(use.store.kind === 'open' ? use.store : choice.opened, opens, service, settings);
      // a statement may name another database of the same server
      const opened =
        chosen && literal(use.database) !== undefined && chosen.engine !== 'sqlite'
          ? { ...chosen, ...(use.database ? { database: use.database } : {}) }
          : chosen;
      const reached = opened ? this.#identity(opened, service, settings) : this.#unknownIdentity(u, service);
      const identity = this.#inSchema(reached, this.#tableName(use, settings, reached));
      const needsTable = tableEngines.has(identity.engine);
      const isTable = identity.engine === 'dynamodb';
      let said: Evidence | undefined;
      let name =
        this.#tableName(use, settings, identity) ?? (isTable && identity.known ? identity.database : undefined);
      if (name === undefined && (use.op === 'declare' || use.op === 'schema')) continue;
      const confidence: Confidence =
        use.guessed || identity.met ? 'likely' : identity.known && choice.sure ? 'certain' : 'likely';
      if (name === undefined && needsTable) {
        const isUnresolved = !resolvedPlaces.has(placeOf(use)) && use.table !== undefined && !use.guessed && !isTable;
        const annotation = isUnresolved
          ? this.#in.annotations.settling('table', this.#in.lines.at(statementOf(u)))
          : undefined;
        if (annotation) name = qualified(annotation.value, identity.schema);
        else if (isUnresolved)
          this.#report(
            service,
            'table',
            `a ${wordFor(identity.engine)} table in a ${use.op} by ${use.tech}`,
            statementOf(u),
            annotationFor('table', '<name>', u.from.file),
          );
        said = annotation?.at;
      }
      if (!identity.known && !identity.key.includes('$shared') && use.op !== 'declare')
        this.#report(
          service,
          'datastore',
          `which ${wordFor(identity.engine)} database ${service.id} uses`,
          opened?.origin ?? statementOf(u),
          annotationFor('datastore', idToFillIn(identity), (opened?.origin ?? u.from).file),
        );
      // where a known datastore of the engine is used too, an unknown one is most likely that one; it is no other
      if (!identity.known && !identity.key.includes('$shared') && knownEngines.has(identity.engine)) continue;
      // a DynamoDB table is a datastore of its own; which one is not known is no datastore yet
      if (isTable && !identity.known) continue;
      const draft = this.#store(identity);
      const through = u.own ? undefined : this.#in.sources.ownerOf(use.origin.file);
      if (use.op !== 'declare') this.#user(draft, service.id, opened, identity, use, confidence, u.from);
      if (name === undefined) continue;
      const touch: Touch = {
        service: service.id,
        use,
        from: u.from,
        own: u.own,
        through: through && through !== service ? through.id : undefined,
        confidence,
        calls: u.calls ?? [],
        ...(said ? { said } : {}),
      };
      if (use.via === 'foreign-key') {
        const fromName = this.#tableName({ ...use, ...(use.from ? { table: use.from } : {}) }, settings, identity);
        const target = this.#tableDraft(identity, name);
        if (use.from && fromName !== undefined)
          this.#tableDraft(identity, fromName).foreignKeys.push({
            table: `${identity.key}#${target.name.toLowerCase()}`,
            touch,
          });
        continue;
      }
      this.#tableDraft(identity, name).touches.push(touch);
    }
    // a queue, a cache or a session store is used by the library that it was handed to
    for (const each of opens) {
      if (each.purpose === undefined || each.purpose === 'data') continue;
      const o = this.#wayTaken(each, opens, service, settings);
      const identity = this.#identity(o, service, settings);
      if (!identity.known && !identity.key.includes('$shared') && knownEngines.has(identity.engine)) continue;
      this.#user(
        this.#store(identity),
        service.id,
        o,
        identity,
        undefined,
        identity.known && !identity.met ? 'certain' : 'likely',
        o.origin,
      );
    }
  }

  /** Migrations that stand in a library belong to the services that run them, else to the only one that uses its tables. */
  #libraryMigrations(): void {
    for (const u of this.#in.uses) {
      if (u.service !== undefined && u.service.role !== 'library') continue;
      if (u.use.op !== 'schema' && u.use.via !== 'foreign-key') continue;
      const bare = literal(u.use.table)?.toLowerCase();
      if (bare === undefined) continue;
      const library = this.#in.sources.ownerOf(u.use.origin.file);
      const runners = [
        ...new Set(
          this.#in.uses
            .filter(
              r =>
                r.use.op === 'run-migrations' && r.service && this.#in.sources.ownerOf(r.use.origin.file) === library,
            )
            .map(r => r.service?.id ?? ''),
        ),
      ];
      for (const draft of this.#tables.values()) {
        if (lastPart(draft.name).toLowerCase() !== lastPart(bare)) continue;
        const services = [...new Set(draft.touches.map(t => t.service))];
        const who = runners.filter(r => services.includes(r));
        const one = who.length > 0 ? who : services.length === 1 ? services : [];
        const near = draft.touches.find(
          t => this.#in.sources.ownerOf(t.use.origin.file) === library || services.length === 1,
        );
        if (!near) continue;
        for (const service of one) {
          const run = this.#in.uses.find(r => r.use.op === 'run-migrations' && r.service?.id === service);
          draft.touches.push({
            service,
            use: u.use,
            from: run?.from ?? u.use.origin,
            own: false,
            through: library?.id,
            confidence: 'certain',
            calls: run ? [run.use.origin] : [],
          });
        }
      }
    }
  }

  #allIdentities(): Identity[] {
    return this.#in.discovery.services.flatMap(service => {
      const settings = this.#in.settings.get(service.id);
      return settings
        ? distinctOpens(this.#in.uses.filter(u => u.service === service)).map(o => this.#identity(o, service, settings))
        : [];
    });
  }

  /**
   * One place on a laptop stands for what a deployment has elsewhere. A service whose only known address is the laptop's
   * uses the datastore that the others have who meet it there, where all of these have one and the same.
   */
  #meet(): void {
    const at = Map.groupBy(
      this.#variants.flatMap(v => v.others.map(other => ({ ...v, other }))),
      v => v.other.key,
    );
    for (const [key, there] of at) {
      const [one] = there;
      const isDeployed = there.every(
        v =>
          v.other.environment?.kind === 'dotenv' &&
          v.first.environment?.kind !== 'dotenv' &&
          v.first.key === one?.first.key,
      );
      if (one && isDeployed && this.#variants.every(v => v.first.key !== key))
        this.#elsewhere.set(key, { service: one.service, opened: one.opened, identity: one.first });
    }
  }

  #identity(opened: Opened, service: DiscoveredService, settings: Settings): Identity {
    const found = this.#identityHere(opened, service, settings);
    const known = this.#metIdentities.get(found);
    const met = this.#elsewhere.get(found.key);
    if (known || !met) return known ?? found;
    const { key, base, server, database, schema, serverAt } = met.identity;
    const identity: Identity = {
      key,
      engine: found.engine,
      known: true,
      given: found.given,
      evidence: found.evidence,
      ...(base === undefined ? {} : { base }),
      ...(server === undefined ? {} : { server }),
      ...(database === undefined ? {} : { database }),
      ...(schema === undefined ? {} : { schema }),
      ...(serverAt ? { serverAt } : {}),
      ...(found.login === undefined ? {} : { login: found.login }),
      ...(found.environment ? { environment: found.environment } : {}),
      met: { service: met.service, at: met.identity.evidence[0] ?? this.#in.lines.at(met.opened.origin) },
    };
    this.#metIdentities.set(found, identity);
    return identity;
  }

  #identityHere(opened: Opened, service: DiscoveredService, settings: Settings): Identity {
    const memo = [
      service.id,
      opened.origin.file,
      opened.origin.at,
      ...[opened.url, opened.host, opened.port, opened.database, opened.schema, opened.name].map(v =>
        v ? signature(v) : '',
      ),
    ].join('\n');
    const known = this.#identities.get(memo);
    if (known) return known;
    const library = this.#in.sources.ownerOf(opened.origin.file);
    const isShared =
      library !== service &&
      this.#libraryData.get(service.id)?.has(opened.tech) === true &&
      !this.#isGiven(opened, service);
    const shared = isShared ? `$shared ${library?.id ?? 'source'}` : undefined;
    const [first, ...others] = identitiesOf(opened, settings, this.#in, shared);
    const told = others.filter(i => i.known && i.given);
    if (first?.known && first.given && told.length > 0)
      this.#variants.push({ service: service.id, opened, first, others: told });
    const found = first ?? this.#nothingKnown(opened.engine, service, opened.tech);
    const identity = found.known ? found : (this.#annotated(opened.origin) ?? found);
    this.#identities.set(memo, identity);
    return identity;
  }

  /** A name with a schema goes to the service that has that schema to itself, whatever the connection is set to. */
  #inSchema(identity: Identity, table: string | undefined): Identity {
    const cut = table?.lastIndexOf('.') ?? -1;
    if (table === undefined || cut < 0) return identity;
    return this.#schemas.get(withSchema(identity.base ?? identity.key, table.slice(0, cut))) ?? identity;
  }

  /** One deployment gives each service a database, another one for all: both are there, and the second is reported. */
  #otherDeployments(): void {
    const used = this.#variants.filter(v => this.#stores.get(v.first.key)?.users.has(v.service));
    const sharing = new Map<string, Set<string>>();
    for (const v of used)
      for (const i of [v.first, ...v.others]) sharing.set(i.key, (sharing.get(i.key) ?? new Set()).add(v.service));
    for (const v of used) {
      const together = sharing.get(v.first.key) ?? new Set();
      for (const other of v.others) {
        const there = sharing.get(other.key) ?? new Set();
        if (
          this.#stores.get(other.key)?.users.has(v.service) ||
          (there.size === together.size && [...there].every(s => together.has(s)))
        )
          continue;
        this.#user(this.#store(other), v.service, v.opened, other, undefined, 'likely', v.opened.origin);
      }
    }
  }

  /** A connection that is opened nowhere may be annotated at any of its uses. */
  /** Whether a service itself says where to connect: then the library only does the work, and each has its own. */
  #isGiven(opened: Opened, service: DiscoveredService): boolean {
    return [opened.url, opened.host, opened.database].some(
      v =>
        v?.t === 'text' &&
        v.parts.some(p => typeof p === 'object' && p !== null && this.#in.sources.ownerOf(p.origin.file) === service),
    );
  }

  #unknownIdentity(u: ServiceUse, service: DiscoveredService): Identity {
    const { use } = u;
    const unknown = this.#nothingKnown(use.store.engine ?? use.tech, service, use.tech);
    if (!this.#in.annotations.has('datastore')) return unknown;
    const alike = this.#in.uses.filter(
      o => o.service === service && o.use.store.kind === 'default' && o.use.tech === use.tech,
    );
    for (const one of [u, ...alike]) {
      const identity = this.#annotated(statementOf(one));
      if (identity) return identity;
    }
    return unknown;
  }

  #annotated(place: Origin): Identity | undefined {
    const said = this.#in.annotations.settling('datastore', this.#in.lines.at(place));
    return said && annotatedIdentity(said, this.#known, this.#in.discovery.servers);
  }

  #nothingKnown(engine: string, service: DiscoveredService, tech: string): Identity {
    return {
      key: `${engine} ${hole}${service.id} ${tech}`,
      engine,
      server: `${hole}${service.id} ${tech}`,
      evidence: [],
      known: false,
      given: false,
    };
  }

  /** The connection that a use of "the process's own" means: of its technology and name, opened by the service itself, and known. */
  #chooseStore(
    use: Use,
    opens: readonly Opened[],
    service: DiscoveredService,
    settings: Settings,
  ): { opened: Opened | undefined; sure: boolean } {
    if (use.store.kind === 'open') return { opened: use.store, sure: true };
    const ref = use.store;
    const data = opens.filter(o => o.purpose === undefined || o.purpose === 'data');
    const same = data.filter(o => o.tech === ref.tech);
    const engine =
      same.length > 0
        ? same
        : data.filter(o =>
            ref.engine === undefined
              ? (ref.tech === sqlFiles || use.guessed === true) && sqlEngines.has(o.engine)
              : engineName(o.engine) === engineName(ref.engine),
          );
    const name = literal(ref.name);
    const named =
      name === undefined ? engine.filter(o => o.name === undefined) : engine.filter(o => literal(o.name) === name);
    const candidates = named.length > 0 ? named : engine;
    if (candidates.length === 0) return { opened: this.#commonConnection(ref.tech, service), sure: false };
    if (candidates.length === 1) return { opened: candidates[0], sure: named.length === 1 };
    const score = (o: Opened): number => {
      const owner = this.#in.sources.ownerOf(o.origin.file);
      const own = owner === service ? 2000 : owner === undefined || owner.role === 'library' ? 1000 : 0;
      return own + (this.#identity(o, service, settings).known ? 500 : 0) + sharedPath(o.origin.file, use.origin.file);
    };
    const ranked = [...candidates].sort((a, b) => score(b) - score(a));
    return { opened: ranked[0], sure: false };
  }

  /**
   * Where the same code can reach a datastore in several ways (one address, the nodes of a cluster, sentinels, a url
   * that is given nowhere), a deployment takes one: that of a single address that is known.
   */
  #wayTaken<T extends Opened | undefined>(
    opened: T,
    opens: readonly Opened[],
    service: DiscoveredService,
    settings: Settings,
  ): T | Opened {
    if (!opened) return opened;
    const { key, known, engine } = this.#identity(opened, service, settings);
    if (tableEngines.has(engine) || (known ? !opened.nodes : !opened.nodes && !key.includes('$shared'))) return opened;
    const home = this.#in.sources.ownerOf(opened.origin.file);
    const ways = opens.filter(
      o =>
        o.tech === opened.tech &&
        !o.nodes &&
        this.#in.sources.ownerOf(o.origin.file) === home &&
        this.#identity(o, service, settings).known,
    );
    const near = ways.filter(o => o.origin.file === opened.origin.file);
    const [taken, ...others] = near.length > 0 ? near : ways;
    const isOne =
      taken &&
      others.every(o => this.#identity(o, service, settings).key === this.#identity(taken, service, settings).key);
    return isOne ? { ...taken, ...(opened.purpose ? { purpose: opened.purpose } : {}) } : opened;
  }

  /** Code in nobody's folder that connects, where the service itself does not: the start-up that several services are built around. */
  #commonConnection(tech: string, service: DiscoveredService): Opened | undefined {
    const opens = distinctOpens(this.#in.uses.filter(u => u.service === undefined)).filter(
      o =>
        o.tech === tech && (o.purpose ?? 'data') === 'data' && sharedPath(`${o.origin.file}`, `${service.root}/`) > 0,
    );
    return opens.length === 1 ? opens[0] : undefined;
  }

  #tableName(use: Use, settings: Settings, identity: Identity | undefined): string | undefined {
    if (!use.table) return undefined;
    const raw = this.#text(use.table, settings);
    if (raw === undefined || raw === '' || /\s/.test(raw.trim())) return undefined;
    const schema = use.schema ? this.#text(use.schema, settings) : undefined;
    // where a statement's dialect is not known, the database itself may stand before a table
    const isDatabase =
      schema !== undefined &&
      schema.toLowerCase() === identity?.database?.toLowerCase() &&
      /^(mysql|cassandra|clickhouse)$/.test(identity.engine);
    return qualified(raw, isDatabase ? undefined : (schema ?? identity?.schema));
  }

  #text(v: Use['table'], settings: Settings): string | undefined {
    for (const environment of [...settings.environments, undefined]) {
      const s = settings.resolve(v, environment, undefined);
      if (s && s.holes.length === 0) return s.text;
    }
    // a prefix or suffix of the environment does not make another table
    const s = settings.resolve(v, settings.environments[0], undefined);
    const bare = s?.text.replaceAll(hole, '').replace(/^[-_.]+|(?<![-_.])[-_.]+$/g, '');
    return s && bare !== undefined && bare.length >= 3 && s.holes.every(h => h.includes(' ')) ? bare : undefined;
  }

  #store(identity: Identity): StoreDraft {
    const known = this.#stores.get(identity.key);
    if (known) {
      known.evidence.push(...identity.evidence);
      return known;
    }
    const made: StoreDraft = { identity, evidence: [...identity.evidence], users: new Map() };
    this.#stores.set(identity.key, made);
    return made;
  }

  #user(
    draft: StoreDraft,
    service: string,
    opened: Opened | undefined,
    identity: Identity,
    use: Use | undefined,
    confidence: Confidence,
    from: Origin,
  ): void {
    const user = draft.users.get(service) ?? {
      purposes: new Set<Purpose>(),
      connects: [],
      production: identity.environment?.production === true && identity.environment.kind !== 'dotenv',
      confidence,
      connections: new Map<Identity, Opened | undefined>(),
    };
    user.connections.set(identity, opened);
    user.purposes.add(opened?.purpose ?? (use?.store.kind === 'open' ? (use.store.purpose ?? 'data') : 'data'));
    const at = opened?.origin ?? from;
    if (user.connects.length < 5) user.connects.push(...identity.evidence.slice(0, 2), this.#in.lines.at(at));
    if (opened) draft.evidence.push(this.#in.lines.at(opened.origin));
    draft.users.set(service, { ...user, ...(identity.login === undefined ? {} : { login: identity.login }) });
  }

  #tableDraft(identity: Identity, name: string): TableDraft {
    const key = `${identity.key}#${name.toLowerCase()}`;
    const known = this.#tables.get(key);
    if (known) return known;
    const made: TableDraft = { store: identity.key, name, touches: [], foreignKeys: [] };
    this.#tables.set(key, made);
    return made;
  }

  #report(service: DiscoveredService, kind: string, what: string, at: Origin, hint: string): void {
    this.#unresolved.push({ service: service.id, kind, what, evidence: this.#in.lines.at(at), hint });
  }

  /** Public ids: engine, server and database by the names that people know; what is not known is a `?`. */
  #storeIds(): Map<string, string> {
    const ids = new Map<string, string>();
    const taken = new Map<string, number>();
    for (const [key, d] of this.#stores) {
      const { engine, server, database } = d.identity;
      const isShared = key.includes('$shared') || key.includes('package ') || /\$\{|Secret:|ConfigMap:/.test(key);
      const place = [server, database, ...(d.identity.base === undefined ? [] : [d.identity.schema])]
        .map(part => (part === undefined ? '' : (shown(part) ?? '')))
        .filter((part, i, all) => part !== '' && (i === 0 || part !== all[0]))
        .join('/');
      const [first = ''] = [...d.users.keys()].sort();
      const said = place === '' ? (/\$shared (\S+)/.exec(key)?.[1] ?? '') : place;
      let id =
        d.identity.known || isShared ? `${engine}:${said}` : `${engine}:?${first}${place === '' ? '' : '/'}${place}`;
      const n = taken.get(id) ?? 0;
      taken.set(id, n + 1);
      if (n > 0) id = `${id}~${n + 1}`;
      ids.set(key, id);
    }
    return ids;
  }

  #datastore(
    key: string,
    d: StoreDraft,
    ids: ReadonlyMap<string, string>,
    edges: readonly Edge[],
    tables: readonly Table[],
  ): Datastore {
    const id = ids.get(key) ?? key;
    const users = [...d.users.keys()].sort();
    const owners = new Set(
      tables.filter(t => t.store === id && edges.some(e => e.to === t.id)).map(t => t.owner ?? null),
    );
    const [owner] = owners;
    const evidence = uniqueEvidence([...d.evidence, ...(d.identity.serverAt ? [d.identity.serverAt.evidence] : [])]);
    const purposes = Object.fromEntries([...d.users].map(([service, u]) => [service, purposeOf(u.purposes)]));
    const { server, database } = d.identity;
    const published = publishedPorts(d.identity.serverAt);
    const configured = configuredOwnerOfStore(this.#in.config.services, { id, identity: d.identity });
    return {
      id,
      engine: d.identity.engine,
      ...(server === undefined ? {} : { server: shown(server) ?? server }),
      ...(database === undefined ? {} : { database: shown(database) ?? database }),
      owner: configured
        ? configured.id
        : users.length === 1
          ? (users[0] ?? null)
          : owners.size === 1 && owner !== undefined
            ? owner
            : null,
      evidence,
      purposes,
      ...(published.length > 0 ? { published } : {}),
    };
  }

  #table(key: string, draft: TableDraft, ids: ReadonlyMap<string, string>): Table {
    const store = ids.get(draft.store) ?? draft.store;
    const by = (...ops: readonly string[]): Map<string, Evidence[]> => {
      const map = new Map<string, Evidence[]>();
      for (const t of draft.touches) {
        if (!ops.includes(t.use.op)) continue;
        const list = map.get(t.service) ?? [];
        list.push(this.#in.lines.at(t.from), ...(t.use.op === 'schema' ? [this.#in.lines.at(t.use.origin)] : []));
        map.set(t.service, list);
      }
      for (const [s, list] of map) map.set(s, uniqueEvidence(list));
      return map;
    };
    const ownership = ownerOf(
      {
        name: draft.name,
        migrators: by('schema'),
        writers: by('write'),
        readers: by('read'),
        declarers: ownDeclarers(draft, this.#in),
      },
      this.#configuredOwner(draft, store),
    );
    const declarations = draft.touches
      .filter(t => t.use.op === 'declare')
      .map(t => ({
        service: this.#in.sources.ownerOf(t.use.origin.file)?.id ?? t.service,
        evidence: this.#in.lines.at(t.use.origin),
      }));
    const uniqueDeclarations = [
      ...new Map(declarations.map(d => [`${d.service}${d.evidence.file}:${d.evidence.line}`, d])).values(),
    ];
    const foreignKeys = [
      ...new Map(
        draft.foreignKeys
          .filter(f => this.#declares(f.touch, draft, ownership.owner))
          .map(f => ({
            table: this.#tableId(f.table, ids),
            service: f.touch.service,
            evidence: this.#in.lines.at(f.touch.use.origin),
          }))
          .map(f => [`${f.table} ${f.service}`, f]),
      ).values(),
    ];
    return {
      id: this.#tableId(key, ids),
      store,
      name: draft.name,
      owner: ownership.owner,
      ...(ownership.because ? { ownedBecause: ownership.because } : {}),
      ...(ownership.evidence.length > 0 ? { ownerEvidence: ownership.evidence.slice(0, 5) } : {}),
      evidence: uniqueEvidence(draft.touches.map(t => this.#in.lines.at(t.use.origin))).slice(0, 20),
      ...(uniqueDeclarations.length > 0 ? { declarations: uniqueDeclarations } : {}),
      ...(foreignKeys.length > 0 ? { foreignKeys } : {}),
    };
  }

  /** A model in a shared library is seen by all who load it; the foreign key is its owner's. */
  #declares(touch: Touch, draft: TableDraft, owner: string | null): boolean {
    return (
      touch.service === owner ||
      (touch.own && (owner === null || draft.touches.some(t => t.service === touch.service && t.use.op !== 'declare')))
    );
  }

  #configuredOwner(draft: TableDraft, store: string): Ownership | undefined {
    const identity = this.#stores.get(draft.store)?.identity;
    const found =
      identity &&
      configuredOwnerOfTable(
        this.#in.config,
        { id: `${store}#${draft.name}`, name: draft.name },
        { id: store, identity },
      );
    return found && { owner: found.id, because: 'configuration', evidence: [found.at] };
  }

  #tableId(key: string, ids: ReadonlyMap<string, string>): string {
    const draft = this.#tables.get(key);
    const cut = key.lastIndexOf('#');
    return `${ids.get(key.slice(0, cut)) ?? key.slice(0, cut)}#${draft?.name ?? key.slice(cut + 1)}`;
  }

  #dataEdges(ids: ReadonlyMap<string, string>, owners: ReadonlyMap<string, string | null>): Edge[] {
    const edges: Edge[] = [];
    for (const [key, d] of this.#stores) {
      for (const [service, u] of d.users) {
        edges.push({
          kind: 'connects',
          from: service,
          to: ids.get(key) ?? key,
          confidence: u.confidence,
          evidence: uniqueEvidence(u.connects),
          ...(u.login === undefined ? {} : { login: u.login }),
          ...(u.production ? { production: true } : {}),
        });
      }
    }
    for (const [key, draft] of this.#tables) {
      const groups = Map.groupBy(
        [...draft.touches.filter(t => t.use.op !== 'declare'), ...this.#referrers(key, owners)],
        t => `${t.service}\n${kindOf(t.use)}\n${t.use.via}`,
      );
      for (const touches of groups.values()) {
        const [first] = touches;
        if (!first) continue;
        const evidence = uniqueEvidence(
          touches.flatMap(t => [this.#in.lines.at(t.from), ...(t.own ? [] : [this.#in.lines.at(t.use.origin)])]),
          touches.map(t => this.#in.lines.at(t.from)),
        );
        const through = [...new Set(touches.flatMap(t => t.through ?? []))].sort();
        const joinedWith = first.use.via === 'join' ? this.#joined(key, touches, ids) : [];
        edges.push({
          kind: kindOf(first.use),
          from: first.service,
          to: this.#tableId(key, ids),
          via: first.use.via,
          evidence: evidence.slice(0, 20),
          confidence: touches.some(t => t.confidence === 'certain')
            ? 'certain'
            : touches.some(t => t.confidence === 'likely')
              ? 'likely'
              : 'guess',
          ...(through.length > 0 ? { through } : {}),
          ...(joinedWith.length > 0 ? { joinedWith } : {}),
        });
      }
    }
    return edges;
  }

  #referrers(key: string, owners: ReadonlyMap<string, string | null>): Touch[] {
    return [...this.#tables].flatMap(([from, draft]) =>
      draft.foreignKeys
        .filter(f => f.table === key && this.#declares(f.touch, draft, owners.get(from) ?? null))
        .map(f => f.touch),
    );
  }

  #joined(key: string, touches: readonly Touch[], ids: ReadonlyMap<string, string>): string[] {
    const queries = new Set(touches.flatMap(t => (t.use.query === undefined ? [] : [t.use.query])));
    return [...this.#tables]
      .filter(([k, d]) => k !== key && d.touches.some(t => t.use.query !== undefined && queries.has(t.use.query)))
      .map(([k]) => this.#tableId(k, ids))
      .sort();
  }
}

const sqlEngines = new Set(['postgres', 'mysql', 'mssql', 'sqlite', 'sql', 'clickhouse', 'cassandra']);

/** Engines whose data stands in tables, collections or indexes that a use should name. */
const tableEngines = new Set([
  'postgres',
  'mysql',
  'mssql',
  'sqlite',
  'mongodb',
  'dynamodb',
  'cassandra',
  'clickhouse',
  'sql',
  'oracle',
]);

function kindOf(use: Use): 'reads' | 'writes' | 'migrates' {
  if (use.via === 'foreign-key') return 'reads';
  return use.op === 'write' ? 'writes' : use.op === 'schema' ? 'migrates' : 'reads';
}

/** Where a use shows and can be annotated: the call, not a place inside its statement, where a comment would be part of the text. */
function statementOf({ use, from, own }: ServiceUse): Origin {
  return own ? (use.call ?? from) : from;
}

function placeOf(use: Use): string {
  return `${use.origin.file}:${use.origin.at}`;
}

/** `public` and `dbo` are where a name without schema is looked for; they do not make another table. */
function qualified(name: string, schema: string | undefined): string {
  const bare = name.replace(/["'`[\]]/g, '').trim();
  const parts = bare.split('.').filter(p => p !== '');
  const known =
    parts.length >= 2
      ? parts.slice(-2)
      : schema !== undefined && schema !== '' && parts[0] !== undefined
        ? [schema, parts[0]]
        : parts;
  const [first, second] = known;
  if (first === undefined) return bare;
  if (second === undefined) return first;
  return /^(public|dbo)$/i.test(first) ? second : `${first}.${second}`;
}

/** Each connection that is opened; of one that is seen with and without what it was given, the one that says more. */
function distinctOpens(uses: readonly ServiceUse[]): Opened[] {
  const seen = new Map<string, Opened>();
  for (const { use } of uses) {
    const s = use.store;
    if (s.kind !== 'open' || (use.op !== 'connect' && (s.purpose === undefined || s.purpose === 'data'))) continue;
    seen.set(
      [
        placeOfStore(s),
        s.purpose ?? '',
        ...[s.name, s.url, s.host, s.port, s.database, s.schema].map(v => (v ? signature(v) : '')),
      ].join('\n'),
      s,
    );
  }
  const all = [...seen.values()];
  const most = new Map<string, number>();
  for (const s of all) most.set(placeOfStore(s), Math.max(most.get(placeOfStore(s)) ?? 0, weight(s)));
  return all.filter(s => weight(s) > 0 || most.get(placeOfStore(s)) === 0);
}

function placeOfStore(s: Opened): string {
  return `${s.origin.file}:${s.origin.at}`;
}

function weight(s: Opened): number {
  return [s.url, s.host, s.database, s.port, s.schema].filter(
    v => v !== undefined && v.t === 'text' && v.parts.every(p => p !== null),
  ).length;
}

/** Which services use data through code of a library, by technology: then the library's connection is one, not one for each. */
function librariesWithData(found: Findings): Map<string, Set<string>> {
  const map = new Map<string, Set<string>>();
  for (const u of found.uses) {
    if (!u.service || u.own || (u.use.op !== 'read' && u.use.op !== 'write' && u.use.op !== 'declare')) continue;
    const set = map.get(u.service.id) ?? new Set<string>();
    set.add(u.use.tech);
    map.set(u.service.id, set);
  }
  return map;
}

function ownDeclarers(draft: TableDraft, found: Findings): Map<string, Evidence[]> {
  const map = new Map<string, Evidence[]>();
  for (const t of draft.touches) {
    if (t.use.op !== 'declare' || !t.own) continue;
    map.set(t.service, [...(map.get(t.service) ?? []), found.lines.at(t.use.origin)]);
  }
  return map;
}

function purposeOf(purposes: ReadonlySet<Purpose>): Purpose {
  if (purposes.has('data')) return 'data';
  return [...purposes][0] ?? 'data';
}

function publishedPorts(server: Server | undefined): { port: number; production: boolean; evidence: Evidence }[] {
  return (server?.ports ?? []).flatMap(p =>
    p.outside === undefined ? [] : [{ port: p.outside, production: server?.production ?? false, evidence: p.at }],
  );
}

function publicService(s: DiscoveredService, isOpen: boolean): Service {
  const { id, root, roots, role, language, evidence } = s;
  return { id, root, ...(roots ? { roots } : {}), role, language, evidence, ...(isOpen ? { openRoutes: true } : {}) };
}

function uniqueEvidence(list: readonly Evidence[], first: readonly Evidence[] = []): Evidence[] {
  const seen = new Set<string>();
  const key = (e: Evidence): string => `${e.file}:${e.line}`;
  const firsts = new Set(first.map(key));
  const fresh = list.filter(e => {
    const isNew = !seen.has(key(e));
    seen.add(key(e));
    return isNew;
  });
  return fresh.sort((a, b) => Number(firsts.has(key(b))) - Number(firsts.has(key(a))) || compareEvidence(a, b));
}

function dedupe(list: readonly Unresolved[]): Unresolved[] {
  const map = new Map(
    list.map(u => [
      `${u.service}\n${u.kind}\n${u.kind === 'datastore' ? u.what : `${u.evidence.file}:${u.evidence.line}`}`,
      u,
    ]),
  );
  return [...map.values()].sort((a, b) => compareEvidence(a.evidence, b.evidence) || (a.service < b.service ? -1 : 1));
}

function byText<T>(text: (x: T) => string): (a: T, b: T) => number {
  return (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function sharedPath(a: string, b: string): number {
  const x = a.split('/');
  const y = b.split('/');
  let n = 0;
  while (n < x.length && x[n] === y[n]) n++;
  return n;
}

/** An engine for a reader; where only a tool is known, that it is a database of SQL says more than the tool's name. */
function wordFor(engine: string): string {
  return engine === sqlFiles || engine === 'sql' ? 'SQL' : engine;
}
