import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, unknown, type Value } from '../model/value.ts';
import { addressIn } from './http-call.ts';

const id = 'proxies';
const proxy: Handle = { t: 'handle', tech: id, kind: 'proxy' };

/** Middleware that hands requests on to another service. */
export const proxies: Technology = {
  id,
  packages: [
    'http-proxy-middleware',
    'http-proxy',
    'http-proxy-3',
    'express-http-proxy',
    '@fastify/http-proxy',
    'fastify-http-proxy',
    '@fastify/reply-from',
    'koa-proxies',
    'koa-proxy',
    'koa-better-http-proxy',
    'fast-gateway',
  ],
  call(c) {
    if (c.on?.t === 'handle') {
      if (/^(?:web|ws)$/.test(c.name)) passedOn(c, c.args[2]);
      return undefined;
    }
    if (c.on) return undefined;
    if (c.pkg === 'express-http-proxy' || c.pkg === 'koa-better-http-proxy') toHost(c, c.args[0]);
    else if (c.pkg === 'fast-gateway') for (const r of listOf(get(c.args[0], 'routes'))) passedOn(c, r);
    else for (const given of c.args) passedOn(c, given);
    return /Server$/.test(c.name) ? proxy : unknown;
  },
  plugged(c) {
    for (const given of c.args.slice(1)) passedOn(c, given);
  },
  duck(c) {
    // hapi's `h.proxy({ uri })`
    if (c.name !== 'proxy' || !get(c.args[0], 'uri')) return undefined;
    passedOn(c, c.args[0]);
    return unknown;
  },
};

/** `{ target, router }`, `{ upstream }`, `{ uri }`, `{ host }`, of a proxy or of each of its paths. */
function passedOn(c: CallSite, given: Value | undefined): void {
  for (const one of each(given)) {
    if (one.t !== 'obj') continue;
    for (const key of ['target', 'upstream', 'uri', 'base'] as const) {
      const target = one.get(key);
      for (const t of each(target)) to(c, t.t === 'obj' ? addressIn(t) : t);
      // who is at the other end is not known, but somebody is
      if (target && each(target).length === 0) to(c, undefined);
    }
    const router = one.get('router');
    for (const r of each(router)) {
      if (r.t === 'obj') for (const key of r.keys()) to(c, r.get(key));
      else if (r.t === 'fn') to(c, c.ev.invoke(r, [], c));
    }
    const host = one.get('host');
    if (c.pkg === 'koa-proxy' && host) to(c, host);
  }
}

/** The host, or a function that gives it. */
function toHost(c: CallSite, host: Value | undefined): void {
  for (const one of each(host)) to(c, one.t === 'fn' ? c.ev.invoke(one, [], c) : one);
}

function to(site: Site, url: Value | undefined): void {
  for (const one of each(url).length > 0 ? each(url) : [unknown])
    site.ev.exchange(site, id, { kind: 'call', by: 'http', ...(one.t === 'text' ? { url: one } : {}) });
}

function listOf(v: Value | undefined): readonly Value[] {
  return each(v).flatMap(one => (one.t === 'arr' ? one.items.flatMap(each) : []));
}
