import type { DiscoveredService, Environment } from './discovery.ts';
import type { Evaluator } from './evaluate.ts';
import { folderOf } from './modules.ts';
import { ownValue } from './own-value.ts';
import type { Evidence } from './system.ts';
import type { SourceTree } from './tree.ts';
import { type Activation, each, literal, type Origin, type Part, type Ref, type Value } from './value.ts';

/** A string as one service sees it in one environment. A part that is not known is a hole (U+FFFC), named in `holes`. */
export interface Setting {
  readonly text: string;
  /** What each hole is: equal for two services exactly where the value must be equal. */
  readonly holes: readonly string[];
  /** Where the values come from: lines of manifests and env files. */
  readonly evidence: readonly Evidence[];
  /** True where at least one value came from the environment and not from a default in the code. */
  readonly given: boolean;
}

/** One step by which a string came about. */
export type Source =
  | { readonly kind: 'written'; readonly text: string; readonly at: Origin }
  | { readonly kind: 'read'; readonly name: string; readonly at: Origin }
  | { readonly kind: 'given'; readonly name: string; readonly value: string; readonly at: Evidence }
  | { readonly kind: 'default'; readonly name: string; readonly at: Origin };

export const hole = '\uFFFC';

/** Resolves references for one service: its environments, then what its code registered, then defaults. */
export class Settings {
  readonly service: DiscoveredService;
  readonly #ev: Evaluator;
  readonly #reached: ReadonlySet<Activation>;
  readonly #tree: SourceTree;
  readonly #scope: string;
  readonly #note: ((source: Source) => void) | undefined;

  constructor(
    service: DiscoveredService,
    ev: Evaluator,
    reached: ReadonlySet<Activation>,
    tree: SourceTree,
    note?: (source: Source) => void,
  ) {
    this.service = service;
    this.#ev = ev;
    this.#reached = reached;
    this.#tree = tree;
    this.#scope = packageScope(service.root, tree);
    this.#note = note;
  }

  /** The environments in which it makes sense to resolve; one without variables where there is none. */
  get environments(): readonly (Environment | undefined)[] {
    return this.service.environments.length > 0 ? this.service.environments : [undefined];
  }

  /** How `resolve` comes to what it says. */
  trace(v: Value | undefined, environment: Environment | undefined): Source[] {
    const sources: Source[] = [];
    new Settings(this.service, this.#ev, this.#reached, this.#tree, source => sources.push(source)).resolve(
      v,
      environment,
      undefined,
    );
    return sources;
  }

  resolve(
    v: Value | undefined,
    environment: Environment | undefined,
    shared: string | undefined,
    depth = 0,
  ): Setting | undefined {
    const one = each(v).find(x => x.t === 'text' || x.t === 'num' || x.t === 'bool');
    if (!one || depth > 8) return undefined;
    if (one.t !== 'text')
      return {
        text: String(one.t === 'num' ? one.v : one.t === 'bool' ? one.v : ''),
        holes: [],
        evidence: [],
        given: false,
      };
    if (one.origin && one.parts.some(p => typeof p === 'string'))
      this.#note?.({
        kind: 'written',
        text: one.parts.map(p => (typeof p === 'string' ? p : '…')).join(''),
        at: one.origin,
      });
    const done = one.parts.map(p => this.#part(p, environment, shared, depth));
    return {
      text: done.map(d => d.text).join(''),
      holes: done.flatMap(d => d.holes),
      evidence: done.flatMap(d => d.evidence),
      given: done.some(d => d.given),
    };
  }

  #part(p: Part, environment: Environment | undefined, shared: string | undefined, depth: number): Setting {
    if (p === null) return { text: hole, holes: [`${this.service.id}?`], evidence: [], given: false };
    if (typeof p === 'string') return { text: p, holes: [], evidence: [], given: false };
    if (p.ref === 'env') return this.#variable(p, environment, shared, depth);
    if (p.ref === 'config') this.#note?.({ kind: 'read', name: p.key, at: p.origin });
    const all = this.#ev.registered(p.ref, p.key);
    const mine = all.filter(r => this.#reached.has(r.act));
    // a file that only makes configuration leads to no data and is not followed; where there is one such, it is meant
    for (const r of mine.length > 0 || all.length !== 1 ? mine : all) {
      const v = r.value.t === 'handle' ? r.value.table : r.value;
      const own =
        v?.t === 'text' && v.parts.some(x => typeof x === 'object' && x?.ref === p.ref && x.key === p.key)
          ? undefined
          : v;
      const found = own ? this.resolve(own, environment, shared, depth + 1) : undefined;
      if (found) return found;
    }
    // `config.get('X')` of what nobody registered is the variable X itself
    if (p.ref === 'config') return this.#variable(p, environment, shared, depth);
    return (
      this.#fallback(p, environment, shared, depth) ?? {
        text: hole,
        holes: [`${this.service.id}?${p.key}`],
        evidence: [],
        given: false,
      }
    );
  }

  #variable(p: Ref, environment: Environment | undefined, shared: string | undefined, depth: number): Setting {
    const found = ownValue(environment?.variables, p.key) ?? sameName(environment, p.key);
    if (p.ref === 'env') this.#note?.({ kind: 'read', name: p.key, at: p.origin });
    if (found) this.#note?.({ kind: 'given', name: found.name, value: found.value ?? found.raw ?? '', at: found.at });
    if (found && found.value !== null && found.value !== '')
      return { text: found.value, holes: [], evidence: [found.at], given: true };
    if (found?.raw !== undefined && found.value === null) return this.#partly(found.raw, found.at, environment);
    const fallback = found && found.value === null ? undefined : this.#fallback(p, environment, shared, depth);
    if (fallback) return fallback;
    const primary = primaryOf(p.key);
    const copied = found === undefined && primary !== p.key ? ownValue(environment?.variables, primary) : undefined;
    if (copied?.value) return { text: copied.value, holes: [], evidence: [copied.at], given: true };
    return {
      text: hole,
      holes: [`${shared ?? this.#scope} ${primary}`],
      evidence: found ? [found.at] : [],
      given: false,
    };
  }

  /** `postgres://shop:${PASSWORD}@db/orders`: the one part that comes from outside leaves the others known. */
  #partly(raw: string, at: Evidence, environment: Environment | undefined): Setting {
    const holes: string[] = [];
    const text = raw.replace(/\$\{[^}]{0,1000}\}|\$\w+|^(?:Secret|ConfigMap):.*$/g, name => {
      holes.push(`${environment?.project ?? ''} ${name}`);
      return hole;
    });
    return { text, holes, evidence: [at], given: text !== hole };
  }

  #fallback(
    p: Ref,
    environment: Environment | undefined,
    shared: string | undefined,
    depth: number,
  ): Setting | undefined {
    if (p.def) this.#note?.({ kind: 'default', name: p.key, at: p.origin });
    const def = this.resolve(p.def, environment, shared, depth + 1);
    return def && def.text !== hole ? def : undefined;
  }
}

/** A replica has another address and the same data: `ORDERS_DB_READ_URL` is where `ORDERS_DB_URL` is copied to. */
function primaryOf(name: string): string {
  return name.replace(/_(READ_?ONLY|READ_?REPLICA|READ|READER|REPLICA|RO|SLAVE|SECONDARY|STANDBY)(?=_|$)/i, '');
}

/** Systems differ in whether names of variables keep their case; config libraries often fold it. */
function sameName(environment: Environment | undefined, key: string): Environment['variables'][string] | undefined {
  if (!environment || !/[a-z]/.test(key)) return undefined;
  const wanted = key.replace(/[.-]/g, '_').toLowerCase();
  const hit = Object.keys(environment.variables).find(k => k.toLowerCase() === wanted);
  return hit === undefined ? undefined : environment.variables[hit];
}

/**
 * Services that run out of one package read one environment file, so one variable has one value for all of them.
 * A service with a package of its own has an environment of its own.
 */
function packageScope(root: string, tree: SourceTree): string {
  for (let dir = root === '.' ? '' : root; ; dir = folderOf(dir)) {
    const path = dir === '' ? 'package.json' : `${dir}/package.json`;
    if (tree.has(path)) return dir === root ? `service ${root}` : `package ${dir}`;
    if (dir === '') return `service ${root}`;
  }
}

export function knownText(v: Value | undefined): string | undefined {
  return literal(v);
}
