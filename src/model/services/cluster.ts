import { parseDockerfile } from '../../extract/dockerfile.ts';
import { type Data, dataOf, type HelmTemplates, namedTemplates, renderTemplate } from '../../extract/helm.ts';
import {
  type Container,
  looksLikeManifest,
  type Manifests,
  parseManifests,
  type Workload,
} from '../../extract/kubernetes.ts';
import { parseKustomization } from '../../extract/kustomize.ts';
import { parseSkaffold } from '../../extract/skaffold.ts';
import { type Problem, parseYaml, textAt, type Value } from '../../extract/yaml.ts';
import type { Environment, Server, Variable } from '../discovery.ts';
import { ownValue } from '../own-value.ts';
import { defaultPorts, imageKind, imageName, repositoryOf } from './images.ts';
import { locate } from './locate.ts';
import { isTaskName, isTestFolder } from './purpose.ts';
import { baseOf, folderOf, joined, type Survey } from './survey.ts';
import type { Unit } from './unit.ts';
import type { Workspace } from './workspace.ts';

export interface ClusterFindings {
  readonly units: readonly Unit[];
  readonly servers: readonly Server[];
  readonly problems: readonly Problem[];
  /** Names of all services of the cluster, of one's own or not. */
  readonly names: readonly string[];
}

/** Manifests that are deployed together: one folder, one chart, one overlay. */
interface Group {
  readonly folder: string;
  readonly manifests: Manifests;
  /** True where a chart takes variables from values, which each release may set. */
  readonly isOpen: boolean;
}

export function clusterUnits(
  survey: Survey,
  workspace: Workspace,
  known: readonly { image: string; root: string }[],
  databases: readonly { image: string; engine: string }[],
): ClusterFindings {
  const groups = groupsOf(survey);
  const built = [...known, ...skaffoldBuilds(survey, workspace)];
  const units: Unit[] = [];
  const servers: Server[] = [];
  const problems = groups.flatMap(group => group.manifests.problems);
  for (const group of groups)
    for (const workload of group.manifests.workloads) {
      const project = `kubernetes:${group.folder}`;
      const hosts = hostsOf(workload, groups, project);
      for (const container of workload.containers) {
        const kind = imageKind(container.image);
        const engine =
          kind.kind === 'server'
            ? kind.engine
            : databases.find(one => imageName(one.image) === imageName(container.image))?.engine;
        if (engine !== undefined) {
          servers.push(serverOf(workload, container, engine, group, hosts));
          continue;
        }
        if (kind.kind === 'infrastructure') continue;
        const root = rootOf(workspace, built, workload, container);
        if (!root) continue;
        units.push({
          kind: 'kubernetes',
          name: workload.name,
          root,
          entries: [],
          isTask: workload.kind === 'Job' || isTaskName(workload.name) || isTaskName(baseOf(root)),
          isBuilt: built.some(one => repositoryOf(one.image) === repositoryOf(container.image)),
          command: container.command,
          evidence: [workload.at],
          environments: [environmentOf(survey, root, container, group, groups, project)],
          hosts,
          isWebServer: kind.kind === 'web-server',
          probes: container.probes,
        });
      }
    }
  const names = groups.flatMap(group => group.manifests.services.map(service => service.name));
  return { units, servers, problems, names };
}

function groupsOf(survey: Survey): Group[] {
  const byFolder = new Map<string, Manifests[]>();
  const open = new Set<string>();
  const charts = survey.named('chart.yaml').map(folderOf);
  const helmOf = helmCharts(survey);
  for (const path of survey.files) {
    if (
      !/\.ya?ml$/.test(path) ||
      /(^|\/)(pnpm-lock|docker-compose|compose|mkdocs|openapi|swagger|\.github)/.test(path) ||
      folderOf(path).split('/').some(isTestFolder)
    )
      continue;
    const text = survey.read(path);
    if (text === undefined || text.length > 2_000_000 || !looksLikeManifest(text)) continue;
    const chart = charts.findLast(folder => path.startsWith(folder === '.' ? 'templates/' : `${folder}/templates/`));
    const folder = chart ?? folderOf(path);
    const manifests =
      chart === undefined ? (text.includes('{{') ? undefined : parseManifests(path, text)) : helmOf(chart, path, text);
    if (!manifests) continue;
    if (chart !== undefined && /\{\{[^}]*\.Values\.[\w.]*(?:env|config|settings|variables)/i.test(text))
      open.add(folder);
    const group = byFolder.get(folder);
    if (group) group.push(manifests);
    else byFolder.set(folder, [manifests]);
  }
  for (const file of ['kustomization.yaml', 'kustomization.yml'].flatMap(name => survey.named(name))) {
    const folder = folderOf(file);
    if (folder.split('/').some(isTestFolder)) continue;
    const configs = parseKustomization(file, survey.read(file) ?? '', path => survey.read(joined(folder, path) ?? ''));
    if (configs.length)
      byFolder.set(folder, [...(byFolder.get(folder) ?? []), { workloads: [], services: [], configs, problems: [] }]);
  }
  return [...byFolder].map(([folder, all]) => ({
    folder,
    isOpen: open.has(folder),
    manifests: {
      workloads: all.flatMap(one => one.workloads),
      services: all.flatMap(one => one.services),
      configs: all.flatMap(one => one.configs),
      problems: all.flatMap(one => one.problems),
    },
  }));
}

/** Templates of a chart, rendered with its own values; what the rendering breaks is nobody's problem. */
function helmCharts(survey: Survey): (chart: string, path: string, text: string) => Manifests {
  const prepared = new Map<string, { templates: HelmTemplates; root: Data }>();
  return (chart, path, text) => {
    const known = prepared.get(chart) ?? chartOf(survey, chart);
    prepared.set(chart, known);
    const { text: rendered, lines } = renderTemplate(text, known.templates, known.root);
    return { ...parseManifests(path, rendered, line => lines[line - 1] ?? lines.at(-1) ?? 1), problems: [] };
  };
}

function chartOf(survey: Survey, chart: string): { templates: HelmTemplates; root: Data } {
  const parsed = (name: string): Value | undefined => {
    const path = joined(chart, name);
    const text = path === undefined ? undefined : survey.read(path);
    return text === undefined || path === undefined ? undefined : parseYaml(path, text).documents[0];
  };
  const about = parsed('Chart.yaml');
  const helpers = survey
    .under(joined(chart, 'templates') ?? chart)
    .filter(file => file.endsWith('.tpl') || /(^|\/)_/.test(file));
  return {
    templates: namedTemplates(helpers.map(file => survey.read(file) ?? '')),
    root: {
      Values: dataOf(parsed('values.yaml')),
      Chart: {
        Name: textAt(about, 'name') ?? '',
        Version: textAt(about, 'version') ?? '',
        AppVersion: textAt(about, 'appVersion') ?? '',
      },
      Release: { Name: textAt(about, 'name') ?? 'release', Namespace: 'default', Service: 'Helm' },
      Capabilities: { APIVersions: [], KubeVersion: { Version: '1.30.0' } },
    },
  };
}

function skaffoldBuilds(survey: Survey, workspace: Workspace): { image: string; root: string }[] {
  const files = survey.files.filter(file => /(^|\/)skaffold[\w.-]*\.ya?ml$/.test(file));
  return files.flatMap(file =>
    parseSkaffold(file, survey.read(file) ?? '').flatMap(artifact => {
      const context = joined(folderOf(file), artifact.context);
      if (!context || !survey.hasFolder(context)) return [];
      const dockerfile = joined(context, artifact.dockerfile ?? 'Dockerfile');
      const { root } = locate(
        { survey, workspace },
        { context, ...(dockerfile ? { dockerfile } : {}), args: {}, name: imageName(artifact.image) },
      );
      return root ? [{ image: artifact.image, root }] : [];
    }),
  );
}

function rootOf(
  workspace: Workspace,
  built: readonly { image: string; root: string }[],
  workload: Workload,
  container: Container,
): string | undefined {
  const repository = repositoryOf(container.image);
  const exact =
    built.find(one => repositoryOf(one.image) === repository) ??
    built.find(one => imageName(one.image) === imageName(container.image) && imageName(container.image) !== '');
  if (exact) return exact.root;
  if (imageKind(container.image).kind !== 'unknown') return undefined;
  for (const name of [imageName(container.image), workload.name, container.name, workload.labels.app ?? '']) {
    const root = name ? workspace.byLikeness(name, '.') : undefined;
    if (root && workspace.isRunnable(root)) return root;
  }
  return undefined;
}

/** Names under which the cluster finds the pods of a workload. */
function hostsOf(workload: Workload, groups: readonly Group[], project: string): { name: string; project: string }[] {
  const names = groups
    .flatMap(group => group.manifests.services)
    .filter(service => {
      const wanted = Object.entries(service.selector);
      return wanted.length > 0 && wanted.every(([key, value]) => ownValue(workload.labels, key) === value);
    });
  return [
    ...new Set(
      names.flatMap(service => [
        service.name,
        ...[
          'default',
          ...((service.namespace ?? workload.namespace) ? [service.namespace ?? workload.namespace ?? ''] : []),
        ].flatMap(space => [
          `${service.name}.${space}`,
          `${service.name}.${space}.svc`,
          `${service.name}.${space}.svc.cluster.local`,
        ]),
      ]),
    ),
  ].map(name => ({ name, project }));
}

function environmentOf(
  survey: Survey,
  root: string,
  container: Container,
  group: Group,
  groups: readonly Group[],
  project: string,
): Environment {
  const configs = [
    ...group.manifests.configs,
    ...groups.filter(other => other !== group).flatMap(other => other.manifests.configs),
  ];
  const configOf = (kind: string, name: string): Manifests['configs'][number] | undefined =>
    configs.find(config => config.kind === kind && config.name === name);
  const variables: Record<string, Variable> = imageVariables(survey, root);
  for (const source of container.sources)
    for (const entry of configOf(source.kind, source.name)?.data ?? [])
      variables[source.prefix + entry.name] = { name: source.prefix + entry.name, value: entry.value, at: entry.at };
  for (const { name, value, ref, at } of container.variables) {
    const entry = ref ? configOf(ref.kind, ref.name)?.data.find(one => one.name === ref.key) : undefined;
    variables[name] = entry
      ? { name, value: entry.value, at: entry.at }
      : { name, value, at, ...(ref ? { raw: `${ref.kind}:${ref.name}/${ref.key}` } : {}) };
  }
  // `$(OTHER)` refers to a variable of the same container
  for (const variable of Object.values(variables)) {
    const value = variable.value?.replace(
      /\$\((\w+)\)/g,
      (whole, name: string) => ownValue(variables, name)?.value ?? whole,
    );
    if (value !== undefined && value !== variable.value)
      variables[variable.name] = { ...variable, value: value.includes('$(') ? null : value };
  }
  const isOpen =
    group.isOpen || container.sources.some(({ kind, name }) => (configOf(kind, name)?.data.length ?? 0) === 0);
  return {
    id: `kubernetes:${group.folder}`,
    kind: 'kubernetes',
    project,
    production: !/(^|[/_-])(dev|local|test|staging|minikube|kind)([/_-]|$)/i.test(group.folder),
    variables,
    ...(isOpen ? { open: true } : {}),
  };
}

/** What the image itself sets: `ENV` of the Dockerfile beside the code. */
function imageVariables(survey: Survey, root: string): Record<string, Variable> {
  const file = survey.inside(root).find(path => /^dockerfile$/i.test(baseOf(path)));
  const stage = file ? parseDockerfile(file, survey.read(file) ?? '').stages.at(-1) : undefined;
  return Object.fromEntries(
    (stage?.settings ?? []).map(({ name, value, at }) => [
      name,
      { name, value: value?.includes('$') ? null : value, at },
    ]),
  );
}

function serverOf(
  workload: Workload,
  container: Container,
  engine: string,
  group: Group,
  hosts: readonly { name: string; project: string }[],
): Server {
  const inside = ownValue(defaultPorts, engine);
  const variables = Object.fromEntries(container.variables.map(({ name, value, at }) => [name, { name, value, at }]));
  const ports = container.ports.length
    ? container.ports.map(port => ({ inside: port.number, at: port.at }))
    : inside === undefined
      ? []
      : [{ inside, at: container.at }];
  return {
    name: workload.name,
    engine,
    hosts,
    ports,
    production: !/dev|local|test/.test(baseOf(group.folder)),
    variables,
    evidence: workload.at,
  };
}
