import type { Expr, ModuleCode } from '../model/code.ts';
import { partsOfExpr } from '../model/expressions.ts';
import type { CallSite, Site, Technology } from '../model/technology.ts';
import type { SourceTree } from '../model/tree.ts';
import { each, get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { isConstant, variable } from './schemas.ts';

const id = 'nest-config';
const service: Handle = { t: 'handle', tech: id, kind: 'service' };

/**
 * Nest's configuration. A key is looked for in what the factories of the service registered, else it is a variable;
 * which service asks is known only later, so a value is a reference to its key.
 * https://docs.nestjs.com/techniques/configuration
 */
export function nestConfig(tree: SourceTree): Technology {
  const places: { read: boolean } = { read: false };
  const known = (site: Site): void => {
    if (places.read) return;
    places.read = true;
    registerAll(site, tree);
  };
  return {
    id,
    auxiliary: true,
    packages: ['@nestjs/config'],
    call(c) {
      if (c.on?.t === 'handle' && c.on.kind === 'namespace') return onNamespace(c, c.on);
      if (c.on) {
        known(c);
        return /^get(?:OrThrow)?$/.test(c.name) ? asked(c) : undefined;
      }
      const path = c.path.replace(/^default\.?/, '');
      if (path === 'registerAs') return namespace(c);
      if (/^ConfigModule\.for(?:Root|RootAsync|Feature|FeatureAsync)$/.test(path)) loaded(c);
      return path === 'ConfigService' && c.isNew ? service : undefined;
    },
    member(m) {
      const { on } = m;
      return on.t === 'handle' && on.kind === 'namespace' && m.name === 'KEY'
        ? text(`CONFIGURATION(${on.name ?? ''})`, m.origin)
        : undefined;
    },
    typed(t) {
      if (t.path === 'ConfigService') return service;
      return t.path === 'ConfigType'
        ? t.args
            .flatMap(each)
            .map(a => t.ev.invoke(factoryOf(a), [], t))
            .find(v => v.t !== 'unknown')
        : undefined;
    },
  };
}

/** Every place that registers configuration, wherever it is asked for first. */
function registerAll(site: Site, tree: SourceTree): void {
  for (const file of tree.files) {
    if (!/\.[cm]?[jt]s$/.test(file) || /\.d\.ts$|\.(?:spec|test|e2e-spec)\.|(?:^|\/)node_modules\//.test(file))
      continue;
    const source = tree.read(file);
    if (source === undefined || !/\bregisterAs\b|\bConfigModule\b/.test(source)) continue;
    const code = site.ev.code(file);
    if (code) for (const call of callsOf(code)) site.ev.eval(call.e, site.ev.genericActivation(code, call.unit));
  }
}

function callsOf(code: ModuleCode): { readonly e: Expr; readonly unit: ModuleCode['units'][number] }[] {
  const scopes = [
    ...code.units.map(unit => ({ unit, exprs: unit.exprs })),
    ...code.classes.flatMap(c => {
      const unit = code.units[c.scope];
      return unit ? [{ unit, exprs: c.decorators }] : [];
    }),
  ];
  return scopes.flatMap(({ unit, exprs }) => exprs.flatMap(e => registrations(e, 0)).map(e => ({ e, unit })));
}

function registrations(e: Expr, depth: number): Expr[] {
  if (depth > 30) return [];
  const { f } = e.k === 'call' ? e : { f: undefined };
  const isOne =
    (f?.k === 'id' && f.n === 'registerAs') ||
    (f?.k === 'mem' && /^for(?:Root|Feature)/.test(f.p) && f.o.k === 'id' && /ConfigModule$/.test(f.o.n));
  return [...(isOne ? [e] : []), ...partsOfExpr(e).flatMap(p => registrations(p, depth + 1))];
}

function namespace(c: CallSite): Value | undefined {
  const [name, factory] = c.args;
  const key = literal(name);
  if (key === undefined || !factory) return undefined;
  register(c, key, c.ev.invoke(factory, [], c), 0);
  return { t: 'handle', tech: id, kind: 'namespace', name: key, model: factory };
}

function onNamespace(c: CallSite, on: Handle): Value {
  if (c.name !== 'asProvider' || !on.model) return c.ev.invoke(on.model, [], c);
  const factory = on.model;
  return {
    t: 'obj',
    sig: `provider:${on.name ?? ''}`,
    origin: c.origin,
    get: key => (key === 'useFactory' ? factory : undefined),
    keys: () => ['useFactory'],
  };
}

function factoryOf(v: Value): Value {
  return v.t === 'handle' && v.model ? v.model : v;
}

function loaded(c: CallSite): void {
  const [first] = c.args;
  const load = get(first, 'load');
  const factories = load?.t === 'arr' ? load.items : load ? [load] : first?.t === 'fn' ? [first] : [];
  for (const f of factories.flatMap(each)) if (f.t === 'fn') register(c, '', c.ev.invoke(f, [], c), 0);
  const checked = c.ev.invoke(get(first, 'validate'), [{ t: 'env' }], c);
  if (checked.t === 'obj') register(c, '', checked, 3);
  const fields = each(get(first, 'validationSchema')).find(s => s.t === 'handle')?.model;
  for (const key of fields?.t === 'obj' ? fields.keys() : []) {
    const field = get(fields, key);
    if (field?.t === 'handle' && field.table && isConstant(key))
      c.ev.register(c, 'config', key, variable(key, c.origin, field.table));
  }
}

function register(site: Site, prefix: string, value: Value, depth: number): void {
  if (prefix !== '' && value.t !== 'unknown') site.ev.register(site, 'config', prefix, value);
  if (depth > 3) return;
  for (const one of each(value)) {
    if (one.t !== 'obj') continue;
    for (const key of one.keys())
      register(site, prefix === '' ? key : `${prefix}.${key}`, one.get(key) ?? unknown, depth + 1);
  }
}

function asked(c: CallSite): Value {
  const [key, def] = c.args;
  const known = literal(key);
  if (known === undefined) return key?.t === 'text' && key.parts.length === 1 ? key : unknown;
  return lookUp(c, known, def && def.t !== 'obj' ? def : undefined);
}

function lookUp(site: Site, key: string, def: Value | undefined): Value {
  const values = site.ev.registered('config', key).flatMap(r => each(r.value));
  if (values.some(v => v.t === 'obj')) {
    return {
      t: 'obj',
      sig: `config:${key}`,
      origin: site.origin,
      get: inner => lookUp(site, `${key}.${inner}`, undefined),
      keys: () => [...new Set(values.flatMap(v => (v.t === 'obj' ? v.keys() : [])))],
    };
  }
  const other = values.find(v => v.t !== 'text' && v.t !== 'num' && v.t !== 'bool');
  if (other) return other;
  return {
    t: 'text',
    parts: [{ ref: 'config', key, origin: site.origin, ...(def && def.t !== 'unknown' ? { def } : {}) }],
    origin: site.origin,
  };
}
