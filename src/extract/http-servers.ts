import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, unknown, type Value } from '../model/value.ts';
import { listening } from './listen.ts';

/** Servers that frameworks make: where they listen shows in the call alone. */
export const httpServers: Technology = {
  id: 'http-servers',
  packages: [],
  duck(c) {
    if (c.name !== 'listen' || !isPlace(c, c.args[0])) return undefined;
    listening(c, c.args);
    for (const f of c.args) if (f.t === 'fn') c.ev.invoke(f, [], c);
    return unknown;
  },
};

function isPlace(c: CallSite, v: Value | undefined): boolean {
  return each(v).some(
    one =>
      one.t === 'num' || one.t === 'text' || (one.t === 'obj' && get(one, 'port') !== undefined && c.args.length > 0),
  );
}
