import { type ComposeService, parseCompose } from '../../extract/compose.ts';
import type { ConfiguredRoute } from '../../extract/gateway-route.ts';
import { labelledRoutes } from '../../extract/traefik.ts';
import { folderOf, join } from '../modules.ts';
import { isComposeFile } from '../services/compose.ts';
import type { SourceTree } from '../tree.ts';

/** A container that runs a gateway: its names, where it is reached from outside, and what it is given. */
export interface GatewayContainer {
  /** Its host names, and `localhost:8080` for each port that it publishes. */
  readonly hosts: readonly string[];
  readonly image: string;
  /** Of the compose file that it stands in. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Whether a file is mounted into it or is in the folder that it is built from. */
  holds(file: string): boolean;
}

export interface ComposedGateways {
  readonly containers: readonly GatewayContainer[];
  /** Routes that stand at the containers that they lead to. */
  readonly labelled: readonly { readonly file: string; readonly route: ConfiguredRoute }[];
}

const mayBeGateway = /traefik|caddy|envoy|kong|haproxy|nginx|openresty|gateway|proxy/i;

export function composedGateways(tree: SourceTree): ComposedGateways {
  const files = tree.files.filter(isComposeFile).flatMap(path => {
    const text = tree.read(path);
    return text !== undefined && mayBeGateway.test(text) ? [parseCompose(path, text)] : [];
  });
  return {
    containers: files.flatMap(file =>
      file.services.flatMap(service => containerOf(service, folderOf(file.path), tree) ?? []),
    ),
    labelled: files.flatMap(file =>
      file.services.flatMap(service =>
        labelledRoutes(service, file.services).map(route => ({ file: file.path, route })),
      ),
    ),
  };
}

const gateways = /(?:^|[/_-])(?:traefik|caddy|envoy|kong|haproxy|nginx|openresty)(?:$|[:@_-])/i;

function containerOf(service: ComposeService, folder: string, tree: SourceTree): GatewayContainer | undefined {
  const published = service.ports.flatMap(({ text }) => {
    const parts = text
      .replace(/\$\{\w+:?-([^}]*)\}/g, '$1')
      .replace(/\/\w+$/, '')
      .split(':');
    return parts.length > 1 && /^\d+$/.test(parts.at(-2) ?? '') ? [`localhost:${parts.at(-2)}`] : [];
  });
  const { build, image = '' } = service;
  const built = build ? join(folder, build.context ?? '.') : '';
  const dockerfile = build ? (tree.read(join(built, build.dockerfile ?? 'Dockerfile')) ?? '') : '';
  const bases = build ? [...dockerfile.matchAll(/^FROM\s+(\S+)/gim)].slice(-1).map(m => m[1] ?? '') : [image];
  if (!bases.some(base => gateways.test(base))) return undefined;
  const mounts = service.volumes.filter(v => v.source.startsWith('.')).map(v => join(folder, v.source));
  return {
    hosts: [...service.names, ...published],
    image,
    folder,
    variables: Object.fromEntries(service.environment.flatMap(e => (e.raw === null ? [] : [[e.name, e.raw]]))),
    holds: file =>
      mounts.some(m => file === m || (m !== '' && file.startsWith(`${m}/`))) ||
      (built !== '' && file.startsWith(`${built}/`)),
  };
}
