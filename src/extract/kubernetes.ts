import type { Evidence } from '../model/system.ts';
import { clusterProbesOf, type Probe } from './probes.ts';
import { at, entriesAt, itemsAt, type Problem, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** A variable of a container: a literal, or a reference to a key of a ConfigMap or Secret. */
export interface ContainerVariable {
  readonly name: string;
  readonly value: string | null;
  readonly ref?: { readonly kind: 'ConfigMap' | 'Secret'; readonly name: string; readonly key: string };
  readonly at: Evidence;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: string;
  readonly variables: readonly ContainerVariable[];
  readonly sources: readonly {
    readonly kind: 'ConfigMap' | 'Secret';
    readonly name: string;
    readonly prefix: string;
  }[];
  readonly ports: readonly { readonly number: number; readonly at: Evidence }[];
  readonly probes: readonly Probe[];
  readonly at: Evidence;
}

export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  readonly at: Evidence;
}

export interface ClusterService {
  readonly name: string;
  readonly namespace?: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly external: boolean;
  readonly externalName?: string;
  readonly ports: readonly {
    readonly number: number;
    readonly target?: string;
    readonly nodePort?: number;
    readonly at: Evidence;
  }[];
  readonly at: Evidence;
}
export interface ConfigData {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly data: readonly { readonly name: string; readonly value: string | null; readonly at: Evidence }[];
}

export interface Manifests {
  readonly workloads: readonly Workload[];
  readonly services: readonly ClusterService[];
  readonly configs: readonly ConfigData[];
  readonly problems: readonly Problem[];
}

const workloadKinds = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Pod',
  'ReplicaSet',
  'Rollout',
  'DeploymentConfig',
]);

/** A cheap test, so that only manifests are parsed. */
export const looksLikeManifest = (text: string): boolean =>
  /^[ \t]*["']?apiVersion["']?\s*:/m.test(text) &&
  /^[ \t]*["']?kind["']?\s*:\s*["']?(Deployment|StatefulSet|DaemonSet|CronJob|Job|Pod|ReplicaSet|Rollout|DeploymentConfig|Service|ConfigMap|Secret|List|Kustomization)\b/m.test(
    text,
  );

export function parseManifests(file: string, text: string, lineOf?: (line: number) => number): Manifests {
  const { documents, problems } = parseYaml(file, text, lineOf);
  const workloads: Workload[] = [];
  const services: ClusterService[] = [];
  const configs: ConfigData[] = [];
  const resources = documents.flatMap(document =>
    textAt(document, 'kind') === 'List' ? itemsAt(document, 'items') : [document],
  );
  for (const resource of resources) {
    const kind = textAt(resource, 'kind') ?? '';
    const name = textAt(resource, 'metadata', 'name') ?? '';
    // a patch that takes a workload out again
    if (!name || textAt(resource, '$patch') === 'delete') continue;
    const namespace = textAt(resource, 'metadata', 'namespace');
    const place = resource.kind === 'map' ? (resource.entries.get('kind')?.at ?? resource.at) : resource.at;
    if (workloadKinds.has(kind)) {
      const template =
        kind === 'Pod'
          ? resource
          : kind === 'CronJob'
            ? at(resource, 'spec', 'jobTemplate', 'spec', 'template')
            : at(resource, 'spec', 'template');
      workloads.push({
        kind,
        name,
        ...(namespace ? { namespace } : {}),
        labels: { ...textsOf(at(resource, 'metadata', 'labels')), ...textsOf(at(template, 'metadata', 'labels')) },
        containers: itemsAt(template, 'spec', 'containers').map(containerOf),
        at: place,
      });
    } else if (kind === 'Service') services.push(clusterService(resource, name, namespace, place));
    else if (kind === 'ConfigMap' || kind === 'Secret') configs.push({ kind, name, data: dataOf(resource, kind) });
  }
  return { workloads, services, configs, problems };
}

function containerOf(container: Value): Container {
  return {
    name: textAt(container, 'name') ?? '',
    image: textAt(container, 'image') ?? '',
    command: [...textsAt(container, 'command'), ...textsAt(container, 'args')].join(' '),
    variables: itemsAt(container, 'env').flatMap(variableOf),
    sources: itemsAt(container, 'envFrom').flatMap(source => {
      const prefix = textAt(source, 'prefix') ?? '';
      const config = textAt(source, 'configMapRef', 'name');
      const secret = textAt(source, 'secretRef', 'name');
      return [
        ...(config ? [{ kind: 'ConfigMap' as const, name: config, prefix }] : []),
        ...(secret ? [{ kind: 'Secret' as const, name: secret, prefix }] : []),
      ];
    }),
    ports: itemsAt(container, 'ports').flatMap(port => {
      const number = Number(textAt(port, 'containerPort'));
      return number > 0 ? [{ number, at: port.at }] : [];
    }),
    probes: clusterProbesOf(container),
    at: container.at,
  };
}

function variableOf(item: Value): ContainerVariable[] {
  const name = textAt(item, 'name');
  if (!name) return [];
  const value = textAt(item, 'value');
  if (value !== undefined || !at(item, 'valueFrom')) return [{ name, value: value ?? '', at: item.at }];
  for (const [key, kind] of [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const) {
    const from = at(item, 'valueFrom', key);
    if (from)
      return [
        {
          name,
          value: null,
          ref: { kind, name: textAt(from, 'name') ?? '', key: textAt(from, 'key') ?? '' },
          at: item.at,
        },
      ];
  }
  return [{ name, value: null, at: item.at }];
}

function clusterService(resource: Value, name: string, namespace: string | undefined, place: Evidence): ClusterService {
  const type = textAt(resource, 'spec', 'type');
  const externalName = textAt(resource, 'spec', 'externalName');
  return {
    name,
    ...(namespace ? { namespace } : {}),
    selector: textsOf(at(resource, 'spec', 'selector')),
    external: type === 'NodePort' || type === 'LoadBalancer',
    ...(externalName ? { externalName } : {}),
    ports: itemsAt(resource, 'spec', 'ports').flatMap(port => {
      const number = Number(textAt(port, 'port'));
      const target = textAt(port, 'targetPort');
      const nodePort = Number(textAt(port, 'nodePort'));
      return number > 0
        ? [{ number, ...(target ? { target } : {}), ...(nodePort > 0 ? { nodePort } : {}), at: port.at }]
        : [];
    }),
    at: place,
  };
}

function dataOf(resource: Value, kind: 'ConfigMap' | 'Secret'): ConfigData['data'] {
  const plain = [...entriesAt(resource, 'data'), ...entriesAt(resource, 'stringData')];
  return plain.map(entry => {
    const text = entry.value.kind === 'scalar' ? entry.value.text : null;
    const isEncoded = kind === 'Secret' && at(resource, 'data', entry.key) !== undefined;
    return { name: entry.key, value: isEncoded && text !== null ? decoded(text) : text, at: entry.at };
  });
}

/** Secrets hold base64; what is not base64 is a placeholder and stays unknown. */
function decoded(text: string): string | null {
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text.trim())) return null;
  const bytes = Buffer.from(text, 'base64').toString('utf8');
  return /^[\s\x20-\x7e]*$/.test(bytes) ? bytes.trimEnd() : null;
}

const textsOf = (value: Value | undefined): Record<string, string> =>
  Object.fromEntries(
    entriesAt(value).flatMap(entry =>
      entry.value.kind === 'scalar' && entry.value.text !== null ? [[entry.key, entry.value.text]] : [],
    ),
  );
