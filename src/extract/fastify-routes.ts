import { folderOf, join } from '../model/modules.ts';
import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { listening } from './listen.ts';
import {
  answersMore,
  flat,
  handled,
  isPassing,
  isRouteMethod,
  pathsIn,
  routerAt,
  routerBelow,
  served,
} from './routing.ts';

const id = 'fastify-routes';

/** Fastify: routes of a server and of the plugins that are registered with it, below their prefixes. */
export const fastifyRoutes: Technology = {
  id,
  packages: ['fastify', 'fastify-plugin'],
  entrances: ['fastify'],
  call(c) {
    if (c.on?.t === 'handle') return c.on.kind === 'router' ? onServer(c, c.on) : undefined;
    if (c.on) return undefined;
    const name = c.path.replace(/^default\.?/, '');
    // a plugin that is taken out of its scope is not put below a prefix either
    if (c.pkg === 'fastify-plugin') return plugin(c.args[0]);
    return name === '' || name === 'fastify' ? routerAt(c, id) : undefined;
  },
  typed(t) {
    return t.path === 'FastifyInstance' ? { t: 'handle', tech: id, kind: 'router' } : undefined;
  },
};

function plugin(fn: Value | undefined): Value {
  return fn ? { t: 'handle', tech: id, kind: 'plugin', model: fn } : unknown;
}

function onServer(c: CallSite, on: Handle): Value | undefined {
  const [first, second] = c.args;
  if (isRouteMethod(c.name) || c.name === 'trace') {
    if (c.args.length < 2) return undefined;
    served(c, id, on, c.name, first);
    handled(c, c.args.slice(1));
    handled(c, [get(second, 'handler') ?? unknown]);
    return on;
  }
  switch (c.name) {
    case 'route':
      route(c, on, first);
      return on;
    case 'register':
      for (const one of each(first).length > 0 ? each(first) : [unknown]) registered(c, on, one, second);
      return on;
    case 'withTypeProvider':
    case 'after':
    case 'ready':
      return c.args.length === 0 ? on : undefined;
    case 'listen':
      listening(c, c.args);
      handled(c, c.args);
      return unknown;
    default:
      return undefined;
  }
}

function route(c: CallSite, on: Handle, given: Value | undefined): void {
  const path = get(given, 'url') ?? get(given, 'path');
  const methods = flat(get(given, 'method')).flatMap(m => literal(m) ?? []);
  if (methods.length === 0) answersMore(c, id);
  for (const method of methods) served(c, id, on, method, path);
  handled(c, [get(given, 'handler') ?? unknown]);
}

/** A plugin is a function that is given a server of its own, below a prefix. */
function registered(c: CallSite, on: Handle, given: Value, options: Value | undefined): void {
  const made = given.t === 'fn' && each(options).some(o => o.t === 'fn') ? unknown : get(options, 'prefix');
  switch (given.t) {
    case 'fn':
      // options that are worked out when the program runs may hold a prefix
      if (options && each(options).length === 0) answersMore(c, id);
      c.ev.invoke(given, [inner(c, on, made), options ?? unknown], c);
      return;
    case 'module':
      registered(c, on, c.ev.exported(given.file, 'default'), options);
      return;
    case 'obj':
      registered(c, on, given.get('default') ?? unknown, options);
      return;
    case 'handle':
      if (given.tech === id && given.kind === 'plugin') c.ev.invoke(given.model, [on, options ?? unknown], c);
      else answersMore(c, id);
      return;
    case 'ext':
      if (/^(?:@fastify\/|fastify-)autoload$/.test(given.pkg)) autoload(c, on, options);
      else if (!isPassing(given.pkg)) answersMore(c, id);
      return;
    default:
      answersMore(c, id);
  }
}

function inner(c: CallSite, on: Handle, prefix: Value | undefined): Handle {
  return prefix ? routerBelow(c, id, on, prefix) : on;
}

/** Every file below a folder is a plugin, with the folders between as its prefix, unless it says another. */
function autoload(c: CallSite, on: Handle, options: Value | undefined): void {
  const base = literalTail(pathsIn(get(options, 'dir'))[0]);
  const special = ['dirNameRoutePrefix', 'matchFilter', 'ignoreFilter', 'ignorePattern', 'routeParams', 'maxDepth'];
  if (base === undefined || base === '' || special.some(key => get(options, key) !== undefined)) {
    answersMore(c, id);
    return;
  }
  const folder = join(folderOf(c.origin.file), base);
  const files = c.ev.filesIn(folder).filter(f => /\.[cm]?[jt]s$/.test(f) && !/\.d\.ts$|\.(?:test|spec)\./.test(f));
  const indexed = new Set(files.filter(f => /\/index\.\w+$/.test(f)).map(folderOf));
  const given = get(get(options, 'options'), 'prefix');
  const outer = given ? routerBelow(c, id, on, given) : on;
  for (const file of files) {
    if (indexed.has(folderOf(file)) && !/\/index\.\w+$/.test(file)) continue;
    const found = c.ev.exported(file, 'default');
    const own = c.ev.exported(file, 'autoPrefix');
    const between = folderOf(file).slice(folder.length);
    const prefix = own.t === 'text' ? own : text(between);
    const within = literal(prefix) === '' ? outer : routerBelow(c, id, outer, prefix);
    for (const one of flat(found))
      if (one.t === 'fn') c.ev.invoke(one, [within, get(options, 'options') ?? unknown], c);
      else if (one.t === 'handle' && one.kind === 'plugin') c.ev.invoke(one.model, [outer, unknown], c);
  }
  if (files.length === 0) answersMore(c, id);
}

/** What stands behind the folder of the file itself: `join(__dirname, 'routes')`. */
function literalTail(v: Value | undefined): string | undefined {
  if (v?.t !== 'text') return undefined;
  const [first, ...rest] = v.parts;
  if (rest.some(p => typeof p !== 'string')) return undefined;
  return typeof first === 'string' ? undefined : rest.join('');
}
