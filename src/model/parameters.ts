import type { Member, Param, TypeRef } from './code.ts';
import type { Interpreter } from './interpreter.ts';
import { type Activation, type Origin, unknown, type Value } from './value.ts';

/** What a parameter or field is that nobody is seen to fill: by its default, its decorators, its type, its convention. */
export class Parameters {
  readonly #ev: Interpreter;

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  param(u: number, i: number, rest: boolean, act: Activation, origin: Origin): Value {
    let a: Activation | undefined = act;
    while (a && a.unit.index !== u) a = a.parent;
    if (!a) return unknown;
    if (rest) return { t: 'arr', items: a.params?.slice(i) ?? [] };
    const given = a.params?.[i];
    if (given && given.t !== 'unknown' && !this.isOpaque(given)) return given;
    const p = a.unit.params[i];
    if (!p) return given ?? unknown;
    const other = this.#unknownParam(p, i, a, origin);
    return other.t === 'unknown' ? (given ?? unknown) : other;
  }

  /** Something of a package that no technology knows, or got from it, or a list yet to be filled: its declared type tells more. */
  isOpaque(v: Value): boolean {
    if (v.t === 'arr') return v.items.length === 0;
    if (v.t === 'bound') return v.via === '' && this.isOpaque(v.on);
    return (
      v.t === 'unknown' ||
      (v.t === 'ext' && v.path.includes('()') && !v.pkg.startsWith(':') && !this.#ev.technologies.of(v.pkg))
    );
  }

  #unknownParam(p: Param, i: number, a: Activation, origin: Origin): Value {
    if (p.def) {
      const v = this.#ev.eval(p.def, a);
      if (v.t !== 'unknown' && !(v.t === 'bool')) return v;
    }
    for (const d of this.#ev.decorators(p.decorators, a)) {
      const v = this.#inject(d, p.type, a, origin);
      if (v.t !== 'unknown') return v;
    }
    const isConstructor = a.unit.name.endsWith('.constructor');
    const typed = isConstructor ? this.#injectable(p.type, a, origin) : this.#ev.typeValue(p.type, a, origin.at);
    if (typed.t !== 'unknown') return typed;
    for (const tech of this.#ev.technologies.params) {
      const v = tech.param?.({
        ev: this.#ev,
        act: a,
        origin,
        file: a.code.file,
        unit: a.unit.name,
        name: p.name,
        index: i,
      });
      if (v) return v;
    }
    return unknown;
  }

  #injectable(type: TypeRef | undefined, act: Activation, origin: Origin): Value {
    if (!type) return unknown;
    const cls = this.#ev.classOf(type, this.#ev.moduleActivation(act.code));
    if (cls.t === 'class') return this.#ev.token(cls, act, origin);
    return this.#ev.typeValue(type, act, origin.at);
  }

  #inject(
    d: { pkg: string; path: string; name: string; args: readonly Value[] },
    type: TypeRef | undefined,
    act: Activation,
    origin: Origin,
  ): Value {
    const tech = this.#ev.technologies.decorating(d.pkg);
    const v = tech?.injected?.({ ev: this.#ev, act, origin, path: d.path, args: d.args, ...(type ? { type } : {}) });
    if (v) return v;
    if (/inject/i.test(d.name) && d.args[0]) {
      const given = this.#ev.token(d.args[0], act, origin);
      if (given.t !== 'unknown') return given;
    }
    return unknown;
  }

  field(m: Member, act: Activation, origin: Origin): Value {
    const here = { file: act.code.file, at: m.at };
    for (const d of this.#ev.decorators(m.decorators, act)) {
      const v = this.#inject(d, m.type, act, here);
      if (v.t !== 'unknown') return v;
    }
    const cls = this.#ev.classOf(m.type, this.#ev.moduleActivation(act.code));
    return cls.t === 'class' ? this.#ev.token(cls, act, origin) : this.#ev.typeValue(m.type, act, m.at);
  }
}
