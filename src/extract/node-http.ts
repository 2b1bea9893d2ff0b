import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, unknown } from '../model/value.ts';
import { addressIn, methodIn, named, requested } from './http-call.ts';
import { listening } from './listen.ts';
import { answersMore } from './routing.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'node-http';
const server: Handle = { t: 'handle', tech: id, kind: 'server' };

/** Node's own client and server, and undici, which is what it is made of. */
export const nodeHttp: Technology = {
  id,
  packages: ['http', 'https', 'node:http', 'node:https', 'http2', 'node:http2', 'undici'],
  entrances: ['request', 'get', 'fetch', 'createServer', 'stream', 'pipeline', 'Pool', 'Client'],
  call(c) {
    const path = c.path.replace(/^default\.?/, '');
    if (c.on?.t === 'handle') {
      if (c.on.kind === 'server' && c.name === 'listen') listening(c, c.args);
      if (c.on.kind === 'client' && c.name === 'request') inPool(c, c.on);
      return c.on.kind === 'server' ? c.on : undefined;
    }
    if (c.on) return undefined;
    if (/^create(?:Secure)?Server$/.test(path)) {
      for (const f of functionsOf(c.args)) {
        c.ev.invoke(f, [], c);
        answersMore(c, id);
      }
      return server;
    }
    if (c.pkg === 'undici' && c.isNew)
      return /^(?:Pool|Client)$/.test(path)
        ? { t: 'handle', tech: id, kind: 'client', ...(c.args[0] ? { address: c.args[0] } : {}) }
        : undefined;
    if (!/^(?:request|get|fetch|stream|pipeline)$/.test(path)) return undefined;
    const [first, second] = c.args;
    const isText = each(first).some(v => v.t === 'text');
    const options = each(isText ? second : first).find(v => v.t === 'obj');
    const method = path === 'get' ? named('get') : methodIn(options);
    const given = isText ? second : first;
    requested(c, id, {
      url: isText ? first : addressIn(options),
      ...method,
      options: given?.t === 'fn' ? [] : [given],
    });
    for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
    return unknown;
  },
};

function inPool(c: CallSite, on: Handle): void {
  const [options] = c.args;
  requested(c, id, { url: get(options, 'path'), base: on.address, ...methodIn(options), options: [options] });
}
