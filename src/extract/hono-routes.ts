import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import {
  answersMore,
  flat,
  handled,
  isRouteMethod,
  mounted,
  passesOn,
  pathsIn,
  routerAt,
  routerBelow,
  routersIn,
  saysNotFound,
  served,
} from './routing.ts';

const id = 'hono-routes';

/** Hono: routes of an app, of apps that it is put together from, and those that are declared for OpenAPI. */
export const honoRoutes: Technology = {
  id,
  packages: ['hono', '@hono/zod-openapi'],
  entrances: ['Hono', 'OpenAPIHono'],
  call(c) {
    if (c.on?.t === 'handle') return c.on.kind === 'router' ? onApp(c, c.on) : undefined;
    if (c.on) return undefined;
    if (c.isNew && /(?:^|\.)(?:Hono|OpenAPIHono)$/.test(c.path)) return routerAt(c, id);
    return /(?:^|\.)createRoute$/.test(c.path) ? c.args[0] : undefined;
  },
  typed(t) {
    return /^(?:Hono|OpenAPIHono)$/.test(t.path) ? { t: 'handle', tech: id, kind: 'router' } : undefined;
  },
};

function onApp(c: CallSite, on: Handle): Value | undefined {
  const [first, second] = c.args;
  if (isRouteMethod(c.name)) {
    route(c, on, c.name, first, c.args.slice(1));
    return on;
  }
  switch (c.name) {
    case 'on':
      for (const method of flat(first)) route(c, on, literal(method) ?? '*', second, c.args.slice(2));
      return on;
    case 'openapi': {
      const path = get(first, 'path');
      const written = path ? pathsIn(path).flatMap(p => literal(p) ?? []) : [];
      for (const one of written)
        served(c, id, on, literal(get(first, 'method')) ?? '*', text(one.replace(/\{(\w+)\}/g, ':$1')));
      if (written.length === 0) answersMore(c, id);
      handled(c, c.args.slice(1));
      return on;
    }
    case 'route': {
      const inner = routersIn([second ?? unknown], id);
      for (const one of inner)
        for (const path of pathsIn(first).length > 0 ? pathsIn(first) : [unknown]) mounted(c, id, one, on, path);
      if (inner.length === 0 && c.args.length > 1) answersMore(c, id);
      return c.args.length > 1 ? on : routerBelow(c, id, on, first);
    }
    case 'basePath':
      return routerBelow(c, id, on, first);
    case 'use': {
      const rest = c.args.slice(pathsIn(first).length > 0 ? 1 : 0);
      if (!rest.every(v => v.t !== 'unknown' && passesOn(v, 2))) answersMore(c, id);
      handled(c, rest);
      return on;
    }
    case 'mount':
      answersMore(c, id);
      return on;
    case 'onError':
    case 'notFound':
      handled(c, c.args);
      return on;
    default:
      return undefined;
  }
}

/** Without a path, a route is for every path. */
function route(c: CallSite, on: Handle, method: string, path: Value | undefined, handlers: readonly Value[]): void {
  const isForAll = each(path).some(v => v.t === 'fn');
  const last = handlers.at(-1) ?? path;
  const isNothing = last !== undefined && saysNotFound(last) && (isForAll || /^\/?\*$/.test(literal(path) ?? ''));
  if (!isNothing) served(c, id, on, method, isForAll ? text('*') : path);
  handled(c, path ? [path, ...handlers] : handlers);
}
