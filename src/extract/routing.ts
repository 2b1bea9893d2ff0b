import type { Expr } from '../model/code.ts';
import type { CallSite, Site } from '../model/technology.ts';
import { each, type FunctionValue, type Handle, literal, text, type Value } from '../model/value.ts';
import { requestMethods } from './http-call.ts';

/** What frameworks for routes have in common: routers named by where they are made, and what they are told. */

/** A router that is made here, which may be the whole server. Below which path it is shows where it is mounted. */
export function routerAt(site: Site, tech: string, name = ''): Handle & { readonly address: Value } {
  const address = text(`${site.origin.file}:${site.origin.at}${name}`);
  return { t: 'handle', tech, kind: 'router', address };
}

/** A router that answers to nobody before it is mounted. */
export function partAt(site: Site, tech: string): Handle & { readonly address: Value } {
  return { t: 'handle', tech, kind: 'router', address: text(`${part}${site.origin.file}:${site.origin.at}`) };
}

const part = 'part of a server at ';

/** Whether the name of a router is that of one that has to be mounted. */
export function isPartOfServer(router: string): boolean {
  return router.startsWith(part);
}

/** A router within another, below a path that may be empty. */
export function routerBelow(site: Site, tech: string, outer: Handle, path: Value | undefined): Handle {
  const known = literal(path);
  // one line that makes routers in a loop makes another for each path
  const inner = routerAt(site, tech, `${known ?? ''}<${literal(outer.address) ?? ''}`);
  mounted(site, tech, inner, outer, path ?? text(''));
  return inner;
}

/** A route for a method. Of a path that cannot be read it is only known that something is answered. */
export function served(site: Site, tech: string, on: Handle, method: string, path: Value | undefined): void {
  const router = on.address ? { client: on.address } : {};
  const paths = pathsIn(path);
  for (const one of paths)
    site.ev.exchange(site, tech, {
      kind: 'serve',
      by: 'http',
      method: text(methodNamed(method)),
      path: one,
      ...router,
    });
  if (paths.length === 0) answersMore(site, tech);
}

/** It answers to more than can be told. */
export function answersMore(site: Site, tech: string): void {
  site.ev.exchange(site, tech, { kind: 'serve', by: 'http' });
}

export function mounted(site: Site, tech: string, inner: Handle, outer: Handle | undefined, path: Value): void {
  site.ev.exchange(site, tech, {
    kind: 'mount',
    by: 'http',
    path,
    ...(inner.address ? { name: inner.address } : {}),
    ...(outer?.address ? { client: outer.address } : {}),
  });
}

/** A prefix that a router gives to all its routes, wherever it is mounted. */
export function prefixed(site: Site, tech: string, on: Handle, path: Value | undefined): void {
  if (path) mounted(site, tech, on, on, path);
}

export function isRouteMethod(name: string): boolean {
  return name === 'all' || requestMethods.has(name);
}

function methodNamed(name: string): string {
  return name === 'all' || name === '*' ? 'ANY' : name === 'del' ? 'DELETE' : name.toUpperCase();
}

/** The texts that a path or a list of paths may be. */
export function pathsIn(v: Value | undefined): readonly Value[] {
  return flat(v).filter(one => one.t === 'text');
}

/** Every value that this may be, lists taken apart. */
export function flat(v: Value | undefined): readonly Value[] {
  return each(v).flatMap(one => (one.t === 'arr' ? one.items.flatMap(item => [...flat(item)]) : [one]));
}

export function routersIn(args: readonly Value[], tech: string): Handle[] {
  return args
    .flatMap(a => flat(a))
    .filter(a => a.t === 'handle')
    .filter(a => a.tech === tech && a.kind === 'router');
}

/** Lets the framework call the handlers that it is given. */
export function handled(c: CallSite, args: readonly Value[]): void {
  for (const one of args.flatMap(a => flat(a))) if (one.t === 'fn') c.ev.invoke(one, [], c);
}

/** A handler that only says that there is nothing. */
export function saysNotFound(v: Value): boolean {
  return each(v).some(
    one => one.t === 'fn' && (notFound.test(one.unit.name) || one.unit.exprs.some(e => isAboutNotFound(e, 0))),
  );
}

const notFound = /not[\s_-]*found|404/i;

function isAboutNotFound(e: Expr, depth: number): boolean {
  if (depth > 12) return false;
  const inner = (list: readonly Expr[]): boolean => list.some(x => isAboutNotFound(x, depth + 1));
  switch (e.k) {
    case 'num':
      return e.v === 404;
    case 'str':
      return notFound.test(e.v);
    case 'id':
      return notFound.test(e.n);
    case 'mem':
      return notFound.test(e.p) || inner([e.o]);
    case 'call':
    case 'new':
      return inner([e.f, ...e.a]);
    case 'obj':
      return e.p.some(p => isAboutNotFound('spread' in p ? p.spread : p.v, depth + 1));
    case 'arr':
    case 'unk':
      return inner(e.e);
    case 'tpl':
      return e.parts.some(p => (typeof p === 'string' ? notFound.test(p) : isAboutNotFound(p, depth + 1)));
    case 'await':
    case 'spread':
      return inner([e.o]);
    case 'bin':
      return inner([e.l, e.r]);
    case 'cond':
      return inner([e.c, e.l, e.r]);
    default:
      return false;
  }
}

/** Middleware of packages that passes every request on, or turns it down. */
const passing =
  /^(?:cors|helmet|morgan|compression|cookie-parser|body-parser|cookie-session|express-session|express-rate-limit|rate-limiter-flexible|express-jwt|express-validator|method-override|response-time|connect-timeout|connect-flash|express-async-errors|express-fileupload|multer|csurf|hpp|xss-clean|express-mongo-sanitize|passport|pino-http|express-pino-logger|express-winston|express-slow-down|express-useragent|express-request-id|express-http-context|cls-rtracer|connect-redis|connect-mongo|lusca|errorhandler|serve-favicon|timeout|nocache|express-requests-logger|express-bearer-token|express-correlation-id|koa-bodyparser|koa-body|@koa\/bodyparser|@koa\/cors|koa-cors|koa2-cors|kcors|koa-helmet|koa-compress|koa-logger|koa-session|koa-jwt|koa-json|koa-passport|koa-morgan|koa-ratelimit|koa-pino-logger|koa-response-time|koa-conditional-get|koa-etag|koa-error|koa-onerror|koa-requestid|@fastify\/(?:cors|helmet|cookie|session|secure-session|jwt|auth|formbody|multipart|rate-limit|sensible|env|compress|etag|redis|mongodb|postgres|mysql|accepts|csrf-protection|caching|circuit-breaker|request-context|url-data|under-pressure|kafka|bearer-auth|basic-auth|schedule|awilix|type-provider-\w+)|fastify-(?:cors|helmet|cookie|jwt|formbody|multipart|rate-limit|sensible|compress|auth|env|metrics-collector)|@hono\/(?:zod-validator|sentry|otel)|hapi-auth-jwt2|@hapi\/(?:jwt|cookie|basic|bell|yar|crumb|scooter|good|hoek|boom|joi)|hapi-pino|hapi-sentry|@promster\/hapi|blipp|newrelic|dd-trace|elastic-apm-node|@sentry\/.*)$/;

/** Whether a package's middleware is known to answer to no path of its own. */
export function isPassing(pkg: string): boolean {
  return passing.test(pkg);
}

/**
 * Whether middleware passes on what it is not for. A function that takes what comes next is taken to call it, one
 * without it answers to everything, unless it says that there is nothing. Of what is not known, it is not known.
 */
export function passesOn(v: Value, parameters: number): boolean {
  switch (v.t) {
    case 'fn':
      return v.unit.params.length >= parameters || saysNotFound(v);
    case 'ext': {
      const handlers = (v.args ?? []).flatMap(a => flat(a)).filter((a): a is FunctionValue => a.t === 'fn');
      if (isOwnMiddleware(v.pkg, v.path) || isPassing(v.pkg)) return true;
      const wraps = /async|handler|wrap/i.test(v.pkg) && handlers.length > 0;
      return wraps && handlers.every(h => passesOn(h, parameters));
    }
    case 'arr':
      return v.items.every(i => passesOn(i, parameters));
    case 'union':
      return v.of.every(o => passesOn(o, parameters));
    case 'bool':
      return true;
    default:
      return false;
  }
}

const ofHono =
  /(?:^|[./])(?:cors|logger|prettyJSON|secureHeaders|requestId|timing|compress|etag|csrf|bearerAuth|basicAuth|jwt|jwk|timeout|bodyLimit|poweredBy|(?:trim|append)TrailingSlash|contextStorage|cache|ipRestriction|languageDetector)\(\)$/;

/** `express.json()`, `restify.plugins.queryParser()`, `hono/cors`: what frameworks bring with them. */
function isOwnMiddleware(pkg: string, path: string): boolean {
  if (pkg === 'express') return /(?:^|\.)(?:json|urlencoded|raw|text)\(\)$/.test(path);
  if (pkg === 'restify') return /plugins\./.test(path) && !/serveStatic/.test(path);
  if (pkg === 'hono') return ofHono.test(path);
  return false;
}
