import { caddyRoutes } from '../../extract/caddyfile.ts';
import { envoyRoutes } from '../../extract/envoy.ts';
import { gatewayEndpoints } from '../../extract/express-gateway.ts';
import type { ConfiguredRoute } from '../../extract/gateway-route.ts';
import { haproxyRoutes } from '../../extract/haproxy.ts';
import { ingressRoutes } from '../../extract/ingress.ts';
import { kongRoutes } from '../../extract/kong.ts';
import { nginxRoutes } from '../../extract/nginx.ts';
import { traefikRoutes } from '../../extract/traefik.ts';
import type { DiscoveredService } from '../discovery.ts';
import { folderOf } from '../modules.ts';
import { ownValue } from '../own-value.ts';
import { isTestFolder } from '../services/purpose.ts';
import type { Edge, Evidence } from '../system.ts';
import { addressOf } from './address.ts';
import type { ExchangesFound } from './found.ts';
import { type ComposedGateways, composedGateways } from './gateway-containers.ts';
import type { GatewayRoutes } from './gateway-routes.ts';
import type { Place, Places } from './places.ts';
import type { Route, Way } from './routes.ts';

/** What gateways do that are only configured: whom they hand requests on to. */
export interface Gateways {
  /** Calls of services that hold the configuration of a proxy. */
  readonly edges: readonly Edge[];
  /** Routes through which others call. */
  readonly routes: readonly Route[];
}

export function gatewaysOf(found: ExchangesFound, places: Places, handed: GatewayRoutes): Gateways {
  const edges: Edge[] = [];
  const routes: Route[] = [];
  const composed = composedGateways(found.tree);
  for (const file of found.tree.files) {
    if (file.split('/').slice(0, -1).some(isTestFolder)) continue;
    const read = readerOf(file);
    if (!read && !/\.ya?ml$/.test(file)) continue;
    const text = found.tree.read(file);
    if (text === undefined) continue;
    const own = read ? read(file, text, found) : inYaml(file, text);
    edges.push(...handedOn(found, places, file, own));
    routes.push(...routed(found, places, composed, file, own));
    handOn(found, composed, file, own, handed);
    if (read) continue;
    if (text.includes('Ingress')) routes.push(...ingressOf(found, places, file, text, handed));
    if (text.includes('serviceEndpoints:')) edges.push(...expressGateway(found, places, file, text, handed));
  }
  const traefik = composed.containers.filter(c => /(^|\/)traefik(:|@|$)/.test(c.image));
  for (const { file, route } of composed.labelled) {
    const beside = traefik.filter(c => c.folder === folderOf(file));
    for (const via of beside.length > 0 ? beside : traefik) routes.push(...routeTo(found, places, file, route, via));
  }
  return { edges, routes };
}

type Reader = (file: string, text: string, found: ExchangesFound) => readonly ConfiguredRoute[];

/** What reads a file that is known by its name. */
function readerOf(file: string): Reader | undefined {
  if (
    /(^|\/)[\w.-]*(nginx|default|proxy|site)[\w.-]*\.(conf|template)(\.template)?$|\.nginx$|(^|\/)conf\.d\/[\w.-]+\.conf/i.test(
      file,
    )
  )
    return inNginx;
  if (/(^|\/)(Caddyfile[\w.-]*|[\w.-]+\.caddy(file)?)$/i.test(file)) return caddyRoutes;
  return /(^|\/)haproxy[\w.-]*\.cfg$/i.test(file) ? haproxyRoutes : undefined;
}

function inNginx(file: string, text: string, found: ExchangesFound): readonly ConfiguredRoute[] {
  return nginxRoutes(text).map(({ path, to, at }) => ({
    path: path.replace(/^\^/, ''),
    to,
    // a path behind the server stands for the one that was matched
    ...(/^\w+:\/\/[^/]+\/[^$]*$/.test(to) ? { rewrite: to.replace(/^\w+:\/\/[^/]+/, '').replace(/\/$/, '') } : {}),
    at: found.lines.at({ file, at }),
  }));
}

function inYaml(file: string, text: string): readonly ConfiguredRoute[] {
  if (text.includes('static_resources:')) return envoyRoutes(file, text);
  if (text.includes('_format_version')) return kongRoutes(file, text);
  return /\bloadBalancer:|\bkind:\s*IngressRoute\b/.test(text) ? traefikRoutes(file, text) : [];
}

/** Calls of the service that the file of a gateway belongs to. */
function handedOn(found: ExchangesFound, places: Places, file: string, routes: readonly ConfiguredRoute[]): Edge[] {
  const owner = routes.length === 0 ? undefined : found.sources.ownerOf(file);
  if (!owner || owner.role === 'library') return [];
  const environments = owner.environments.length > 0 ? owner.environments : [undefined];
  return routes.flatMap(route =>
    environments.flatMap(environment => {
      const to = filled(route.to, name => ownValue(environment?.variables, name)?.value);
      return led(owner, places, to, [route.at], environment);
    }),
  );
}

/** Tells of each route where it leads, for each way in which the gateway is started. */
function handOn(
  found: ExchangesFound,
  composed: ComposedGateways,
  file: string,
  routes: readonly ConfiguredRoute[],
  handed: GatewayRoutes,
): void {
  const owner = routes.length === 0 ? undefined : found.sources.ownerOf(file);
  const environments = owner && owner.role !== 'library' ? owner.environments : [];
  const holders = composed.containers.filter(c => c.holds(file));
  for (const { path, to, at } of routes) {
    if (environments.length > 0)
      for (const environment of environments)
        handed.add(
          owner?.id,
          path,
          filled(to, name => ownValue(environment.variables, name)?.value),
          at,
          environment,
        );
    else if (holders.length > 0)
      for (const { variables } of holders)
        handed.add(
          undefined,
          path,
          filled(to, name => ownValue(variables, name)),
          at,
        );
    else handed.add(owner?.role === 'library' ? undefined : owner?.id, path, to, at);
  }
}

/** Where those get who call a gateway that is no service of its own: a container that is given the file, or the cluster. */
function routed(
  found: ExchangesFound,
  places: Places,
  composed: ComposedGateways,
  file: string,
  routes: readonly ConfiguredRoute[],
): Route[] {
  if (routes.length === 0) return [];
  const owner = found.sources.ownerOf(file);
  if (owner && owner.role !== 'library') return [];
  const holders = composed.containers.filter(c => c.holds(file));
  const isInCluster = /\bkind:\s*IngressRoute\b/.test(found.tree.read(file) ?? '');
  if (holders.length === 0) return isInCluster ? routes.flatMap(r => routeTo(found, places, file, r)) : [];
  return holders.flatMap(holder =>
    routes.flatMap(r => {
      const to = filled(r.to, name => ownValue(holder.variables, name));
      return routeTo(found, places, file, { ...r, to }, holder);
    }),
  );
}

function routeTo(
  found: ExchangesFound,
  places: Places,
  file: string,
  { host, path, to, rewrite, at }: ConfiguredRoute,
  via?: Way,
): Route[] {
  const [any] = found.discovery.services;
  const address = addressOf(to);
  if (!any || address?.host === undefined || /[${]/.test(address.host)) return [];
  // of services with one name, the one near the file is meant
  const here: DiscoveredService = { ...any, id: '', root: folderOf(file) };
  return places
    .at(address.host, address.port, undefined, here)
    .filter(p => p.confidence !== 'guess')
    .slice(0, 1)
    .map(p => ({
      ...(host === undefined ? {} : { host }),
      path,
      to: { ...p, evidence: [at, ...p.evidence] },
      ...(via ? { via: { hosts: via.hosts, folder: via.folder } } : {}),
      ...(rewrite === undefined ? {} : { rewrite }),
    }));
}

function filled(text: string, lookup: (name: string) => string | null | undefined): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => lookup(name) ?? whole);
}

function expressGateway(
  found: ExchangesFound,
  places: Places,
  file: string,
  text: string,
  handed: GatewayRoutes,
): Edge[] {
  const owner = found.sources.ownerOf(file);
  if (!owner || owner.role === 'library') return [];
  return gatewayEndpoints(file, text).flatMap(({ name, url, at }) => {
    handed.add(owner.id, undefined, url, at, owner.environments[0]);
    const found = led(owner, places, url, [at], owner.environments[0]);
    return found.some(e => e.confidence !== 'guess')
      ? found
      : places.called(name, owner).map(p => edge(owner, p, [at]));
  });
}

function led(
  from: DiscoveredService,
  places: Places,
  url: string,
  evidence: readonly Evidence[],
  environment: DiscoveredService['environments'][number] | undefined,
): Edge[] {
  const address = addressOf(url);
  if (address?.host === undefined) return [];
  return places
    .at(address.host, address.port, environment, from)
    .filter(p => p.service !== from)
    .map(p => edge(from, p, evidence));
}

function edge(from: DiscoveredService, to: Place, evidence: readonly Evidence[]): Edge {
  return {
    kind: 'calls',
    from: from.id,
    to: to.service.id,
    confidence: to.confidence,
    evidence: [...evidence, ...to.evidence],
  };
}

function ingressOf(found: ExchangesFound, places: Places, file: string, text: string, handed: GatewayRoutes): Route[] {
  const [any] = found.discovery.services;
  if (!any) return [];
  return ingressRoutes(file, text).flatMap(({ host, path, service, at }) => {
    handed.add(undefined, path, service, at);
    return places
      .at(service, undefined, undefined, any)
      .slice(0, 1)
      .map(p => ({ ...(host === undefined ? {} : { host }), path, to: { ...p, evidence: [at, ...p.evidence] } }));
  });
}
