import type { Expr, ModuleCode } from './code.ts';
import type { Interpreter } from './interpreter.ts';
import { get1, jsonValue } from './objects.ts';
import { pending } from './progress.ts';
import { union } from './unions.ts';
import { type Activation, env, type Handle, unknown, type Value } from './value.ts';

/** What a name stands for: a variable, an import, an export of a file. */
export class Names {
  readonly #ev: Interpreter;
  readonly #exports = new Map<string, Map<string, Value>>();
  readonly #globals = new Map<ModuleCode, Map<string, Value>>();

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  /** Names of what an object or a module holds. */
  keysOf(v: Value, depth = 0): readonly string[] {
    if (v.t === 'obj') return v.keys();
    if (v.t !== 'module' || depth > 8) return [];
    const { file } = v;
    const code = this.#ev.modules.outline(file);
    const listed = code?.stars.flatMap(s => this.keysOf(this.load(file, s), depth + 1)) ?? [];
    return [...new Set([...(code?.exports.keys() ?? []), ...listed])];
  }

  /** The modules of this repository that run before a module does, of those of interest. */
  imported(code: ModuleCode, isOfInterest: (file: string) => boolean): Activation[] {
    return code.specifiers.flatMap(s => {
      const target = s.typeOnly ? undefined : this.#ev.resolver.resolve(code.file, s.s);
      if (!target || !('file' in target) || !isOfInterest(target.file)) return [];
      const loaded = this.#ev.modules.get(target.file);
      return loaded ? [this.#ev.moduleActivation(loaded)] : [];
    });
  }

  name(name: string, act: Activation, at: number): Value {
    for (let a: Activation | undefined = act; a; a = a.parent) {
      const list = a.unit.vars.get(name);
      if (list) return this.#variable(name, list, a);
      const type = a.unit.types.get(name);
      if (type) return this.#ev.typeValue(type, a, at);
    }
    return this.#global(name, act.code);
  }

  #variable(name: string, list: readonly Expr[], a: Activation): Value {
    const known = a.names.get(name);
    if (known) return this.#ev.progress.settled(known);
    a.names.set(name, pending);
    const interrupted = this.#ev.progress.interrupted;
    const type = a.unit.types.get(name);
    const declared = (v: Value): Value => {
      const typed = type && this.#ev.isOpaque(v) ? this.#ev.typeValue(type, a) : unknown;
      return typed.t === 'unknown' ? v : typed;
    };
    let v: Value = unknown;
    // what it is given later may be made of what it was before
    for (const e of list) {
      v = declared(union([v, this.#ev.eval(e, a)]));
      a.names.set(name, v);
    }
    const fills = a.code.fills.get(name);
    if (fills && (v.t === 'obj' || v.t === 'unknown' || v.t === 'ext')) v = this.#filled(v, fills, a);
    if (v.t === 'handle') v = this.#withPuts(v, name, a);
    if (v.t === 'unknown' && this.#ev.progress.interrupted > interrupted) a.names.delete(name);
    else a.names.set(name, v);
    return v;
  }

  /** `x.a = …` and `x.a.b = …` where x is a thing of a technology. */
  #withPuts(handle: Handle, name: string, a: Activation): Handle {
    const inner = [...a.code.fills].filter(([path]) => path.startsWith(`${name}.`));
    const direct = a.code.fills.get(name) ?? [];
    if (inner.length === 0 && direct.length === 0) return handle;
    const made = this.#filled(unknown, direct, a);
    const puts = new Map(inner.map(([path, fills]) => [path.slice(name.length + 1), this.#filled(unknown, fills, a)]));
    const origin = { file: a.code.file, at: a.unit.at };
    return {
      ...handle,
      puts: {
        t: 'obj',
        sig: `${a.id}:puts:${name}`,
        origin,
        get: key => puts.get(key) ?? get1(made, key) ?? handle.puts?.get(key),
        keys: () => [...puts.keys(), ...direct.flatMap(f => f.key ?? []), ...(handle.puts?.keys() ?? [])],
      },
    };
  }

  /** An object whose keys are assigned one by one after it was made. */
  #filled(base: Value, fills: readonly { unit: number; key: string | null; v: Expr }[], a: Activation): Value {
    if (base.t === 'ext' && base.pkg !== ':globalThis' && base.pkg !== ':global') return base;
    const valueIn = (f: { unit: number; v: Expr }): Value => {
      if (f.unit === a.unit.index) return this.#ev.eval(f.v, a);
      const unit = a.code.units[f.unit];
      return unit ? this.#ev.eval(f.v, this.#ev.genericActivation(a.code, unit)) : unknown;
    };
    return {
      t: 'obj',
      sig: `${a.id}:fill:${base.t === 'obj' ? base.sig : fills.length}`,
      origin: base.t === 'obj' ? base.origin : { file: a.code.file, at: a.unit.at },
      get: key => {
        const own = base.t === 'obj' ? base.get(key) : undefined;
        if (own && own.t !== 'unknown') return own;
        const v = union(fills.filter(f => f.key === key).map(valueIn));
        return v.t === 'unknown' ? own : v;
      },
      keys: () => [...(base.t === 'obj' ? base.keys() : []), ...fills.flatMap(f => (f.key === null ? [] : [f.key]))],
      open: (base.t === 'obj' && base.open === true) || fills.some(f => f.key === null),
      isPartial: () => (base.t === 'obj' ? base.isPartial?.() === true : base.t === 'unknown'),
    };
  }

  #global(name: string, code: ModuleCode): Value {
    const names = this.#globals.get(code) ?? new Map<string, Value>();
    this.#globals.set(code, names);
    const known = names.get(name);
    if (known) return this.#ev.progress.settled(known);
    names.set(name, pending);
    const interrupted = this.#ev.progress.interrupted;
    const v = this.#findGlobal(name, code);
    if (v.t === 'unknown' && this.#ev.progress.interrupted > interrupted) names.delete(name);
    else names.set(name, v);
    return v;
  }

  #findGlobal(name: string, code: ModuleCode): Value {
    const i = code.imports.get(name);
    if (i) {
      const module = this.load(code.file, i.specifier);
      if (module.t === 'ext' && module.pkg === ':process') return i.name === 'env' ? env : module;
      if (module.t === 'ext') return i.name === '*' || i.name === '=' ? module : { ...module, path: i.name };
      if (module.t !== 'module') return this.#plainExport(module, i.name);
      return i.name === '*' ? module : this.exported(module.file, i.name);
    }
    if (name === 'import.meta' || name === 'process' || name === 'globalThis' || name === 'global')
      return { t: 'ext', pkg: `:${name}`, path: '' };
    return globals.has(name) ? globalNamed(name) : unknown;
  }

  #plainExport(v: Value, name: string): Value {
    if (name === '*' || name === 'default' || name === '=') return v;
    return get1(v, name) ?? unknown;
  }

  /** What a file would get for a specifier. */
  load(from: string, specifier: string): Value {
    const target = this.#ev.resolver.resolve(from, specifier);
    const pkg = this.#ev.technologies.importedAs(from, specifier, target && 'file' in target ? target.file : undefined);
    if (pkg !== undefined) return { t: 'ext', pkg, path: '' };
    if (!target) return unknown;
    if ('package' in target && /^(?:node:)?process$/.test(target.package))
      return { t: 'ext', pkg: ':process', path: '' };
    if ('package' in target)
      return { t: 'ext', pkg: target.package, path: target.subpath === '' ? '' : `/${target.subpath}` };
    if (target.file.endsWith('.json'))
      return jsonValue(this.#ev.modules.json(target.file), { file: target.file, at: 0 });
    if (target.file.endsWith('.d.ts')) return unknown;
    const outline = this.#ev.modules.outline(target.file);
    if (!outline) return unknown;
    return outline.exports.has('=') ? this.exported(target.file, '=') : { t: 'module', file: target.file };
  }

  /** What a file exports under a name. */
  exported(file: string, name: string): Value {
    const names = this.#exports.get(file) ?? new Map<string, Value>();
    this.#exports.set(file, names);
    const known = names.get(name);
    if (known) return known;
    const interrupted = this.#ev.progress.interrupted;
    const v = this.#findExport(file, name, new Set());
    if (v.t !== 'unknown' || this.#ev.progress.interrupted === interrupted) names.set(name, v);
    return v;
  }

  #findExport(file: string, name: string, seen: Set<string>): Value {
    const id = `${file}\n${name}`;
    if (seen.has(id)) return unknown;
    seen.add(id);
    const outline = this.#ev.modules.outline(file);
    if (!outline) return unknown;
    const direct = outline.exports.get(name);
    if (direct?.every(x => 'specifier' in x)) return union(direct.map(x => this.#passedOn(file, x, seen)));
    if (direct || outline.exports.has('=')) {
      const code = this.#ev.modules.get(file);
      return code ? this.#ownValue(code, name, seen) : unknown;
    }
    if (name === 'default' || name === '=') return { t: 'module', file };
    const named = this.#ev.exports.fileOf(file, name);
    if (named !== undefined) return this.#findExport(named, name, seen);
    // an outline names the first of `export const a = …, b = …`
    const code = this.#ev.modules.get(file);
    if (code?.exports.has(name)) return this.#ownValue(code, name, seen);
    // what files of the repository export is known; a package may export anything
    for (const star of outline.stars) {
      const module = this.load(file, star);
      if (module.t === 'ext' && this.#ev.technologies.of(module.pkg)) return { ...module, path: name };
    }
    return unknown;
  }

  #ownValue(code: ModuleCode, name: string, seen: Set<string>): Value {
    const top = this.#ev.moduleActivation(code);
    const direct = code.exports.get(name);
    if (direct)
      return union(
        direct.map(x => {
          if ('specifier' in x) return this.#passedOn(code.file, x, seen);
          return x.v.k === 'id' && name !== '=' ? this.#ownExport(x.v.n, top) : this.#ev.eval(x.v, top);
        }),
      );
    const [whole] = code.exports.get('=') ?? [];
    if (!whole || !('v' in whole)) return unknown;
    const v = this.#ev.eval(whole.v, top);
    return name === 'default' || name === '=' ? v : this.#ev.member(v, name, top, { file: code.file, at: 0 });
  }

  #passedOn(file: string, from: { specifier: string; imported: string }, seen: Set<string>): Value {
    const module = this.load(file, from.specifier);
    if (module.t === 'ext') return from.imported === '*' ? module : { ...module, path: from.imported };
    if (module.t !== 'module') return this.#plainExport(module, from.imported);
    return from.imported === '*' ? module : this.#findExport(module.file, from.imported, seen);
  }

  #ownExport(name: string, top: Activation): Value {
    const list = top.unit.vars.get(name);
    if (list) return this.#variable(name, list, top);
    const type = top.unit.types.get(name);
    if (type) return this.#ev.typeValue(type, top);
    return this.#global(name, top.code);
  }
}

/** What of the language itself talks to others is a package of its own, so that a technology can know it. */
export function globalNamed(name: string): Value {
  return name === 'fetch' ? { t: 'ext', pkg: ':fetch', path: 'default' } : { t: 'ext', pkg: ':global', path: name };
}

export const globals = new Set([
  'String',
  'Number',
  'Boolean',
  'Object',
  'Array',
  'Promise',
  'Symbol',
  'parseInt',
  'parseFloat',
  'JSON',
  'URL',
  'fetch',
  'console',
  'setTimeout',
  'setInterval',
  'structuredClone',
  'encodeURIComponent',
  'Deno',
  'Bun',
  'Map',
  'Set',
  'Error',
  'TypeError',
  'RangeError',
  'AggregateError',
]);
