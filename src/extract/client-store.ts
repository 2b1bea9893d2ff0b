import type { Site } from '../model/technology.ts';
import { each, type StoreRef, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';

/**
 * The store behind what a query builder is given to run its statements: a client or pool of a driver that is
 * understood, a client of one that is not (then what that was made with), the options of one, a url, or a function
 * that gives any of these.
 */
export function storeBehind(site: Site, tech: string, engine: string, given: Value | undefined): StoreRef | undefined {
  for (const one of each(given)) {
    if (one.t === 'handle' && one.store)
      return one.store.kind === 'open' ? { ...one.store, tech, origin: site.origin } : one.store;
    const made = one.t === 'fn' ? site.ev.invoke(one, [], site) : undefined;
    const behind = made && made.t !== 'unknown' ? storeBehind(site, tech, engine, made) : undefined;
    if (behind) return behind;
    const options = one.t === 'ext' ? one.args?.[0] : one;
    if (options?.t !== 'text' && options?.t !== 'obj' && options?.t !== 'union') continue;
    return openConnection({ tech, engine, origin: site.origin, url: options, options });
  }
  return undefined;
}
