import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, type Limits, unknown, type Value } from '../model/value.ts';
import { addressIn, limitsOf, methodIn, named, requested, requestMethods } from './http-call.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'http-client';

/** Under what the clients keep the address that all requests start with. */
const bases = ['baseURL', 'baseUrl', 'prefixUrl', 'prefix', 'url', 'uri'] as const;
const makers = /(?:^|\.)(?:create|createClient|extend|defaults|instance|forever|agent)$/;
const types = /^(?:AxiosInstance|Axios|AxiosStatic|Got|KyInstance|\$Fetch|HttpService|default)$/;

/** Clients of HTTP that are called themselves or have a method for each method of HTTP, and make others with a base. */
export const httpClients: Technology = {
  id,
  anyMember: true,
  packages: [
    'axios',
    'got',
    'ky',
    'ky-universal',
    'ofetch',
    'wretch',
    'request',
    'request-promise',
    'request-promise-native',
    'superagent',
    'needle',
    'phin',
    'bent',
    'axios-cache-interceptor',
    'axios-retry',
    '@nestjs/axios',
    'openapi-fetch',
  ],
  call(c) {
    if (c.on) return c.on.t === 'handle' ? onClient(c, c.on) : onOwn(c);
    const path = c.path
      .replace(/^default\.?/, '')
      .replace(/^(?:axios|got|ky|ofetch|\$fetch|request|superagent|needle)(?:\.|$)/, '');
    if (/Module\.register(?:Async)?$/.test(path)) return unknown;
    if (c.pkg === 'axios-cache-interceptor') return each(c.args[0]).find(v => v.t === 'handle') ?? anyClient;
    if (makers.test(path) || (c.isNew && /^(?:Axios|HttpService)$/.test(path))) return made(c, undefined);
    if (c.pkg === 'openapi-fetch') return made(c, undefined);
    if (path === '' || path === 'request') return asked(c, undefined);
    return isMethod(path) ? byMethod(c, path, undefined) : undefined;
  },
  member(m) {
    if (m.on.t === 'handle' && m.name === 'axiosRef') return m.on;
    return undefined;
  },
  loaded(site) {
    // `axios.defaults.timeout = 2000` holds for all that the process calls
    for (const [of, fills] of site.act.code.fills)
      if (/^(?:[\w$]+\.)?defaults$/.test(of) && fills.some(f => f.key === 'timeout'))
        site.ev.exchange(site, id, { kind: 'client', by: 'http', timeout: 'set' });
  },
  typed(t) {
    return types.test(t.path) && t.pkg !== 'request' ? anyClient : undefined;
  },
};

function client(base: Value | undefined, limits?: Limits): Handle {
  return { t: 'handle', tech: id, kind: 'client', ...(base ? { address: base } : {}), ...(limits ? { limits } : {}) };
}

/** A client of which nothing is known but its type. */
const anyClient = client(undefined, {});

function made(c: CallSite, outer: Handle | undefined): Handle {
  return client(baseOf(c.args[0]) ?? outer?.address, limitsOf(c.args.slice(0, 1), outer?.limits ?? limitsOfPackage(c)));
}

/** ky ends what takes longer than ten seconds, unasked. */
function limitsOfPackage(c: CallSite): Limits {
  return { timeout: c.pkg === 'ky' || c.pkg === 'ky-universal' ? 'set' : 'none' };
}

function baseOf(options: Value | undefined): Value | undefined {
  return bases.map(key => get(options, key)).find(v => v !== undefined);
}

function onClient(c: CallSite, on: Handle): Value | undefined {
  if (c.name === '()' || c.name === 'request') return asked(c, on);
  if (makers.test(c.name)) return made(c, on);
  if (c.name === 'getUri') return on.address ?? unknown;
  return isMethod(c.name) ? byMethod(c, c.name, on) : undefined;
}

/** A method of a class of one's own that extends a client. */
function onOwn(c: CallSite): Value | undefined {
  return c.on?.t === 'inst' && requestMethods.has(c.name) ? byMethod(c, c.name, undefined) : undefined;
}

/** `axios(url, options)`, `axios(options)`, `request(options, callback)`. */
function asked(c: CallSite, on: Handle | undefined): Value {
  const [first, second] = c.args;
  const isText = each(first).some(v => v.t === 'text');
  const options = isText ? second : first;
  const own = get(options, 'baseURL') ?? get(options, 'baseUrl') ?? get(options, 'prefixUrl') ?? on?.address;
  const limits = on?.limits ?? limitsOfPackage(c);
  // superagent and needle name the method first
  if (isText && each(second).some(v => v.t === 'text'))
    requested(c, id, { url: second, ...named(textOfFirst(first)), limits });
  else
    requested(c, id, {
      url: isText ? first : (get(options, 'url') ?? get(options, 'uri') ?? addressIn(options)),
      base: own,
      ...methodIn(options),
      options: [options],
      limits,
    });
  return answered(c);
}

function textOfFirst(v: Value | undefined): string {
  const [one] = each(v);
  const part = one?.t === 'text' ? one.parts[0] : undefined;
  return typeof part === 'string' ? part : 'get';
}

function byMethod(c: CallSite, name: string, on: Handle | undefined): Value {
  const [first, ...rest] = c.args;
  const url = each(first).some(v => v.t === 'obj') ? (get(first, 'url') ?? get(first, 'uri')) : first;
  const own = rest.map(o => get(o, 'baseURL') ?? get(o, 'prefixUrl')).find(v => v !== undefined) ?? on?.address;
  requested(c, id, {
    url,
    base: own,
    ...(name === '*' ? {} : named(isStream(name) ? 'get' : name)),
    options: optionsOf(name, c.args),
    limits: on?.limits ?? limitsOfPackage(c),
  });
  return answered(c);
}

/** Where a method takes a body, its options come after that. */
function optionsOf(name: string, args: readonly Value[]): readonly Value[] {
  const [first, second] = args;
  if (each(first).some(v => v.t === 'obj')) return first ? [first] : [];
  const isBodyFirst = /^(?:post|put|patch)$/.test(name) && !isOptions(second);
  return args.slice(isBodyFirst ? 2 : 1).filter(v => v.t !== 'fn');
}

/** got and ky take the body among the options, and no body apart. */
function isOptions(v: Value | undefined): boolean {
  return each(v).some(
    o => o.t === 'obj' && o.keys().some(k => /^(?:json|form|searchParams|retry|timeout|headers)$/.test(k)),
  );
}

function isMethod(name: string): boolean {
  return name === '*' || isStream(name) || requestMethods.has(name.toLowerCase());
}

function isStream(name: string): boolean {
  return name === 'paginate' || name === 'stream';
}

/** What answers is not known; who is given it runs. */
function answered(c: CallSite): Value {
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  return unknown;
}
