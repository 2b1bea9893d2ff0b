import type { Config } from '../config.ts';
import type { DiscoveredService, Discovery, Environment, Server } from './discovery.ts';
import { matcherOf } from './glob.ts';
import { cloudUnits } from './services/cloud.ts';
import { clusterUnits } from './services/cluster.ts';
import { composeUnits } from './services/compose.ts';
import { dotenvEnvironments } from './services/env-files.ts';
import { namesOf } from './services/naming.ts';
import { entriesOf, languageOf } from './services/programs.ts';
import { roleOf } from './services/role.ts';
import { standaloneUnits } from './services/standalone.ts';
import { folderOf, isWithin, joined, relativeTo, type Survey, surveyOf } from './services/survey.ts';
import { systemFolders } from './services/systems.ts';
import type { Group, Unit } from './services/unit.ts';
import { type Workspace, workspaceOf } from './services/workspace.ts';
import type { SourceTree } from './tree.ts';

/** The deployed services of a repository, its libraries and its servers, from manifests and conventions alone. */
export function discover(tree: SourceTree, config: Config): Discovery {
  const survey = surveyOf(tree, matcherOf(config.ignore));
  const workspace = workspaceOf(survey);
  const compose = composeUnits(survey, workspace);
  const cluster = clusterUnits(survey, workspace, compose.builds, compose.databases);
  const cloud = cloudUnits(survey, workspace);
  const deployed = [...configuredUnits(config), ...compose.units, ...cluster.units, ...cloud.units];
  const units = [...deployed, ...standaloneUnits(survey, workspace, deployed)];
  const groups = withoutWholes(grouped(units), workspace);
  const systemOf = systemFolders(
    groups.map(group => group.root),
    compose.folders,
    workspace,
  );
  // all manifests of one system are taken to run in one cluster
  const inCluster = <T extends { readonly project: string }>(one: T): T =>
    one.project.startsWith('kubernetes:')
      ? { ...one, project: `kubernetes:${systemOf(one.project.slice('kubernetes:'.length))}` }
      : one;
  const names = namesOf(groups);
  const services = groups.map((group): DiscoveredService => {
    const facts = workspace.programs.get(group.root)?.facts;
    const language = workspace.programs.get(group.root)?.language ?? languageOf(survey, group.root);
    const triggers = group.units.flatMap(unit => unit.triggers ?? []);
    return {
      id: names.get(group) ?? group.root,
      root: group.root,
      role: roleOf(group.units, facts, names.get(group) ?? ''),
      language,
      evidence: group.units.flatMap(unit => unit.evidence),
      ...(facts?.name ? { packageName: facts.name } : {}),
      entries: entriesFor(survey, group, facts),
      ports: group.units.flatMap(unit => unit.ports ?? []),
      probes: group.units.flatMap(unit => unit.probes ?? []),
      hosts: distinctHosts(group.units.flatMap(unit => unit.hosts).map(inCluster)),
      environments: environmentsOf(survey, group, `laptop:${systemOf(group.root)}`, systemOf(group.root)).map(
        inCluster,
      ),
      ...(triggers.length > 0 ? { triggers } : {}),
    };
  });
  return {
    services: [...services, ...librariesOf(survey, workspace, services)],
    servers: distinctServers(
      [...compose.servers, ...cluster.servers].map(server => ({ ...server, hosts: server.hosts.map(inCluster) })),
    ),
    names: new Set([...compose.names, ...cluster.names].map(name => name.toLowerCase())),
    problems: [...workspace.problems, ...compose.problems, ...cluster.problems, ...cloud.problems],
  };
}

/** Units of one folder are one service: replicas, second processes, the same thing in another file. */
function grouped(units: readonly Unit[]): Group[] {
  const byRoot = new Map<string, Unit[]>();
  for (const unit of units) {
    const known = byRoot.get(unit.root);
    if (known) known.push(unit);
    else byRoot.set(unit.root, [unit]);
  }
  return [...byRoot]
    .flatMap(([root, group]) =>
      byEntry(
        root,
        group.filter(unit => !unit.isTask),
      ),
    )
    .filter(group => group.units.length > 0)
    .sort((a, b) => (a.root < b.root ? -1 : 1));
}

/**
 * One package may hold several services, a folder each: then their commands start files in folders of which none
 * holds another. Files of one `src` are processes of one service.
 */
function byEntry(root: string, units: readonly Unit[]): Group[] {
  const homes = new Map<string, Unit[]>();
  for (const unit of units) {
    const home = unit.entries[0] === undefined ? root : homeOf(unit.entries[0], root);
    const known = homes.get(home);
    if (known) known.push(unit);
    else homes.set(home, [unit]);
  }
  const below = [...homes.keys()].filter(home => home !== root);
  const areApart = below.every(home => !below.some(other => other !== home && isWithin(other, home)));
  if (below.length < 2 || !areApart) return [{ root, units }];
  const rest = (homes.get(root) ?? []).filter(unit => unit.kind === 'compose' && unit.entries.length > 0);
  return [...below.map(home => ({ root: home, units: homes.get(home) ?? [] })), { root, units: rest }];
}

function homeOf(entry: string, root: string): string {
  let folder = folderOf(entry);
  while (folder !== root && /(^|\/)(src|dist|build|lib|bin|app|server)$/.test(folder)) folder = folderOf(folder);
  const first = folder === root ? '' : relativeTo(folder, root).split('/')[0];
  return first === '' || first === 'src' || first === 'lib' || first === 'app' || !isWithin(folder, root)
    ? root
    : folder;
}

/** An image that holds every chosen folder at once runs no service of its own. */
function withoutWholes(groups: readonly Group[], workspace: Workspace): Group[] {
  const parts = groups.filter(group => workspace.chosen.has(group.root));
  return groups.filter(group => parts.filter(part => part !== group && isWithin(part.root, group.root)).length < 2);
}

function configuredUnits(config: Config): Unit[] {
  return config.services.flatMap(service =>
    service.path
      ? [
          {
            kind: 'configuration' as const,
            name: service.id,
            root: service.path.replace(/^\.\//, '').replace(/\/$/, '') || '.',
            entries: [],
            isTask: false,
            isBuilt: true,
            command: '',
            evidence: [service.at],
            environments: [],
            hosts: [],
            isWebServer: false,
          },
        ]
      : [],
  );
}

function entriesFor(survey: Survey, group: Group, facts: Parameters<typeof entriesOf>[2]): string[] {
  const named = [...new Set(group.units.flatMap(unit => unit.entries))];
  return named.length ? named : [...entriesOf(survey, group.root, facts)];
}

/** Production manifests, compose, env files of the service, env files above it; examples at last. */
/** An environment without the variables that others give; none where that leaves nothing. */
function without(environment: Environment, others: readonly Environment[]): Environment[] {
  const left = Object.entries(environment.variables).filter(
    ([name]) => !others.some(other => Object.hasOwn(other.variables, name)),
  );
  return left.length === 0 ? [] : [{ ...environment, variables: Object.fromEntries(left) }];
}

function environmentsOf(survey: Survey, group: Group, laptop: string, system: string): Environment[] {
  const deployed = group.units.flatMap(unit => unit.environments).sort((a, b) => rank(a) - rank(b));
  const committed: Environment[] = [];
  const examples: Environment[] = [];
  let isAbove = false;
  for (let folder = group.root; ; folder = folderOf(folder)) {
    const found = dotenvEnvironments(survey, folder, laptop);
    // what a package is given by name is not what a file above it says for everything there
    const given = isAbove ? [...deployed, ...committed, ...examples] : [];
    committed.push(...found.committed.flatMap(one => without(one, given)));
    examples.push(...found.examples.flatMap(one => without(one, given)));
    if (folder === '.' || folder === system) break;
    isAbove ||= survey.has(joined(folder, 'package.json') ?? '');
  }
  // an env file that a container is given is no laptop's: its host names are the container's
  const ofContainers = (environment: Environment): boolean => {
    const file = environment.id.slice('dotenv:'.length);
    const own = Object.values(environment.variables).filter(variable => variable.at.file === file);
    return deployed.some(
      one => own.filter(variable => one.variables[variable.name]?.at.file === file).length > own.length * 0.8,
    );
  };
  return distinctEnvironments([
    ...deployed,
    ...committed.filter(one => !ofContainers(one)),
    ...examples.filter(one => !ofContainers(one)),
  ]);
}

/** Replicas say the same twice; a second process of the same file gets an id of its own. */
function distinctEnvironments(environments: readonly Environment[]): Environment[] {
  const found: Environment[] = [];
  for (const environment of environments) {
    const same = found.filter(
      other => other.id.split('#')[0] === environment.id && other.project === environment.project,
    );
    const text = (one: Environment): string =>
      JSON.stringify(Object.values(one.variables).map(({ name, value }) => [name, value]));
    if (same.some(other => text(other) === text(environment))) continue;
    found.push(same.length ? { ...environment, id: `${environment.id}#${same.length + 1}` } : environment);
  }
  return found;
}

const rank = (environment: Environment): number =>
  (environment.kind === 'dockerfile' ? 20 : environment.production ? 0 : 10) +
  (environment.kind === 'kubernetes'
    ? 0
    : environment.kind === 'compose'
      ? /compose\.ya?ml$/.test(environment.id)
        ? 1
        : 2
      : 3);

function librariesOf(
  survey: Survey,
  workspace: Workspace,
  services: readonly DiscoveredService[],
): DiscoveredService[] {
  const roots = new Set(services.map(service => service.root));
  const libraries = [...workspace.libraries].filter(
    ([root]) => root !== '.' && !roots.has(root) && !workspace.programs.get(root)?.isOutside,
  );
  return libraries.map(([root, at]) => {
    const facts = workspace.programs.get(root)?.facts;
    return {
      id: root,
      root,
      role: 'library' as const,
      language: workspace.programs.get(root)?.language ?? languageOf(survey, root),
      evidence: [at],
      ...(facts?.name ? { packageName: facts.name } : {}),
      entries: [],
      hosts: [],
      environments: [],
    };
  });
}

function distinctHosts(hosts: readonly { name: string; project: string }[]): { name: string; project: string }[] {
  return [...new Map(hosts.map(host => [`${host.project} ${host.name}`, host])).values()];
}

/** One server described by several files of one project is one server. */
function distinctServers(servers: readonly Server[]): Server[] {
  const found = new Map<string, Server>();
  for (const server of servers) {
    const key = `${server.engine} ${server.hosts[0]?.project ?? server.evidence.file} ${server.name}`;
    const known = found.get(key);
    found.set(
      key,
      known
        ? {
            ...known,
            hosts: distinctHosts([...known.hosts, ...server.hosts]),
            variables: { ...server.variables, ...known.variables },
            production: known.production || server.production,
            ports: [
              ...known.ports,
              ...server.ports.filter(
                port => !known.ports.some(other => other.inside === port.inside && other.outside === port.outside),
              ),
            ],
          }
        : server,
    );
  }
  return [...found.values()];
}
