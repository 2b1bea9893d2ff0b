import type { ClassDecl, Expr, Member, ModuleCode, Param, TypeRef, Unit } from './code.ts';
import { isRecord, packageOf, type ModuleResolver, type ModuleStore } from './modules.ts';
import type { CallSite, NewUse, Technology } from './technology.ts';
import { each, env, literal, text, unknown, type Activation, type ClassValue, type FunctionValue, type Handle, type InstanceValue, type ObjectValue, type Origin, type Part, type Ref, type StoreRef, type Text, type Use, type Value } from './value.ts';

const pending: Value = { t: 'unknown' };
const maxDepth = 90;
const maxContexts = 48;
const maxShapes = 6;
/** How many times as many there may be in a file that loads a client itself: there a wrapper's arguments name tables. */
const nearData = 8;
const maxUnion = 12;

/**
 * Follows values through files, functions, classes and packages, on demand and without running anything: a small
 * abstract interpreter. A function is looked at once for each set of arguments that matter (`Activation`); what it
 * does to data is recorded there, and whom it calls. What a service does is then all that its own code reaches.
 */
export class Evaluator {
  readonly #modules: ModuleStore;
  readonly #resolver: ModuleResolver;
  readonly #byPackage = new Map<string, Technology>();
  readonly #prefixes: (readonly [string, Technology])[] = [];
  readonly #byId = new Map<string, Technology>();
  readonly #importers: readonly Technology[];
  readonly #ducks: readonly Technology[];
  readonly #params: readonly Technology[];
  readonly #fillers: readonly Technology[];
  readonly #activations = new Map<Unit, { readonly byKey: Map<string, Activation>; contexts: number; shapes: number }>();
  readonly #inner = new Map<ModuleCode, ReadonlyMap<number, readonly Unit[]>>();
  #made = 0;
  readonly #given = new Map<Unit, Activation[]>();
  readonly #near = new Map<ModuleCode, boolean>();
  readonly #chains = new Map<string, { cls: ClassValue; args: readonly Value[] | undefined }[]>();
  readonly #members = new Map<string, Value>();
  readonly #providers = new Map<string, { value: Value; file: string }[]>();
  readonly #implementers = new Map<string, ClassValue[]>();
  readonly #registry = new Map<string, { value: Value; origin: Origin; act: Activation }[]>();
  readonly #declared = new Set<string>();
  readonly #exports = new Map<string, Map<string, Value>>();
  readonly #globals = new Map<ModuleCode, Map<string, Value>>();
  readonly #tops = new Map<ModuleCode, Activation>();
  readonly #entered = new Set<string>();
  readonly #mattering = new Map<string, boolean>();
  readonly #shapes = new Map<TypeRef, ObjectValue>();
  #depth = 0;
  #interrupted = 0;
  #nextQuery = 1;

  constructor(modules: ModuleStore, resolver: ModuleResolver, technologies: readonly Technology[]) {
    this.#modules = modules;
    this.#resolver = resolver;
    for (const tech of technologies) {
      this.#byId.set(tech.id, tech);
      for (const p of tech.packages) {
        if (p.endsWith('*')) this.#prefixes.push([p.slice(0, -1), tech]);
        else this.#byPackage.set(p, tech);
      }
    }
    this.#importers = technologies.filter(t => t.importedAs);
    this.#ducks = technologies.filter(t => t.duck);
    this.#params = technologies.filter(t => t.param);
    this.#fillers = technologies.filter(t => t.filled);
  }

  // ---- what technologies call ----

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

  /** A number that joins the uses of one statement. */
  query(): number {
    return this.#nextQuery++;
  }

  /** Something that other places look up by name: a model, a configuration factory, a container's token. */
  register(site: { act: Activation; origin: Origin }, kind: string, key: string, value: Value): void {
    const id = `${kind}\n${key}`;
    const list = this.#registry.get(id) ?? [];
    if (!list.some(x => x.origin.file === site.origin.file && x.origin.at === site.origin.at)) list.push({ value, origin: site.origin, act: site.act });
    this.#registry.set(id, list);
  }

  registered(kind: string, key: string): readonly { readonly value: Value; readonly origin: Origin; readonly act: Activation }[] {
    return this.#registry.get(`${kind}\n${key}`) ?? [];
  }

  registeredKeys(kind: string): string[] {
    const prefix = `${kind}\n`;
    return [...this.#registry.keys()].filter(k => k.startsWith(prefix)).map(k => k.slice(prefix.length));
  }

  /** Calls a value with arguments: a callback that a package calls. Gives what it returns. */
  invoke(fn: Value | undefined, args: readonly Value[], site: { act: Activation; origin: Origin }): Value {
    return union(each(fn).map(f => this.#apply(f, args, site.act, { k: 'unk', e: [], at: site.origin.at }, site.origin, [], false)));
  }

  /** A property of a value. */
  property(v: Value | undefined, name: string, site: { act: Activation; origin: Origin }): Value {
    return v ? this.#member(v, name, site.act, site.origin) : unknown;
  }

  /** The classes from a class up to the first that is not of this repository, which is given as its path. */
  lineage(cls: ClassValue): { readonly classes: readonly ClassValue[]; readonly root: Value | undefined } {
    const classes: ClassValue[] = [];
    let current: Value | undefined = cls;
    while (current?.t === 'class' && classes.length < 12) {
      classes.push(current);
      const { decl, scope } = current;
      if (!decl.sup) return { classes, root: undefined };
      const sup: Value = this.eval(decl.sup, scope);
      current = each(sup)[0];
    }
    return { classes, root: current };
  }

  /** Decorators of a class or a member, each with the path of its export and its arguments. */
  decorators(list: readonly Expr[] | undefined, act: Activation): { readonly pkg: string; readonly path: string; readonly name: string; readonly args: readonly Value[]; readonly exprs: readonly Expr[]; readonly at: number }[] {
    return (list ?? []).flatMap((d): { pkg: string; path: string; name: string; args: readonly Value[]; exprs: readonly Expr[]; at: number }[] => {
      const called = d.k === 'call';
      const f = this.eval(called ? d.f : d, act);
      const args = called ? d.a.map(a => this.eval(a, act)) : [];
      for (const one of each(f)) {
        if (one.t === 'ext') return [{ pkg: one.pkg, path: one.path, name: lastName(one.path), args, exprs: called ? d.a : [], at: d.at }];
        if (one.t === 'fn') {
          // a decorator of one's own: what it applies counts
          const inner = this.#apply(one, args, act, d, { file: act.code.file, at: d.at }, [], false);
          for (const v of each(inner)) if (v.t === 'ext') return [{ pkg: v.pkg, path: v.path.replace(/\(\)$/, ''), name: lastName(v.path.replace(/\(\)$/, '')), args: v.args ?? args, exprs: [], at: d.at }];
          return [{ pkg: '', path: one.unit.name, name: one.unit.name, args, exprs: called ? d.a : [], at: d.at }];
        }
      }
      const name = called ? nameOfExpr(d.f) : nameOfExpr(d);
      return [{ pkg: '', path: name, name, args, exprs: called ? d.a : [], at: d.at }];
    });
  }

  /** The value of a type as written in a file: an instance of its class, a handle of a technology, an object of its members. */
  typeValue(type: TypeRef | undefined, act: Activation, at = 0): Value {
    if (!type || this.#depth > maxDepth) return unknown;
    this.#depth++;
    try {
      return this.#type(type, this.moduleActivation(act.code), at);
    } finally {
      this.#depth--;
    }
  }

  /** The class that a type names, for type arguments. */
  classOf(type: TypeRef | undefined, act: Activation): Value {
    if (!type) return unknown;
    if (type.n === 'typeof') return this.typeValue(type, act);
    const v = this.#name(type.n.split('.')[0] ?? '', act, 0);
    let value = v;
    for (const part of type.n.split('.').slice(1)) value = this.#member(value, part, act, { file: act.code.file, at: 0 });
    if (value.t === 'class' || value.t === 'ext' || value.t === 'handle') return value;
    if (type.p) return this.typeValue(type, act);
    const named = this.typeValue(type, act);
    return named.t === 'handle' ? named : value;
  }

  moduleActivation(code: ModuleCode): Activation {
    const known = this.#tops.get(code);
    if (known) return known;
    const made = this.#topActivation(code);
    this.#tops.set(code, made);
    return made;
  }

  #topActivation(code: ModuleCode): Activation {
    const unit = code.units[0];
    if (!unit) throw new Error(`internal: ${code.file} has no top unit`);
    return this.#activate(code, unit, undefined, undefined, undefined);
  }

  genericActivation(code: ModuleCode, unit: Unit): Activation {
    if (unit.parent < 0) return this.moduleActivation(code);
    const parentUnit = code.units[unit.parent];
    if (!parentUnit) throw new Error(`internal: ${code.file} lost unit ${unit.parent}`);
    const parent = this.genericActivation(code, parentUnit);
    const self = unit.cls === undefined ? undefined : this.#selfOf(code, unit.cls, parentUnit, parent);
    return this.#activate(code, unit, undefined, self, parent);
  }

  /** The activations of a function, where it is a callback with what its callee gives it. */
  #runs(code: ModuleCode, unit: Unit): readonly Activation[] {
    const parent = code.units[unit.parent];
    if (!parent) return [this.moduleActivation(code)];
    return this.#runs(code, parent).flatMap(outer => {
      const self = unit.cls === undefined ? undefined : this.#selfOf(code, unit.cls, parent, outer);
      return this.#runsIn(code, unit, self, outer);
    });
  }

  #runsIn(code: ModuleCode, unit: Unit, self: Value | undefined, outer: Activation): readonly Activation[] {
    const call = callWith(outer.unit, unit.index);
    if (call) this.eval(call, outer);
    const given = (this.#given.get(unit) ?? []).filter(a => a.parent === outer);
    return call && given.length > 0 ? given : [this.#activate(code, unit, undefined, self, outer)];
  }

  #selfOf(code: ModuleCode, cls: number, parentUnit: Unit, parent: Activation): Value | undefined {
    if (parentUnit.cls === cls) return parent.self;
    const decl = code.classes[cls];
    return decl ? { t: 'inst', cls: { t: 'class', code, decl, scope: parent } } : undefined;
  }

  /** What a file would get for a specifier. */
  load(from: string, specifier: string): Value {
    return this.#load(from, specifier);
  }

  /** Names of what an object or a module holds. */
  keysOf(v: Value, depth = 0): readonly string[] {
    if (v.t === 'obj') return v.keys();
    if (v.t !== 'module' || depth > 8) return [];
    const { file } = v;
    return [...new Set((this.#modules.get(file)?.exports ?? []).flatMap(x => ('star' in x ? this.keysOf(this.#load(file, x.star), depth + 1) : [x.name])))];
  }

  /** The modules of this repository that run before a module does, of those of interest. */
  imported(code: ModuleCode, isOfInterest: (file: string) => boolean): Activation[] {
    return code.specifiers.flatMap(s => {
      const target = s.typeOnly ? undefined : this.#resolver.resolve(code.file, s.s);
      if (!target || !('file' in target) || !isOfInterest(target.file)) return [];
      const loaded = this.#modules.get(target.file);
      return loaded ? [this.moduleActivation(loaded)] : [];
    });
  }

  /** What a file exports under a name. */
  exported(file: string, name: string): Value {
    return this.#export(file, name);
  }

  code(file: string): ModuleCode | undefined {
    return this.#modules.get(file);
  }

  /** Paths of what is in a folder and below it. */
  filesIn(folder: string): readonly string[] {
    return this.#modules.filesIn(folder);
  }

  /** Container tokens of a module, so that an injection finds what stands behind its token. */
  collectProviders(code: ModuleCode): void {
    for (const cls of code.classes) for (const i of cls.impl) {
      const scope = code.units[cls.scope];
      if (!scope) continue;
      const key = this.#typeKey(code, i.n);
      const list = this.#implementers.get(key) ?? [];
      list.push({ t: 'class', code, decl: cls, scope: this.genericActivation(code, scope) });
      this.#implementers.set(key, list);
    }
    for (const p of code.providers) {
      const unit = code.units[p.unit];
      if (!unit) continue;
      const act = this.genericActivation(code, unit);
      const e = p.o;
      const add = (token: Value, value: Value): void => {
        const key = tokenKey(token);
        if (key === undefined || value.t === 'unknown') return;
        const list = this.#providers.get(key) ?? [];
        list.push({ value, file: code.file });
        this.#providers.set(key, list);
      };
      const origin = { file: code.file, at: e.at };
      if (e.k === 'obj') {
        const o = this.eval(e, act);
        const token = get1(o, 'provide');
        if (!token) continue;
        add(token, this.#provided(o, act, origin));
      } else if (e.k === 'call' && e.f.k === 'mem' && (e.f.p === 'registerSingleton' || e.f.p === 'registerInstance') && e.a[0] && e.a[1]) {
        const how = this.eval(e.a[1], act);
        add(this.eval(e.a[0], act), how.t === 'class' ? { t: 'inst', cls: how } : how);
      } else if (e.k === 'call' && e.f.k === 'mem' && e.f.p === 'singleton' && e.a[0]?.k === 'str' && e.a[1]?.k === 'fn') {
        // made when it is asked for: what makes it may ask for what comes later
        add(this.eval(e.a[0], act), this.eval(e.a[1], act));
      } else if (e.k === 'call' && e.f.k === 'mem' && e.f.p === 'register' && e.a.length >= 2) {
        const [token, how] = e.a;
        if (!token || !how) continue;
        const h = this.eval(how, act);
        add(this.eval(token, act), h.t === 'obj' ? this.#provided(h, act, origin) : unknown);
      } else if (e.k === 'call' && e.f.k === 'mem' && e.f.p === 'to' && e.f.o.k === 'call' && e.f.o.a[0] && e.a[0]) {
        const c = this.eval(e.a[0], act);
        add(this.eval(e.f.o.a[0], act), c.t === 'class' ? { t: 'inst', cls: c } : unknown);
      }
    }
  }

  #provided(o: Value, act: Activation, origin: Origin): Value {
    const cls = get1(o, 'useClass') ?? get1(o, 'asClass');
    if (cls?.t === 'class') return { t: 'inst', cls };
    const value = get1(o, 'useValue');
    if (value && value.t !== 'unknown') return value;
    const existing = get1(o, 'useExisting') ?? get1(o, 'useToken');
    if (existing?.t === 'class') return { t: 'inst', cls: existing };
    const factory = get1(o, 'useFactory');
    if (factory?.t === 'fn') {
      const inject = get1(o, 'inject');
      const args = inject?.t === 'arr' ? inject.items.map(i => this.token(i, act, origin)) : [];
      return this.#apply(factory, args, act, { k: 'unk', e: [], at: origin.at }, origin, [], false);
    }
    return unknown;
  }

  /** What a container gives for a token: a class, a string, a symbol. */
  token(token: Value, act: Activation, origin: Origin): Value {
    const key = tokenKey(token);
    const list = key === undefined ? [] : (this.#providers.get(key) ?? []);
    const near = closest(list, act.code.file);
    if (near.length > 0) return union(near.map(p => p.value));
    if (token.t === 'class') return { t: 'inst', cls: token };
    // a technology's token (`getRepositoryToken(Order)`) is what it stands for where nothing else was provided
    if (token.t === 'handle') return token;
    if (token.t === 'ext') return this.#techOf(token.pkg)?.typed?.({ ev: this, act, origin, pkg: token.pkg, path: token.path, args: [] }) ?? unknown;
    return unknown;
  }

  // ---- visiting ----

  /** Evaluates everything that stands in a unit, so that its uses and calls are recorded. */
  visit(act: Activation): void {
    if (act.visited) return;
    act.visited = true;
    for (const e of act.unit.exprs) this.#walk(e, act);
    for (const p of act.unit.params) if (p.def) this.#walk(p.def, act);
    if (act.unit.parent < 0) return;
    const inner = this.#innerUnits(act.code).get(act.unit.index) ?? [];
    if (inner.length === 0) return;
    const called = new Set<Unit>();
    for (const r of act.reaches.keys()) if (r.parent === act) called.add(r.unit);
    for (const unit of inner) {
      if (called.has(unit) || (unit.cls !== undefined && unit.cls !== act.unit.cls)) continue;
      reach(act, this.#activate(act.code, unit, undefined, unit.arrow ? act.self : undefined, act));
    }
  }

  #innerUnits(code: ModuleCode): ReadonlyMap<number, readonly Unit[]> {
    const known = this.#inner.get(code);
    if (known) return known;
    const made = Map.groupBy(code.units.filter(u => !u.name.endsWith('#fields')), u => u.parent);
    this.#inner.set(code, made);
    return made;
  }

  #walk(e: Expr, act: Activation): void {
    switch (e.k) {
      case 'call':
      case 'new':
        this.eval(e, act);
        // what is called is reached with its arguments; only what is behind it is left to look at
        if (e.f.k === 'mem') this.#walk(e.f.o.k === 'id' || e.f.o.k === 'this' ? { k: 'unk', e: [], at: e.f.at } : e.f.o, act);
        else if (e.f.k !== 'id') this.#walk(e.f, act);
        for (const a of e.a) this.#walk(a, act);
        return;
      case 'tpl':
        if (e.tag) this.eval(e, act);
        for (const p of e.parts) if (typeof p !== 'string') this.#walk(p, act);
        return;
      case 'mem':
        if (e.o.k !== 'id' && e.o.k !== 'this') this.#walk(e.o, act);
        else this.#reach(this.eval(e, act), act);
        return;
      case 'id':
        this.#reach(this.eval(e, act), act);
        return;
      case 'idx':
        this.#walk(e.o, act);
        this.#walk(e.i, act);
        return;
      case 'obj':
        for (const p of e.p) this.#walk('spread' in p ? p.spread : p.v, act);
        return;
      case 'arr':
      case 'unk':
        for (const x of e.e) this.#walk(x, act);
        return;
      case 'bin':
        this.#walk(e.l, act);
        this.#walk(e.r, act);
        return;
      case 'cond':
        this.#walk(e.c, act);
        this.#walk(e.l, act);
        this.#walk(e.r, act);
        return;
      case 'spread':
      case 'elem':
      case 'await':
        this.#walk(e.o, act);
        return;
      case 'in':
        this.#walk(e.v, act);
        return;
      case 'cls': {
        const v = this.eval(e, act);
        if (v.t === 'class') this.#reach(v, act);
        return;
      }
      case 'req': {
        const v = this.eval(e, act);
        if (v.t === 'module') this.#reachModule(v.file, act);
        return;
      }
      default:
    }
  }

  /** A function or class that is handed on by name may be called by whoever gets it. */
  #reach(v: Value, act: Activation, depth = 0): void {
    for (const one of each(v)) {
      if (one.t === 'fn') reach(act, this.#activate(one.code, one.unit, undefined, one.self, one.parent));
      else if (one.t === 'class') this.#reachClass(one, act);
      else if (one.t === 'arr' && depth < 3) for (const item of one.items) this.#reach(item, act, depth + 1);
    }
  }

  #reachModule(file: string, act: Activation): void {
    const code = this.#modules.get(file);
    if (code) reach(act, this.moduleActivation(code));
  }

  /** A framework that is given a class calls its decorated methods and its hooks. */
  #reachClass(cls: ClassValue, act: Activation): void {
    const inst: InstanceValue = { t: 'inst', cls };
    for (const decl of this.lineage(cls).classes) {
      reach(act, decl.scope);
      const fields = decl.code.units.find(u => u.cls === decl.decl.index && u.name === `${decl.decl.name}#fields`);
      if (fields) reach(act, this.#activate(decl.code, fields, undefined, inst, decl.scope));
      for (const m of decl.decl.members) {
        if (m.unit === undefined) continue;
        const called = (m.decorators?.length ?? 0) > 0 || frameworkHooks.has(m.name) || (decl.decl.decorators.length > 0 && (m.name === 'execute' || m.name === 'handle') && this.#isHandler(decl));
        const unit = decl.code.units[m.unit];
        if (called && unit) reach(act, this.#activate(decl.code, unit, undefined, inst, m.kind === 'field' && fields ? this.#activate(decl.code, fields, undefined, inst, decl.scope) : decl.scope));
      }
      const ctor = decl.decl.ctor === undefined ? undefined : decl.code.units[decl.decl.ctor];
      if (ctor && (decl.decl.decorators.length > 0 || decl !== cls)) reach(act, this.#activate(decl.code, ctor, undefined, inst, decl.scope));
      // what decorators name is reached with the class, not by whoever loads its file
      const own = fields ? this.#activate(decl.code, fields, undefined, { t: 'inst', cls: decl }, decl.scope) : decl.scope;
      reach(act, own);
      const id = `${decl.code.file}#${decl.decl.index}`;
      if (!this.#entered.has(id)) {
        this.#entered.add(id);
        for (const d of [...decl.decl.decorators, ...decl.decl.members.flatMap(m => m.decorators ?? [])]) this.#walk(d, own);
      }
      this.declare(decl);
    }
  }

  #isHandler(cls: ClassValue): boolean {
    return this.decorators(cls.decl.decorators, cls.scope).some(d => d.pkg === '@nestjs/cqrs' || /Handler$/.test(d.name));
  }

  /** A class of a service's own: its framework may use it, so what its decorators name is reached. */
  enter(cls: ClassValue): void {
    this.#reachClass(cls, cls.scope);
  }

  /** Tells technologies of a class that carries one of their decorators or extends one of their classes. */
  declare(cls: ClassValue): void {
    const id = `${cls.code.file}#${cls.decl.index}`;
    if (this.#declared.has(id)) return;
    this.#declared.add(id);
    const origin = { file: cls.code.file, at: cls.decl.at };
    for (const d of this.decorators(cls.decl.decorators, cls.scope)) this.#techOf(d.pkg)?.declared?.({ ev: this, act: cls.scope, origin, cls, path: d.path, args: d.args });
    const { root } = this.lineage(cls);
    if (root?.t === 'ext') this.#techOf(root.pkg)?.declared?.({ ev: this, act: cls.scope, origin, cls, path: root.path, args: root.args ?? [] });
    if (root?.t === 'handle') this.#byId.get(root.tech)?.declared?.({ ev: this, act: cls.scope, origin, cls, path: `handle:${root.kind}`, args: [root] });
  }

  // ---- evaluation ----

  eval(e: Expr, act: Activation): Value {
    switch (e.k) {
      case 'str': return { t: 'text', parts: [e.v], origin: { file: act.code.file, at: e.at }, plain: true };
      case 'num': return { t: 'num', v: e.v };
      case 'bool': return { t: 'bool', v: e.v };
      case 'this': return act.self ?? unknown;
      case 'cls':
      case 'fn':
      case 'id':
        break;
      default:
    }
    const known = act.memo.get(e);
    if (known) return this.#settled(known);
    if (this.#depth > maxDepth) return unknown;
    act.memo.set(e, pending);
    this.#depth++;
    const v = this.#evaluate(e, act);
    this.#depth--;
    act.memo.set(e, v);
    return v;
  }

  /** What is asked for while it is being found out is not known, but may be when asked for again. */
  #settled(known: Value): Value {
    if (known !== pending) return known;
    this.#interrupted++;
    return unknown;
  }

  #evaluate(e: Expr, act: Activation): Value {
    const origin = { file: act.code.file, at: e.at };
    switch (e.k) {
      case 'id': return this.#name(e.n, act, e.at);
      case 'tpl': return this.#template(e, act, origin);
      case 'mem': {
        if (e.o.k === 'super') return this.#superMember(e.p, act, origin);
        const o = this.eval(e.o, act);
        return this.#member(o, e.p, act, origin);
      }
      case 'idx': {
        const o = this.eval(e.o, act);
        const i = this.eval(e.i, act);
        const key = literal(i);
        if (key !== undefined) {
          if (o.t === 'arr' && i.t === 'num') return o.items[i.v] ?? unknown;
          return this.#member(o, key, act, origin);
        }
        if (o.t === 'arr') return union(o.items);
        if (o.t === 'obj') return union(o.keys().map(k => o.get(k) ?? unknown));
        if (o.t === 'handle' && i.t === 'text') return this.#member(o, '*', act, origin);
        return unknown;
      }
      case 'call': return this.#call(e, act, origin);
      case 'new': {
        const f = this.eval(e.f, act);
        const args = this.#args(e.a, act);
        return union(each(f).map(one => this.#apply(one, args, act, e, origin, e.t ?? [], true)));
      }
      case 'obj': return this.#object(e, act, origin);
      case 'arr': return { t: 'arr', items: this.#args(e.e, act) };
      case 'spread': return this.eval(e.o, act);
      case 'bin': return this.#binary(e, act);
      case 'cond': return union([this.eval(e.l, act), this.eval(e.r, act)]);
      case 'fn': {
        const unit = act.code.units[e.u];
        if (!unit) return unknown;
        return { t: 'fn', code: act.code, unit, parent: act, ...(unit.arrow && act.self ? { self: act.self } : {}) };
      }
      case 'cls': {
        const decl = act.code.classes[e.c];
        return decl ? { t: 'class', code: act.code, decl, scope: act } : unknown;
      }
      case 'param': return this.#param(e.u, e.i, e.rest ?? false, act, origin);
      case 'in': {
        const unit = act.code.units[e.u];
        return unit ? union(this.#runs(act.code, unit).map(a => this.eval(e.v, a))) : unknown;
      }
      case 'elem': {
        // rows of a query that was awaited are known by the query
        const o = this.eval(e.o, act);
        return union(each(o).flatMap(x => (x.t === 'arr' ? x.items : x.t === 'handle' && x.kind === 'query' ? [x] : [])));
      }
      case 'req': return this.#load(act.code.file, e.s);
      case 'await': return this.#awaited(this.eval(e.o, act));
      default: return unknown;
    }
  }

  /** Queries that run when they are awaited give rows. */
  #awaited(v: Value): Value {
    switch (v.t) {
      case 'handle': return this.#byId.get(v.tech)?.awaited?.(v) ?? v;
      case 'arr': return { t: 'arr', items: v.items.map(i => this.#awaited(i)) };
      case 'union': return union(v.of.map(o => this.#awaited(o)));
      default: return v;
    }
  }

  #args(list: readonly Expr[], act: Activation): Value[] {
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
    const whole = union(wholes.map((parts): Text => ({ ...textOf(parts, origin), ...(plain ? { plain } : {}) })));
    if (!e.tag) return whole;
    const tag = this.eval(e.tag, act);
    return this.#callValue(tag, [whole, ...e.parts.flatMap(p => (typeof p === 'string' ? [] : [this.eval(p, act)]))], act, e, origin, [], false, true);
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
    const look = (key: string): Value | undefined => {
      let found: Value | undefined;
      for (const p of e.p) {
        if ('spread' in p) {
          const inner = this.eval(p.spread, act);
          for (const one of each(inner)) {
            const v = one.t === 'obj' ? one.get(key) : one.t === 'env' || one.t === 'module' || one.t === 'handle' ? this.#member(one, key, act, origin) : undefined;
            if (v && v.t !== 'unknown') found = v;
          }
        } else if (p.key === key) found = this.eval(p.v, act);
        else if (p.key === null && literal(this.eval(p.computed, act)) === key) found = this.eval(p.v, act);
      }
      return found;
    };
    return {
      t: 'obj', sig: `${act.id}:${e.at}`, origin, get: find,
      keys: () => {
        if (listed) return listed;
        if (listing) {
          this.#interrupted++;
          return [];
        }
        listing = true;
        const interrupted = this.#interrupted;
        const keys = [...new Set(e.p.flatMap(p => {
          if ('spread' in p) return each(this.eval(p.spread, act)).flatMap(o => this.keysOf(o));
          if (p.key !== null) return [p.key];
          const key = literal(this.eval(p.computed, act));
          return key === undefined ? [] : [key];
        }))];
        listing = false;
        // what was found out while it was being found out may lack something: ask again, but not for ever
        if (this.#interrupted === interrupted || ++askedKeys > 3) listed = keys;
        return keys;
      },
      open: e.p.some(p => !('spread' in p) && p.key === null && literal(this.eval(p.computed, act)) === undefined),
      computed: () => e.p.flatMap((p): (readonly [Value, Value])[] => {
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
      return union(joinedTo(choicesOf(l), choicesOf(r)).map(parts => textOf(parts, { file: act.code.file, at: e.at })));
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
    if ((l.t === 'ext' || l.t === 'bound') && (r.t === 'handle' || r.t === 'inst' || r.t === 'obj' || r.t === 'text')) return r;
    if (l.t === 'bound' && l.via === '') return r.t === 'unknown' ? l : union([l, r]);
    return l.t === 'text' ? union([l, r]) : l.t === 'union' ? union([l, r]) : l;
  }

  #name(name: string, act: Activation, at: number): Value {
    for (let a: Activation | undefined = act; a; a = a.parent) {
      const list = a.unit.vars.get(name);
      if (list) return this.#variable(name, list, a);
      const type = a.unit.types.get(name);
      if (type) return this.typeValue(type, a, at);
    }
    return this.#global(name, act.code);
  }

  #variable(name: string, list: readonly Expr[], a: Activation): Value {
    const known = a.names.get(name);
    if (known) return this.#settled(known);
    a.names.set(name, pending);
    const interrupted = this.#interrupted;
    const type = a.unit.types.get(name);
    const declared = (v: Value): Value => {
      const typed = type && this.#isOpaque(v) ? this.typeValue(type, a) : unknown;
      return typed.t === 'unknown' ? v : typed;
    };
    let v: Value = unknown;
    // what it is given later may be made of what it was before
    for (const e of list) {
      v = declared(union([v, this.eval(e, a)]));
      a.names.set(name, v);
    }
    const fills = a.code.fills.get(name);
    if (fills && (v.t === 'obj' || v.t === 'unknown' || v.t === 'ext')) v = this.#filled(v, fills, a);
    if (v.t === 'unknown' && this.#interrupted > interrupted) a.names.delete(name);
    else a.names.set(name, v);
    return v;
  }

  /** An object whose keys are assigned one by one after it was made. */
  #filled(base: Value, fills: readonly { unit: number; key: string | null; v: Expr }[], a: Activation): Value {
    if (base.t === 'ext' && base.pkg !== ':globalThis' && base.pkg !== ':global') return base;
    const valueOf = (f: { unit: number; v: Expr }): Value => {
      if (f.unit === a.unit.index) return this.eval(f.v, a);
      const unit = a.code.units[f.unit];
      return unit ? this.eval(f.v, this.genericActivation(a.code, unit)) : unknown;
    };
    return {
      t: 'obj', sig: `${a.id}:fill:${base.t === 'obj' ? base.sig : fills.length}`, origin: base.t === 'obj' ? base.origin : { file: a.code.file, at: a.unit.at },
      get: key => {
        const own = base.t === 'obj' ? base.get(key) : undefined;
        if (own && own.t !== 'unknown') return own;
        const v = union(fills.filter(f => f.key === key).map(valueOf));
        return v.t === 'unknown' ? own : v;
      },
      keys: () => [...(base.t === 'obj' ? base.keys() : []), ...fills.flatMap(f => (f.key === null ? [] : [f.key]))],
      open: (base.t === 'obj' && base.open === true) || fills.some(f => f.key === null),
    };
  }

  #global(name: string, code: ModuleCode): Value {
    const names = this.#globals.get(code) ?? new Map<string, Value>();
    this.#globals.set(code, names);
    const known = names.get(name);
    if (known) return this.#settled(known);
    names.set(name, pending);
    const interrupted = this.#interrupted;
    const v = this.#findGlobal(name, code);
    if (v.t === 'unknown' && this.#interrupted > interrupted) names.delete(name);
    else names.set(name, v);
    return v;
  }

  #findGlobal(name: string, code: ModuleCode): Value {
    const i = code.imports.find(x => x.local === name);
    if (i) {
      const module = this.#load(code.file, i.specifier);
      if (module.t === 'ext' && module.pkg === ':process') return i.name === 'env' ? env : module;
      if (module.t === 'ext') return i.name === '*' || i.name === '=' ? module : { ...module, path: i.name };
      if (module.t !== 'module') return this.#plainExport(module, i.name);
      return i.name === '*' ? module : this.#export(module.file, i.name);
    }
    if (name === 'import.meta' || name === 'process' || name === 'globalThis' || name === 'global') return { t: 'ext', pkg: `:${name}`, path: '' };
    if (globals.has(name)) return { t: 'ext', pkg: ':global', path: name };
    return unknown;
  }

  #plainExport(v: Value, name: string): Value {
    if (name === '*' || name === 'default' || name === '=') return v;
    return get1(v, name) ?? unknown;
  }

  #load(from: string, specifier: string): Value {
    const target = this.#resolver.resolve(from, specifier);
    const pkg = this.importedAs(from, specifier, target && 'file' in target ? target.file : undefined);
    if (pkg !== undefined) return { t: 'ext', pkg, path: '' };
    if (!target) return unknown;
    if ('package' in target && /^(?:node:)?process$/.test(target.package)) return { t: 'ext', pkg: ':process', path: '' };
    if ('package' in target) return { t: 'ext', pkg: target.package, path: target.subpath === '' ? '' : `/${target.subpath}` };
    if (target.file.endsWith('.json')) return jsonValue(this.#modules.json(target.file), { file: target.file, at: 0 });
    if (target.file.endsWith('.d.ts')) return unknown;
    const code = this.#modules.get(target.file);
    if (!code) return unknown;
    const whole = code.exports.find(x => 'name' in x && x.name === '=');
    return whole ? this.#export(target.file, '=') : { t: 'module', file: target.file };
  }

  #export(file: string, name: string): Value {
    const names = this.#exports.get(file) ?? new Map<string, Value>();
    this.#exports.set(file, names);
    const known = names.get(name);
    if (known) return known;
    const interrupted = this.#interrupted;
    const v = this.#findExport(file, name, new Set());
    if (v.t !== 'unknown' || this.#interrupted === interrupted) names.set(name, v);
    return v;
  }

  #findExport(file: string, name: string, seen: Set<string>): Value {
    const id = `${file}\n${name}`;
    if (seen.has(id)) return unknown;
    seen.add(id);
    const code = this.#modules.get(file);
    if (!code) return unknown;
    const top = this.moduleActivation(code);
    const direct = code.exports.filter(x => 'name' in x && x.name === name);
    if (direct.length > 0) {
      return union(direct.map(x => {
        if ('star' in x) return unknown;
        if ('v' in x) return x.v.k === 'id' && name !== '=' ? this.#exported(x.v.n, top) : this.eval(x.v, top);
        const module = this.#load(file, x.specifier);
        if (module.t === 'ext') return x.imported === '*' ? module : { ...module, path: x.imported };
        if (module.t !== 'module') return this.#plainExport(module, x.imported);
        return x.imported === '*' ? module : this.#findExport(module.file, x.imported, seen);
      }));
    }
    const whole = code.exports.find(x => 'name' in x && x.name === '=');
    if (whole && 'v' in whole) {
      const v = this.eval(whole.v, top);
      return name === 'default' || name === '=' ? v : this.#member(v, name, top, { file, at: 0 });
    }
    if (name === 'default' || name === '=') return name === '=' || code.exports.every(x => 'star' in x || x.name !== 'default') ? { t: 'module', file } : unknown;
    // what files of the repository export is known; a package may export anything
    let outside: Value = unknown;
    for (const x of code.exports) {
      if (!('star' in x)) continue;
      const module = this.#load(file, x.star);
      if (module.t === 'ext' && outside.t === 'unknown' && this.#techOf(module.pkg)) outside = { ...module, path: name };
      if (module.t !== 'module') continue;
      const v = this.#findExport(module.file, name, seen);
      if (v.t !== 'unknown') return v;
    }
    return outside;
  }

  #exported(name: string, top: Activation): Value {
    const list = top.unit.vars.get(name);
    if (list) return this.#variable(name, list, top);
    const type = top.unit.types.get(name);
    if (type) return this.typeValue(type, top);
    return this.#global(name, top.code);
  }

  #param(u: number, i: number, rest: boolean, act: Activation, origin: Origin): Value {
    let a: Activation | undefined = act;
    while (a && a.unit.index !== u) a = a.parent;
    if (!a) return unknown;
    if (rest) return { t: 'arr', items: a.params?.slice(i) ?? [] };
    const given = a.params?.[i];
    if (given && given.t !== 'unknown' && !this.#isOpaque(given)) return given;
    const p = a.unit.params[i];
    if (!p) return given ?? unknown;
    const other = this.#unknownParam(p, i, a, origin);
    return other.t === 'unknown' ? (given ?? unknown) : other;
  }

  /** Something of a package that no technology knows, or got from it, or a list yet to be filled: its declared type tells more. */
  #isOpaque(v: Value): boolean {
    if (v.t === 'arr') return v.items.length === 0;
    if (v.t === 'bound') return v.via === '' && this.#isOpaque(v.on);
    return v.t === 'unknown' || (v.t === 'ext' && v.path.includes('()') && !v.pkg.startsWith(':') && !this.#techOf(v.pkg));
  }

  #unknownParam(p: Param, i: number, a: Activation, origin: Origin): Value {
    if (p.def) {
      const v = this.eval(p.def, a);
      if (v.t !== 'unknown' && !(v.t === 'bool')) return v;
    }
    for (const d of this.decorators(p.decorators, a)) {
      const v = this.#inject(d, p.type, a, origin);
      if (v.t !== 'unknown') return v;
    }
    const isConstructor = a.unit.name.endsWith('.constructor');
    const typed = isConstructor ? this.#injectable(p.type, a, origin) : this.typeValue(p.type, a, origin.at);
    if (typed.t !== 'unknown') return typed;
    for (const tech of this.#params) {
      const v = tech.param?.({ ev: this, act: a, origin, file: a.code.file, unit: a.unit.name, name: p.name, index: i });
      if (v) return v;
    }
    return unknown;
  }

  #injectable(type: TypeRef | undefined, act: Activation, origin: Origin): Value {
    if (!type) return unknown;
    const cls = this.classOf(type, this.moduleActivation(act.code));
    if (cls.t === 'class') return this.token(cls, act, origin);
    return this.typeValue(type, act, origin.at);
  }

  #inject(d: { pkg: string; path: string; name: string; args: readonly Value[] }, type: TypeRef | undefined, act: Activation, origin: Origin): Value {
    const tech = this.#techOf(d.pkg);
    const v = tech?.injected?.({ ev: this, act, origin, path: d.path, args: d.args, ...(type ? { type } : {}) });
    if (v) return v;
    if (/inject/i.test(d.name) && d.args[0]) {
      const given = this.token(d.args[0], act, origin);
      if (given.t !== 'unknown') return given;
    }
    return unknown;
  }

  #type(type: TypeRef, act: Activation, at: number): Value {
    const origin = { file: act.code.file, at };
    if (type.n === 'typeof') {
      const [head = '', ...rest] = (type.a?.[0]?.n ?? '').split('.');
      return rest.reduce((v, part) => this.#member(v, part, act, origin), this.#name(head, act, at));
    }
    if (type.n === 'ReturnType' || type.n === 'InstanceType') {
      const inner = type.a?.[0];
      if (!inner) return unknown;
      const v = this.#type(inner, act, at);
      if (type.n === 'InstanceType') return v.t === 'class' ? { t: 'inst', cls: v } : unknown;
      return this.invoke(v, [], { act, origin });
    }
    const item = /^(?:Readonly)?(?:Array|Set)$/.test(type.n) ? type.a?.[0] : /^(?:Readonly|Weak)?Map$/.test(type.n) ? type.a?.[1] : undefined;
    if (item) return { t: 'arr', items: [this.typeValue(item, act, at)] };
    if (type.p) return this.#shape(type, act, at);
    const [head = '', ...rest] = type.n.split('.');
    const args = (): Value[] => (type.a ?? []).map(a => this.classOf(a, act));
    const v = this.#name(head, act, at);
    const target = rest.reduce((x, part) => this.#member(x, part, act, origin), v);
    if (target.t === 'class') return { t: 'inst', cls: target };
    if (target.t === 'ext') return this.#techOf(target.pkg)?.typed?.({ ev: this, act, origin, pkg: target.pkg, path: target.path, args: args() }) ?? unknown;
    if (target.t === 'handle' && target.kind === 'class') return target;
    return this.#namedType(type.n, act.code, at, new Set());
  }

  /** An interface or alias, here or where it is imported from. */
  #namedType(name: string, code: ModuleCode, at: number, seen: Set<string>): Value {
    const id = `${code.file}\n${name}`;
    if (seen.has(id)) return unknown;
    seen.add(id);
    const own = code.types.get(name);
    if (own) {
      const v = own.n === name ? unknown : this.#type(own, this.moduleActivation(code), at);
      const made = this.#implementers.get(`${code.file}\n${name}`);
      const near = closest((made ?? []).map(value => ({ value, file: value.code.file })), code.file);
      if (near.length === 1 && near[0] && (v.t === 'unknown' || v.t === 'obj')) return { t: 'inst', cls: near[0].value };
      return v;
    }
    const i = code.imports.find(x => x.local === name);
    if (i) {
      const target = this.#resolver.resolve(code.file, i.specifier);
      if (!target || 'package' in target) return unknown;
      return this.#exportedType(i.name === 'default' ? name : i.name, target.file, at, seen);
    }
    return unknown;
  }

  #exportedType(name: string, file: string, at: number, seen: Set<string>): Value {
    const code = this.#modules.get(file);
    if (!code) return unknown;
    if (code.types.has(name) || code.imports.some(i => i.local === name)) return this.#namedType(name, code, at, seen);
    for (const x of code.exports) {
      const specifier = 'star' in x ? x.star : 'specifier' in x && x.name === name ? x.specifier : undefined;
      if (specifier === undefined) continue;
      const target = this.#resolver.resolve(file, specifier);
      const id = `${file}\n*${specifier}\n${name}`;
      if (!target || 'package' in target || seen.has(id)) continue;
      seen.add(id);
      const v = this.#exportedType('imported' in x ? x.imported : name, target.file, at, seen);
      if (v.t !== 'unknown') return v;
    }
    return unknown;
  }

  #shape(type: TypeRef, act: Activation, at: number): Value {
    const p = type.p ?? {};
    const busy = new Set<string>();
    const parents = (): Value[] => (type.a ?? []).map(a => this.#type(a, act, at));
    const known = this.#shapes.get(type);
    if (known) return known;
    const shape: ObjectValue = {
      t: 'obj', sig: `type:${act.code.file}:${Object.keys(p).join(',')}`, origin: { file: act.code.file, at },
      get: key => {
        const t = Object.hasOwn(p, key) ? p[key] : undefined;
        if (t) return this.typeValue(t, act, at);
        if (busy.has(key)) return undefined;
        busy.add(key);
        let found: Value | undefined;
        for (const v of parents()) found ??= get1(v, key);
        busy.delete(key);
        return found;
      },
      keys: () => Object.keys(p),
    };
    this.#shapes.set(type, shape);
    return shape;
  }

  #typeKey(code: ModuleCode, name: string): string {
    const i = code.imports.find(x => x.local === name);
    let file = code.file;
    let known = name;
    if (i) {
      const target = this.#resolver.resolve(code.file, i.specifier);
      if (target && 'file' in target) {
        file = target.file;
        known = i.name;
        // through a barrel to the file that declares it
        for (let n = 0; n < 6; n++) {
          const inner = this.#modules.get(file);
          if (!inner || inner.types.has(known)) break;
          const next = inner.exports.flatMap(x => {
            const s = 'star' in x ? x.star : 'specifier' in x && x.name === known ? x.specifier : undefined;
            const t = s === undefined ? undefined : this.#resolver.resolve(file, s);
            return t && 'file' in t && this.#declaresType(t.file, known, 0) ? [t.file] : [];
          })[0];
          if (next === undefined) break;
          file = next;
        }
      }
    }
    return `${file}\n${known}`;
  }

  #declaresType(file: string, name: string, depth: number): boolean {
    const code = this.#modules.get(file);
    if (!code || depth > 5) return false;
    if (code.types.has(name)) return true;
    return code.exports.some(x => {
      const s = 'star' in x ? x.star : 'specifier' in x && x.name === name ? x.specifier : undefined;
      const t = s === undefined ? undefined : this.#resolver.resolve(file, s);
      return t !== undefined && 'file' in t && this.#declaresType(t.file, name, depth + 1);
    });
  }

  // ---- members ----

  #member(o: Value, name: string, act: Activation, origin: Origin): Value {
    switch (o.t) {
      case 'union': return union(o.of.map(x => this.#member(x, name, act, origin)));
      case 'obj': {
        const v = o.get(name);
        if (v && v.t !== 'unknown') return v;
        for (const tech of o.open ? this.#fillers : []) {
          const filled = tech.filled?.({ ev: this, act, origin, on: o, path: '', name });
          if (filled) return filled;
        }
        return { t: 'bound', on: o, name, via: '' };
      }
      case 'env': {
        if (name === 'env' || name === 'data' || name === 'value' || name === 'parsed') return o;
        return { t: 'text', parts: [{ ref: 'env', key: name, origin }], origin };
      }
      case 'ext': {
        if (o.pkg === ':process' && name === 'env') return env;
        if (o.pkg === ':import.meta' && name === 'env') return env;
        if ((o.pkg === ':globalThis' || o.pkg === ':global') && o.path === '') return this.#globalMember(o, name, act);
        const tech = this.#techOf(o.pkg);
        const v = tech?.member?.({ ev: this, act, origin, on: o, path: o.path, name });
        if (v) return v;
        return { t: 'ext', pkg: o.pkg, path: o.path === '' || o.path === 'default' ? name : `${o.path}.${name}`, ...(o.args ? { args: o.args } : {}) };
      }
      case 'module': {
        const v = this.#export(o.file, name);
        return v;
      }
      case 'handle': return this.#byId.get(o.tech)?.member?.({ ev: this, act, origin, on: o, path: '', name }) ?? { t: 'bound', on: o, name, via: o.tech };
      case 'inst': return this.#instanceMember(o, name, act, origin);
      case 'class': return this.#classMember(o, name, act, origin);
      case 'fn': return name === 'bind' || name === 'call' || name === 'apply' ? { t: 'bound', on: o, name, via: '' } : this.#functionMember(o, name);
      case 'text':
        // of a URL made of it
        return name === 'href' ? o : { t: 'bound', on: o, name, via: '' };
      case 'unknown':
      case 'bound':
      case 'arr':
        return { t: 'bound', on: o, name, via: '' };
      default: return unknown;
    }
  }

  /** `globalThis.x`: a name of the language, or what this file puts there to have it only once. */
  #globalMember(o: Value, name: string, act: Activation): Value {
    if (name === 'process') return { t: 'ext', pkg: ':process', path: '' };
    if (globals.has(name)) return { t: 'ext', pkg: ':global', path: name };
    const fills = ['globalThis', 'global'].flatMap(g => act.code.fills.get(g) ?? []).filter(f => f.key === name);
    const kept = union(fills.map(f => this.eval(f.v, this.#unitAct(act.code, f.unit, act))));
    return kept.t === 'unknown' ? { t: 'bound', on: o, name, via: '' } : kept;
  }

  /** `f.x = …` on a function, as CommonJS modules do. */
  #functionMember(f: FunctionValue, name: string): Value {
    const fills = f.code.fills.get(f.unit.name);
    const hit = fills?.filter(x => x.key === name);
    return hit && hit.length > 0 ? union(hit.map(x => this.eval(x.v, this.moduleActivation(f.code)))) : unknown;
  }

  /** The classes of an instance, each with the arguments of its constructor. */
  #chain(inst: InstanceValue): { cls: ClassValue; args: readonly Value[] | undefined }[] {
    const key = signature(inst);
    const known = this.#chains.get(key);
    if (known) return known;
    const list: { cls: ClassValue; args: readonly Value[] | undefined }[] = [];
    this.#chains.set(key, list);
    let args = inst.args;
    for (const cls of this.lineage(inst.cls).classes) {
      list.push({ cls, args });
      const ctor = cls.decl.ctor === undefined ? undefined : cls.code.units[cls.decl.ctor];
      if (!ctor) continue;
      const call = findSuper(ctor.exprs);
      if (!call) {
        args = undefined;
        continue;
      }
      args = this.#args(call.a, this.#activate(cls.code, ctor, args, inst, cls.scope));
    }
    return list;
  }

  /** What the package's class at the root of an instance's classes is constructed with. */
  rootArgs(inst: InstanceValue): readonly Value[] | undefined {
    const last = this.#chain(inst).at(-1);
    const ctor = last?.cls.decl.ctor === undefined ? undefined : last.cls.code.units[last.cls.decl.ctor];
    if (!last || !ctor) return last?.args;
    const call = findSuper(ctor.exprs);
    return call && this.#args(call.a, this.#activate(last.cls.code, ctor, last.args, inst, last.cls.scope));
  }

  #instanceMember(inst: InstanceValue, name: string, act: Activation, origin: Origin): Value {
    const key = `${signature(inst)}.${name}`;
    const known = this.#members.get(key);
    if (known) return known;
    this.#members.set(key, unknown);
    const v = this.#findMember(inst, this.#chain(inst), name, act, origin);
    this.#members.set(key, v);
    return v;
  }

  #findMember(inst: InstanceValue, chain: readonly { cls: ClassValue; args: readonly Value[] | undefined }[], name: string, act: Activation, origin: Origin): Value {
    let fallback: Value = unknown;
    for (const { cls, args } of chain) {
      const v = this.#ownMember(inst, cls, args, name, origin);
      if (v && v.t !== 'unknown') return v;
      if (v) fallback = v;
    }
    const last = chain.at(-1)?.cls;
    const root = last ? this.lineage(last).root : undefined;
    for (const r of each(root)) {
      const tech = r.t === 'ext' ? this.#techOf(r.pkg) : r.t === 'handle' ? this.#byId.get(r.tech) : undefined;
      const v = tech?.member?.({ ev: this, act, origin, on: inst, path: r.t === 'ext' ? r.path : '', name });
      if (v) return v;
      if (tech) return { t: 'bound', on: inst, name, via: tech.id };
    }
    return fallback.t === 'unknown' ? { t: 'bound', on: inst, name, via: '' } : fallback;
  }

  #ownMember(inst: InstanceValue, cls: ClassValue, args: readonly Value[] | undefined, name: string, origin: Origin): Value | undefined {
    const { code, decl, scope } = cls;
    const fieldsUnit = code.units.find(u => u.cls === decl.index && u.name === `${decl.name}#fields`);
    const fields = fieldsUnit ? this.#activate(code, fieldsUnit, undefined, inst, scope) : scope;
    for (const m of decl.members) {
      if (m.name !== name || m.isStatic || m.kind === 'field') continue;
      const unit = m.unit === undefined ? undefined : code.units[m.unit];
      if (!unit) continue;
      const fn: FunctionValue = { t: 'fn', code, unit, parent: scope, self: inst };
      return m.kind === 'get' ? this.#apply(fn, [], fields, { k: 'unk', e: [], at: m.at }, origin, [], false) : fn;
    }
    const found: Value[] = [];
    for (const a of decl.assigned.get(name) ?? []) {
      const unit = code.units[a.unit];
      if (!unit) continue;
      found.push(...this.#enclosing(code, unit, decl, args, inst, scope).map(inner => this.eval(a.v, inner)));
    }
    const given = union(found);
    if (given.t !== 'unknown' && !this.#isOpaque(given)) return given;
    for (const m of decl.members) {
      if (m.name !== name || m.isStatic) continue;
      const own = m.value ? this.eval(m.value, fields) : unknown;
      if (own.t !== 'unknown' && !this.#isOpaque(own)) return own;
      const v = this.#field(m, fields, origin);
      if (v.t !== 'unknown') return v;
      if (own.t !== 'unknown') return own;
    }
    if (given.t !== 'unknown') return given;
    return found.length > 0 || decl.members.some(m => m.name === name) ? unknown : undefined;
  }

  /** The activation in which `this.x = …` stands: the constructor with its arguments, or another method, or a closure in one. */
  #enclosing(code: ModuleCode, unit: Unit, decl: ClassDecl, args: readonly Value[] | undefined, inst: InstanceValue, scope: Activation): readonly Activation[] {
    if (unit.index === decl.ctor) return [this.#activate(code, unit, args, inst, scope)];
    if (unit.parent === decl.scope) return [this.#activate(code, unit, undefined, inst, scope)];
    const parent = code.units[unit.parent];
    if (!parent || unit.parent < 0) return [scope];
    return this.#enclosing(code, parent, decl, args, inst, scope).flatMap(outer => this.#runsIn(code, unit, inst, outer));
  }

  #field(m: Member, act: Activation, origin: Origin): Value {
    const here = { file: act.code.file, at: m.at };
    for (const d of this.decorators(m.decorators, act)) {
      const v = this.#inject(d, m.type, act, here);
      if (v.t !== 'unknown') return v;
    }
    const cls = this.classOf(m.type, this.moduleActivation(act.code));
    return cls.t === 'class' ? this.token(cls, act, origin) : this.typeValue(m.type, act, m.at);
  }

  #classMember(cls: ClassValue, name: string, act: Activation, origin: Origin): Value {
    if (name === 'name') return text(cls.decl.name, { file: cls.code.file, at: cls.decl.at });
    const { classes, root } = this.lineage(cls);
    for (const c of classes) {
      const fills = c.code.fills.get(c.decl.name)?.filter(f => f.key === name);
      if (fills && fills.length > 0) return union(fills.map(f => this.eval(f.v, this.#unitAct(c.code, f.unit, c.scope))));
      for (const m of c.decl.members) {
        if (!m.isStatic || m.name !== name) continue;
        const unit = m.unit === undefined ? undefined : c.code.units[m.unit];
        if (unit) {
          const fn: FunctionValue = { t: 'fn', code: c.code, unit, parent: c.scope, self: cls };
          return m.kind === 'get' ? this.#apply(fn, [], act, { k: 'unk', e: [], at: m.at }, origin, [], false) : fn;
        }
        const fields = c.code.units.find(u => u.cls === c.decl.index && u.name === `${c.decl.name}#fields`);
        if (m.value && fields) return this.eval(m.value, this.#activate(c.code, fields, undefined, cls, c.scope));
        return this.#field(m, c.scope, origin);
      }
    }
    for (const r of each(root)) {
      const tech = r.t === 'ext' ? this.#techOf(r.pkg) : r.t === 'handle' ? this.#byId.get(r.tech) : undefined;
      const v = tech?.member?.({ ev: this, act, origin, on: cls, path: r.t === 'ext' ? r.path : '', name });
      if (v) return v;
      if (tech) return { t: 'bound', on: cls, name, via: tech.id };
    }
    // decorated classes may have methods from elsewhere (TypeORM's BaseEntity mixed in, Typegoose): ask by decorator
    return { t: 'bound', on: cls, name, via: '' };
  }

  #unitAct(code: ModuleCode, unit: number, fallback: Activation): Activation {
    const u = code.units[unit];
    return u ? this.genericActivation(code, u) : fallback;
  }

  #superMember(name: string, act: Activation, origin: Origin): Value {
    const inst = act.self;
    if (inst?.t === 'class') {
      const { classes, root } = this.lineage(inst);
      const at = classes.findIndex(c => c.decl.index === act.unit.cls && c.code === act.code);
      const next = classes[at + 1];
      if (next) return this.#classMember(next, name, act, origin);
      const tech = root?.t === 'ext' ? this.#techOf(root.pkg) : root?.t === 'handle' ? this.#byId.get(root.tech) : undefined;
      return tech ? { t: 'bound', on: inst, name, via: tech.id } : unknown;
    }
    if (inst?.t !== 'inst') return unknown;
    const chain = this.#chain(inst);
    const at = chain.findIndex(c => c.cls.decl.index === act.unit.cls && c.cls.code === act.code);
    return this.#findMember(inst, chain.slice(at + 1).length > 0 ? chain.slice(at + 1) : chain.slice(-1).map(c => ({ ...c, cls: { ...c.cls, decl: { ...c.cls.decl, members: [], assigned: new Map() } } })), name, act, origin);
  }

  // ---- calls ----

  #call(e: Expr & { k: 'call' }, act: Activation, origin: Origin): Value {
    if (e.f.k === 'super') {
      const args = this.#args(e.a, act);
      this.#superCall(args, act, origin);
      return unknown;
    }
    const f = this.eval(e.f, act);
    const args = this.#args(e.a, act);
    return this.#callValue(f, args, act, e, origin, e.t ?? [], false, false);
  }

  #callValue(f: Value, args: readonly Value[], act: Activation, e: Expr, origin: Origin, types: readonly TypeRef[], isNew: boolean, isTag: boolean): Value {
    const all = f.t === 'union' ? f.of : [f];
    return union(all.map(one => this.#apply(one, args, act, e, origin, types, isNew, isTag)));
  }

  #superCall(args: readonly Value[], act: Activation, origin: Origin): void {
    const inst = act.self;
    if (inst?.t !== 'inst') return;
    const chain = this.#chain(inst);
    const at = chain.findIndex(c => c.cls.decl.index === act.unit.cls && c.cls.code === act.code);
    const next = at < 0 ? undefined : chain[at + 1];
    if (next) {
      const ctor = next.cls.decl.ctor === undefined ? undefined : next.cls.code.units[next.cls.decl.ctor];
      if (ctor) reach(act, this.#activate(next.cls.code, ctor, args, inst, next.cls.scope), origin);
      return;
    }
    const root = this.lineage(inst.cls).root;
    if (root?.t === 'ext') this.#techOf(root.pkg)?.call?.(this.#site(act, origin, { pkg: root.pkg, path: `${root.path}.super`, name: 'super', on: inst, args, types: [], isNew: true, receiver: '' }));
  }

  #site(act: Activation, origin: Origin, rest: Omit<CallSite, 'ev' | 'act' | 'origin'>): CallSite {
    return { ev: this, act, origin, ...rest };
  }

  #apply(f: Value, args: readonly Value[], act: Activation, e: Expr, origin: Origin, types: readonly TypeRef[], isNew: boolean, isTag = false): Value {
    switch (f.t) {
      case 'fn': {
        const callee = this.#activate(f.code, f.unit, args, f.self, f.parent);
        reach(act, callee, origin);
        // what is not seen being called in there may be called all the same
        if (callee.generic) this.#callbacks(args, act, origin, 2);
        if (isNew) return unknown;
        const v = union(f.unit.returns.map(r => this.eval(r, callee)));
        return this.#isOpaque(v) ? this.#thunk(args, act, origin, v) : v;
      }
      case 'class': {
        if (!isNew) return unknown;
        const inst: InstanceValue = { t: 'inst', cls: f, ...(args.length > 0 ? { args } : {}) };
        if (this.#isError(f)) return inst;
        for (const { cls, args: given } of this.#chain(inst)) {
          const ctor = cls.decl.ctor === undefined ? undefined : cls.code.units[cls.decl.ctor];
          if (ctor) reach(act, this.#activate(cls.code, ctor, given, inst, cls.scope), origin);
          const fields = cls.code.units.find(u => u.cls === cls.decl.index && u.name === `${cls.decl.name}#fields`);
          if (fields) reach(act, this.#activate(cls.code, fields, undefined, inst, cls.scope), origin);
        }
        const root = this.lineage(f).root;
        if (root?.t === 'ext') this.#techOf(root.pkg)?.call?.(this.#site(act, origin, { pkg: root.pkg, path: `${root.path}.extended`, name: 'extended', on: inst, args, types, isNew, receiver: '' }));
        return inst;
      }
      case 'ext': return this.#external(f, args, act, e, origin, types, isNew);
      case 'handle': {
        const v = this.#byId.get(f.tech)?.call?.(this.#site(act, origin, { path: '', on: f, name: isTag ? '`' : isNew ? 'new' : '()', args, types, isNew, receiver: receiverOf(e) }));
        if (!v) this.#callbacks(args, act, origin);
        return v ?? unknown;
      }
      case 'bound': return this.#method(f, args, act, e, origin, types, isTag);
      case 'union': return this.#callValue(f, args, act, e, origin, types, isNew, isTag);
      default:
        this.#callbacks(args, act, origin);
        return unknown;
    }
  }

  /** Making an error touches no data, and errors are made everywhere. */
  #isError(cls: ClassValue): boolean {
    const { root } = this.lineage(cls);
    return root?.t === 'ext' && root.pkg === ':global' && root.path.endsWith('Error');
  }

  #external(f: Value & { t: 'ext' }, args: readonly Value[], act: Activation, e: Expr, origin: Origin, types: readonly TypeRef[], isNew: boolean): Value {
    const tech = this.#techOf(f.pkg);
    if (tech?.call) {
      const v = tech.call(this.#site(act, origin, { pkg: f.pkg, path: f.path, name: lastName(f.path), args, types, isNew, receiver: receiverOf(e) }));
      if (v) return v;
    }
    if (!tech) {
      const v = this.#unclaimed(act, origin, { pkg: f.pkg, path: '', on: f, name: lastName(f.path), args, types, isNew, receiver: lastName(f.path.slice(0, -lastName(f.path).length - 1)) || receiverOf(e) });
      if (v) return v;
    }
    this.#callbacks(args, act, origin);
    if (f.pkg === ':global') {
      const v = this.#globalCall(f.path, args);
      const item = f.path === 'Set' ? types[0] : f.path === 'Map' || f.path === 'WeakMap' ? types[1] : undefined;
      return item && v.t === 'unknown' ? { t: 'arr', items: [this.typeValue(item, act, origin.at)] } : v;
    }
    // whatever is made of the environment by a library is taken to be the environment still
    if (args.some(a => a.t === 'env')) return env;
    const v: Value = { t: 'ext', pkg: f.pkg, path: `${f.path}()`, args };
    return tech || isNew ? v : this.#thunk(args, act, origin, v);
  }

  /** `once('db', () => connect())`, `retry(() => query())`: who is given a function without parameters gives what that gives. */
  #thunk(args: readonly Value[], act: Activation, origin: Origin, otherwise: Value): Value {
    const [fn, ...more] = args.flatMap(each).filter(v => v.t === 'fn');
    if (fn?.t !== 'fn' || more.length > 0 || fn.unit.params.length > 0) return otherwise;
    const v = this.invoke(fn, [], { act, origin });
    return this.#isOpaque(v) ? otherwise : v;
  }

  #globalCall(path: string, args: readonly Value[]): Value {
    const [first] = args;
    if (!first) return unknown;
    if (['String', 'Number', 'parseInt', 'parseFloat', 'Boolean', 'Object.freeze', 'Object.seal', 'Symbol', 'Symbol.for', 'Promise.resolve', 'structuredClone', 'encodeURIComponent'].includes(path)) return first;
    if (path === 'Promise.all' || path === 'Promise.allSettled' || path === 'Array.from') return first;
    if (path === 'Object.values' && first.t === 'obj') return { t: 'arr', items: first.keys().map(k => first.get(k) ?? unknown) };
    if (path === 'Object.keys' && first.t === 'obj') return { t: 'arr', items: first.keys().map(k => text(k, first.origin)) };
    if (path === 'Object.entries' && first.t === 'obj') return { t: 'arr', items: first.keys().map(k => ({ t: 'arr', items: [text(k, first.origin), first.get(k) ?? unknown] })) };
    // what is filtered out of the environment is the environment still
    if (path === 'Object.entries' && first.t === 'env') return { t: 'arr', items: [{ t: 'arr', items: [unknown, env] }] };
    if (path === 'Object.fromEntries' && first.t === 'arr') return first.items.some(i => i.t === 'arr' && i.items.some(x => x.t === 'env')) ? env : unknown;
    if (path === 'Object.assign') return args.some(a => a.t === 'env') ? env : merged(args);
    if (path === 'URL' || path === 'Set') return first;
    // what a map is asked for may be any of its values
    if (path === 'Map' && first.t === 'arr') return { t: 'arr', items: first.items.flatMap(i => (i.t === 'arr' ? (i.items[1] ?? []) : [])) };
    return unknown;
  }

  /** Functions handed to code that is not ours may be called by it, with arguments unknown. */
  #callbacks(args: readonly Value[], act: Activation, origin: Origin, depth = 0): void {
    for (const a of args) {
      for (const one of each(a)) {
        if (one.t === 'fn') reach(act, this.#activate(one.code, one.unit, undefined, one.self, one.parent), origin);
        else if (one.t === 'class') this.#reachClass(one, act);
        // what a type promises is no function that was handed over
        else if (one.t === 'obj' && !one.sig.startsWith('type:')) for (const k of one.keys().slice(0, 40)) {
          const v = one.get(k);
          if (v && (v.t === 'fn' || v.t === 'class')) this.#reach(v, act);
          else if (v && v.t === 'arr' && depth < 2) this.#callbacks(v.items, act, origin, depth + 1);
        }
        else if (one.t === 'arr') for (const v of one.items) this.#reach(v, act);
      }
    }
  }

  #method(f: Value & { t: 'bound' }, args: readonly Value[], act: Activation, e: Expr, origin: Origin, types: readonly TypeRef[], isTag: boolean): Value {
    const { on, name } = f;
    if ((name === 'then' || name === 'finally' || name === 'catch') && on.t !== 'arr') {
      const results = args.flatMap(a => each(a)).map(a => this.#apply(a, name === 'then' ? [this.#awaited(on)] : [], act, e, origin, [], false));
      return name === 'then' && results[0] && results[0].t !== 'unknown' ? results[0] : on;
    }
    if (on.t === 'bound' && name === 'bind') return on;
    if (on.t === 'fn') {
      if (name === 'bind') return on;
      return this.#apply(on, name === 'call' ? args.slice(1) : [], act, e, origin, types, false);
    }
    if (on.t === 'arr') return this.#arrayMethod(on, name, args, act, origin);
    if (on.t === 'text') return this.#textMethod(on, name, args);
    const tech = f.via === '' ? undefined : this.#byId.get(f.via);
    if (tech?.call) {
      const v = tech.call(this.#site(act, origin, { path: '', on, name: isTag ? `\`${name}` : name, args, types, isNew: false, receiver: receiverOf(e) }));
      if (v) return v;
    }
    if (on.t === 'bound' && name === 'bind') return on;
    if (f.via === '') {
      const v = this.#unclaimed(act, origin, { path: '', on, name: isTag ? `\`${name}` : name, args, types, isNew: false, receiver: receiverOf(e) });
      if (v) return v;
    }
    if ((name === 'map' || name === 'flatMap') && args[0]?.t === 'fn') {
      const item = this.invoke(args[0], [unknown], { act, origin });
      return item.t === 'unknown' ? unknown : { t: 'arr', items: [item] };
    }
    this.#callbacks(args, act, origin);
    if (args.some(a => a.t === 'env')) return env;
    return unknown;
  }

  /** A call on what no technology knows: its shape may tell, or a plugin among its arguments. */
  #unclaimed(act: Activation, origin: Origin, call: Omit<CallSite, 'ev' | 'act' | 'origin'>): Value | undefined {
    const site = this.#site(act, origin, call);
    for (const a of call.args) {
      if (a.t === 'ext') this.#techOf(a.pkg)?.plugged?.({ ...site, pkg: a.pkg, path: a.path });
    }
    for (const duck of this.#ducks) {
      const v = duck.duck?.(site);
      if (v) return v;
    }
    return undefined;
  }

  #arrayMethod(on: Value & { t: 'arr' }, name: string, args: readonly Value[], act: Activation, origin: Origin): Value {
    const item = union(on.items);
    switch (name) {
      case 'map':
      case 'flatMap':
        return { t: 'arr', items: on.items.slice(0, maxUnion).map((x, i) => this.invoke(args[0], [x, { t: 'num', v: i }], { act, origin })) };
      case 'forEach':
      case 'some':
      case 'every':
        for (const x of on.items.slice(0, maxUnion)) this.invoke(args[0], [x], { act, origin });
        return unknown;
      case 'filter':
      case 'slice':
      case 'reverse':
      case 'sort':
      case 'flat':
        this.invoke(args[0], [item], { act, origin });
        return on;
      case 'concat': return { t: 'arr', items: [...on.items, ...args.flatMap(a => (a.t === 'arr' ? a.items : [a]))] };
      case 'values':
        return on;
      case 'get':
      case 'find':
      case 'at':
      case 'pop':
      case 'shift':
        return item;
      case 'join': {
        const sep = literal(args[0]) ?? ',';
        return textOf(on.items.flatMap((x, i): Part[] => (i === 0 ? [...partsOf(x)] : [sep, ...partsOf(x)])), origin);
      }
      default:
        this.#callbacks(args, act, origin);
        return unknown;
    }
  }

  #textMethod(on: Text, name: string, args: readonly Value[]): Value {
    const s = literal(on);
    switch (name) {
      case 'toString':
      case 'trim':
      case 'trimEnd':
      case 'trimStart':
      case 'valueOf':
        return on;
      case 'toLowerCase': return s === undefined ? on : { ...on, parts: [s.toLowerCase()] };
      case 'toUpperCase': return s === undefined ? on : { ...on, parts: [s.toUpperCase()] };
      case 'concat': return textOf([...on.parts, ...args.flatMap(partsOf)], on.origin);
      case 'replace':
      case 'replaceAll': {
        const from = literal(args[0]);
        const to = args[1] ? partsOf(args[1]) : [null];
        // a pattern changes marks in a statement, not its sense
        if (from === undefined && on.parts.some(p => typeof p === 'string' && /\S\s+\S+\s+\S/.test(p))) return on;
        if (s === undefined || from === undefined || from === '') return textOf([null], on.origin);
        const [head = '', ...tail] = s.split(from);
        return textOf(tail.flatMap((t, i): Part[] => (i === 0 || name === 'replaceAll' ? [...to, t] : [from, t])).reduce<Part[]>((all, p) => [...all, p], [head]), on.origin);
      }
      case 'split': {
        const sep = literal(args[0]);
        return s === undefined || sep === undefined ? { t: 'arr', items: [on] } : { t: 'arr', items: s.split(sep).map(x => text(x, on.origin)) };
      }
      default: return on.parts.some(p => p !== null && typeof p === 'object') ? on : unknown;
    }
  }

  // ---- activations ----

  #activate(code: ModuleCode, unit: Unit, params: readonly Value[] | undefined, self: Value | undefined, parent: Activation | undefined): Activation {
    // what tells nothing makes no context of its own
    let given = params?.some(p => this.#matters(p)) ? params.map(p => (this.#matters(p) ? p : unknown)) : undefined;
    const table = this.#activations.get(unit) ?? { byKey: new Map<string, Activation>(), contexts: 0, shapes: 0 };
    this.#activations.set(unit, table);
    const owner = self ? signature(self) : '';
    const general = owner === '' ? `${parent?.id ?? ''}` : `${parent?.id ?? ''}|${owner}`;
    let key = given ? `${general}|${given.map(p => signature(p)).join(',')}` : general;
    let known = table.byKey.get(key);
    if (known) return known;
    if (given) {
      // objects differ at every call; a few of them tell what there is to tell
      const isShape = given.every(p => p.t === 'unknown' || p.t === 'obj' || p.t === 'arr' || p.t === 'fn');
      const more = this.#isNearData(code) ? nearData : 1;
      if (table.contexts >= maxContexts * more || (isShape && table.shapes >= maxShapes * more)) {
        given = undefined;
        key = general;
        known = table.byKey.get(key);
        if (known) return known;
      } else if (isShape) table.shapes++;
    }
    table.contexts++;
    const made: Activation = {
      id: ++this.#made, code, unit, generic: given === undefined, visited: false, uses: [], reaches: new Map(), memo: new Map(), names: new Map(),
      ...(given ? { params: given } : {}), ...(self ? { self } : {}), ...(parent ? { parent } : {}),
    };
    table.byKey.set(key, made);
    if (given) this.#given.set(unit, [...(this.#given.get(unit) ?? []), made]);
    return made;
  }

  #isNearData(code: ModuleCode): boolean {
    const known = this.#near.get(code);
    if (known !== undefined) return known;
    const near = code.specifiers.some(s => {
      const tech = s.typeOnly ? undefined : this.#techOf(packageOf(s.s));
      return tech !== undefined && tech.auxiliary !== true;
    });
    this.#near.set(code, near);
    return near;
  }

  /** Whether a value can lead to data: clients, models and what makes them, and names and addresses of things. */
  #matters(v: Value, depth = 0): boolean {
    switch (v.t) {
      case 'handle':
      case 'inst':
      case 'class':
      case 'env':
      case 'module':
        return true;
      case 'fn':
        return depth === 0;
      case 'text':
        return !isProse(v) && v.parts.some(p => p !== null);
      case 'ext':
        return v.pkg === ':process' || this.#techOf(v.pkg) !== undefined;
      case 'union':
        return v.of.some(o => this.#matters(o, depth));
      case 'arr':
        return depth < 2 && v.items.slice(0, 4).some(i => this.#matters(i, i.t === 'obj' ? depth : depth + 1));
      case 'obj':
        return depth < 2 && this.#hasMatter(v, depth);
      default:
        return false;
    }
  }

  /** Of an object's texts only those under a telling key count: most are states and labels. */
  #hasMatter(v: ObjectValue, depth: number): boolean {
    const known = this.#mattering.get(v.sig);
    if (known !== undefined) return known;
    this.#mattering.set(v.sig, false);
    const found = v.keys().slice(0, 24).some(key => {
      const inner = v.get(key);
      if (!inner) return false;
      return inner.t === 'text' ? tellingKey.test(key) && this.#matters(inner) : this.#matters(inner, depth + 1);
    });
    this.#mattering.set(v.sig, found);
    return found;
  }

  get activationCount(): number {
    return this.#made;
  }

  /** The package that a technology takes an import for. */
  importedAs(from: string, specifier: string, file: string | undefined): string | undefined {
    for (const tech of this.#importers) {
      const pkg = tech.importedAs?.({ from, specifier, ...(file === undefined ? {} : { file }) });
      if (pkg !== undefined) return pkg;
    }
    return undefined;
  }

  tech(pkg: string): Technology | undefined {
    return this.#techOf(pkg);
  }

  #techOf(pkg: string): Technology | undefined {
    return this.#byPackage.get(pkg) ?? this.#prefixes.find(([p]) => pkg.startsWith(p))?.[1];
  }
}

const globals = new Set(['String', 'Number', 'Boolean', 'Object', 'Array', 'Promise', 'Symbol', 'parseInt', 'parseFloat', 'JSON', 'URL', 'fetch', 'console', 'setTimeout', 'setInterval', 'structuredClone', 'encodeURIComponent', 'Deno', 'Bun', 'Map', 'Set', 'Error', 'TypeError', 'RangeError', 'AggregateError']);

/** Methods that frameworks call on a class they are given. */
const frameworkHooks = new Set(['onModuleInit', 'onApplicationBootstrap', 'onModuleDestroy', 'canActivate', 'validate', 'intercept', 'transform', 'use', 'catch', 'configure', 'afterInit', 'handleConnection', 'handleDisconnect', 'process', 'run', 'up', 'resolve']);

/** A sentence is a message or a query; only queries take part. */
function isProse(v: Value): boolean {
  if (v.t !== 'text') return false;
  const [first] = v.parts;
  return typeof first === 'string' && /\S\s+\S/.test(first) && !/^[\s(]*(select|insert|update|delete|with|create|alter|drop|merge|replace|truncate|copy|call|exec|begin)\b/i.test(first);
}

const tellingKey = /table|collection|model|entity|index|ur[il]|host|database|^db|schema|queue|keyspace|bucket|from|into|sql|query|text|prefix|suffix|name|stage/i;

/** `A || B || value` of variables: whether there is still nothing behind the last of them. */
function isOpenEnded(ref: Ref): boolean {
  if (!ref.def) return true;
  const [only] = ref.def.t === 'text' && ref.def.parts.length === 1 ? ref.def.parts : [];
  return typeof only === 'object' && only !== null && isOpenEnded(only);
}

function orElse(ref: Ref, last: Value): Ref {
  const [only] = ref.def?.t === 'text' ? ref.def.parts : [];
  return { ...ref, def: typeof only === 'object' && only !== null && ref.def?.t === 'text' ? { ...ref.def, parts: [orElse(only, last)] } : last };
}

/** One line of code may open several datastores, by what it is given. */
function openedAs(store: StoreRef & { kind: 'open' }, depth: number): string {
  return [store.url, store.host, store.database, store.schema].map(v => (v ? signature(v, depth) : '')).join();
}

export function signature(v: Value, depth = 0): string {
  switch (v.t) {
    case 'text': return `'${v.parts.map(p => (p === null ? '\uFFFC' : typeof p === 'string' ? p : `\${${p.ref}:${p.key}${p.def && depth < 3 ? `|${signature(p.def, depth + 1)}` : ''}}`)).join('')}'`;
    case 'num': return String(v.v);
    case 'bool': return String(v.v);
    case 'obj': return `{${v.sig}}`;
    case 'arr': return depth > 3 ? '[]' : `[${v.items.slice(0, 8).map(i => signature(i, depth + 1)).join(',')}]`;
    case 'fn': return `f:${v.code.file}#${v.unit.index}@${v.parent.id}${v.self && depth < 3 ? signature(v.self, depth + 1) : ''}`;
    case 'class': return `c:${v.code.file}#${v.decl.index}@${v.scope.id}`;
    case 'inst': return `i:${v.cls.code.file}#${v.cls.decl.index}@${v.cls.scope.id}${v.args && depth < 3 ? `(${v.args.map(a => signature(a, depth + 1)).join(',')})` : ''}`;
    case 'ext': return `x:${v.pkg}:${v.path}`;
    case 'module': return `m:${v.file}`;
    case 'union': return depth > 3 ? 'u' : `u(${v.of.map(o => signature(o, depth + 1)).join('|')})`;
    case 'handle': return `h:${v.tech}:${v.kind}:${v.store ? `${v.store.tech}@${v.store.origin.file}:${v.store.kind === 'open' ? `${v.store.origin.at}${depth < 3 ? openedAs(v.store, depth + 1) : ''}` : ''}${v.store.name && depth < 3 ? signature(v.store.name, depth + 1) : ''}` : ''}:${v.table && depth < 3 ? signature(v.table, depth + 1) : ''}:${v.model && depth < 3 ? signature(v.model, depth + 1) : ''}:${v.name ?? ''}${v.text && depth < 3 ? signature(v.text, depth + 1) : ''}`;
    case 'bound': return `b:${v.name}:${depth < 3 ? signature(v.on, depth + 1) : ''}`;
    case 'env': return 'env';
    case 'unknown': return '?';
  }
}

export function union(values: readonly Value[]): Value {
  const [only] = values;
  if (values.length === 1 && only) return only;
  const seen = new Map<string, Value>();
  for (const v of values) {
    for (const one of v.t === 'union' ? v.of : [v]) {
      if (one.t === 'unknown' || (one.t === 'bool' && one.v === null)) continue;
      if (seen.size < maxUnion) seen.set(signature(one), one);
    }
  }
  // a value that is known in one branch and only half known in another is the known one
  if ([...seen.values()].some(v => v.t !== 'bound')) for (const [k, v] of seen) if (v.t === 'bound') seen.delete(k);
  const [first] = seen.values();
  if (!first) return unknown;
  return seen.size === 1 ? first : { t: 'union', of: [...seen.values()] };
}

export function partsOf(v: Value): readonly Part[] {
  if (v.t === 'text') return v.parts;
  if (v.t === 'num') return [String(v.v)];
  if (v.t === 'bool') return [String(v.v)];
  if (v.t === 'handle') return v.text?.parts ?? [null];
  if (v.t === 'union') {
    const [first] = v.of.filter(x => x.t === 'text' || (x.t === 'handle' && x.text));
    return first ? partsOf(first) : [null];
  }
  return [null];
}

/** The parts of each text that a value may be. */
function choicesOf(v: Value): readonly (readonly Part[])[] {
  const all = v.t === 'union' ? v.of.filter(x => x.t === 'text' || x.t === 'num').map(partsOf) : [];
  return all.length > 0 ? all : [partsOf(v)];
}

/** Every text with every continuation; of too many only the first continuation. */
function joinedTo(texts: readonly (readonly Part[])[], more: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  const given = texts.length * more.length > maxUnion ? more.slice(0, 1) : more;
  return texts.flatMap(t => given.map(m => [...t, ...m]));
}

export function textOf(parts: readonly Part[], origin?: Origin): Text {
  const joined: Part[] = [];
  for (const p of parts) {
    const last = joined.at(-1);
    if (typeof p === 'string' && typeof last === 'string') joined[joined.length - 1] = last + p;
    else joined.push(p);
  }
  return { t: 'text', parts: joined, ...(origin ? { origin } : {}) };
}

function merged(args: readonly Value[]): Value {
  const objects = args.filter((a): a is ObjectValue => a.t === 'obj');
  const [first] = objects;
  if (!first) return unknown;
  return {
    t: 'obj', sig: objects.map(o => o.sig).join('+'), origin: first.origin,
    get: key => {
      let found: Value | undefined;
      for (const o of objects) {
        const v = o.get(key);
        if (v && v.t !== 'unknown') found = v;
      }
      return found;
    },
    keys: () => [...new Set(objects.flatMap(o => o.keys()))],
  };
}

function get1(v: Value, key: string): Value | undefined {
  for (const one of each(v)) if (one.t === 'obj') return one.get(key);
  return undefined;
}

export function jsonValue(json: unknown, origin: Origin, path = ''): Value {
  if (typeof json === 'string') return text(json, origin);
  if (typeof json === 'number') return { t: 'num', v: json };
  if (typeof json === 'boolean') return { t: 'bool', v: json };
  if (Array.isArray(json)) return { t: 'arr', items: json.map((x, i) => jsonValue(x, origin, `${path}.${i}`)) };
  if (!isRecord(json)) return unknown;
  return {
    t: 'obj', sig: `json:${origin.file}${path}`, origin,
    get: key => (Object.hasOwn(json, key) ? jsonValue(json[key], origin, `${path}.${key}`) : undefined),
    keys: () => Object.keys(json),
  };
}

function reach(from: Activation, to: Activation, at?: Origin): void {
  if (!from.reaches.get(to)) from.reaches.set(to, at);
}

function tokenKey(token: Value): string | undefined {
  if (token.t === 'class') return `c:${token.code.file}#${token.decl.index}`;
  if (token.t === 'handle') return `h:${token.tech}:${token.kind}:${token.model ? signature(token.model) : ''}:${literal(token.store?.name) ?? ''}`;
  const s = literal(token);
  if (s !== undefined) return `s:${s}`;
  return token.t === 'ext' ? `x:${token.pkg}:${token.path}` : undefined;
}

/** Of several, those that share the longest path with a file; all of them must agree to count. */
function closest<T extends { readonly file: string }>(list: readonly T[], file: string): readonly T[] {
  if (list.length < 2) return list;
  const score = (f: string): number => {
    const a = f.split('/');
    const b = file.split('/');
    let n = 0;
    while (n < a.length && n < b.length && a[n] === b[n]) n++;
    return n;
  };
  const best = Math.max(...list.map(x => score(x.file)));
  const near = list.filter(x => score(x.file) === best);
  return near.length > 4 ? [] : near;
}

/** The call that is handed a function as a literal. */
function callWith(outer: Unit, inner: number): Expr | undefined {
  for (const e of outer.exprs) {
    const found = callIn(e, inner);
    if (found) return found;
  }
  return undefined;
}

function callIn(e: Expr, inner: number): Expr | undefined {
  if ((e.k === 'call' || e.k === 'new') && e.a.some(a => a.k === 'fn' && a.u === inner)) return e;
  for (const part of partsOfExpr(e)) {
    const found = callIn(part, inner);
    if (found) return found;
  }
  return undefined;
}

/** The expressions right inside one; functions and classes are closed. */
export function partsOfExpr(e: Expr): readonly Expr[] {
  switch (e.k) {
    case 'call':
    case 'new': return [e.f, ...e.a];
    case 'tpl': return [...(e.tag ? [e.tag] : []), ...e.parts.filter(p => typeof p !== 'string')];
    case 'mem':
    case 'spread':
    case 'elem':
    case 'await': return [e.o];
    case 'idx': return [e.o, e.i];
    case 'obj': return e.p.map(p => ('spread' in p ? p.spread : p.v));
    case 'arr':
    case 'unk': return e.e;
    case 'bin': return [e.l, e.r];
    case 'cond': return [e.c, e.l, e.r];
    case 'in': return [e.v];
    default: return [];
  }
}

function findSuper(list: readonly Expr[]): (Expr & { k: 'call' }) | undefined {
  for (const e of list) {
    if (e.k === 'call' && e.f.k === 'super') return e;
    if (e.k === 'await' && e.o.k === 'call' && e.o.f.k === 'super') return e.o;
  }
  return undefined;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function nameOfExpr(e: Expr): string {
  return e.k === 'id' ? e.n : e.k === 'mem' ? e.p : '';
}

function receiverOf(e: Expr): string {
  const f = e.k === 'call' || e.k === 'new' ? e.f : e.k === 'tpl' ? e.tag : undefined;
  if (!f || f.k !== 'mem') return '';
  let o = f.o;
  while (o.k === 'call' || o.k === 'await') o = o.k === 'call' ? o.f : o.o;
  return nameOfExpr(o);
}

export type { Handle };
