import type { Evidence, Practice } from '../model/system.ts';
import { at, textAt, textsAt, type Value } from './yaml.ts';

/** How a deployment asks a container whether it is well; `path` where it asks by HTTP and the path is written out. */
export interface Probe {
  readonly probe: Extract<Practice, { kind: 'probe' }>['probe'];
  readonly path?: string;
  readonly port?: number;
  readonly at: Evidence;
}

const clusterProbes = [
  ['livenessProbe', 'liveness'],
  ['readinessProbe', 'readiness'],
  ['startupProbe', 'startup'],
] as const;

/** The probes of a container of Kubernetes. */
export function clusterProbesOf(container: Value): Probe[] {
  return clusterProbes.flatMap(([key, probe]): Probe[] => {
    const found = at(container, key);
    if (found?.kind !== 'map') return [];
    const place = (container.kind === 'map' ? container.entries.get(key)?.at : undefined) ?? found.at;
    const http = at(found, 'httpGet');
    if (http === undefined) {
      const command = textsAt(found, 'exec', 'command').join(' ');
      return [{ probe, ...askedBy(command), at: place }];
    }
    const port = Number(textAt(http, 'port'));
    const written = http.kind === 'map' ? http.entries.get('path') : undefined;
    // a probe that names a host asks something else than its own container
    const path = textAt(http, 'host') === undefined ? pathOf(textAt(http, 'path') ?? '/') : undefined;
    return [
      { probe, ...(path === undefined ? {} : { path }), ...(port > 0 ? { port } : {}), at: written?.at ?? place },
    ];
  });
}

/** The `healthcheck` of a service of a compose file; `none` where it switches off that of the image. */
export function composeProbeOf(service: Value): Probe | 'none' | undefined {
  const found = at(service, 'healthcheck');
  if (found?.kind !== 'map' || service.kind !== 'map') return undefined;
  const test = textsAt(found, 'test').join(' ');
  if (textAt(found, 'disable') === 'true' || test === 'NONE') return 'none';
  const place = found.entries.get('test')?.at ?? service.entries.get('healthcheck')?.at ?? found.at;
  return test === '' ? undefined : { probe: 'container', ...askedBy(test), at: place };
}

/** What follows HEALTHCHECK in a Dockerfile. */
export function imageProbeOf(rest: string, place: Evidence): Probe | 'none' {
  return /^none\s*$/i.test(rest) ? 'none' : { probe: 'container', ...askedBy(rest), at: place };
}

const address =
  /(?:https?:\/\/)?(?<![\w.-])(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|\$\{?HOSTNAME\}?)(?::([^\s/"'`,)]+))?(\/[^\s"'`,)|;&<>\\]*)?/g;

/** What a command asks of its own container: nothing is told where it asks several things, or fills in the path. */
function askedBy(command: string): { path?: string; port?: number } {
  if (!/\b(curl|wget|fetch|https?|axios|http\.get|got)\b/.test(command)) return {};
  const asked = [...command.matchAll(address)];
  const options = [...command.matchAll(/\bpath:\s*\\?["'](\/[^"'\\]*)/g)];
  const [one] = asked;
  const port = Number(one?.[1]);
  const [written] = options;
  const path =
    options.length === 1 && asked.length < 2
      ? pathOf(written?.[1] ?? '')
      : asked.length === 1
        ? pathOf(one?.[2] ?? '/')
        : undefined;
  return { ...(path === undefined ? {} : { path }), ...(asked.length === 1 && port > 0 ? { port } : {}) };
}

function pathOf(text: string): string | undefined {
  const path = text.replace(/[?#].*$/, '');
  return path.startsWith('/') && !/[$`{}]/.test(path) ? path : undefined;
}
