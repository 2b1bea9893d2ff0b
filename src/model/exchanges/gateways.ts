import { gatewayEndpoints } from '../../extract/express-gateway.ts';
import { ingressRoutes } from '../../extract/ingress.ts';
import { nginxRoutes } from '../../extract/nginx.ts';
import type { DiscoveredService } from '../discovery.ts';
import { ownValue } from '../own-value.ts';
import { isTestFolder } from '../services/purpose.ts';
import type { Edge, Evidence } from '../system.ts';
import { addressOf } from './address.ts';
import type { ExchangesFound } from './found.ts';
import type { Place, Places } from './places.ts';
import type { Route } from './routes.ts';

/** What gateways do that are only configured: whom they hand requests on to. */
export interface Gateways {
  /** Calls of services that hold the configuration of a proxy. */
  readonly edges: readonly Edge[];
  /** Routes through which others call. */
  readonly routes: readonly Route[];
}

export function gatewaysOf(found: ExchangesFound, places: Places): Gateways {
  const edges: Edge[] = [];
  const routes: Route[] = [];
  for (const file of found.tree.files) {
    if (file.split('/').slice(0, -1).some(isTestFolder)) continue;
    if (
      /(^|\/)[\w.-]*(nginx|default|proxy|site)[\w.-]*\.(conf|template)(\.template)?$|\.nginx$|(^|\/)conf\.d\/[\w.-]+\.conf/i.test(
        file,
      )
    )
      edges.push(...nginxEdges(found, places, file));
    else if (/\.ya?ml$/.test(file)) {
      const text = found.tree.read(file);
      if (text === undefined) continue;
      if (text.includes('Ingress')) routes.push(...ingressOf(found, places, file, text));
      if (text.includes('serviceEndpoints:')) edges.push(...expressGateway(found, places, file, text));
    }
  }
  return { edges, routes };
}

function nginxEdges(found: ExchangesFound, places: Places, file: string): Edge[] {
  const owner = found.sources.ownerOf(file);
  const text = found.tree.read(file);
  if (!owner || owner.role === 'library' || text === undefined) return [];
  return nginxRoutes(text).flatMap(route => {
    const place = found.lines.at({ file, at: route.at });
    const environments = owner.environments.length > 0 ? owner.environments : [undefined];
    return environments.flatMap(environment =>
      led(
        owner,
        places,
        route.to.replace(
          /\$\{(\w+)\}/g,
          (whole, name: string) => ownValue(environment?.variables, name)?.value ?? whole,
        ),
        [place],
        environment,
      ),
    );
  });
}

function expressGateway(found: ExchangesFound, places: Places, file: string, text: string): Edge[] {
  const owner = found.sources.ownerOf(file);
  if (!owner || owner.role === 'library') return [];
  return gatewayEndpoints(file, text).flatMap(({ name, url, at }) => {
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

function ingressOf(found: ExchangesFound, places: Places, file: string, text: string): Route[] {
  const [any] = found.discovery.services;
  if (!any) return [];
  return ingressRoutes(file, text).flatMap(({ host, path, service, at }) =>
    places
      .at(service, undefined, undefined, any)
      .slice(0, 1)
      .map(p => ({ ...(host === undefined ? {} : { host }), path, to: { ...p, evidence: [at, ...p.evidence] } })),
  );
}
