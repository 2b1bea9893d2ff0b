import type { Evidence } from '../model/system.ts';
import { composeProbeOf, type Probe } from './probes.ts';
import { at, entriesAt, itemsAt, type Problem, parseYaml, textAt, textsAt, type Value } from './yaml.ts';

/** A variable as a compose file sets it; `raw` is null for a bare key, whose value comes from outside. */
export interface ComposeVariable {
  readonly name: string;
  readonly raw: string | null;
  readonly at: Evidence;
}

/** One service of one compose file, with nothing substituted yet. */
export interface ComposeService {
  readonly name: string;
  readonly at: Evidence;
  readonly image?: string;
  readonly build?: {
    readonly context?: string;
    readonly dockerfile?: string;
    readonly target?: string;
    readonly args: readonly ComposeVariable[];
    readonly at: Evidence;
  };
  readonly extends?: { readonly service: string; readonly file?: string };
  readonly environment: readonly ComposeVariable[];
  readonly envFiles: readonly { readonly path: string; readonly at: Evidence }[];
  readonly command?: string;
  readonly entrypoint?: string;
  readonly workingDir?: string;
  readonly volumes: readonly { readonly source: string; readonly target: string }[];
  readonly ports: readonly { readonly text: string; readonly at: Evidence }[];
  readonly exposed: readonly string[];
  readonly networks: readonly string[];
  readonly hostNetwork: boolean;
  readonly names: readonly string[];
  readonly profiles: readonly string[];
  readonly probe?: Probe | 'none';
  readonly labels: readonly ComposeVariable[];
}

export interface ComposeFile {
  readonly path: string;
  readonly name?: string;
  readonly services: readonly ComposeService[];
  /** Networks with a name of their own, made here or elsewhere: what two files can share. */
  readonly shared: readonly { readonly key: string; readonly name: string }[];
  readonly includes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Keys that stand at the top of a compose file and were indented by mistake in some. */
const notServices = new Set(['networks', 'volumes', 'configs', 'secrets', 'version', 'services']);

export function parseCompose(path: string, text: string): ComposeFile {
  const { documents, problems } = parseYaml(path, text);
  const found = [...problems];
  const [root] = documents;
  const services: ComposeService[] = [];
  // the first version of the format had the services at the top
  const holder = at(root, 'services')
    ? at(root, 'services')
    : entriesAt(root).some(entry => at(entry.value, 'image') ?? at(entry.value, 'build'))
      ? root
      : undefined;
  for (const { key, value, at: place } of entriesAt(holder)) {
    if (value.kind !== 'map' && key.startsWith('x-')) continue;
    const looksReal = ['image', 'build', 'extends', 'command', 'environment', 'env_file', 'ports'].some(name =>
      at(value, name),
    );
    if (value.kind !== 'map' || (notServices.has(key) && !looksReal))
      found.push({ message: `${key} is not a service: it has neither image nor build`, at: place });
    else services.push(serviceOf(key, value, place));
  }
  const name = textAt(root, 'name');
  return {
    path,
    ...(name ? { name } : {}),
    services,
    shared: entriesAt(root, 'networks').flatMap(({ key, value }) => {
      const external = at(value, 'external');
      const isExternal = external?.kind === 'map' || textAt(value, 'external') === 'true';
      const own = textAt(value, 'external', 'name') ?? textAt(value, 'name');
      return isExternal || own !== undefined ? [{ key, name: own ?? key }] : [];
    }),
    includes: itemsAt(root, 'include').flatMap(item => (item.kind === 'map' ? textsAt(item, 'path') : textsAt(item))),
    problems: found,
  };
}

function serviceOf(name: string, value: Value, place: Evidence): ComposeService {
  const build = at(value, 'build');
  const image = textAt(value, 'image');
  const base = at(value, 'extends');
  const baseName = base?.kind === 'scalar' ? base.text : textAt(base, 'service');
  const baseFile = textAt(base, 'file');
  const command = commandAt(value, 'command');
  const entrypoint = commandAt(value, 'entrypoint');
  const workingDir = textAt(value, 'working_dir');
  const networks = at(value, 'networks');
  const probe = composeProbeOf(value);
  const deploy = at(value, 'deploy');
  return {
    name,
    at: place,
    ...(image ? { image } : {}),
    ...(build ? { build: buildOf(build) } : {}),
    ...(baseName ? { extends: { service: baseName, ...(baseFile ? { file: baseFile } : {}) } } : {}),
    environment: variablesAt(value, 'environment'),
    envFiles: envFilesOf(at(value, 'env_file')),
    ...(command ? { command } : {}),
    ...(entrypoint ? { entrypoint } : {}),
    ...(workingDir ? { workingDir } : {}),
    volumes: itemsAt(value, 'volumes').flatMap(volumeOf),
    ports: itemsAt(value, 'ports').flatMap(portOf),
    exposed: textsAt(value, 'expose'),
    networks: networks?.kind === 'map' ? [...networks.entries.keys()] : textsAt(networks),
    hostNetwork: textAt(value, 'network_mode') === 'host',
    names: [
      ...new Set([
        name,
        textAt(value, 'container_name'),
        textAt(value, 'hostname'),
        ...entriesAt(networks).flatMap(entry => textsAt(entry.value, 'aliases')),
      ]),
    ].flatMap(one => one ?? []),
    profiles: textsAt(value, 'profiles'),
    ...(probe ? { probe } : {}),
    labels: [...variablesAt(value, 'labels'), ...(deploy ? variablesAt(deploy, 'labels') : [])],
  };
}

function buildOf(build: Value): NonNullable<ComposeService['build']> {
  if (build.kind === 'scalar') return { context: build.text ?? '.', args: [], at: build.at };
  const context = textAt(build, 'context');
  const dockerfile = textAt(build, 'dockerfile');
  const target = textAt(build, 'target');
  return {
    ...(context ? { context } : {}),
    ...(dockerfile ? { dockerfile } : {}),
    ...(target ? { target } : {}),
    args: variablesAt(build, 'args'),
    at: build.at,
  };
}

/** A map, or a list of `NAME=value` and bare `NAME`. */
function variablesAt(value: Value, key: string): ComposeVariable[] {
  const found = at(value, key);
  if (found?.kind === 'map')
    return entriesAt(found).map(entry => ({
      name: entry.key,
      raw: entry.value.kind === 'scalar' ? entry.value.text : null,
      at: entry.at,
    }));
  return itemsAt(found).flatMap((item): ComposeVariable[] => {
    if (item.kind !== 'scalar' || !item.text) return [];
    const equals = item.text.indexOf('=');
    if (equals < 0) return [{ name: item.text.trim(), raw: null, at: item.at }];
    return [{ name: item.text.slice(0, equals).trim(), raw: item.text.slice(equals + 1), at: item.at }];
  });
}

function envFilesOf(value: Value | undefined): { path: string; at: Evidence }[] {
  const items = value?.kind === 'list' ? value.items : value ? [value] : [];
  return items.flatMap(item => {
    const path = item.kind === 'scalar' ? item.text : textAt(item, 'path');
    return path ? [{ path, at: item.at }] : [];
  });
}

function volumeOf(item: Value): { source: string; target: string }[] {
  if (item.kind === 'map') return [{ source: textAt(item, 'source') ?? '', target: textAt(item, 'target') ?? '' }];
  const [source, target] = item.kind === 'scalar' ? (item.text ?? '').split(/:(?!-|\?|\+)/) : [];
  return source && target ? [{ source, target }] : [];
}

function portOf(item: Value): { text: string; at: Evidence }[] {
  if (item.kind === 'scalar') return item.text ? [{ text: item.text, at: item.at }] : [];
  const target = textAt(item, 'target');
  const published = textAt(item, 'published');
  return target ? [{ text: published ? `${published}:${target}` : target, at: item.at }] : [];
}

function commandAt(value: Value, key: string): string | undefined {
  const words = textsAt(value, key);
  return words.length ? words.join(' ') : undefined;
}
