import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, unknown, type Value } from '../model/value.ts';
import { methodIn, requested } from './http-call.ts';

const id = 'rpc-client';

/** Clients of GraphQL, tRPC and others that know the names of what they ask for, over one address. */
export const rpcClients: Technology = {
  id,
  packages: [
    'graphql-request',
    '@apollo/client',
    'apollo-client',
    'apollo-link-http',
    'apollo-boost',
    '@urql/core',
    '@trpc/client',
    '@apollo/gateway',
    '@apollo/datasource-rest',
    'apollo-datasource-rest',
    'jayson',
    'soap',
  ],
  entrances: [
    'GraphQLClient',
    'request',
    'ApolloClient',
    'HttpLink',
    'createHttpLink',
    'BatchHttpLink',
    'Client',
    'createClient',
    'createTRPCClient',
    'createTRPCProxyClient',
    'httpLink',
    'httpBatchLink',
    'httpBatchStreamLink',
    'RESTDataSource',
    'RemoteGraphQLDataSource',
    'IntrospectAndCompose',
    'ApolloGateway',
  ],
  call(c) {
    if (c.on?.t === 'handle') return onClient(c, c.on);
    if (c.on?.t === 'inst') return onSource(c, c.on);
    const name = c.name;
    const [first] = c.args;
    if (/Link$/.test(name)) return handle('link', get(first, 'uri') ?? get(first, 'url'));
    if (/^createTRPC(?:Proxy)?Client$/.test(name)) return handle('rpc', placeOf(first));
    if (/^(?:GraphQLClient|ApolloClient|Client|createClient|default)$/.test(name))
      return handle('client', placeOf(first));
    if (name === 'IntrospectAndCompose' || name === 'ApolloGateway') {
      for (const graph of each(get(first, 'subgraphs') ?? get(first, 'serviceList')).flatMap(l =>
        l.t === 'arr' ? l.items : [],
      ))
        requested(c, id, { url: get(graph, 'url'), ...methodIn(undefined), assumed: true });
      return unknown;
    }
    if (c.pkg === 'graphql-request' && name === 'request') {
      requested(c, id, { url: get(first, 'url') ?? first });
      return unknown;
    }
    // of links that are put together, the one with an address
    const link = c.args
      .flatMap(each)
      .flatMap(a => (a.t === 'arr' ? a.items : [a]))
      .find(isPlaced);
    return link && /^(?:from|concat|split)$/.test(name) ? link : undefined;
  },
  member(m) {
    // a client of tRPC is asked by the names of what it asks for: `client.orders.list.query()`
    return m.on.t === 'handle' && m.on.kind === 'rpc' && !asks.test(m.name) && !/^(?:then|catch|finally)$/.test(m.name)
      ? m.on
      : undefined;
  },
  typed(t) {
    return /^(?:GraphQLClient|ApolloClient)$/.test(t.path) ? handle('client', undefined) : undefined;
  },
};

function handle(kind: string, address: Value | undefined): Handle {
  return { t: 'handle', tech: id, kind, ...(address ? { address } : {}) };
}

function isPlaced(v: Value): boolean {
  return v.t === 'handle' && v.tech === id && v.address !== undefined;
}

/** An address, `{ uri }`, `{ url }`, `{ link }` or `{ links }`. */
function placeOf(given: Value | undefined): Value | undefined {
  const own = each(given).find(v => v.t === 'text');
  if (own) return own;
  const links = [get(given, 'link'), get(given, 'links')]
    .flatMap(each)
    .flatMap(v => (v.t === 'arr' ? v.items.flatMap(each) : [v]));
  const link = links.find(isPlaced);
  return get(given, 'uri') ?? get(given, 'url') ?? (link?.t === 'handle' ? link.address : undefined);
}

const asks =
  /^(?:request|rawRequest|batchRequests|query|mutate|mutation|watchQuery|subscribe|executeQuery|executeMutation)$/;

function onClient(c: CallSite, on: Handle): Value | undefined {
  if (on.kind === 'link') return c.name === 'concat' ? on : undefined;
  if (!asks.test(c.name)) return undefined;
  requested(c, id, { url: on.address, ...methodIn(undefined), assumed: true });
  return unknown;
}

/** A class of one's own for one service: `baseURL` and methods for those of HTTP. */
function onSource(c: CallSite, on: Value): Value | undefined {
  if (!/^(?:get|post|put|patch|delete|fetch)$/.test(c.name)) return undefined;
  requested(c, id, { url: c.args[0], base: c.ev.property(on, 'baseURL', c), ...methodIn(undefined), assumed: true });
  return unknown;
}
