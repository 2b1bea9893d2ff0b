import type { Site } from '../model/technology.ts';
import { addressUnder, partsOf, textOf } from '../model/texts.ts';
import { each, get, type Limits, literal, type ObjectValue, text, unknown, type Value } from '../model/value.ts';

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
  readonly assumed?: true;
  /** What it is given beside its address: headers, limits. */
  readonly options?: readonly (Value | undefined)[];
  /** What is said of all calls of its client. */
  readonly limits?: Limits | undefined;
}

const endings = [
  'timeout',
  'signal',
  'responseTimeout',
  'requestTimeout',
  'response_timeout',
  'open_timeout',
  'headersTimeout',
  'deadline',
];

/** What options say of how long a request may take; nothing where they are not known. */
export function limitsOf(options: readonly (Value | undefined)[], outer: Limits = { timeout: 'none' }): Limits {
  const all = options.flatMap(o => (o === undefined ? [] : [o]));
  const objects = all.flatMap(each).filter(o => o.t === 'obj');
  const isSet = objects.some(o => o.keys().some(k => endings.includes(k)));
  const isKnown = all.every(o => each(o).length > 0 && each(o).every(v => v.t !== 'obj' || !isVague(v)));
  const timeout = isSet || outer.timeout === 'set' ? 'set' : isKnown ? outer.timeout : undefined;
  const repeats = outer.repeats === true || objects.some(o => isRepeating(get(o, 'retry')));
  return { ...(timeout ? { timeout } : {}), ...(repeats ? { repeats } : {}) };
}

function isVague(o: ObjectValue): boolean {
  return o.open === true || o.isPartial?.() === true;
}

/** got and ky repeat only what is safe to repeat, unless they are told the methods. */
function isRepeating(retry: Value | undefined): boolean {
  const methods = get(retry, 'methods');
  return methods?.t === 'arr' && methods.items.some(m => /^post$/i.test(literal(m) ?? ''));
}

/** The names of the headers that options give, where all of them are known. */
function headersOf(options: readonly (Value | undefined)[]): { headers?: readonly string[] } {
  const names = new Set<string>();
  for (const o of options) {
    if (o === undefined) continue;
    if (each(o).length === 0) return {};
    for (const one of each(o)) {
      if (one.t !== 'obj') continue;
      if (isVague(one)) return {};
      const headers = one.get('headers');
      if (headers === undefined) continue;
      if (headers.t !== 'obj' || isVague(headers)) return {};
      for (const key of headers.keys()) names.add(key.toLowerCase());
    }
  }
  return { headers: [...names].sort() };
}

/** Records a request. Each address that it may have is a request of its own. */
export function requested(
  site: Site,
  tech: string,
  { url, base, method, assumed, options = [], limits }: Request,
): void {
  const given = {
    ...(method ? { method } : {}),
    ...(assumed ? { assumed } : {}),
    ...limitsOf(options, limits),
    ...headersOf(options),
  };
  // a sidecar of Dapr is told by a header whom to ask
  const app = options.map(o => get(get(o, 'headers'), 'dapr-app-id')).find(v => v !== undefined);
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
  const isChosen = all.size > 1 && [...all.values()].some(startsOutside);
  for (const one of all.values())
    site.ev.exchange(site, tech, {
      kind: 'call',
      by: 'http',
      ...(one.t === 'text' ? { url: one } : {}),
      ...(isChosen ? { chosen: true } : {}),
      ...given,
    });
}

/** Whether an address begins with what the surroundings of the process give. */
function startsOutside(url: Value): boolean {
  const first = url.t === 'text' ? url.parts.find(part => part !== '') : undefined;
  return typeof first === 'object' && first !== null;
}

export function named(method: string): { method: Value } {
  return { method: text(method.toLowerCase() === 'del' ? 'DELETE' : method.toUpperCase()) };
}

/** The method in the options of a request, which is GET where they do not say. */
export function methodIn(options: Value | undefined): { method: Value; assumed?: true } {
  const given = get(options, 'method');
  const word = literal(given);
  const isKnown =
    options === undefined ||
    (each(options).length > 0 &&
      each(options).every(o => o.t === 'fn' || (o.t === 'obj' && (o.get('method') !== undefined || !isVague(o)))));
  return {
    method: given && word === undefined ? given : text((word ?? 'GET').toUpperCase()),
    ...(isKnown && new Set(each(options).map(o => literal(get(o, 'method')) ?? 'GET')).size < 2
      ? {}
      : { assumed: true }),
  };
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
