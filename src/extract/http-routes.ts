import type { CallSite, Technology } from '../model/technology.ts';
import { get, type Handle, text, unknown, type Value } from '../model/value.ts';
import { listening } from './listen.ts';
import {
  answersMore,
  flat,
  handled,
  isRouteMethod,
  mounted,
  partAt,
  passesOn,
  pathsIn,
  prefixed,
  routerAt,
  routersIn,
  saysNotFound,
  served,
} from './routing.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'http-routes';

/**
 * Routers that are told of each route by a call. Which prefix a router has is known where it is mounted, so routes and
 * mounts name routers by where they are made.
 */
export const httpRoutes: Technology = {
  id,
  packages: [
    'express',
    'restify',
    'koa',
    'koa-router',
    '@koa/router',
    'koa-mount',
    'express-promise-router',
    'polka',
    'router',
  ],
  entrances: ['Router', 'createServer'],
  call(c) {
    if (c.on?.t === 'handle') return c.on.kind === 'route' ? onRoute(c, c.on) : onRouter(c, c.on);
    if (c.on) return undefined;
    const name = c.path.replace(/^default\.?/, '');
    if (c.pkg === 'koa-mount') return below(c);
    if (!/^(?:|Router|createServer|express)$/.test(name)) return undefined;
    const isPart = name === 'Router' || !/^(?:express|restify|koa|polka)$/.test(c.pkg ?? '');
    const router = {
      ...(isPart ? partAt(c, id) : routerAt(c, id)),
      ...(/koa/.test(c.pkg ?? '') ? { name: 'koa' } : {}),
    };
    prefixed(c, id, router, get(c.args[0], 'prefix'));
    return router;
  },
  typed(t) {
    return /(?:^|\.)(?:Express|Application|IRouter|Router)$/.test(t.path) || (t.pkg === 'koa' && t.path === 'default')
      ? { t: 'handle', tech: id, kind: 'router', ...(/koa/.test(t.pkg) ? { name: 'koa' } : {}) }
      : undefined;
  },
};

function onRouter(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  if (isRouteMethod(c.name)) {
    const given = get(first, 'path') ?? get(first, 'url') ?? first;
    if (c.args.length < 2) return undefined;
    route(c, on, named(on, given, c.args), c.args.slice(1));
    return on;
  }
  switch (c.name) {
    case 'route':
      return { ...on, kind: 'route', ...(first ? { extra: { path: first } } : {}) };
    case 'routes':
    case 'middleware':
      return on;
    case 'prefix':
      if (first && on.address) prefixed(c, id, on, first);
      return on;
    case 'use':
      used(c, on);
      handled(c, c.args);
      return on;
    case 'allowedMethods':
      return { t: 'bool', v: null };
    case 'listen':
      listening(c, c.args);
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
      return unknown;
    default:
      return undefined;
  }
}

/** Koa's routes may have a name before their path. */
function named(on: Handle, first: Value | undefined, args: readonly Value[]): Value | undefined {
  const [second] = args.slice(1);
  return on.name === 'koa' && args.length > 2 && second && pathsIn(second).length > 0 ? second : first;
}

function onRoute(c: CallSite, on: Handle): Value | undefined {
  if (!isRouteMethod(c.name)) return undefined;
  route(c, on, on.extra?.['path'], c.args);
  return on;
}

/** A route for all that is left may only say that there is nothing. */
function route(c: CallSite, on: Handle, path: Value | undefined, handlers: readonly Value[]): void {
  const paths = pathsIn(path);
  const isForAll =
    paths.length === 0 || paths.some(p => p.t === 'text' && /^\/?(?:\*|\(\.\*\)|\{\*)/.test(String(p.parts[0])));
  const last = flat(handlers.at(-1)).at(-1);
  if (!(isForAll && last && saysNotFound(last))) served(c, id, on, c.name, path);
  handled(c, handlers);
}

function used(c: CallSite, on: Handle): void {
  const [first] = c.args;
  const given = pathsIn(first);
  const inner = routersIn(c.args, id);
  for (const router of inner)
    for (const path of given.length > 0 ? given : [text('')]) mounted(c, id, router, on, path);
  const parameters = on.name === 'koa' ? 2 : 3;
  const rest = c.args.slice(given.length > 0 ? 1 : 0).flatMap(a => (flat(a).length > 0 ? flat(a) : [unknown]));
  // what is mounted at a path that cannot be read has routes that cannot be read
  const isUnread = c.args.length > 1 && given.length === 0 && inner.length > 0 && first?.t === 'unknown';
  // what stands before a router is its guard: what it does not turn down goes on to the router
  const isRouter = (v: Value): boolean => v.t === 'handle' && v.tech === id;
  const after = rest.slice(rest.findLastIndex(isRouter) + 1);
  if (isUnread || !after.every(v => passesOn(v, parameters))) answersMore(c, id);
}

/** `mount('/orders', app)` gives middleware that has the routes of the app below the path. */
function below(c: CallSite): Value | undefined {
  const [first] = c.args;
  const path = pathsIn(first)[0];
  const [inner] = routersIn(c.args, id);
  if (!inner) return undefined;
  const outer: Handle = { ...routerAt(c, id), name: 'koa' };
  mounted(c, id, inner, outer, path ?? text(''));
  return outer;
}
