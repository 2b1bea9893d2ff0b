import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { methodIn, requested } from './http-call.ts';

const id = 'connect-rpc';
const router: Handle = { t: 'handle', tech: id, kind: 'router' };

/** Connect: clients of a service over a transport with an address, and routers that services are put on. */
export const connectRpc: Technology = {
  id,
  packages: ['@connectrpc/*', '@bufbuild/connect*'],
  entrances: [
    'createClient',
    'createPromiseClient',
    'createCallbackClient',
    'createConnectTransport',
    'createGrpcTransport',
    'createGrpcWebTransport',
    'createConnectRouter',
    'connectNodeAdapter',
    'expressConnectMiddleware',
    'fastifyConnectPlugin',
    'nextJsApiRouter',
    'ConnectRouter',
  ],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on) return undefined;
    const [first, second] = c.args;
    if (/^create(?:Connect|Grpc|GrpcWeb)Transport$/.test(c.name)) return placed('transport', get(first, 'baseUrl'));
    if (/^create(?:Promise|Callback)?Client$/.test(c.name)) {
      const transport = each(second).find(v => v.t === 'handle');
      const client = placed('client', transport?.t === 'handle' ? transport.address : undefined);
      const name = nameOf(first);
      return name === undefined ? client : { ...client, name };
    }
    if (c.name === 'createConnectRouter') return router;
    routesIn(c, first);
    return undefined;
  },
  plugged(c) {
    for (const given of c.args.slice(1)) routesIn(c, given);
  },
  typed(t) {
    return t.path === 'ConnectRouter' ? router : undefined;
  },
};

function placed(kind: string, address: Value | undefined): Handle {
  return { t: 'handle', tech: id, kind, ...(address ? { address } : {}) };
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  if (on.kind === 'client') {
    const { name, address } = on;
    if (name === undefined) requested(c, id, { url: address, ...methodIn(undefined) });
    else
      c.ev.exchange(c, id, {
        kind: 'call',
        by: 'grpc',
        name: text(name, c.origin),
        method: text(c.name),
        ...(address ? { url: address } : {}),
      });
    return unknown;
  }
  if (on.kind !== 'router' || c.name !== 'service') return undefined;
  const name = nameOf(c.args[0]);
  if (name !== undefined) c.ev.exchange(c, id, { kind: 'serve', by: 'grpc', name: text(name, c.origin) });
  c.ev.invoke(c.args[1], [], c);
  return undefined;
}

/** `{ routes }` of what puts a router into a server. */
function routesIn(site: Site, options: Value | undefined): void {
  const routes = get(options, 'routes');
  if (routes) site.ev.invoke(routes, [router], site);
}

/** The last part of the name of a service, as gRPC knows it, where generated code or the name of an import tells. */
function nameOf(service: Value | undefined): string | undefined {
  const full = literal(get(service, 'typeName'));
  const imported = each(service).find(v => v.t === 'ext');
  const path = full ?? (imported?.t === 'ext' && !imported.path.includes('()') ? imported.path : undefined);
  const name = path?.split(/[./]/).at(-1);
  return name === '' ? undefined : name;
}
