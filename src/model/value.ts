import type { ClassDecl, ModuleCode, Unit } from './code.ts';
import type { PracticeBy, Purpose } from './system.ts';

/** A place in a file, by offset; lines are counted only for what is shown. */
export interface Origin {
  readonly file: string;
  readonly at: number;
}

/**
 * What an expression may be, as far as the code tells. Strings stay symbolic in what is known only per service
 * (environment, configuration), so each value is computed once for all services.
 */
export type Value =
  | Text
  | { readonly t: 'num'; readonly v: number }
  | { readonly t: 'bool'; readonly v: boolean | null }
  | ObjectValue
  | { readonly t: 'arr'; readonly items: readonly Value[] }
  | FunctionValue
  | ClassValue
  | InstanceValue
  /** Something of a package outside the repository: `mongoose.Schema.Types`; calls and `new` are kept in the path as `()`. */
  | ExternalValue
  | { readonly t: 'module'; readonly file: string }
  | { readonly t: 'union'; readonly of: readonly Value[] }
  | Handle
  /** A method taken from a value whose class is outside the repository, or is not known. */
  | { readonly t: 'bound'; readonly on: Value; readonly name: string; readonly via: string }
  /** `process.env` or what a schema made of it. */
  | { readonly t: 'env' }
  | { readonly t: 'unknown' };

/** A string. A part may be text, a reference that a service resolves, or a hole. */
export interface Text {
  readonly t: 'text';
  readonly parts: readonly Part[];
  readonly origin?: Origin;
  /** Of a text that is put together: where its beginning is written. */
  readonly start?: Origin;
  /** True where the text up to its first part that is no string stands at `origin` as it is, in quotes. */
  readonly plain?: boolean;
}
export type Part = string | Ref | null;
/** `env`: a variable of the process. Other kinds are resolved by what technologies registered. */
export interface Ref {
  readonly ref: string;
  readonly key: string;
  readonly def?: Value;
  readonly origin: Origin;
}

export interface ObjectValue {
  readonly t: 'obj';
  readonly sig: string;
  readonly get: (key: string) => Value | undefined;
  readonly keys: () => readonly string[];
  readonly origin: Origin;
  /** True where keys are added that cannot be named (`db[name] = …`). */
  readonly open?: boolean;
  /** True where it takes over what is not known: `{ ...options }`. */
  readonly isPartial?: () => boolean;
  /** Keys that are not known as text, with their values: `{ [TABLE + stage]: … }`. */
  readonly computed?: () => readonly (readonly [Value, Value])[];
}

export interface FunctionValue {
  readonly t: 'fn';
  readonly code: ModuleCode;
  readonly unit: Unit;
  readonly parent: Activation;
  readonly self?: Value;
}

export interface ClassValue {
  readonly t: 'class';
  readonly code: ModuleCode;
  readonly decl: ClassDecl;
  readonly scope: Activation;
}

export interface InstanceValue {
  readonly t: 'inst';
  readonly cls: ClassValue;
  /** undefined: made by a container or by unknown hands. */
  readonly args?: readonly Value[];
}

export interface ExternalValue {
  readonly t: 'ext';
  readonly pkg: string;
  readonly path: string;
  /** Arguments of the last call in the path. */
  readonly args?: readonly Value[];
}

/** A thing of a technology: a client, a model, a query being built. */
export interface Handle {
  readonly t: 'handle';
  readonly tech: string;
  readonly kind: string;
  readonly store?: StoreRef;
  readonly table?: Value;
  /** The class, schema or object that describes the table. */
  readonly model?: Value;
  readonly name?: string;
  /** Where a client of a service leads, or the name of a queue, a topic or a client that is known by name. */
  readonly address?: Value;
  readonly extra?: Readonly<Record<string, Value>>;
  /** Of a client: what its options say of all its calls. */
  readonly limits?: Limits;
  /** What code puts on it by assignment: `schema.statics.build = …`. */
  readonly puts?: ObjectValue;
  /** What it becomes where it is put into a statement: the name of a table or a column. */
  readonly text?: Text;
  /** The use that this handle stands for while a query is being built: writes turn it from a read. */
  readonly use?: Use;
  /** Of a piece of a statement that was read by itself: the statement it is put into may know better. */
  readonly uses?: readonly Use[];
}

/** What the options of a client or a call say of how long it may take, and whether it is sent again. */
export interface Limits {
  readonly timeout?: 'set' | 'none';
  readonly repeats?: true;
}

/** Which datastore: one that is opened here, or the process's default one of a technology. */
export type StoreRef =
  | {
      readonly kind: 'open';
      readonly tech: string;
      readonly engine: string;
      /** Engine and place as one text, or in parts; parts win. */
      readonly url?: Value;
      readonly host?: Value;
      readonly port?: Value;
      readonly database?: Value;
      readonly schema?: Value;
      readonly user?: Value;
      readonly password?: Value;
      readonly purpose?: Purpose;
      /** True where it is reached by the nodes of a cluster or by sentinels. */
      readonly nodes?: true;
      /** Name of a named connection. */
      readonly name?: Value;
      readonly origin: Origin;
    }
  | {
      readonly kind: 'default';
      readonly tech: string;
      readonly engine?: string;
      readonly name?: Value;
      readonly model?: Value;
      readonly origin: Origin;
    };

export type Op = 'connect' | 'read' | 'write' | 'schema' | 'declare' | 'run-migrations';

/** Something that code does to data when it runs. */
export interface Use {
  op: Op;
  readonly tech: string;
  readonly store: StoreRef;
  readonly table?: Value;
  /** Named in the statement; a query builder may do so after its table. */
  schema?: Value;
  /** Database named in the statement itself. */
  readonly database?: Value;
  via: 'query' | 'join' | 'relation' | 'foreign-key';
  readonly origin: Origin;
  /** The call that does it, where `origin` is a place inside the statement. A use of an unknown table at a call says nothing where another activation knows the table. */
  readonly call?: Origin;
  /** For joins: one number per statement, unique in its activation. */
  readonly query?: number;
  /** For foreign keys: the table that refers. */
  readonly from?: Value;
  /** True where only the shape of the call says so, not the type of what it is called on. */
  readonly guessed?: boolean;
}

/**
 * Something that code says to others when it runs, or does to be told. Who is at the other end is known only per
 * service and environment, so addresses and names stay symbolic.
 */
export interface Exchange {
  /**
   * `call` asks and may wait for an answer, `serve` answers (to anything, where it has neither path nor name), `mount`
   * puts what one router answers below a path of another, or of itself; `listen` says where; `publish` and `consume` meet at a
   * topic, `bind` puts one's messages into a queue; `client` says where a client leads that others ask for by name.
   */
  readonly kind: 'call' | 'serve' | 'mount' | 'listen' | 'publish' | 'consume' | 'bind' | 'client';
  readonly tech: string;
  /** What carries it: `http`, `grpc`, `tcp`, or a kind of broker. */
  readonly by: string;
  /** Of calls and routes over HTTP; absent where it may be any. */
  readonly method?: Value;
  /** Of calls: true where the method is what is sent if options that are not known do not say another. */
  readonly assumed?: true;
  /** The address as one text, or in parts. */
  readonly url?: Value;
  /** Of calls: true where the address is one of several, of which a variable gives one. */
  readonly chosen?: true;
  readonly host?: Value;
  readonly port?: Value;
  /** Of routes: the pattern. */
  readonly path?: Value;
  /** A name instead of an address: a topic, an exchange, a pattern of messages, a service by its logical name. */
  readonly name?: Value;
  /** What tells messages of one exchange apart. */
  readonly key?: Value;
  readonly queue?: Value;
  /** The name that the client was asked for by; of routes, the router. */
  readonly client?: Value;
  /** Of routes, their version; of a mount, what paths have before a version, `key` being that of routes without one. */
  readonly version?: Value;
  /** Of a mount: paths that stay where they are. */
  readonly except?: Value;
  /** Of calls: whether its options, or those of its client, end it when it takes too long. */
  readonly timeout?: 'set' | 'none';
  /** Of calls: whether its options, or those of its client, send it again although it may have been done. */
  readonly repeats?: true;
  /** Of calls: the names of its headers, in lower case, where all are known. */
  readonly headers?: readonly string[];
  /** Of consumers: the group whose members share the messages. */
  readonly group?: Value;
  /** Of consumers: the function that is given each message. */
  readonly handler?: Value;
  /** Of consumers: when a message is taken for done, and where that is said. */
  readonly acknowledged?: { readonly how: 'automatic' | 'early' | 'after-work'; readonly origin: Origin };
  /** Of what is published: true where it is a message only if somebody takes it as one. */
  readonly ifHeard?: boolean;
  readonly origin: Origin;
}

/** Something that code does that is neither data nor an exchange, at a place. */
export type CodePractice = PracticeBy & { readonly origin: Origin };

/** One unit of code with what is known of its parameters and of `this`. */
export interface Activation {
  readonly id: number;
  readonly code: ModuleCode;
  readonly unit: Unit;
  readonly params?: readonly Value[];
  readonly self?: Value;
  readonly parent?: Activation;
  /** True where nothing is known of the parameters. */
  readonly generic: boolean;
  visited: boolean;
  readonly uses: Use[];
  readonly exchanges: Exchange[];
  readonly practices: CodePractice[];
  /** Whom it may call, and where. */
  readonly reaches: Map<Activation, Origin | undefined>;
  readonly memo: Map<object, Value>;
  readonly names: Map<string, Value>;
}

export const unknown: Value = { t: 'unknown' };
export const env: Value = { t: 'env' };

export function text(v: string, origin?: Origin): Text {
  return origin ? { t: 'text', parts: [v], origin } : { t: 'text', parts: [v] };
}

/** The string, where all of it is known. */
export function literal(v: Value | undefined): string | undefined {
  if (!v) return undefined;
  if (v.t === 'num') return String(v.v);
  if (v.t !== 'text') return undefined;
  let all = '';
  for (const p of v.parts) {
    if (typeof p !== 'string') return undefined;
    all += p;
  }
  return all;
}

/** Each value that this may be. */
export function each(v: Value | undefined): readonly Value[] {
  if (!v || v.t === 'unknown') return [];
  return v.t === 'union' ? v.of : [v];
}

export function get(v: Value | undefined, key: string): Value | undefined {
  for (const one of each(v)) {
    if (one.t !== 'obj') continue;
    const found = one.get(key);
    if (found && found.t !== 'unknown') return found;
  }
  return undefined;
}
