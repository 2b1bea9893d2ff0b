import { reach } from './activations.ts';
import type { Expr, ModuleCode, Unit } from './code.ts';
import type { Interpreter } from './interpreter.ts';
import type { ClassSite, Technology } from './technology.ts';
import { type Activation, type ClassValue, each, type InstanceValue, type Value } from './value.ts';

/** Methods that frameworks call on a class they are given. */
const frameworkHooks = new Set([
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'canActivate',
  'validate',
  'intercept',
  'transform',
  'use',
  'catch',
  'configure',
  'afterInit',
  'handleConnection',
  'handleDisconnect',
  'process',
  'run',
  'up',
  'resolve',
]);

/** Evaluates all that stands in a unit, so that its uses and calls are recorded. */
export class Visits {
  readonly #ev: Interpreter;
  readonly #inner = new Map<ModuleCode, ReadonlyMap<number, readonly Unit[]>>();
  readonly #declared = new Set<string>();
  readonly #entered = new Set<string>();
  readonly #later: { readonly tech: Technology; readonly site: ClassSite }[] = [];

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  /** Evaluates everything that stands in a unit, so that its uses and calls are recorded. */
  visit(act: Activation): void {
    if (act.visited) return;
    act.visited = true;
    this.#visitInside(act);
    if (this.#ev.progress.depth > 0) return;
    for (let one = this.#later.pop(); one; one = this.#later.pop()) one.tech.declared?.(one.site);
  }

  #visitInside(act: Activation): void {
    for (const e of act.unit.exprs) this.#walk(e, act);
    for (const p of act.unit.params) if (p.def) this.#walk(p.def, act);
    if (act.unit.index === 0) this.#loaded(act);
    if (act.unit.parent < 0) return;
    const inner = this.#innerUnits(act.code).get(act.unit.index) ?? [];
    if (inner.length === 0) return;
    const called = new Set<Unit>();
    for (const r of act.reaches.keys()) if (r.parent === act) called.add(r.unit);
    for (const unit of inner) {
      if (called.has(unit) || (unit.cls !== undefined && unit.cls !== act.unit.cls)) continue;
      reach(act, this.#ev.activate(act.code, unit, undefined, unit.arrow ? act.self : undefined, act));
    }
  }

  /** Tells technologies of a module that they may know by where it is or what it exports. */
  #loaded(act: Activation): void {
    for (const tech of this.#ev.technologies.loaders)
      tech.loaded?.({ ev: this.#ev, act, origin: { file: act.code.file, at: 0 } });
  }

  #innerUnits(code: ModuleCode): ReadonlyMap<number, readonly Unit[]> {
    const known = this.#inner.get(code);
    if (known) return known;
    const made = Map.groupBy(
      code.units.filter(u => !u.name.endsWith('#fields')),
      u => u.parent,
    );
    this.#inner.set(code, made);
    return made;
  }

  #walk(e: Expr, act: Activation): void {
    switch (e.k) {
      case 'call':
      case 'new':
        this.#ev.eval(e, act);
        // what is called is reached with its arguments; only what is behind it is left to look at
        if (e.f.k === 'mem')
          this.#walk(e.f.o.k === 'id' || e.f.o.k === 'this' ? { k: 'unk', e: [], at: e.f.at } : e.f.o, act);
        else if (e.f.k !== 'id') this.#walk(e.f, act);
        for (const a of e.a) this.#walk(a, act);
        return;
      case 'tpl':
        if (e.tag) this.#ev.eval(e, act);
        for (const p of e.parts) if (typeof p !== 'string') this.#walk(p, act);
        return;
      case 'mem':
        if (e.o.k !== 'id' && e.o.k !== 'this') this.#walk(e.o, act);
        else this.reachValue(this.#ev.eval(e, act), act);
        return;
      case 'id':
        this.reachValue(this.#ev.eval(e, act), act);
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
        const v = this.#ev.eval(e, act);
        if (v.t === 'class') this.reachValue(v, act);
        return;
      }
      case 'req': {
        const v = this.#ev.eval(e, act);
        if (v.t === 'module') this.#reachModule(v.file, act);
        return;
      }
      default:
    }
  }

  /** A function or class that is handed on by name may be called by whoever gets it. */
  reachValue(v: Value, act: Activation, depth = 0): void {
    for (const one of each(v)) {
      if (one.t === 'fn') reach(act, this.#ev.activate(one.code, one.unit, undefined, one.self, one.parent));
      else if (one.t === 'class') this.reachClass(one, act);
      else if (one.t === 'arr' && depth < 3) for (const item of one.items) this.reachValue(item, act, depth + 1);
    }
  }

  #reachModule(file: string, act: Activation): void {
    const code = this.#ev.modules.get(file);
    if (code) reach(act, this.#ev.moduleActivation(code));
  }

  /** A framework that is given a class calls its decorated methods and its hooks. */
  reachClass(cls: ClassValue, act: Activation): void {
    const inst: InstanceValue = { t: 'inst', cls };
    for (const decl of this.#ev.lineage(cls).classes) {
      reach(act, decl.scope);
      const fields = decl.code.units[decl.decl.fields];
      if (fields) reach(act, this.#ev.activate(decl.code, fields, undefined, inst, decl.scope));
      for (const m of decl.decl.members) {
        if (m.unit === undefined) continue;
        const called =
          (m.decorators?.length ?? 0) > 0 ||
          frameworkHooks.has(m.name) ||
          (decl.decl.decorators.length > 0 && (m.name === 'execute' || m.name === 'handle') && this.#isHandler(decl));
        const unit = decl.code.units[m.unit];
        if (called && unit)
          reach(
            act,
            this.#ev.activate(
              decl.code,
              unit,
              undefined,
              inst,
              m.kind === 'field' && fields
                ? this.#ev.activate(decl.code, fields, undefined, inst, decl.scope)
                : decl.scope,
            ),
          );
      }
      const ctor = decl.decl.ctor === undefined ? undefined : decl.code.units[decl.decl.ctor];
      if (ctor && (decl.decl.decorators.length > 0 || decl !== cls))
        reach(act, this.#ev.activate(decl.code, ctor, undefined, inst, decl.scope));
      // what decorators name is reached with the class, not by whoever loads its file
      const own = fields
        ? this.#ev.activate(decl.code, fields, undefined, { t: 'inst', cls: decl }, decl.scope)
        : decl.scope;
      reach(act, own);
      const id = `${decl.code.file}#${decl.decl.index}`;
      if (!this.#entered.has(id)) {
        this.#entered.add(id);
        for (const d of [...decl.decl.decorators, ...decl.decl.members.flatMap(m => m.decorators ?? [])])
          this.#walk(d, own);
      }
      this.declare(decl);
    }
  }

  #isHandler(cls: ClassValue): boolean {
    return this.#ev
      .decorators(cls.decl.decorators, cls.scope)
      .some(d => d.pkg === '@nestjs/cqrs' || /Handler$/.test(d.name));
  }

  /** A class of a service's own: its framework may use it, so what its decorators name is reached. */
  enter(cls: ClassValue): void {
    this.reachClass(cls, cls.scope);
  }

  /** Of what is met in the middle of working something out, decorators may not be known yet. */
  #tell(tech: Technology | undefined, site: ClassSite): void {
    if (tech?.declaredLater === true && this.#ev.progress.depth > 0) this.#later.push({ tech, site });
    else tech?.declared?.(site);
  }

  /** Tells technologies of a class that carries one of their decorators or extends one of their classes. */
  declare(cls: ClassValue): void {
    const id = `${cls.code.file}#${cls.decl.index}`;
    if (this.#declared.has(id)) return;
    this.#declared.add(id);
    const origin = { file: cls.code.file, at: cls.decl.at };
    for (const d of this.#ev.decorators(cls.decl.decorators, cls.scope))
      this.#tell(this.#ev.technologies.decorating(d.pkg), {
        ev: this.#ev,
        act: cls.scope,
        origin,
        cls,
        path: d.path,
        args: d.args,
      });
    const { root } = this.#ev.lineage(cls);
    if (root?.t === 'ext')
      this.#ev.technologies
        .of(root.pkg)
        ?.declared?.({ ev: this.#ev, act: cls.scope, origin, cls, path: root.path, args: root.args ?? [] });
    if (root?.t === 'handle')
      this.#ev.technologies
        .named(root.tech)
        ?.declared?.({ ev: this.#ev, act: cls.scope, origin, cls, path: `handle:${root.kind}`, args: [root] });
  }
}
