import { reach } from './activations.ts';
import type { Expr, TypeRef } from './code.ts';
import { lastName, receiverOf } from './expressions.ts';
import type { Interpreter } from './interpreter.ts';
import { globalCall } from './objects.ts';
import type { CallSite } from './technology.ts';
import { partsOf, textMethod, textOf } from './texts.ts';
import { maxUnion, union } from './unions.ts';
import {
  type Activation,
  type ClassValue,
  each,
  env,
  type InstanceValue,
  literal,
  type Origin,
  type Part,
  unknown,
  type Value,
} from './value.ts';
import { cased } from './word-cases.ts';

/** What a call gives, whom it reaches, and what it does to data. */
export class Calls {
  readonly #ev: Interpreter;

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  call(e: Expr & { k: 'call' }, act: Activation, origin: Origin): Value {
    if (e.f.k === 'super') {
      const args = this.#ev.args(e.a, act);
      this.#superCall(args, act, origin);
      return unknown;
    }
    const f = this.#ev.eval(e.f, act);
    const args = this.#ev.args(e.a, act);
    return this.callValue(f, args, act, e, origin, e.t ?? [], false, false);
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
    const all = f.t === 'union' ? f.of : [f];
    return union(all.map(one => this.apply(one, args, act, e, origin, types, isNew, isTag)));
  }

  #superCall(args: readonly Value[], act: Activation, origin: Origin): void {
    const inst = act.self;
    if (inst?.t !== 'inst') return;
    const chain = this.#ev.chain(inst);
    const at = chain.findIndex(c => c.cls.decl.index === act.unit.cls && c.cls.code === act.code);
    const next = at < 0 ? undefined : chain[at + 1];
    if (next) {
      const ctor = next.cls.decl.ctor === undefined ? undefined : next.cls.code.units[next.cls.decl.ctor];
      if (ctor) reach(act, this.#ev.activate(next.cls.code, ctor, args, inst, next.cls.scope), origin);
      return;
    }
    const root = this.#ev.lineage(inst.cls).root;
    if (root?.t === 'ext')
      this.#ev.technologies.of(root.pkg)?.call?.(
        this.#site(act, origin, {
          pkg: root.pkg,
          path: `${root.path}.super`,
          name: 'super',
          on: inst,
          args,
          types: [],
          isNew: true,
          receiver: '',
        }),
      );
  }

  #site(act: Activation, origin: Origin, rest: Omit<CallSite, 'ev' | 'act' | 'origin'>): CallSite {
    return { ev: this.#ev, act, origin, ...rest };
  }

  apply(
    f: Value,
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isNew: boolean,
    isTag = false,
  ): Value {
    switch (f.t) {
      case 'fn': {
        const callee = this.#ev.activate(f.code, f.unit, args, f.self, f.parent);
        reach(act, callee, origin);
        // what is not seen being called in there may be called all the same
        if (callee.generic) this.#callbacks(args, act, origin, 2);
        if (isNew) return unknown;
        const v = union(f.unit.returns.map(r => this.#ev.eval(r, callee)));
        return this.#ev.isOpaque(v) ? this.#thunk(args, act, origin, v) : v;
      }
      case 'class': {
        if (!isNew) return unknown;
        const inst: InstanceValue = { t: 'inst', cls: f, ...(args.length > 0 ? { args } : {}) };
        if (this.#isError(f)) return inst;
        for (const { cls, args: given } of this.#ev.chain(inst)) {
          const ctor = cls.decl.ctor === undefined ? undefined : cls.code.units[cls.decl.ctor];
          if (ctor) reach(act, this.#ev.activate(cls.code, ctor, given, inst, cls.scope), origin);
          const fields = cls.code.units[cls.decl.fields];
          if (fields) reach(act, this.#ev.activate(cls.code, fields, undefined, inst, cls.scope), origin);
        }
        const root = this.#ev.lineage(f).root;
        if (root?.t === 'ext')
          this.#ev.technologies.of(root.pkg)?.call?.(
            this.#site(act, origin, {
              pkg: root.pkg,
              path: `${root.path}.extended`,
              name: 'extended',
              on: inst,
              args,
              types,
              isNew,
              receiver: '',
            }),
          );
        return inst;
      }
      case 'ext':
        return this.#external(f, args, act, e, origin, types, isNew);
      case 'handle': {
        const v = this.#ev.technologies.named(f.tech)?.call?.(
          this.#site(act, origin, {
            path: '',
            on: f,
            name: isTag ? '`' : isNew ? 'new' : '()',
            args,
            types,
            isNew,
            receiver: receiverOf(e),
          }),
        );
        if (!v) this.#callbacks(args, act, origin);
        return v ?? unknown;
      }
      case 'bound':
        return this.#method(f, args, act, e, origin, types, isTag);
      case 'union':
        return this.callValue(f, args, act, e, origin, types, isNew, isTag);
      default:
        this.#callbacks(args, act, origin);
        return unknown;
    }
  }

  /** Making an error touches no data, and errors are made everywhere. */
  #isError(cls: ClassValue): boolean {
    const { root } = this.#ev.lineage(cls);
    return root?.t === 'ext' && root.pkg === ':global' && root.path.endsWith('Error');
  }

  #external(
    f: Value & { t: 'ext' },
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isNew: boolean,
  ): Value {
    const tech = this.#ev.technologies.of(f.pkg);
    if (tech?.call) {
      const v = tech.call(
        this.#site(act, origin, {
          pkg: f.pkg,
          path: f.path,
          name: lastName(f.path),
          args,
          types,
          isNew,
          receiver: receiverOf(e),
        }),
      );
      if (v) return v;
    }
    if (!tech) {
      const v = this.#unclaimed(act, origin, {
        pkg: f.pkg,
        path: '',
        on: f,
        name: lastName(f.path),
        args,
        types,
        isNew,
        receiver: lastName(f.path.slice(0, -lastName(f.path).length - 1)) || receiverOf(e),
      });
      if (v) return v;
    }
    const name = cased(lastName(f.path), args);
    if (name) return name;
    this.#callbacks(args, act, origin);
    if (f.pkg === ':global') {
      const v = globalCall(f.path, args);
      const item = f.path === 'Set' ? types[0] : f.path === 'Map' || f.path === 'WeakMap' ? types[1] : undefined;
      return item && v.t === 'unknown' ? { t: 'arr', items: [this.#ev.typeValue(item, act, origin.at)] } : v;
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
    const v = this.#ev.invoke(fn, [], { act, origin });
    return this.#ev.isOpaque(v) ? otherwise : v;
  }

  /** Functions handed to code that is not ours may be called by it, with arguments unknown. */
  #callbacks(args: readonly Value[], act: Activation, origin: Origin, depth = 0): void {
    for (const a of args) {
      for (const one of each(a)) {
        if (one.t === 'fn') reach(act, this.#ev.activate(one.code, one.unit, undefined, one.self, one.parent), origin);
        else if (one.t === 'class') this.#ev.reachClass(one, act);
        // what a type promises is no function that was handed over
        else if (one.t === 'obj' && !one.sig.startsWith('type:'))
          for (const k of one.keys().slice(0, 40)) {
            const v = one.get(k);
            if (v && (v.t === 'fn' || v.t === 'class')) this.#ev.reachValue(v, act);
            else if (v && v.t === 'arr' && depth < 2) this.#callbacks(v.items, act, origin, depth + 1);
          }
        else if (one.t === 'arr') for (const v of one.items) this.#ev.reachValue(v, act);
      }
    }
  }

  #method(
    f: Value & { t: 'bound' },
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isTag: boolean,
  ): Value {
    const { on, name } = f;
    if ((name === 'then' || name === 'finally' || name === 'catch') && on.t !== 'arr') {
      const results = args
        .flatMap(a => each(a))
        .map(a => this.apply(a, name === 'then' ? [this.#ev.awaited(on)] : [], act, e, origin, [], false));
      return name === 'then' && results[0] && results[0].t !== 'unknown' ? results[0] : on;
    }
    if (on.t === 'bound' && name === 'bind') return on;
    if (on.t === 'fn') {
      if (name === 'bind') return on;
      return this.apply(on, name === 'call' ? args.slice(1) : [], act, e, origin, types, false);
    }
    if (on.t === 'arr') return this.#arrayMethod(on, name, args, act, origin);
    if (on.t === 'text') return textMethod(on, name, args);
    const tech = f.via === '' ? undefined : this.#ev.technologies.named(f.via);
    if (tech?.call) {
      const site = this.#site(act, origin, {
        path: '',
        on,
        name: isTag ? `\`${name}` : name,
        args,
        types,
        isNew: false,
        receiver: receiverOf(e),
      });
      this.#plugIn(site);
      const v = tech.call(site);
      if (v) return v;
    }
    if (on.t === 'bound' && name === 'bind') return on;
    if (f.via === '') {
      const v = this.#unclaimed(act, origin, {
        path: '',
        on,
        name: isTag ? `\`${name}` : name,
        args,
        types,
        isNew: false,
        receiver: receiverOf(e),
      });
      if (v) return v;
    }
    if ((name === 'map' || name === 'flatMap') && args[0]?.t === 'fn') {
      const item = this.#ev.invoke(args[0], [unknown], { act, origin });
      return item.t === 'unknown' ? unknown : { t: 'arr', items: [item] };
    }
    this.#callbacks(args, act, origin);
    if (args.some(a => a.t === 'env')) return env;
    return unknown;
  }

  /** A call on what no technology knows: its shape may tell, or a plugin among its arguments. */
  #unclaimed(act: Activation, origin: Origin, call: Omit<CallSite, 'ev' | 'act' | 'origin'>): Value | undefined {
    const site = this.#site(act, origin, call);
    this.#plugIn(site);
    for (const duck of this.#ev.technologies.ducks) {
      const v = duck.duck?.(site);
      if (v) return v;
    }
    return undefined;
  }

  #plugIn(site: CallSite): void {
    for (const a of site.args)
      if (a.t === 'ext') this.#ev.technologies.of(a.pkg)?.plugged?.({ ...site, pkg: a.pkg, path: a.path });
  }

  #arrayMethod(on: Value & { t: 'arr' }, name: string, args: readonly Value[], act: Activation, origin: Origin): Value {
    const item = union(on.items);
    switch (name) {
      case 'map':
      case 'flatMap':
        return {
          t: 'arr',
          items: on.items
            .slice(0, maxUnion)
            .map((x, i) => this.#ev.invoke(args[0], [x, { t: 'num', v: i }], { act, origin })),
        };
      case 'forEach':
      case 'some':
      case 'every':
        for (const x of on.items.slice(0, maxUnion)) this.#ev.invoke(args[0], [x], { act, origin });
        return unknown;
      case 'filter':
      case 'slice':
      case 'reverse':
      case 'sort':
      case 'flat':
        this.#ev.invoke(args[0], [item], { act, origin });
        return on;
      case 'concat':
        return { t: 'arr', items: [...on.items, ...args.flatMap(a => (a.t === 'arr' ? a.items : [a]))] };
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
        return textOf(
          on.items.flatMap((x, i): Part[] => (i === 0 ? [...partsOf(x)] : [sep, ...partsOf(x)])),
          origin,
        );
      }
      default:
        this.#callbacks(args, act, origin);
        return unknown;
    }
  }
}
