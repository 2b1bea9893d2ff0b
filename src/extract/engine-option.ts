import { each, literal, type Value } from '../model/value.ts';
import { engineOf } from './connection-string.ts';

/** The engine that an option names (`type`, `dialect`, `client`): as written, by its default, or `unknown`. */
export function engineIn(option: Value | undefined): string {
  for (const v of each(option)) {
    const word = literal(v) ?? (v.t === 'text' ? defaultOf(v) : undefined);
    if (word === undefined || word === '') continue;
    const bare = word
      .toLowerCase()
      .replace(/^(aurora|aws)-(data-api-)?/, '')
      .replace(/^data-api-/, '')
      .replace(/^sqljs$|^expo$|^cordova$/, 'sqlite');
    return engineOf(bare) ?? bare;
  }
  return 'unknown';
}

function defaultOf(v: Value & { t: 'text' }): string | undefined {
  const [only] = v.parts;
  return v.parts.length === 1 && typeof only === 'object' && only?.def ? literal(only.def) : undefined;
}
