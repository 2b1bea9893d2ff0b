import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, unknown, type Value } from '../model/value.ts';
import { listening } from './listen.ts';
import { answersMore, flat, handled, isPassing, routerAt, routerBelow, saysNotFound, served } from './routing.ts';

const id = 'hapi-routes';

/** Hapi: routes of a server and of the plugins that are registered with it, below their prefixes. */
export const hapiRoutes: Technology = {
  id,
  packages: ['@hapi/hapi', 'hapi'],
  entrances: ['server', 'Server'],
  call(c) {
    if (c.on?.t === 'handle') return c.on.kind === 'router' ? onServer(c, c.on) : undefined;
    if (c.on || !/(?:^|\.)(?:server|Server)$/.test(c.path)) return undefined;
    const place = get(c.args[0], 'port');
    if (place) listening(c, [place]);
    return routerAt(c, id);
  },
  typed(t) {
    return /(?:^|\.)Server$/.test(t.path) ? { t: 'handle', tech: id, kind: 'router' } : undefined;
  },
};

function onServer(c: CallSite, on: Handle): Value | undefined {
  const [first, second] = c.args;
  switch (c.name) {
    case 'route': {
      const routes = flat(first);
      for (const one of routes) route(c, on, one);
      if (routes.length === 0) answersMore(c, id);
      return unknown;
    }
    case 'ext':
      // what is done to requests before they are routed may change their paths
      if (literal(first) === 'onRequest') answersMore(c, id);
      return undefined;
    case 'register': {
      const plugins = flat(first);
      for (const one of plugins) registered(c, on, one, second);
      if (plugins.length === 0) answersMore(c, id);
      return unknown;
    }
    default:
      return undefined;
  }
}

function route(c: CallSite, on: Handle, given: Value): void {
  const made = given.t === 'fn' ? c.ev.invoke(given, [on], c) : given;
  const path = get(made, 'path');
  const method = get(made, 'method');
  const methods = flat(method).flatMap(m => literal(m) ?? []);
  const options = get(made, 'options') ?? get(made, 'config');
  const handler = get(made, 'handler') ?? get(options, 'handler') ?? unknown;
  const isNothing = /^\/?\{\w+\*\}$/.test(literal(path) ?? '') && saysNotFound(handler);
  if (methods.length === 0 || !path) answersMore(c, id);
  else if (!isNothing) for (const one of methods) served(c, id, on, one, path);
  handled(c, [handler]);
}

/** `plugin`, `{ plugin, options, routes: { prefix } }`: what has a function `register` is one. */
function registered(c: CallSite, on: Handle, given: Value, options: Value | undefined): void {
  const routes = get(given, 'routes') ?? get(options, 'routes');
  const inner = get(given, 'plugin') ?? given;
  for (const one of each(inner).length > 0 ? each(inner) : [unknown]) {
    const found = one.t === 'module' ? c.ev.exported(one.file, 'default') : one;
    const plugin = get(found, 'plugin') ?? found;
    if (plugin.t === 'ext') {
      if (!isPassing(plugin.pkg)) answersMore(c, id);
      continue;
    }
    const register = plugin.t === 'obj' ? plugin.get('register') : plugin.t === 'fn' ? plugin : undefined;
    if (register?.t !== 'fn') {
      answersMore(c, id);
      continue;
    }
    const prefix = get(routes, 'prefix');
    const server = prefix ? routerBelow(c, id, on, prefix) : on;
    c.ev.invoke(register, [server, get(given, 'options') ?? unknown], c);
  }
}
