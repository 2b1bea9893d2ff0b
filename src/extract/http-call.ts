import type { Site } from '../model/technology.ts';
import { addressUnder, partsOf, textOf } from '../model/texts.ts';
import { each, get, literal, text, unknown, type Value } from '../model/value.ts';

/** Methods of HTTP clients that are named after the method of the request. */
export const requestMethods: ReadonlySet<string> = new Set([
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'del',
  'head',
  'options',
]);

interface Request {
  readonly url: Value | undefined;
  readonly base?: Value | undefined;
  readonly method?: Value;
  /** Where its headers may stand. */
  readonly options?: readonly (Value | undefined)[];
}

/** Records a request. Each address that it may have is a request of its own. */
export function requested(site: Site, tech: string, { url, base, method, options }: Request): void {
  const given = method ? { method } : {};
  // a sidecar of Dapr is told by a header whom to ask
  const app = options?.map(o => get(get(o, 'headers'), 'dapr-app-id')).find(v => v !== undefined);
  if (app) {
    site.ev.exchange(site, tech, { kind: 'call', by: 'http', name: app, ...given });
    return;
  }
  const bases = base ? each(base) : [];
  const paths = each(url);
  const all = new Map<string, Value>();
  for (const path of paths.length > 0 ? paths : [unknown])
    for (const one of bases.length > 0 ? bases : [undefined]) {
      const whole = one ? addressUnder(one, path) : path;
      all.set(JSON.stringify(whole.t === 'text' ? whole.parts : whole.t), whole);
    }
  for (const one of all.values())
    site.ev.exchange(site, tech, { kind: 'call', by: 'http', ...(one.t === 'text' ? { url: one } : {}), ...given });
}

export function named(method: string): { method: Value } {
  return { method: text(method.toLowerCase() === 'del' ? 'DELETE' : method.toUpperCase()) };
}

/** The method in the options of a request, which is GET where they do not say. */
export function methodIn(options: Value | undefined): { method: Value } {
  const given = get(options, 'method');
  const word = literal(given);
  return { method: given && word === undefined ? given : text((word ?? 'GET').toUpperCase()) };
}

/** The address that options give in parts: `{ protocol, hostname, port, path }`. */
export function addressIn(options: Value | undefined): Value | undefined {
  const host = get(options, 'hostname') ?? get(options, 'host');
  if (!host) return undefined;
  const port = get(options, 'port');
  const path = get(options, 'path') ?? get(options, 'pathname');
  const scheme = literal(get(options, 'protocol')) ?? 'http:';
  return textOf([
    `${scheme}//`,
    ...partsOf(host),
    ...(port && port.t !== 'unknown' ? [':', ...partsOf(port)] : []),
    ...(path ? partsOf(path) : []),
  ]);
}
