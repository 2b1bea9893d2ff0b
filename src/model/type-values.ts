import { closest } from './closest.ts';
import type { ModuleCode, TypeRef } from './code.ts';
import type { Interpreter } from './interpreter.ts';
import { get1 } from './objects.ts';
import { type Activation, type ClassValue, type ObjectValue, unknown, type Value } from './value.ts';

/** What a value is by its declared type, where the code does not show how it is made. */
export class TypeValues {
  readonly #ev: Interpreter;
  readonly #shapes = new Map<TypeRef, ObjectValue>();
  readonly #implementers = new Map<string, ClassValue[]>();

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  /** The value of a type as written in a file: an instance of its class, a handle of a technology, an object of its members. */
  typeValue(type: TypeRef | undefined, act: Activation, at = 0): Value {
    if (!type || this.#ev.progress.isTooDeep) return unknown;
    this.#ev.progress.depth++;
    try {
      return this.#type(type, this.#ev.moduleActivation(act.code), at);
    } finally {
      this.#ev.progress.depth--;
    }
  }

  /** The class that a type names, for type arguments. */
  classOf(type: TypeRef | undefined, act: Activation): Value {
    if (!type) return unknown;
    if (type.n === 'typeof') return this.typeValue(type, act);
    const v = this.#ev.name(type.n.split('.')[0] ?? '', act, 0);
    let value = v;
    for (const part of type.n.split('.').slice(1))
      value = this.#ev.member(value, part, act, { file: act.code.file, at: 0 });
    if (value.t === 'class' || value.t === 'ext' || value.t === 'handle') return value;
    if (type.p) return this.typeValue(type, act);
    const named = this.typeValue(type, act);
    return named.t === 'handle' ? named : value;
  }

  #type(type: TypeRef, act: Activation, at: number): Value {
    const origin = { file: act.code.file, at };
    if (type.n === 'typeof') {
      const [head = '', ...rest] = (type.a?.[0]?.n ?? '').split('.');
      return rest.reduce((v, part) => this.#ev.member(v, part, act, origin), this.#ev.name(head, act, at));
    }
    if (type.n === 'ReturnType' || type.n === 'InstanceType') {
      const inner = type.a?.[0];
      if (!inner) return unknown;
      const v = this.#type(inner, act, at);
      if (type.n === 'InstanceType') return v.t === 'class' ? { t: 'inst', cls: v } : unknown;
      return this.#ev.invoke(v, [], { act, origin });
    }
    const item = /^(?:Readonly)?(?:Array|Set)$/.test(type.n)
      ? type.a?.[0]
      : /^(?:Readonly|Weak)?Map$/.test(type.n)
        ? type.a?.[1]
        : undefined;
    if (item) return { t: 'arr', items: [this.typeValue(item, act, at)] };
    if (type.p) return this.#shape(type, act, at);
    const [head = '', ...rest] = type.n.split('.');
    const args = (): Value[] => (type.a ?? []).map(a => this.classOf(a, act));
    const v = this.#ev.name(head, act, at);
    const target = rest.reduce((x, part) => this.#ev.member(x, part, act, origin), v);
    if (target.t === 'class') return { t: 'inst', cls: target };
    if (target.t === 'ext')
      return (
        this.#ev.technologies
          .of(target.pkg)
          ?.typed?.({ ev: this.#ev, act, origin, pkg: target.pkg, path: target.path, args: args() }) ?? unknown
      );
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
      const v = own.n === name ? unknown : this.#type(own, this.#ev.moduleActivation(code), at);
      const made = this.#implementers.get(`${code.file}\n${name}`);
      const near = closest(
        (made ?? []).map(value => ({ value, file: value.code.file })),
        code.file,
      );
      if (near.length === 1 && near[0] && (v.t === 'unknown' || v.t === 'obj'))
        return { t: 'inst', cls: near[0].value };
      return v;
    }
    const i = code.imports.get(name);
    if (i) {
      const target = this.#ev.resolver.resolve(code.file, i.specifier);
      if (!target || 'package' in target) return unknown;
      return this.#exportedType(i.name === 'default' ? name : i.name, target.file, at, seen);
    }
    return unknown;
  }

  #exportedType(name: string, file: string, at: number, seen: Set<string>): Value {
    const id = `${file}\n:${name}`;
    const named = this.#ev.exports.fileOf(file, name);
    if (named === undefined || seen.has(id)) return unknown;
    seen.add(id);
    if (named !== file) return this.#exportedType(name, named, at, seen);
    const code = this.#ev.modules.get(file);
    if (!code) return unknown;
    if (code.types.has(name) || code.imports.has(name)) return this.#namedType(name, code, at, seen);
    for (const x of code.exports.get(name) ?? []) {
      if ('v' in x) {
        if (x.v.k === 'id' && x.v.n !== name) return this.#namedType(x.v.n, code, at, seen);
        continue;
      }
      const target = this.#ev.resolver.resolve(file, x.specifier);
      if (!target || 'package' in target) continue;
      const v = this.#exportedType(x.imported, target.file, at, seen);
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
      t: 'obj',
      sig: `type:${act.code.file}:${Object.keys(p).join(',')}`,
      origin: { file: act.code.file, at },
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
    const i = code.imports.get(name);
    let file = code.file;
    let known = name;
    if (i) {
      const target = this.#ev.resolver.resolve(code.file, i.specifier);
      if (target && 'file' in target) {
        file = target.file;
        known = i.name;
        // through a barrel to the file that declares it
        for (let n = 0; n < 6; n++) {
          const inner = this.#ev.modules.get(file);
          if (!inner || inner.types.has(known)) break;
          const next = this.#passedTo(file, inner, known);
          if (next === undefined) break;
          file = next;
        }
      }
    }
    return `${file}\n${known}`;
  }

  /** The file from which a barrel has a type, where that is one step nearer. */
  #passedTo(file: string, code: ModuleCode, name: string): string | undefined {
    const named = this.#ev.exports.fileOf(file, name);
    if (named !== file) return named;
    for (const x of code.exports.get(name) ?? []) {
      const target = 'specifier' in x ? this.#ev.resolver.resolve(file, x.specifier) : undefined;
      if (target && 'file' in target) return target.file;
    }
    return undefined;
  }

  /** A class that says it implements an interface: what is declared with the interface may be one. */
  addImplementer(code: ModuleCode, name: string, cls: ClassValue): void {
    const key = this.#typeKey(code, name);
    const list = this.#implementers.get(key) ?? [];
    list.push(cls);
    this.#implementers.set(key, list);
  }
}
