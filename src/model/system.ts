/** What is there: plain JSON, every claim with evidence. Field names are a contract that other tools read. */

/** A place in the repository: posix path from its root, line and column 1-based. */
export interface Evidence {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `certain`: read from the code alone; `likely`: rests on a convention; `guess`: may be wrong, never above `info`. */
export type Confidence = 'certain' | 'likely' | 'guess';

export type Role = 'service' | 'gateway' | 'bff' | 'worker' | 'function' | 'frontend' | 'library';

export interface Service {
  readonly id: string;
  /** Folder from the repository's root; `.` for the root itself. */
  readonly root: string;
  /** Further folders that belong to this service alone. */
  readonly roots?: readonly string[];
  readonly role: Role;
  readonly language: string;
  readonly evidence: readonly Evidence[];
  /** True where it answers, or may answer, to more than its endpoints tell. */
  readonly openRoutes?: true;
}

/** What a datastore is used for; only `data` takes part in rules on ownership. */
export type Purpose = 'data' | 'queue' | 'cache' | 'session' | 'logs';

export interface Datastore {
  /** engine, server and database, as `postgres:orders-db/orders`. */
  readonly id: string;
  readonly engine: string;
  readonly server?: string;
  readonly database?: string;
  /** Service id; null where several services use it and none owns it; absent where nobody uses it. */
  readonly owner?: string | null;
  readonly evidence: readonly Evidence[];
  /** How each using service uses it, where that is known. */
  readonly purposes?: { readonly [service: string]: Purpose };
  /** Ports of the database that are reachable from outside its private network. */
  readonly published?: readonly { readonly port: number; readonly production: boolean; readonly evidence: Evidence }[];
}

/** Why a table belongs to its owner. */
export type OwnershipReason =
  | 'migrates'
  | 'only-writer'
  | 'only-user'
  | 'main-writer'
  | 'named-after'
  | 'configuration';

export interface Table {
  /** store and name, as `postgres:orders-db/orders#order_lines`. Collection, index and key prefix alike. */
  readonly id: string;
  readonly store: string;
  readonly name: string;
  readonly owner?: string | null;
  readonly ownedBecause?: OwnershipReason;
  /** Where the ownership shows: the migration, the write, the line of configuration. */
  readonly ownerEvidence?: readonly Evidence[];
  readonly evidence: readonly Evidence[];
  /** Where a schema or model of this table is declared, and in whose folder (a service or a library). */
  readonly declarations?: readonly { readonly service: string; readonly evidence: Evidence }[];
  /** Foreign keys of this table, each with the service that declares it. */
  readonly foreignKeys?: readonly { readonly table: string; readonly service: string; readonly evidence: Evidence }[];
}

export interface Topic {
  readonly id: string;
  readonly broker: string;
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

export interface Endpoint {
  readonly id: string;
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly evidence: readonly Evidence[];
}

export type EdgeKind = 'connects' | 'reads' | 'writes' | 'migrates' | 'publishes' | 'consumes' | 'imports' | 'calls';

export interface Edge {
  readonly kind: EdgeKind;
  /** Service id. */
  readonly from: string;
  /** Id of the other end: service, datastore, table, topic or endpoint. */
  readonly to: string;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
  /** reads, writes, migrates: how the table is reached. */
  readonly via?: 'query' | 'join' | 'relation' | 'foreign-key';
  /** reads with via `join`: the tables of the same query. */
  readonly joinedWith?: readonly string[];
  /** reads, writes: library services whose code does it on behalf of `from`. */
  readonly through?: readonly string[];
  /** connects: equal where two connections log in to one server as one user with one password. */
  readonly login?: string;
  /** connects: true where the values come from a manifest of production. */
  readonly production?: boolean;
  /** imports: what is taken from the other service. */
  readonly imported?: 'model' | 'source' | 'client' | 'types';
  /** imports: the names taken, in order of the alphabet. */
  readonly names?: readonly string[];
  /** calls, publishes, consumes: each place that does it. */
  readonly sites?: readonly Site[];
}

/**
 * One place where a service speaks to another, and what surrounds it there. What is not known is absent: a rule may
 * speak only of what is said.
 */
export interface Site {
  /** In the service's own code. */
  readonly at: Evidence;
  /** The call itself, where it stands in a library that the service uses. */
  readonly through?: Evidence;
  /** calls: the request, as far as it is written out. A part of the path that is not known is `:any`. */
  readonly method?: string;
  readonly path?: string;
  /** calls: where the address comes from. */
  readonly address?: Address;
  /** calls: true where a gateway in between may change the path. */
  readonly routed?: true;
  /** calls: whether anything ends it that takes too long. */
  readonly timeout?: 'set' | 'none';
  /** calls: what sends it again when it fails. */
  readonly retry?: Evidence;
  /** calls: what keeps it from a service that is down or slow. */
  readonly guards?: readonly { readonly kind: 'circuit-breaker' | 'bulkhead'; readonly at: Evidence }[];
  /** Names of the headers that are sent, in lower case, where all are known. */
  readonly headers?: readonly string[];
  /** The database transaction that is open meanwhile. */
  readonly inTransaction?: Around;
  /** The loop that repeats it. */
  readonly inLoop?: Around;
  /** Where the call before it is made that it waits for without needing its answer. */
  readonly waitsFor?: Evidence;
  /** publishes: the write to data that the same run of code has made before it. */
  readonly afterWrite?: Around;
  /** consumes: `automatic`, before any work, where the broker takes a message for done when it is delivered; `early` where the code says so before it works. */
  readonly acknowledged?: { readonly how: 'automatic' | 'early' | 'after-work'; readonly at: Evidence };
  /** consumes: the group whose members share the messages. */
  readonly group?: string;
}

/** Something that stands around a call, perhaps in a function that leads to it. */
export interface Around {
  /** Where it begins. */
  readonly at: Evidence;
  /** The call in the same function that leads to the site, or is it. */
  readonly call: Evidence;
}

/** How a service knows whom it calls. */
export interface Address {
  /** `written` into the code; a `default` of a variable that no manifest sets; `given` by the environment; `name` where a registry, a container or a framework resolves it. */
  readonly by: 'written' | 'default' | 'given' | 'name';
  /** The address, without user and password. */
  readonly text: string;
  /** The variable that the default stands in for. */
  readonly variable?: string;
  /** Where it is written. */
  readonly at: Evidence;
  /** Of a default: the places that deploy the service, where none gives it another address, nor variables that are not seen. */
  readonly unsetIn?: readonly Evidence[];
}

/** A line of a gateway's configuration, or of its code, that hands requests on. */
export interface GatewayRoute {
  /** The service that is the gateway; absent for an ingress, which the cluster runs. */
  readonly service?: string;
  /** What is handed on; absent where that is not known. */
  readonly path?: string;
  /** The name of the host that it goes to. */
  readonly host: string;
  /** Whether something in this repository has that name; absent where it may be told elsewhere. */
  readonly isThere?: boolean;
  readonly at: Evidence;
}

/** Calls and messages whose other end is not in this repository, or not known. */
export interface Outbound {
  readonly service: string;
  readonly kind: 'calls' | 'publishes' | 'consumes';
  /** What carries it: `http`, `grpc`, a kind of broker. */
  readonly by: string;
  readonly sites: readonly Site[];
}

/** Something that a service's code or deployment does that is no edge, in the order of kind, service and place. */
export type Practice = PracticeBy & {
  readonly service: string;
  /** The place to mend first. */
  readonly evidence: readonly Evidence[];
};

export type PracticeBy =
  /** The deployment asks a service whether it is well. */
  | {
      readonly kind: 'probe';
      readonly probe: 'liveness' | 'readiness' | 'startup' | 'container';
      /** Of a probe by HTTP. */
      readonly path?: string;
      readonly port?: number;
      /** True where no endpoint has the path, but the code of the service writes the end of it. */
      readonly written?: true;
    }
  /** A token is read; `verified` where its signature is checked. */
  | {
      readonly kind: 'token';
      readonly verified: boolean;
      readonly flaws: readonly ('accepts-none' | 'ignores-expiry')[];
    }
  /** The certificate of the other side is not checked. */
  | { readonly kind: 'unverified-tls'; readonly what: string; readonly production?: boolean }
  /** A circuit breaker is made: one for the process, or one for each request, which never opens. */
  | { readonly kind: 'breaker'; readonly per: 'process' | 'request' };

export interface Unresolved {
  readonly service: string;
  /** What could not be told: `datastore`, `table`, `import` … */
  readonly kind: string;
  readonly what: string;
  readonly evidence: Evidence;
  /** An annotation that settles it, ready to paste. */
  readonly hint: string;
}

export interface System {
  readonly schema: 1;
  readonly services: readonly Service[];
  readonly datastores: readonly Datastore[];
  readonly tables: readonly Table[];
  readonly topics: readonly Topic[];
  readonly endpoints: readonly Endpoint[];
  readonly edges: readonly Edge[];
  readonly outbound: readonly Outbound[];
  readonly practices: readonly Practice[];
  readonly routes: readonly GatewayRoute[];
  readonly unresolved: readonly Unresolved[];
}
