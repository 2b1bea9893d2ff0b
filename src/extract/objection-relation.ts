import type { Site } from '../model/technology.ts';
import { type ClassValue, each, get, literal, text, type Value } from '../model/value.ts';

export interface Relation {
  readonly name: string;
  readonly target?: ClassValue;
  /** The table that the join of the mapping names. */
  readonly table?: Value;
  /** The table between the two. */
  readonly through?: Value;
}

/** `static relationMappings`, an object or a function that gives one, of a class and those it extends. */
export function relationsOf(site: Site, cls: ClassValue): readonly Relation[] {
  const given = site.ev.property(cls, 'relationMappings', site);
  const mappings = each(given).flatMap(m => (m.t === 'fn' ? each(site.ev.invoke(m, [], site)) : [m]));
  return mappings.flatMap(m => (m.t === 'obj' ? m.keys().flatMap(name => relation(site, name, m.get(name))) : []));
}

function relation(site: Site, name: string, mapping: Value | undefined): Relation[] {
  const join = get(mapping, 'join');
  if (!join) return [];
  const target = classOf(site, get(mapping, 'modelClass'), mapping);
  const table = tableIn(get(join, 'to'));
  const through = tableIn(get(get(join, 'through'), 'from'));
  return [{ name, ...(target ? { target } : {}), ...(table ? { table } : {}), ...(through ? { through } : {}) }];
}

/** `orders` in `'orders.customerId'`, also where a model's `tableName` stands before the dot. */
function tableIn(column: Value | undefined): Value | undefined {
  const one = column?.t === 'arr' ? column.items[0] : column;
  const whole = literal(one);
  return whole?.includes('.')
    ? text(whole.slice(0, whole.lastIndexOf('.')), one?.t === 'text' ? one.origin : undefined)
    : undefined;
}

/** A class, a function that gives one, or the path of the file that exports it. */
function classOf(site: Site, given: Value | undefined, mapping: Value | undefined): ClassValue | undefined {
  for (const v of each(given)) {
    if (v.t === 'class') return v;
    if (v.t === 'fn') return classOf(site, site.ev.invoke(v, [], site), mapping);
    if (v.t === 'module') return exported(site, v.file);
    const path = v.t === 'text' ? v.parts.map(p => (typeof p === 'string' ? p : '')).join('') : '';
    if (path === '' || mapping?.t !== 'obj') continue;
    const file = mapping.origin.file;
    const loaded = site.ev.load(file, path.startsWith('.') ? path : `./${path.replace(/^\/+/, '')}`);
    if (loaded.t === 'class') return loaded;
    if (loaded.t === 'module') return exported(site, loaded.file);
  }
  return undefined;
}

function exported(site: Site, file: string): ClassValue | undefined {
  const names = [...(site.ev.code(file)?.exports.keys() ?? [])];
  const all = names.flatMap(n => each(site.ev.exported(file, n))).filter(v => v.t === 'class');
  return all.find(v => each(site.ev.property(v, 'tableName', site)).some(t => t.t === 'text')) ?? all[0];
}

export interface Node {
  readonly name: string;
  readonly inner: readonly Node[];
}

/** `'a.[b, c(recent)]'` or `{ a: { b: true } }` as a tree of relations. */
export function graphOf(graph: Value): readonly Node[] {
  if (graph.t === 'obj') {
    return graph
      .keys()
      .filter(k => !k.startsWith('$'))
      .map(name => {
        const inner = graph.get(name);
        return { name: literal(get(inner, '$relation')) ?? name, inner: inner?.t === 'obj' ? graphOf(inner) : [] };
      });
  }
  const words =
    literal(graph)
      ?.replace(/\([^)]{0,1000}\)/g, '')
      .match(/[\w$*]+|[[\].,^]/g) ?? [];
  let at = 0;
  const one = (): Node => {
    const name = words[at++] ?? '';
    if (words[at] !== '.') return { name, inner: [] };
    at++;
    return { name, inner: some() };
  };
  const some = (): Node[] => {
    if (words[at] !== '[') return [one()];
    at++;
    const list: Node[] = [];
    while (at < words.length && words[at] !== ']') {
      if (words[at] === ',') at++;
      else list.push(one());
    }
    at++;
    return list;
  };
  return words.length === 0 ? [] : some();
}
