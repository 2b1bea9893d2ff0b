import { folderOf, parseJson } from '../model/modules.ts';
import { jsonValue } from '../model/objects.ts';
import type { Site, Technology } from '../model/technology.ts';
import type { SourceTree } from '../model/tree.ts';
import { each, get, literal, unknown, type Value } from '../model/value.ts';
import { variable } from './schemas.ts';
import { parseYaml, type Value as YamlValue } from './yaml.ts';

const id = 'npm-config';

/** Which file says what holds: the general one first, for which environment runs is not known here. */
const layers = ['default', 'production', 'prod', 'docker', 'staging', 'development', 'dev', 'local'] as const;
const environment = 'custom-environment-variables';
const extensions = ['json', 'json5', 'yaml', 'yml', 'js', 'cjs', 'mjs', 'ts'] as const;

/** The package `config`: files of a folder `config`, and variables that stand for their values. https://github.com/node-config/node-config */
export function npmConfig(tree: SourceTree): Technology {
  return {
    id,
    auxiliary: true,
    packages: ['config'],
    call(c) {
      if (c.on) return undefined;
      const name = c.path.replace(/^default\.?/, '');
      const key = literal(c.args[0]);
      if (name === 'get' && key !== undefined) return valueAt(c, tree, key.split('.'));
      return name === 'util.toObject' ? valueAt(c, tree, []) : undefined;
    },
    member(m) {
      if (m.on.t !== 'ext' || (m.path !== '' && m.path !== 'default') || /^(?:get|has|util|default)$/.test(m.name))
        return undefined;
      const v = valueAt(m, tree, [m.name]);
      return v.t === 'unknown' ? undefined : v;
    },
  };
}

function valueAt(site: Site, tree: SourceTree, path: readonly string[]): Value {
  const folder = folderFor(tree, site.act.code.file);
  if (folder === undefined) return unknown;
  const named = at(fileOf(site, tree, folder, environment), path);
  const values = layers.flatMap(layer => at(fileOf(site, tree, folder, layer), path) ?? []);
  return joined(site, named, values);
}

function joined(site: Site, named: Value | undefined, values: readonly Value[]): Value {
  const objects = values.filter(v => v.t === 'obj');
  const name = literal(named) ?? literal(get(named, '__name'));
  const [first] = values.filter(v => v.t !== 'obj');
  if (name !== undefined) return variable(name, site.origin, first);
  if (objects.length === 0 && named?.t !== 'obj') return first ?? unknown;
  const inner = [...objects, ...(named?.t === 'obj' ? [named] : [])];
  return {
    t: 'obj',
    sig: `config:${inner.map(o => (o.t === 'obj' ? o.sig : '')).join('&')}`,
    origin: site.origin,
    get: key =>
      joined(
        site,
        get(named, key),
        objects.flatMap(o => get(o, key) ?? []),
      ),
    keys: () => [...new Set(inner.flatMap(o => (o.t === 'obj' ? o.keys() : [])))],
  };
}

function at(v: Value | undefined, path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((inner, key) => get(inner, key), v);
}

/** The nearest folder of that name above a file that holds one of its files. */
function folderFor(tree: SourceTree, file: string): string | undefined {
  for (let dir = folderOf(file); ; dir = folderOf(dir)) {
    const folder = dir === '' ? 'config' : `${dir}/config`;
    if ([...layers, environment].some(name => extensions.some(e => tree.has(`${folder}/${name}.${e}`)))) return folder;
    if (dir === '') return undefined;
  }
}

function fileOf(site: Site, tree: SourceTree, folder: string, name: string): Value | undefined {
  for (const extension of extensions) {
    const file = `${folder}/${name}.${extension}`;
    const source = tree.has(file) ? tree.read(file) : undefined;
    if (source === undefined) continue;
    const origin = { file, at: 0 };
    if (extension === 'json' || extension === 'json5') return jsonValue(parseJson(source), origin);
    if (extension === 'yaml' || extension === 'yml')
      return jsonValue(plainOf(parseYaml(file, source).documents[0]), origin);
    const whole = site.ev.load(file, `./${name}.${extension}`);
    return each(whole).find(v => v.t === 'obj') ?? site.ev.exported(file, 'default');
  }
  return undefined;
}

function plainOf(v: YamlValue | undefined): unknown {
  switch (v?.kind) {
    case 'map':
      return Object.fromEntries([...v.entries].map(([key, entry]) => [key, plainOf(entry.value)]));
    case 'list':
      return v.items.map(plainOf);
    case 'scalar':
      return v.text;
    default:
      return undefined;
  }
}
