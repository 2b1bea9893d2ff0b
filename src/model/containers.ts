import { closest } from './closest.ts';
import type { ModuleCode } from './code.ts';
import type { Interpreter } from './interpreter.ts';
import { get1 } from './objects.ts';
import { signature, union } from './unions.ts';
import { type Activation, literal, type Origin, unknown, type Value } from './value.ts';

/** What dependency injection containers give for a token. */
export class Containers {
  readonly #ev: Interpreter;
  readonly #providers = new Map<string, { value: Value; file: string }[]>();

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  /** Container tokens of a module, so that an injection finds what stands behind its token. */
  collectProviders(code: ModuleCode): void {
    for (const cls of code.classes)
      for (const i of cls.impl) {
        const scope = code.units[cls.scope];
        if (!scope) continue;
        this.#ev.addImplementer(code, i.n, {
          t: 'class',
          code,
          decl: cls,
          scope: this.#ev.genericActivation(code, scope),
        });
      }
    for (const p of code.providers) {
      const unit = code.units[p.unit];
      if (!unit) continue;
      const act = this.#ev.genericActivation(code, unit);
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
        const o = this.#ev.eval(e, act);
        const token = get1(o, 'provide');
        if (!token) continue;
        add(token, this.#provided(o, act, origin));
      } else if (
        e.k === 'call' &&
        e.f.k === 'mem' &&
        (e.f.p === 'registerSingleton' || e.f.p === 'registerInstance') &&
        e.a[0] &&
        e.a[1]
      ) {
        const how = this.#ev.eval(e.a[1], act);
        add(this.#ev.eval(e.a[0], act), how.t === 'class' ? { t: 'inst', cls: how } : how);
      } else if (
        e.k === 'call' &&
        e.f.k === 'mem' &&
        e.f.p === 'singleton' &&
        e.a[0]?.k === 'str' &&
        e.a[1]?.k === 'fn'
      ) {
        // made when it is asked for: what makes it may ask for what comes later
        add(this.#ev.eval(e.a[0], act), this.#ev.eval(e.a[1], act));
      } else if (e.k === 'call' && e.f.k === 'mem' && e.f.p === 'register' && e.a.length >= 2) {
        const [token, how] = e.a;
        if (!token || !how) continue;
        const h = this.#ev.eval(how, act);
        add(this.#ev.eval(token, act), h.t === 'obj' ? this.#provided(h, act, origin) : unknown);
      } else if (e.k === 'call' && e.f.k === 'mem' && e.f.p === 'to' && e.f.o.k === 'call' && e.f.o.a[0] && e.a[0]) {
        const c = this.#ev.eval(e.a[0], act);
        add(this.#ev.eval(e.f.o.a[0], act), c.t === 'class' ? { t: 'inst', cls: c } : unknown);
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
      return this.#ev.apply(factory, args, act, { k: 'unk', e: [], at: origin.at }, origin, [], false);
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
    if (token.t === 'ext')
      return (
        this.#ev.technologies
          .of(token.pkg)
          ?.typed?.({ ev: this.#ev, act, origin, pkg: token.pkg, path: token.path, args: [] }) ?? unknown
      );
    return unknown;
  }
}

function tokenKey(token: Value): string | undefined {
  if (token.t === 'class') return `c:${token.code.file}#${token.decl.index}`;
  if (token.t === 'handle')
    return `h:${token.tech}:${token.kind}:${token.model ? signature(token.model) : ''}:${literal(token.store?.name) ?? ''}`;
  const s = literal(token);
  if (s !== undefined) return `s:${s}`;
  return token.t === 'ext' ? `x:${token.pkg}:${token.path}` : undefined;
}
