import type { ClassDecl, Expr, ModuleCode, Unit } from './code.ts';
import { findSuper, lastName, nameOfExpr } from './expressions.ts';
import type { Interpreter } from './interpreter.ts';
import { globalNamed, globals } from './names.ts';
import { signature, union } from './unions.ts';
import {
  type Activation,
  type ClassValue,
  each,
  env,
  type FunctionValue,
  type InstanceValue,
  type Origin,
  text,
  unknown,
  type Value,
} from './value.ts';

/** Properties of values: of objects, modules, instances and classes with what they inherit. */
export class Members {
  readonly #ev: Interpreter;
  readonly #chains = new Map<string, { cls: ClassValue; args: readonly Value[] | undefined }[]>();
  readonly #members = new Map<string, Value>();

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  /** The classes from a class up to the first that is not of this repository, which is given as its path. */
  lineage(cls: ClassValue): { readonly classes: readonly ClassValue[]; readonly root: Value | undefined } {
    const classes: ClassValue[] = [];
    let current: Value | undefined = cls;
    while (current?.t === 'class' && classes.length < 12) {
      classes.push(current);
      const { decl, scope } = current;
      if (!decl.sup) return { classes, root: undefined };
      const sup: Value = this.#ev.eval(decl.sup, scope);
      current = each(sup)[0];
    }
    return { classes, root: current };
  }

  /** Decorators of a class or a member, each with the path of its export and its arguments. */
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
    return (list ?? []).flatMap(
      (
        d,
      ): { pkg: string; path: string; name: string; args: readonly Value[]; exprs: readonly Expr[]; at: number }[] => {
        const called = d.k === 'call';
        const f = this.#ev.eval(called ? d.f : d, act);
        const args = called ? d.a.map(a => this.#ev.eval(a, act)) : [];
        for (const one of each(f)) {
          if (one.t === 'ext')
            return [
              { pkg: one.pkg, path: one.path, name: lastName(one.path), args, exprs: called ? d.a : [], at: d.at },
            ];
          if (one.t === 'fn') {
            // a decorator of one's own: what it applies counts
            const inner = this.#ev.apply(one, args, act, d, { file: act.code.file, at: d.at }, [], false);
            for (const v of each(inner))
              if (v.t === 'ext')
                return [
                  {
                    pkg: v.pkg,
                    path: v.path.replace(/\(\)$/, ''),
                    name: lastName(v.path.replace(/\(\)$/, '')),
                    args: v.args ?? args,
                    exprs: [],
                    at: d.at,
                  },
                ];
            return [{ pkg: '', path: one.unit.name, name: one.unit.name, args, exprs: called ? d.a : [], at: d.at }];
          }
        }
        const name = called ? nameOfExpr(d.f) : nameOfExpr(d);
        return [{ pkg: '', path: name, name, args, exprs: called ? d.a : [], at: d.at }];
      },
    );
  }

  member(o: Value, name: string, act: Activation, origin: Origin): Value {
    switch (o.t) {
      case 'union':
        return union(o.of.map(x => this.member(x, name, act, origin)));
      case 'obj': {
        const v = o.get(name);
        if (v && v.t !== 'unknown') return v;
        for (const tech of o.open ? this.#ev.technologies.fillers : []) {
          const filled = tech.filled?.({ ev: this.#ev, act, origin, on: o, path: '', name });
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
        const tech = this.#ev.technologies.of(o.pkg);
        const v = tech?.member?.({ ev: this.#ev, act, origin, on: o, path: o.path, name });
        if (v) return v;
        return {
          t: 'ext',
          pkg: o.pkg,
          path: o.path === '' || o.path === 'default' ? name : `${o.path}.${name}`,
          ...(o.args ? { args: o.args } : {}),
        };
      }
      case 'module': {
        const v = this.#ev.exported(o.file, name);
        return v;
      }
      case 'handle':
        return (
          this.#ev.technologies.named(o.tech)?.member?.({ ev: this.#ev, act, origin, on: o, path: '', name }) ?? {
            t: 'bound',
            on: o,
            name,
            via: o.tech,
          }
        );
      case 'inst':
        if (name === 'constructor') return o.cls;
        return this.#instanceMember(o, name, act, origin);
      case 'class':
        return this.#classMember(o, name, act, origin);
      case 'fn':
        return name === 'bind' || name === 'call' || name === 'apply'
          ? { t: 'bound', on: o, name, via: '' }
          : this.#functionMember(o, name);
      case 'text':
        // of a URL made of it
        return name === 'href' ? o : { t: 'bound', on: o, name, via: '' };
      case 'unknown':
      case 'bound':
      case 'arr':
        return { t: 'bound', on: o, name, via: '' };
      default:
        return unknown;
    }
  }

  /** `globalThis.x`: a name of the language, or what this file puts there to have it only once. */
  #globalMember(o: Value, name: string, act: Activation): Value {
    if (name === 'process') return { t: 'ext', pkg: ':process', path: '' };
    if (globals.has(name)) return globalNamed(name);
    const fills = ['globalThis', 'global'].flatMap(g => act.code.fills.get(g) ?? []).filter(f => f.key === name);
    const kept = union(fills.map(f => this.#ev.eval(f.v, this.#ev.unitAct(act.code, f.unit, act))));
    return kept.t === 'unknown' ? { t: 'bound', on: o, name, via: '' } : kept;
  }

  /** `f.x = …` on a function, as CommonJS modules do. */
  #functionMember(f: FunctionValue, name: string): Value {
    const fills = f.code.fills.get(f.unit.name);
    const hit = fills?.filter(x => x.key === name);
    return hit && hit.length > 0 ? union(hit.map(x => this.#ev.eval(x.v, this.#ev.moduleActivation(f.code)))) : unknown;
  }

  /** The classes of an instance, each with the arguments of its constructor. */
  chain(inst: InstanceValue): { cls: ClassValue; args: readonly Value[] | undefined }[] {
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
      args = this.#ev.args(call.a, this.#ev.activate(cls.code, ctor, args, inst, cls.scope));
    }
    return list;
  }

  /** What the package's class at the root of an instance's classes is constructed with. */
  rootArgs(inst: InstanceValue): readonly Value[] | undefined {
    const last = this.chain(inst).at(-1);
    const ctor = last?.cls.decl.ctor === undefined ? undefined : last.cls.code.units[last.cls.decl.ctor];
    if (!last || !ctor) return last?.args;
    const call = findSuper(ctor.exprs);
    return call && this.#ev.args(call.a, this.#ev.activate(last.cls.code, ctor, last.args, inst, last.cls.scope));
  }

  #instanceMember(inst: InstanceValue, name: string, act: Activation, origin: Origin): Value {
    const key = `${signature(inst)}.${name}`;
    const known = this.#members.get(key);
    if (known) return known;
    this.#members.set(key, unknown);
    const v = this.#findMember(inst, this.chain(inst), name, act, origin);
    this.#members.set(key, v);
    return v;
  }

  #findMember(
    inst: InstanceValue,
    chain: readonly { cls: ClassValue; args: readonly Value[] | undefined }[],
    name: string,
    act: Activation,
    origin: Origin,
  ): Value {
    let fallback: Value = unknown;
    for (const { cls, args } of chain) {
      const v = this.#ownMember(inst, cls, args, name, origin);
      if (v && v.t !== 'unknown') return v;
      if (v) fallback = v;
    }
    const last = chain.at(-1)?.cls;
    const root = last ? this.lineage(last).root : undefined;
    for (const r of each(root)) {
      const tech =
        r.t === 'ext'
          ? this.#ev.technologies.of(r.pkg)
          : r.t === 'handle'
            ? this.#ev.technologies.named(r.tech)
            : undefined;
      const v = tech?.member?.({ ev: this.#ev, act, origin, on: inst, path: r.t === 'ext' ? r.path : '', name });
      if (v) return v;
      if (tech) return { t: 'bound', on: inst, name, via: tech.id };
    }
    return fallback.t === 'unknown' ? { t: 'bound', on: inst, name, via: '' } : fallback;
  }

  #ownMember(
    inst: InstanceValue,
    cls: ClassValue,
    args: readonly Value[] | undefined,
    name: string,
    origin: Origin,
  ): Value | undefined {
    const { code, decl, scope } = cls;
    const fieldsUnit = code.units[decl.fields];
    const fields = fieldsUnit ? this.#ev.activate(code, fieldsUnit, undefined, inst, scope) : scope;
    for (const m of decl.members) {
      if (m.name !== name || m.isStatic || m.kind === 'field') continue;
      const unit = m.unit === undefined ? undefined : code.units[m.unit];
      if (!unit) continue;
      const fn: FunctionValue = { t: 'fn', code, unit, parent: scope, self: inst };
      return m.kind === 'get' ? this.#ev.apply(fn, [], fields, { k: 'unk', e: [], at: m.at }, origin, [], false) : fn;
    }
    const found: Value[] = [];
    for (const a of decl.assigned.get(name) ?? []) {
      const unit = code.units[a.unit];
      if (!unit) continue;
      found.push(...this.#enclosing(code, unit, decl, args, inst, scope).map(inner => this.#ev.eval(a.v, inner)));
    }
    const given = union(found);
    if (given.t !== 'unknown' && !this.#ev.isOpaque(given)) return given;
    for (const m of decl.members) {
      if (m.name !== name || m.isStatic) continue;
      const own = m.value ? this.#ev.eval(m.value, fields) : unknown;
      if (own.t !== 'unknown' && !this.#ev.isOpaque(own)) return own;
      const v = this.#ev.field(m, fields, origin);
      if (v.t !== 'unknown') return v;
      if (own.t !== 'unknown') return own;
    }
    if (given.t !== 'unknown') return given;
    return found.length > 0 || decl.members.some(m => m.name === name) ? unknown : undefined;
  }

  /** The activation in which `this.x = …` stands: the constructor with its arguments, or another method, or a closure in one. */
  #enclosing(
    code: ModuleCode,
    unit: Unit,
    decl: ClassDecl,
    args: readonly Value[] | undefined,
    inst: InstanceValue,
    scope: Activation,
  ): readonly Activation[] {
    if (unit.index === decl.ctor) return [this.#ev.activate(code, unit, args, inst, scope)];
    if (unit.parent === decl.scope) return [this.#ev.activate(code, unit, undefined, inst, scope)];
    const parent = code.units[unit.parent];
    if (!parent || unit.parent < 0) return [scope];
    return this.#enclosing(code, parent, decl, args, inst, scope).flatMap(outer =>
      this.#ev.runsIn(code, unit, inst, outer),
    );
  }

  #classMember(cls: ClassValue, name: string, act: Activation, origin: Origin): Value {
    if (name === 'name') return text(cls.decl.name, { file: cls.code.file, at: cls.decl.at });
    const { classes, root } = this.lineage(cls);
    for (const c of classes) {
      const fills = c.code.fills.get(c.decl.name)?.filter(f => f.key === name);
      if (fills && fills.length > 0)
        return union(fills.map(f => this.#ev.eval(f.v, this.#ev.unitAct(c.code, f.unit, c.scope))));
      for (const m of c.decl.members) {
        if (!m.isStatic || m.name !== name) continue;
        const unit = m.unit === undefined ? undefined : c.code.units[m.unit];
        if (unit) {
          const fn: FunctionValue = { t: 'fn', code: c.code, unit, parent: c.scope, self: cls };
          return m.kind === 'get' ? this.#ev.apply(fn, [], act, { k: 'unk', e: [], at: m.at }, origin, [], false) : fn;
        }
        const fields = c.code.units[c.decl.fields];
        if (m.value && fields)
          return this.#ev.eval(m.value, this.#ev.activate(c.code, fields, undefined, cls, c.scope));
        return this.#ev.field(m, c.scope, origin);
      }
    }
    for (const r of each(root)) {
      const tech =
        r.t === 'ext'
          ? this.#ev.technologies.of(r.pkg)
          : r.t === 'handle'
            ? this.#ev.technologies.named(r.tech)
            : undefined;
      const v = tech?.member?.({ ev: this.#ev, act, origin, on: cls, path: r.t === 'ext' ? r.path : '', name });
      if (v) return v;
      if (tech) return { t: 'bound', on: cls, name, via: tech.id };
    }
    // decorated classes may have methods from elsewhere (TypeORM's BaseEntity mixed in, Typegoose): ask by decorator
    return { t: 'bound', on: cls, name, via: '' };
  }

  superMember(name: string, act: Activation, origin: Origin): Value {
    const inst = act.self;
    if (inst?.t === 'class') {
      const { classes, root } = this.lineage(inst);
      const at = classes.findIndex(c => c.decl.index === act.unit.cls && c.code === act.code);
      const next = classes[at + 1];
      if (next) return this.#classMember(next, name, act, origin);
      const tech =
        root?.t === 'ext'
          ? this.#ev.technologies.of(root.pkg)
          : root?.t === 'handle'
            ? this.#ev.technologies.named(root.tech)
            : undefined;
      return tech ? { t: 'bound', on: inst, name, via: tech.id } : unknown;
    }
    if (inst?.t !== 'inst') return unknown;
    const chain = this.chain(inst);
    const at = chain.findIndex(c => c.cls.decl.index === act.unit.cls && c.cls.code === act.code);
    return this.#findMember(
      inst,
      chain.slice(at + 1).length > 0
        ? chain.slice(at + 1)
        : chain
            .slice(-1)
            .map(c => ({ ...c, cls: { ...c.cls, decl: { ...c.cls.decl, members: [], assigned: new Map() } } })),
      name,
      act,
      origin,
    );
  }
}
