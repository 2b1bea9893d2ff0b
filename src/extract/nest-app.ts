import type { CallSite, Site, Technology } from '../model/technology.ts';
import { type ClassValue, each, get, literal, text, unknown, type Value } from '../model/value.ts';
import { answersMore, flat, passesOn } from './routing.ts';

const id = 'nest-app';
const app = text('Nest');

/** What an application of Nest puts before the paths of its controllers: a prefix, a version, the path of a module. */
export const nestApp: Technology = {
  id,
  packages: [],
  duck(c) {
    appSet(c);
    if (c.name === 'use' && c.args.some(a => isHandler(a) && !passesOn(a, 3))) answersMore(c, id);
    return undefined;
  },
};

/** The settings of an application, by names that no other framework has. */
export function appSet(c: CallSite): void {
  if (c.name === 'setGlobalPrefix') prefix(c);
  if (c.name === 'enableVersioning') versions(c);
  if (c.name === 'useStaticAssets') answersMore(c, id);
  if (c.name === 'use' && c.pkg === '@nestjs/core' && !c.args.every(a => passesOn(a, 3))) answersMore(c, id);
  if (c.pkg === '@nestjs/core' && /RouterModule\.(?:register|forRoutes)$/.test(c.path)) modules(c, c.args[0], []);
}

/** A function that takes a request: what many things are told to use is none. */
function isHandler(v: Value): boolean {
  return v.t === 'fn' && /^_?req(?:uest)?$/.test(v.unit.params[0]?.name ?? '');
}

/** The name by which a controller's routes are known, as a part of the application. */
export function routerOf(site: Site, cls: ClassValue): Value {
  const name = nameOf(cls);
  site.ev.exchange(site, id, { kind: 'mount', by: 'http', name, client: app, path: text('') });
  return name;
}

/** The versions that a decorator gives, none being a version as well. */
export function versionsIn(v: Value | undefined): Value | undefined {
  const items = flat(v).flatMap(one => (one.t === 'ext' && /VERSION_NEUTRAL$/.test(one.path) ? text('') : one));
  return items.length > 0 ? { t: 'arr', items } : undefined;
}

function nameOf(cls: ClassValue): Value {
  return text(`Nest ${cls.code.file}#${cls.decl.index}`);
}

function prefix(c: CallSite): void {
  const [path = unknown, options] = c.args;
  const given = get(options, 'exclude');
  const items = flat(given).flatMap(one => excluded(one));
  if (given && items.length < flat(given).length) answersMore(c, id);
  const except: Value = { t: 'arr', items };
  c.ev.exchange(c, id, { kind: 'mount', by: 'http', name: app, client: app, path, ...(given ? { except } : {}) });
}

/** `'health'`, or `{ path, method }`. */
function excluded(v: Value): Value[] {
  const path = literal(v) ?? literal(get(v, 'path'));
  if (path === undefined) return [];
  const method = get(v, 'method');
  const name = method?.t === 'ext' ? (method.path.split('.').at(-1) ?? '') : '';
  return [text(`${name === '' || name === 'ALL' ? 'ANY' : name} /${path.replace(/^\//, '')}`)];
}

function versions(c: CallSite): void {
  const [options] = c.args;
  const type = get(options, 'type');
  const kind = type?.t === 'ext' ? type.path.split('.').at(-1) : type === undefined ? 'URI' : undefined;
  if (kind !== 'URI' || (options && options.t === 'unknown')) {
    if (kind === undefined || kind === 'URI') answersMore(c, id);
    return;
  }
  const given = get(options, 'prefix');
  const before = given?.t === 'bool' ? text('') : (given ?? text('v'));
  const otherwise = versionsIn(get(options, 'defaultVersion'));
  c.ev.exchange(c, id, {
    kind: 'mount',
    by: 'http',
    name: app,
    client: app,
    path: text(''),
    version: before,
    ...(otherwise ? { key: otherwise } : {}),
  });
}

/** `[{ path, module, children }]`: what the controllers of a module answer to is below its path. */
function modules(c: CallSite, given: Value | undefined, above: readonly string[]): void {
  const routes = flat(given);
  if (routes.length === 0) answersMore(c, id);
  for (const one of routes) {
    const path = one.t === 'obj' ? literal(one.get('path') ?? text('')) : '';
    if (path === undefined) {
      answersMore(c, id);
      continue;
    }
    const whole = [...above, path].filter(p => p !== '' && p !== '/');
    const module = one.t === 'class' ? one : get(one, 'module');
    if (module?.t === 'class' && whole.length > 0)
      for (const cls of controllersOf(c, module)) {
        const name = nameOf(cls);
        c.ev.exchange(c, id, { kind: 'mount', by: 'http', name, client: name, path: text(whole.join('/')) });
      }
    const children = get(one, 'children');
    if (children) modules(c, children, whole);
  }
}

function controllersOf({ ev }: Site, module: ClassValue): ClassValue[] {
  return ev
    .decorators(module.decl.decorators, module.scope)
    .filter(d => d.name === 'Module')
    .flatMap(d => each(d.args[0]).flatMap(o => flat(get(o, 'controllers'))))
    .filter(v => v.t === 'class');
}
