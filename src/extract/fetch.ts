import type { Technology } from '../model/technology.ts';
import { each, get, unknown } from '../model/value.ts';
import { methodIn, requested } from './http-call.ts';

const id = 'fetch';

/** `fetch` of the language and the packages that stand for it. */
export const fetchClients: Technology = {
  id,
  packages: [
    ':fetch',
    'node-fetch',
    'node-fetch-native',
    'cross-fetch',
    'isomorphic-fetch',
    'isomorphic-unfetch',
    'make-fetch-happen',
    'fetch-retry',
  ],
  call(c) {
    if (c.on || c.path.endsWith('()')) return undefined;
    const [first, options] = c.args;
    // a wrapper of fetch is fetch
    if (c.pkg === 'fetch-retry') return first ?? unknown;
    if (c.isNew) return /(^|\.)Request$/.test(c.path) ? (first ?? unknown) : undefined;
    if (!/^(?:default|fetch|)$/.test(c.path)) return undefined;
    const request = each(first).find(v => v.t === 'obj');
    requested(c, id, {
      url: request ? get(request, 'url') : first,
      ...methodIn(options ?? request),
      options: [options, request],
    });
    return unknown;
  },
};
