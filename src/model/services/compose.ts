import { type ComposeFile, type ComposeService, type ComposeVariable, parseCompose } from '../../extract/compose.ts';
import { interpolate } from '../../extract/dotenv.ts';
import type { Problem } from '../../extract/yaml.ts';
import type { Environment, Server, Variable } from '../discovery.ts';
import { ownValue } from '../own-value.ts';
import type { Evidence } from '../system.ts';
import { readEnvFile, type Variables } from './env-files.ts';
import { defaultPorts, imageKind } from './images.ts';
import { type Located, locate, sourcesIn } from './locate.ts';
import { isTaskName, isTestFolder } from './purpose.ts';
import { baseOf, folderOf, joined, relativeTo, type Survey } from './survey.ts';
import type { Unit } from './unit.ts';
import type { Workspace } from './workspace.ts';

export interface ComposeFindings {
  readonly units: readonly Unit[];
  readonly servers: readonly Server[];
  readonly databases: readonly { image: string; engine: string }[];
  readonly problems: readonly Problem[];
  readonly folders: readonly string[];
  readonly builds: readonly { image: string; root: string }[];
  /** Host names of all that is started, of one's own or not. */
  readonly names: readonly string[];
}

/** One service of one file with everything that its file and the files below it say. */
interface Layered {
  readonly file: ComposeFile;
  readonly service: ComposeService;
  readonly layers: readonly { service: ComposeService; folder: string }[];
}

export function composeUnits(survey: Survey, workspace: Workspace): ComposeFindings {
  // the file that is started without further words tells more than its variants
  const paths = survey.files.filter(isComposeFile).sort((a, b) => weight(a) - weight(b) || (a < b ? -1 : 1));
  const files = new Map<string, ComposeFile>();
  for (const path of paths) files.set(path, parseCompose(path, survey.read(path) ?? ''));
  const include = (path: string): void => {
    for (const included of files.get(path)?.includes ?? []) {
      const target = joined(folderOf(path), included);
      if (!target || files.has(target) || !survey.has(target)) continue;
      files.set(target, parseCompose(target, survey.read(target) ?? ''));
      include(target);
    }
  };
  for (const path of paths) include(path);
  const projects = projectsOf([...files.values()], startedTogether(survey, workspace, files));
  const reach = reachOf([...files.values()], projects);
  const units: Unit[] = [];
  const servers: Server[] = [];
  const builds: { image: string; root: string }[] = [];
  const databases: { image: string; engine: string }[] = [];
  const names: string[] = [];
  const problems: Problem[] = [...files.values()].flatMap(file => file.problems);
  for (const file of files.values()) {
    const project = projects.get(file.path) ?? `compose:${folderOf(file.path)}`;
    const outside = outsideVariables(survey, folderOf(file.path));
    for (const service of file.services) {
      const layered = layersOf(file, service, files);
      names.push(...service.names.map(name => fill(name, outside) ?? name));
      const image = layered.layers.map(layer => layer.service.image).findLast(Boolean);
      const built = layered.layers.findLast(layer => layer.service.build);
      const filled =
        image === undefined ? undefined : (fill(image, outside) ?? image.replace(/\$\{[^}]{0,1000}\}/g, ''));
      const kind = built || filled === undefined ? undefined : imageKind(filled);
      if (kind?.kind === 'server') {
        if (isClient(layered)) continue;
        servers.push(serverOf(survey, layered, kind.engine, project, outside, reach));
        continue;
      }
      const located = placeOf(survey, workspace, layered, filled, outside, problems);
      if (!located) continue;
      if (located.base.kind === 'server') {
        servers.push(serverOf(survey, layered, located.base.engine, project, outside, reach));
        if (filled) databases.push({ image: filled, engine: located.base.engine });
        continue;
      }
      if (located.base.kind === 'infrastructure' || located.isProxy || !located.root || !located.isStarted) continue;
      const isTask =
        isTaskName(service.name) ||
        isTaskName(baseOf(located.root)) ||
        located.root.split('/').some(isTestFolder) ||
        isOneShot(located.command);
      if (filled) builds.push({ image: filled, root: located.root });
      const environment = environmentOf(survey, layered, project, outside, located);
      const probe = layered.layers.findLast(layer => layer.service.probe)?.service.probe ?? located.probe;
      units.push({
        kind: 'compose',
        name: service.name,
        root: located.root,
        entries: located.entries,
        isTask,
        isBuilt: built !== undefined,
        ...(built?.service.build ? { dockerfile: dockerfileOf(built.service, built.folder, outside) } : {}),
        command: located.command,
        evidence: [service.at],
        environments: [environment],
        hosts: hostsOf(layered, project, outside, reach),
        isWebServer: located.base.kind === 'web-server',
        ...(probe === undefined || probe === 'none' ? {} : { probes: [probe] }),
        ports: layered.layers.flatMap(layer =>
          layer.service.ports.flatMap(port => portsOf(port.text, outside, port.at)),
        ),
      });
    }
  }
  return { units, servers, databases, problems, folders: [...files.keys()].map(folderOf), builds, names };
}

/** Compose files by name; those of tests and of editors start no system. */
export function isComposeFile(path: string): boolean {
  const name = baseOf(path);
  if (!/compose[\w.-]*\.ya?ml$/i.test(name) && !/^(docker-)?stack[\w.-]*\.ya?ml$/i.test(name)) return false;
  if (/(^|[._-])(test|tests|e2e|ci|cypress|loadtest|integration|benchmark)([._-]|\.ya?ml$)/i.test(name)) return false;
  return !folderOf(path)
    .split('/')
    .some(segment => isTestFolder(segment) || segment === '.devcontainer' || segment === '.github');
}

const weight = (path: string): number =>
  (isBaseFile(path) ? 0 : /(^|[._-])(dev|local|override)/i.test(baseOf(path)) ? 2 : 1) + path.split('/').length * 4;

/** Pairs of files that a script gives to one command: `docker compose -f a.yml -f b.yml`. */
function startedTogether(
  survey: Survey,
  workspace: Workspace,
  files: ReadonlyMap<string, ComposeFile>,
): [string, string][] {
  const scripts = [...workspace.programs.values()].flatMap(program =>
    Object.values(program.facts?.scripts ?? {}).map(text => ({ folder: program.root, text })),
  );
  const makefiles = ['makefile', 'justfile', 'taskfile.yml']
    .flatMap(name => survey.named(name))
    .flatMap(file => (survey.read(file) ?? '').split('\n').map(text => ({ folder: folderOf(file), text })));
  return [...scripts, ...makefiles]
    .filter(({ text }) => /compose/.test(text))
    .flatMap(({ folder, text }) => {
      const named = [...text.matchAll(/(?:-f|--file)[= ]\s*([^\s"']{1,300}\.ya?ml)/g)]
        .flatMap(match => joined(folder, match[1] ?? '') ?? [])
        .filter(path => files.has(path));
      return named
        .slice(1)
        .flatMap((path): [string, string][] => (named[0] === undefined ? [] : [[folderOf(named[0]), folderOf(path)]]));
    });
}

/** For each shared network, the projects on it and the names that mean something else there. */
type Reach = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

function reachOf(files: readonly ComposeFile[], projects: ReadonlyMap<string, string>): Reach {
  const reach = new Map<string, Map<string, Set<string>>>();
  for (const file of files)
    for (const network of file.shared) {
      if (!file.services.some(service => networksOf(service).includes(network.key))) continue;
      const project = projects.get(file.path) ?? '';
      const own = files
        .filter(other => projects.get(other.path) === project)
        .flatMap(other => other.services.flatMap(service => service.names));
      const known = reach.get(network.name) ?? new Map<string, Set<string>>();
      known.set(project, new Set(own));
      reach.set(network.name, known);
    }
  return reach;
}

const networksOf = (service: ComposeService): readonly string[] =>
  service.networks.length ? service.networks : ['default'];

/** The names of a service in its own project, and in others that share a network with it. */
function hostsOf(
  layered: Layered,
  project: string,
  outside: Variables,
  reach: Reach,
): { name: string; project: string }[] {
  const services = layered.layers.map(layer => layer.service);
  if (services.some(service => service.hostNetwork)) return [{ name: 'localhost', project }];
  const names = [...new Set(services.flatMap(service => service.names).map(name => fill(name, outside) ?? name))];
  const shared = layered.file.shared.filter(network =>
    services.some(service => networksOf(service).includes(network.key)),
  );
  const others = shared.flatMap(network => [...(reach.get(network.name) ?? [])]).filter(([other]) => other !== project);
  return [
    ...names.map(name => ({ name, project })),
    ...others.flatMap(([other, own]) => names.filter(name => !own.has(name)).map(name => ({ name, project: other }))),
  ];
}

/** Files of one folder are one project; so are files that share a name or an include, or are started together. */
function projectsOf(
  files: readonly ComposeFile[],
  together: readonly (readonly [string, string])[],
): Map<string, string> {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    const up = parent.get(key);
    return up === undefined || up === key ? key : find(up);
  };
  const join = (a: string, b: string): void => {
    const [low, high] = [find(a), find(b)].sort();
    if (low !== undefined && high !== undefined && low !== high) parent.set(high, low);
  };
  const anchors = new Map<string, string>();
  const anchored = (anchor: string, folder: string): void => {
    const known = anchors.get(anchor);
    if (known === undefined) anchors.set(anchor, folder);
    else join(known, folder);
  };
  for (const file of files) {
    const folder = folderOf(file.path);
    if (file.name) anchored(`name:${file.name}`, folder);
    for (const included of file.includes) {
      const target = joined(folder, included);
      if (target) join(folder, folderOf(target));
    }
  }
  for (const [one, other] of together) join(one, other);
  return new Map(files.map(file => [file.path, `compose:${find(folderOf(file.path))}`]));
}

/** Nobody extends further; each service of a long chain would have all before it below itself. */
const mostLayers = 10;

/** What stands below a service: `extends`, then the base file of the folder when this file only adds to it. */
function layersOf(file: ComposeFile, service: ComposeService, files: ReadonlyMap<string, ComposeFile>): Layered {
  const layers: { service: ComposeService; folder: string }[] = [];
  const seen = new Set<ComposeService>();
  const add = (owner: ComposeFile, one: ComposeService): void => {
    if (seen.has(one) || seen.size >= mostLayers) return;
    seen.add(one);
    const base = one.extends;
    if (base) {
      const target = base.file ? files.get(joined(folderOf(owner.path), base.file) ?? '') : owner;
      const extended = target?.services.find(other => other.name === base.service);
      if (target && extended) add(target, extended);
    }
    layers.push({ service: one, folder: folderOf(owner.path) });
  };
  const folder = folderOf(file.path);
  const base = [...files.values()].find(
    other => other !== file && folderOf(other.path) === folder && isBaseFile(other.path),
  );
  const below = base?.services.find(other => other.name === service.name);
  if (
    base &&
    below &&
    !isBaseFile(file.path) &&
    !service.extends &&
    ((!service.image && !service.build) || /override/.test(baseOf(file.path)))
  )
    add(base, below);
  add(file, service);
  const override = isBaseFile(file.path)
    ? [...files.values()].find(
        other => folderOf(other.path) === folder && /^(docker-)?compose\.override\.ya?ml$/.test(baseOf(other.path)),
      )
    : undefined;
  const above = override?.services.find(other => other.name === service.name);
  if (override && above) add(override, above);
  return { file, service, layers };
}

const isBaseFile = (path: string): boolean => /^(docker-)?compose\.ya?ml$/i.test(baseOf(path));

/** Values for `${…}` and bare keys: `.env` beside the file, `.env` of the root, and at last an example. */
function outsideVariables(survey: Survey, folder: string): Variables {
  const homes = [folder, ...(folder === '.' ? [] : ['.'])];
  const layers = [
    ...homes.map(home => joined(home, '.env') ?? ''),
    ...homes.flatMap(home =>
      ['.env.example', '.env.sample', '.env.template', 'env.example', '.env.dist'].map(
        name => joined(home, name) ?? '',
      ),
    ),
  ];
  const variables: Variables = {};
  for (const path of layers.toReversed())
    if (survey.has(path)) Object.assign(variables, readEnvFile(survey, path, variables));
  return variables;
}

const fill = (raw: string, outside: Variables): string | null =>
  interpolate(raw, name => ownValue(outside, name)?.value);

function placeOf(
  survey: Survey,
  workspace: Workspace,
  layered: Layered,
  image: string | undefined,
  outside: Variables,
  problems: Problem[],
): Located | undefined {
  const { service } = layered;
  const layers = layered.layers;
  const built = layers.findLast(layer => layer.service.build);
  const own = layers
    .map(layer => [layer.service.entrypoint, layer.service.command].filter(Boolean).join(' '))
    .findLast(Boolean);
  const command = own === undefined ? undefined : (fill(own, outside) ?? own);
  const nothing = {
    base: imageKind(image ?? ''),
    entries: [],
    settings: [],
    command: command ?? '',
    choices: [],
    isProxy: false,
    isStarted: true,
  };
  if (built?.service.build) {
    const { build } = built.service;
    const given = joined(built.folder, fill(build.context ?? '.', outside) ?? build.context ?? '.');
    // a context of build output is not committed; the folder above it is what it is built from
    const context =
      given && !survey.hasFolder(given) && /\/(dist|build|out|target)$/.test(given) ? folderOf(given) : given;
    const dockerfile = dockerfileOf(built.service, built.folder, outside);
    if (!context || (context !== '.' && !survey.hasFolder(context))) {
      if (!/^(https?|git)[:@]/.test(build.context ?? ''))
        problems.push({
          message: `the build context ${build.context ?? ''} of ${service.name} does not exist`,
          at: build.at,
        });
      return undefined;
    }
    const args = Object.fromEntries(
      build.args.flatMap(arg => {
        const value = arg.raw === null ? ownValue(outside, arg.name)?.value : fill(arg.raw, outside);
        return value ? [[arg.name, value]] : [];
      }),
    );
    const target = build.target ? (fill(build.target, outside) ?? undefined) : undefined;
    return locate(
      { survey, workspace },
      {
        context,
        dockerfile,
        args,
        name: service.name,
        ...(target ? { target } : {}),
        ...(command === undefined ? {} : { command }),
      },
    );
  }
  if (image === undefined) return undefined;
  const kind = imageKind(image);
  if (kind.kind === 'infrastructure') return undefined;
  // a runtime image with the source mounted into it
  const mount = layers
    .flatMap(layer => layer.service.volumes.map(volume => ({ ...volume, folder: layer.folder })))
    .find(volume => {
      const source = sourceOfMount(volume, survey, outside);
      return (
        /^[.$]/.test(volume.source) &&
        source !== undefined &&
        (workspace.programs.has(source) || (kind.kind === 'runtime' && sourcesIn(survey, source)))
      );
    });
  const mounted = mount ? sourceOfMount(mount, survey, outside) : undefined;
  if (mounted && kind.kind !== 'web-server') {
    const workingDir = layers.map(layer => layer.service.workingDir).findLast(Boolean);
    const below =
      workingDir && mount && workingDir.startsWith(`${mount.target}/`)
        ? joined(mounted, relativeTo(workingDir, mount.target))
        : undefined;
    const context = below && survey.hasFolder(below) ? below : mounted;
    const located = locate(
      { survey, workspace },
      { context, args: {}, name: service.name, ...(command === undefined ? {} : { command }) },
    );
    return located.root ? located : undefined;
  }
  if (kind.kind !== 'unknown') return undefined;
  const root = namedRoot(workspace, image, service.name);
  return root ? { ...nothing, root } : undefined;
}

/** `${PWD}` is the folder in which compose is called: by habit the root, else that of the file. */
function sourceOfMount(
  volume: { source: string; folder: string },
  survey: Survey,
  outside: Variables,
): string | undefined {
  const [, rest] = /^\$\{?PWD\}?(\/.*)?$/.exec(volume.source) ?? [undefined, undefined];
  if (/^\$\{?PWD\}?/.test(volume.source))
    return [joined('.', rest ?? '.'), joined(volume.folder, rest ?? '.')].find(
      folder => folder !== undefined && survey.hasFolder(folder),
    );
  return joined(volume.folder, fill(volume.source, outside) ?? volume.source);
}

/** Somebody's image is ours when a folder that can run has its name. */
function namedRoot(workspace: Workspace, image: string, name: string): string | undefined {
  const imageBase = image.replace(/:.*$/s, '').split('/').at(-1) ?? '';
  const tag = /:([\w.-]+)$/.exec(image)?.[1] ?? '';
  for (const candidate of [imageBase, name, ...(/[a-z]{3}/.test(tag) && tag !== 'latest' ? [tag] : [])]) {
    const root = workspace.byLikeness(candidate, '.');
    if (root && workspace.isRunnable(root)) return root;
  }
  return undefined;
}

function dockerfileOf(service: ComposeService, folder: string, outside: Variables): string {
  const context = joined(folder, fill(service.build?.context ?? '.', outside) ?? '.') ?? folder;
  return joined(context, fill(service.build?.dockerfile ?? 'Dockerfile', outside) ?? 'Dockerfile') ?? 'Dockerfile';
}

/** The image of a database, used for its client: it creates, fills or saves, and ends. */
const isClient = (layered: Layered): boolean =>
  layered.layers.some(({ service }) =>
    /(^|[\s;&"'/])(psql|createdb|pg_dump|mysqladmin|mysqldump|mongosh|mongoimport|mongorestore|mongodump|redis-cli|kafka-topics(\.sh)?|clickhouse-client)\s/.test(
      `${service.entrypoint ?? ''} ${service.command ?? ''}`,
    ),
  ) &&
  !layered.layers.some(
    ({ service }) => service.ports.length > 0 || /mongod|postgres\s|redis-server/.test(service.command ?? ''),
  );

/** A container that does one thing and ends. */
const isOneShot = (command: string): boolean =>
  /(^|\s)(migrate|migration:run|db:migrate|db:seed|seed|prisma\s+(migrate|db)|knex\s+(migrate|seed)|typeorm\s+migration)\b/.test(
    command,
  ) && !/&&|;|\bstart\b/.test(command);

function environmentOf(
  survey: Survey,
  layered: Layered,
  project: string,
  outside: Variables,
  located: Located,
): Environment {
  const variables: Record<string, Variable> = {};
  for (const { name, value, at } of located.settings) variables[name] = { name, value, at };
  for (const layer of layered.layers)
    Object.assign(variables, layerVariables(survey, layer.service, layer.folder, outside));
  const isOpen =
    givesVariables.test(located.command) ||
    layered.layers.some(({ service, folder }) =>
      service.envFiles.some(({ path }) => !survey.has(joined(folder, fill(path, outside) ?? path) ?? '')),
    );
  return {
    id: `compose:${layered.file.path}`,
    kind: 'compose',
    project,
    production: isProductionName(layered.file.path),
    variables,
    ...(isOpen ? { open: true } : {}),
  };
}

/** Programs that start another with variables from a vault. */
const givesVariables =
  /(^|[\s/])(doppler|infisical|dotenvx|envconsul|chamber|aws-vault|op)\s+run\b|\b(envconsul|chamber exec)\b/;

export const isProductionName = (path: string): boolean => /(^|[./_-])(prod|production|prd)([./_-]|$)/i.test(path);

function layerVariables(survey: Survey, service: ComposeService, folder: string, outside: Variables): Variables {
  const variables: Variables = {};
  for (const { path } of service.envFiles) {
    const file = joined(folder, fill(path, outside) ?? path);
    const found =
      file && survey.has(file)
        ? file
        : [`${file}.example`, `${file}.sample`, `${file}.template`, `${file}.dist`].find(one => survey.has(one));
    if (found) Object.assign(variables, readEnvFile(survey, found, outside));
  }
  for (const variable of service.environment) variables[variable.name] = variableOf(variable, outside);
  return variables;
}

function variableOf(variable: ComposeVariable, outside: Variables): Variable {
  const { name, raw, at } = variable;
  if (raw === null) return ownValue(outside, name) ?? { name, value: null, raw: `\${${name}}`, at };
  const value = fill(raw, outside);
  return value === null ? { name, value, raw, at } : { name, value, at };
}

function serverOf(
  survey: Survey,
  layered: Layered,
  engine: string,
  project: string,
  outside: Variables,
  reach: Reach,
): Server {
  const { service, file } = layered;
  const variables: Variables = {};
  for (const layer of layered.layers)
    Object.assign(variables, layerVariables(survey, layer.service, layer.folder, outside));
  const ports = layered.layers.flatMap(layer =>
    layer.service.ports.flatMap(port => portsOf(port.text, outside, port.at)),
  );
  const inside = ownValue(defaultPorts, engine);
  const all = ports.length || inside === undefined ? ports : [{ inside, at: service.at }];
  return {
    name: service.name,
    engine,
    hosts: hostsOf(layered, project, outside, reach),
    ports: all,
    production: isProductionName(file.path),
    variables,
    evidence: service.at,
  };
}

/** `127.0.0.1:5433:5432/tcp`, `5432`, `${PORT}:5432`. */
function portsOf(text: string, outside: Variables, at: Evidence): { inside: number; outside?: number; at: Evidence }[] {
  const parts = (fill(text, outside) ?? text.replace(/\$\{[^}]{0,1000}\}/g, '?'))
    .replace(/\/(tcp|udp)$/, '')
    .split(':');
  const inside = Number(parts.at(-1));
  const published = Number(parts.at(-2));
  return inside > 0 ? [{ inside, ...(published > 0 ? { outside: published } : {}), at }] : [];
}
