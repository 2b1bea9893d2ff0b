import type { Site } from '../model/technology.ts';
import {
  each,
  get,
  type Handle,
  type ObjectValue,
  type Origin,
  type Ref,
  type Text,
  unknown,
  type Value,
} from '../model/value.ts';

export const schemaTech = 'schemas';

/** What a schema library says of a value that is no object: its default, if it has one. */
export function fieldSchema(def?: Value): Handle {
  return { t: 'handle', tech: schemaTech, kind: 'field', ...(def ? { table: def } : {}) };
}

/** A schema of an object; `model` is the object of its fields. */
export function objectSchema(shape: Value | undefined, library: string): Handle {
  return { t: 'handle', tech: schemaTech, kind: 'object', name: library, ...(shape ? { model: shape } : {}) };
}

/** Several objects seen as one; of a key in several the last counts. */
export function merged(objects: readonly Value[]): Value {
  const all = objects.flatMap(o => each(o)).filter((o): o is ObjectValue => o.t === 'obj');
  const [first] = all;
  if (!first || all.length === 1) return first ?? unknown;
  return {
    t: 'obj',
    sig: all.map(o => o.sig).join('&'),
    origin: first.origin,
    get: key => all.map(o => o.get(key)).findLast(v => v !== undefined && v.t !== 'unknown'),
    keys: () => [...new Set(all.flatMap(o => o.keys()))],
  };
}

export function objectOf(origin: Origin, sig: string, entries: Readonly<Record<string, Value>>): ObjectValue {
  return {
    t: 'obj',
    sig,
    origin,
    get: key => (Object.hasOwn(entries, key) ? entries[key] : undefined),
    keys: () => Object.keys(entries),
  };
}

/** What a schema gives for an input: the same, with defaults. Fields that nobody told of are those of the environment where they are named like it. */
export function applied(site: Site, schema: Value | undefined, input: Value | undefined): Value {
  const known = each(schema).find(s => s.t === 'handle');
  if (!known) return input ?? unknown;
  if (known.kind !== 'object') return withDefault(input, known.table);
  const fields = known.model;
  const given = each(input);
  const isEnvironment = given.some(v => v.t === 'env') || (given.length === 0 && looksLikeEnvironment(fields));
  const objects = given.filter(v => v.t === 'obj');
  if (!isEnvironment && objects.length === 0) return known.table ? withDefault(input, known.table) : (input ?? unknown);
  const keys = fields?.t === 'obj' ? fields.keys() : [];
  return {
    t: 'obj',
    sig: `schema:${fields?.t === 'obj' ? fields.sig : ''}:${objects.map(o => o.sig).join('&')}`,
    origin: site.origin,
    get: key => {
      const field = get(fields, key);
      const own =
        objects.map(o => o.get(key)).find(v => v !== undefined && v.t !== 'unknown') ??
        (isEnvironment && (field || isConstant(key))
          ? variable(key, field ? placeOf(field, site) : site.origin)
          : undefined);
      return field?.t === 'handle' ? applied(site, field, own) : own;
    },
    keys: () => [...new Set([...keys, ...objects.flatMap(o => o.keys())])],
  };
}

/** A variable of the environment. */
export function variable(key: string, origin: Origin, def?: Value): Text {
  return { t: 'text', parts: [{ ref: 'env', key, origin, ...(def ? { def } : {}) }], origin };
}

/** A value, with what stands for it where it is not given. */
export function withDefault(v: Value | undefined, def: Value | undefined): Value {
  if (!def) return v ?? unknown;
  if (!v || v.t === 'unknown') return def;
  const only = onlyRef(v);
  return v.t === 'text' && only && !only.def ? { ...v, parts: [{ ...only, def }] } : v;
}

function onlyRef(v: Value): Ref | undefined {
  if (v.t !== 'text' || v.parts.length !== 1) return undefined;
  const [part] = v.parts;
  return typeof part === 'object' && part !== null ? part : undefined;
}

function placeOf(v: Value, site: Site): Origin {
  return v.t === 'handle' && v.table?.t === 'text' && v.table.origin ? v.table.origin : site.origin;
}

function looksLikeEnvironment(fields: Value | undefined): boolean {
  const keys = fields?.t === 'obj' ? fields.keys() : [];
  return keys.length > 0 && keys.filter(isConstant).length * 2 > keys.length;
}

export function isConstant(key: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(key);
}

/** A default that is a plain value, or what a function gives for one. */
export function plainDefault(site: Site, v: Value | undefined): Value | undefined {
  const one = v?.t === 'fn' ? site.ev.invoke(v, [], site) : v;
  return each(one).find(x => x.t === 'text' || x.t === 'num' || x.t === 'bool' || x.t === 'obj');
}
