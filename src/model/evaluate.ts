import { Activations } from './activations.ts';
import { Calls } from './calls.ts';
import type { Expr, Member, ModuleCode, TypeRef, Unit } from './code.ts';
import { Containers } from './containers.ts';
import { Exports } from './exports.ts';
import type { Interpreter } from './interpreter.ts';
import { Members } from './members.ts';
import type { ModuleResolver, ModuleStore } from './modules.ts';
import { Names } from './names.ts';
import { Parameters } from './parameters.ts';
import { Progress, pending } from './progress.ts';
import type { PracticeBy } from './system.ts';
import { Technologies } from './technologies.ts';
import type { NewExchange, NewUse, Technology } from './technology.ts';
import { choicesOf, isOpenEnded, joinedTo, orElse, partsOf, textOf } from './texts.ts';
import { TypeValues } from './type-values.ts';
import { union } from './unions.ts';
import {
  type Activation,
  type ClassValue,
  each,
  type InstanceValue,
  literal,
  type ObjectValue,
  type Origin,
  type Part,
  type Text,
  type Use,
  unknown,
  type Value,
} from './value.ts';
import { Visits } from './visits.ts';

/**
 * Follows values through files, functions, classes and packages, on demand and without running anything: a small
 * abstract interpreter. A function is looked at once for each set of arguments that matter (`Activation`); what it
 * does to data is recorded there, and whom it calls. What a service does is then all that its own code reaches.
 */
export class Evaluator implements Interpreter {
  readonly modules: ModuleStore;
  readonly resolver: ModuleResolver;
  readonly exports: Exports;
  readonly technologies: Technologies;
  readonly progress = new Progress();
  readonly #activations = new Activations(this);
  readonly #names = new Names(this);
  readonly #types = new TypeValues(this);
  readonly #containers = new Containers(this);
  readonly #parameters = new Parameters(this);
  readonly #members = new Members(this);
  readonly #calls = new Calls(this);
  readonly #visits = new Visits(this);
  readonly #registry = new Map<string, { value: Value; origin: Origin; act: Activation }[]>();
  #nextQuery = 1;

  constructor(modules: ModuleStore, resolver: ModuleResolver, technologies: readonly Technology[]) {
    this.modules = modules;
    this.resolver = resolver;
    this.exports = new Exports(file => modules.outline(file), resolver);
    this.technologies = new Technologies(technologies);
  }

  /** Records a use in the activation that is being evaluated. The same object may be changed while a query is built. */
  use(site: { act: Activation; origin: Origin }, tech: string, use: NewUse): Use {
    const made: Use = { via: 'query', origin: site.origin, tech, ...use };
    site.act.uses.push(made);
    return made;
  }

  /** Takes back a use that turned out to be none. */
  withdraw(site: { act: Activation }, use: Use): void {
    const at = site.act.uses.indexOf(use);
    if (at >= 0) site.act.uses.splice(at, 1);
  }

  exchange(site: { act: Activation; origin: Origin }, tech: string, exchange: NewExchange): void {
    site.act.exchanges.push({ origin: site.origin, tech, ...exchange });
  }

  practice(site: { act: Activation; origin: Origin }, practice: PracticeBy): void {
    site.act.practices.push({ ...practice, origin: site.origin });
  }

  /** A number that joins the uses of one statement. */
  query(): number {
    return this.#nextQuery++;
  }

  /** Something that other places look up by name: a model, a configuration factory, a container's token. */
  register(site: { act: Activation; origin: Origin }, kind: string, key: string, value: Value): void {
    const id = `${kind}\n${key}`;
    const list = this.#registry.get(id) ?? [];
    if (!list.some(x => x.origin.file === site.origin.file && x.origin.at === site.origin.at))
      list.push({ value, origin: site.origin, act: site.act });
    this.#registry.set(id, list);
  }

  registered(
    kind: string,
    key: string,
  ): readonly { readonly value: Value; readonly origin: Origin; readonly act: Activation }[] {
    return this.#registry.get(`${kind}\n${key}`) ?? [];
  }

  registeredKeys(kind: string): string[] {
    const prefix = `${kind}\n`;
    return [...this.#registry.keys()].filter(k => k.startsWith(prefix)).map(k => k.slice(prefix.length));
  }

  /** Calls a value with arguments: a callback that a package calls. Gives what it returns. */
  invoke(fn: Value | undefined, args: readonly Value[], site: { act: Activation; origin: Origin }): Value {
    return union(
      each(fn).map(f => this.apply(f, args, site.act, { k: 'unk', e: [], at: site.origin.at }, site.origin, [], false)),
    );
  }

  /** A property of a value. */
  property(v: Value | undefined, name: string, site: { act: Activation; origin: Origin }): Value {
    return v ? this.member(v, name, site.act, site.origin) : unknown;
  }

  code(file: string): ModuleCode | undefined {
    return this.modules.get(file);
  }

  /** Paths of what is in a folder and below it. */
  filesIn(folder: string): readonly string[] {
    return this.modules.filesIn(folder);
  }

  eval(e: Expr, act: Activation): Value {
    switch (e.k) {
      case 'str':
        return { t: 'text', parts: [e.v], origin: { file: act.code.file, at: e.at }, plain: true };
      case 'num':
        return { t: 'num', v: e.v };
      case 'bool':
        return { t: 'bool', v: e.v };
      case 'this':
        return act.self ?? unknown;
      case 'cls':
      case 'fn':
      case 'id':
        break;
      default:
    }
    const known = act.memo.get(e);
    if (known) return this.progress.settled(known);
    if (this.progress.isTooDeep) return unknown;
    act.memo.set(e, pending);
    this.progress.depth++;
    const v = this.#evaluate(e, act);
    this.progress.depth--;
    act.memo.set(e, v);
    return v;
  }

  #evaluate(e: Expr, act: Activation): Value {
    const origin = { file: act.code.file, at: e.at };
    switch (e.k) {
      case 'id':
        return this.name(e.n, act, e.at);
      case 'tpl':
        return this.#template(e, act, origin);
      case 'mem': {
        if (e.o.k === 'super') return this.superMember(e.p, act, origin);
        const o = this.eval(e.o, act);
        return this.member(o, e.p, act, origin);
      }
      case 'idx': {
        const o = this.eval(e.o, act);
        const i = this.eval(e.i, act);
        const key = literal(i);
        if (key !== undefined) {
          if (o.t === 'arr' && i.t === 'num') return o.items[i.v] ?? unknown;
          return this.member(o, key, act, origin);
        }
        if (o.t === 'arr') return union(o.items);
        if (o.t === 'obj') return union(o.keys().map(k => o.get(k) ?? unknown));
        if (this.#isAnyMember(o)) return this.member(o, '*', act, origin);
        if (o.t === 'handle' && i.t === 'text') return this.member(o, '*', act, origin);
        return unknown;
      }
      case 'call':
        return this.call(e, act, origin);
      case 'new': {
        const f = this.eval(e.f, act);
        const args = this.args(e.a, act);
        return union(each(f).map(one => this.apply(one, args, act, e, origin, e.t ?? [], true)));
      }
      case 'obj':
        return this.#object(e, act, origin);
      case 'arr':
        return { t: 'arr', items: this.args(e.e, act) };
      case 'spread':
        return this.eval(e.o, act);
      case 'bin':
        return this.#binary(e, act);
      case 'cond':
        return union([this.eval(e.l, act), this.eval(e.r, act)]);
      case 'fn': {
        const unit = act.code.units[e.u];
        if (!unit) return unknown;
        return { t: 'fn', code: act.code, unit, parent: act, ...(unit.arrow && act.self ? { self: act.self } : {}) };
      }
      case 'cls': {
        const decl = act.code.classes[e.c];
        return decl ? { t: 'class', code: act.code, decl, scope: act } : unknown;
      }
      case 'param':
        return this.param(e.u, e.i, e.rest ?? false, act, origin);
      case 'in': {
        const unit = act.code.units[e.u];
        return unit ? union(this.runs(act.code, unit).map(a => this.eval(e.v, a))) : unknown;
      }
      case 'elem': {
        // rows of a query that was awaited are known by the query
        const o = this.eval(e.o, act);
        return union(
          each(o).flatMap(x =>
            x.t === 'arr' ? x.items : x.t === 'handle' && (x.kind === 'query' || x.kind === 'document') ? [x] : [],
          ),
        );
      }
      case 'req':
        return this.load(act.code.file, e.s);
      case 'await':
        return this.awaited(this.eval(e.o, act));
      default:
        return unknown;
    }
  }

  /** `client[method](url)`: which method it is does not matter. */
  #isAnyMember(o: Value): boolean {
    const tech =
      o.t === 'ext' ? this.technologies.of(o.pkg) : o.t === 'handle' ? this.technologies.named(o.tech) : undefined;
    return tech?.anyMember === true;
  }

  /** Queries that run when they are awaited give rows. */
  awaited(v: Value): Value {
    switch (v.t) {
      case 'handle':
        return this.technologies.named(v.tech)?.awaited?.(v) ?? v;
      case 'arr':
        return { t: 'arr', items: v.items.map(i => this.awaited(i)) };
      case 'union':
        return union(v.of.map(o => this.awaited(o)));
      default:
        return v;
    }
  }

  args(list: readonly Expr[], act: Activation): Value[] {
    return list.flatMap(a => {
      const v = this.eval(a, act);
      return a.k === 'spread' && v.t === 'arr' ? v.items : [v];
    });
  }

  #template(e: Expr & { k: 'tpl' }, act: Activation, origin: Origin): Value {
    let wholes: readonly (readonly Part[])[] = [[]];
    let plain = true;
    for (const p of e.parts) {
      const given = typeof p === 'string' ? [[p]] : choicesOf(this.eval(p, act));
      if (typeof p !== 'string' && given.some(parts => parts.some(x => typeof x === 'string'))) plain = false;
      wholes = joinedTo(wholes, given);
    }
    const [first] = e.parts;
    const start = first === '' || typeof first === 'object' ? startOf(this.#firstOf(e, act)) : undefined;
    const whole = union(
      wholes.map(
        (parts): Text => ({ ...textOf(parts, origin), ...(plain ? { plain } : {}), ...(start ? { start } : {}) }),
      ),
    );
    if (!e.tag) return whole;
    const tag = this.eval(e.tag, act);
    return this.callValue(
      tag,
      [whole, ...e.parts.flatMap(p => (typeof p === 'string' ? [] : [this.eval(p, act)]))],
      act,
      e,
      origin,
      [],
      false,
      true,
    );
  }

  #firstOf(e: Expr & { k: 'tpl' }, act: Activation): Value {
    const first = e.parts.find(p => typeof p !== 'string');
    return first === undefined || typeof first === 'string' ? unknown : this.eval(first, act);
  }

  #object(e: Expr & { k: 'obj' }, act: Activation, origin: Origin): ObjectValue {
    const known = new Map<string, Value | undefined>();
    const find = (key: string): Value | undefined => {
      if (known.has(key)) return known.get(key);
      // an object may be spread into itself by way of a variable
      known.set(key, undefined);
      const found = look(key);
      known.set(key, found);
      return found;
    };
    let listing = false;
    let listed: readonly string[] | undefined;
    let askedKeys = 0;
    let asked = false;
    const look = (key: string): Value | undefined => {
      let found: Value | undefined;
      for (const p of e.p) {
        if ('spread' in p) {
          const inner = this.eval(p.spread, act);
          for (const one of each(inner)) {
            const v =
              one.t === 'obj'
                ? one.get(key)
                : one.t === 'env' || one.t === 'module' || one.t === 'handle'
                  ? this.member(one, key, act, origin)
                  : undefined;
            if (v && v.t !== 'unknown') found = v;
          }
        } else if (p.key === key) found = this.eval(p.v, act);
        else if (p.key === null && literal(this.eval(p.computed, act)) === key) found = this.eval(p.v, act);
      }
      return found;
    };
    return {
      t: 'obj',
      sig: `${act.id}:${e.at}`,
      origin,
      get: find,
      keys: () => {
        if (listed) return listed;
        if (listing) {
          this.progress.interrupted++;
          return [];
        }
        listing = true;
        const interrupted = this.progress.interrupted;
        const keys = [
          ...new Set(
            e.p.flatMap(p => {
              if ('spread' in p) return each(this.eval(p.spread, act)).flatMap(o => this.keysOf(o));
              if (p.key !== null) return [p.key];
              const key = literal(this.eval(p.computed, act));
              return key === undefined ? [] : [key];
            }),
          ),
        ];
        listing = false;
        // what was found out while it was being found out may lack something: ask again, but not for ever
        if (this.progress.interrupted === interrupted || ++askedKeys > 3) listed = keys;
        return keys;
      },
      open: e.p.some(p => !('spread' in p) && p.key === null && literal(this.eval(p.computed, act)) === undefined),
      isPartial: () => {
        // what is spread into itself by way of a variable adds nothing that is not known
        if (asked) return false;
        asked = true;
        const partial = e.p.some(p => {
          if (!('spread' in p)) return false;
          const inner = each(this.eval(p.spread, act));
          return inner.length === 0 || inner.some(o => o.t !== 'obj' || o.isPartial?.() === true);
        });
        asked = false;
        return partial;
      },
      computed: () =>
        e.p.flatMap((p): (readonly [Value, Value])[] => {
          if ('spread' in p || p.key !== null) return [];
          const key = this.eval(p.computed, act);
          return literal(key) === undefined ? [[key, this.eval(p.v, act)]] : [];
        }),
    };
  }

  #binary(e: Expr & { k: 'bin' }, act: Activation): Value {
    const l = this.eval(e.l, act);
    if (e.op === '+') {
      const r = this.eval(e.r, act);
      const lp = partsOf(l);
      const rp = partsOf(r);
      if (lp.every(p => p === null) && rp.every(p => p === null)) return unknown;
      const start = startOf(l);
      return union(
        joinedTo(choicesOf(l), choicesOf(r)).map(parts => ({
          ...textOf(parts, { file: act.code.file, at: e.at }),
          ...(start ? { start } : {}),
        })),
      );
    }
    if (e.op === '&&') return this.eval(e.r, act);
    if (l.t === 'text') {
      const [only] = l.parts;
      if (l.parts.length === 1 && typeof only === 'object' && only !== null && isOpenEnded(only)) {
        const r = this.eval(e.r, act);
        return r.t === 'unknown' ? l : { ...l, parts: [orElse(only, r)] };
      }
      if (l.parts.every(p => p !== null)) return l;
    }
    const r = this.eval(e.r, act);
    if (l.t === 'unknown' || (l.t === 'bool' && l.v !== true)) return r;
    // `mongoose.models.Order || mongoose.model(…)`, `global.db ?? connect()`: what may be there is what is made otherwise
    if ((l.t === 'ext' || l.t === 'bound') && (r.t === 'handle' || r.t === 'inst' || r.t === 'obj' || r.t === 'text'))
      return r;
    if (l.t === 'bound' && l.via === '') return r.t === 'unknown' ? l : union([l, r]);
    return l.t === 'text' ? union([l, r]) : l.t === 'union' ? union([l, r]) : l;
  }

  importedAs(from: string, specifier: string, file: string | undefined): string | undefined {
    return this.technologies.importedAs(from, specifier, file);
  }

  tech(pkg: string): Technology | undefined {
    return this.technologies.of(pkg);
  }

  // ---- what the parts do ----

  lineage(cls: ClassValue): { readonly classes: readonly ClassValue[]; readonly root: Value | undefined } {
    return this.#members.lineage(cls);
  }

  decorators(
    list: readonly Expr[] | undefined,
    act: Activation,
  ): {
    readonly pkg: string;
    readonly path: string;
    readonly name: string;
    readonly args: readonly Value[];
    readonly exprs: readonly Expr[];
    readonly at: number;
  }[] {
    return this.#members.decorators(list, act);
  }

  typeValue(type: TypeRef | undefined, act: Activation, at?: number): Value {
    return this.#types.typeValue(type, act, at);
  }

  classOf(type: TypeRef | undefined, act: Activation): Value {
    return this.#types.classOf(type, act);
  }

  moduleActivation(code: ModuleCode): Activation {
    return this.#activations.moduleActivation(code);
  }

  genericActivation(code: ModuleCode, unit: Unit): Activation {
    return this.#activations.genericActivation(code, unit);
  }

  runs(code: ModuleCode, unit: Unit): readonly Activation[] {
    return this.#activations.runs(code, unit);
  }

  runsIn(code: ModuleCode, unit: Unit, self: Value | undefined, outer: Activation): readonly Activation[] {
    return this.#activations.runsIn(code, unit, self, outer);
  }

  keysOf(v: Value, depth?: number): readonly string[] {
    return this.#names.keysOf(v, depth);
  }

  imported(code: ModuleCode, isOfInterest: (file: string) => boolean): Activation[] {
    return this.#names.imported(code, isOfInterest);
  }

  collectProviders(code: ModuleCode): void {
    this.#containers.collectProviders(code);
  }

  token(token: Value, act: Activation, origin: Origin): Value {
    return this.#containers.token(token, act, origin);
  }

  visit(act: Activation): void {
    this.#visits.visit(act);
  }

  reachValue(v: Value, act: Activation, depth?: number): void {
    this.#visits.reachValue(v, act, depth);
  }

  reachClass(cls: ClassValue, act: Activation): void {
    this.#visits.reachClass(cls, act);
  }

  enter(cls: ClassValue): void {
    this.#visits.enter(cls);
  }

  declare(cls: ClassValue): void {
    this.#visits.declare(cls);
  }

  name(name: string, act: Activation, at: number): Value {
    return this.#names.name(name, act, at);
  }

  load(from: string, specifier: string): Value {
    return this.#names.load(from, specifier);
  }

  exported(file: string, name: string): Value {
    return this.#names.exported(file, name);
  }

  param(u: number, i: number, rest: boolean, act: Activation, origin: Origin): Value {
    return this.#parameters.param(u, i, rest, act, origin);
  }

  isOpaque(v: Value): boolean {
    return this.#parameters.isOpaque(v);
  }

  member(o: Value, name: string, act: Activation, origin: Origin): Value {
    return this.#members.member(o, name, act, origin);
  }

  chain(inst: InstanceValue): { cls: ClassValue; args: readonly Value[] | undefined }[] {
    return this.#members.chain(inst);
  }

  rootArgs(inst: InstanceValue): readonly Value[] | undefined {
    return this.#members.rootArgs(inst);
  }

  field(m: Member, act: Activation, origin: Origin): Value {
    return this.#parameters.field(m, act, origin);
  }

  unitAct(code: ModuleCode, unit: number, fallback: Activation): Activation {
    return this.#activations.unitAct(code, unit, fallback);
  }

  superMember(name: string, act: Activation, origin: Origin): Value {
    return this.#members.superMember(name, act, origin);
  }

  call(e: Expr & { k: 'call' }, act: Activation, origin: Origin): Value {
    return this.#calls.call(e, act, origin);
  }

  callValue(
    f: Value,
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isNew: boolean,
    isTag: boolean,
  ): Value {
    return this.#calls.callValue(f, args, act, e, origin, types, isNew, isTag);
  }

  apply(
    f: Value,
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isNew: boolean,
    isTag?: boolean,
  ): Value {
    return this.#calls.apply(f, args, act, e, origin, types, isNew, isTag);
  }

  activate(
    code: ModuleCode,
    unit: Unit,
    params: readonly Value[] | undefined,
    self: Value | undefined,
    parent: Activation | undefined,
  ): Activation {
    return this.#activations.activate(code, unit, params, self, parent);
  }

  get activationCount(): number {
    return this.#activations.activationCount;
  }

  addImplementer(code: ModuleCode, name: string, cls: ClassValue): void {
    this.#types.addImplementer(code, name, cls);
  }
}

function startOf(v: Value): Origin | undefined {
  return v.t === 'text' ? (v.start ?? v.origin) : undefined;
}
