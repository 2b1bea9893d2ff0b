import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, text, unknown, type Value } from '../model/value.ts';
import { requestMethods } from './http-call.ts';
import { listening } from './listen.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'http-routes';

/**
 * Routers that are told of each route by a call. Which prefix a router has is known where it is mounted, so routes and
 * mounts name routers by where they are made. A file that only has routes leads to no data and is not followed for them.
 */
export const httpRoutes: Technology = {
  id,
  auxiliary: true,
  packages: ['express', 'restify', 'koa-router', '@koa/router', 'express-promise-router', 'polka', 'router'],
  call(c) {
    if (c.on?.t === 'handle') return c.on.kind === 'route' ? onRoute(c, c.on) : onRouter(c, c.on);
    if (c.on) return undefined;
    const name = c.path.replace(/^default\.?/, '');
    if (!/^(?:|Router|createServer|express)$/.test(name)) return undefined;
    const made = text(`${c.origin.file}:${c.origin.at}`);
    const prefix = get(c.args[0], 'prefix');
    if (prefix) c.ev.exchange(c, id, { kind: 'mount', by: 'http', name: made, path: prefix });
    return { t: 'handle', tech: id, kind: 'router', address: made };
  },
  typed(t) {
    return /(?:^|\.)(?:Express|Application|IRouter|Router)$/.test(t.path)
      ? { t: 'handle', tech: id, kind: 'router' }
      : undefined;
  },
};

function onRouter(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  if (isMethod(c.name)) {
    if (c.args.length > 1) for (const path of pathsIn(first)) serve(c, on, path);
    return undefined;
  }
  switch (c.name) {
    case 'route':
      return { ...on, kind: 'route', ...(first ? { extra: { path: first } } : {}) };
    case 'routes':
    case 'middleware':
      return on;
    case 'prefix':
      if (first && on.address) c.ev.exchange(c, id, { kind: 'mount', by: 'http', name: on.address, path: first });
      return on;
    case 'use':
      for (const inner of routersIn(c.args))
        for (const path of pathsIn(first).length > 0 ? pathsIn(first) : [text('')])
          c.ev.exchange(c, id, {
            kind: 'mount',
            by: 'http',
            path,
            ...(inner.address ? { name: inner.address } : {}),
            ...(on.address ? { client: on.address } : {}),
          });
      return undefined;
    case 'listen':
      listening(c, c.args);
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
      return unknown;
    default:
      return undefined;
  }
}

function onRoute(c: CallSite, on: Handle): Value | undefined {
  if (!isMethod(c.name)) return undefined;
  for (const path of pathsIn(on.extra?.['path'])) serve(c, on, path);
  for (const f of c.args.flatMap(a => (a.t === 'arr' ? functionsOf(a.items) : functionsOf([a])))) c.ev.invoke(f, [], c);
  return on;
}

function isMethod(name: string): boolean {
  return name === 'all' || requestMethods.has(name);
}

function serve(c: CallSite, on: Handle, path: Value): void {
  const method = c.name === 'all' ? 'ANY' : c.name === 'del' ? 'DELETE' : c.name.toUpperCase();
  c.ev.exchange(c, id, {
    kind: 'serve',
    by: 'http',
    method: text(method),
    path,
    ...(on.address ? { client: on.address } : {}),
  });
}

function pathsIn(v: Value | undefined): readonly Value[] {
  return each(v)
    .flatMap(one => (one.t === 'arr' ? one.items.flatMap(each) : [one]))
    .filter(one => one.t === 'text');
}

function routersIn(args: readonly Value[]): Handle[] {
  return args
    .flatMap(each)
    .flatMap(a => (a.t === 'arr' ? a.items.flatMap(each) : [a]))
    .filter(a => a.t === 'handle')
    .filter(a => a.tech === id);
}
