import { isRecord } from './modules.ts';
import { addressUnder } from './texts.ts';
import { each, env, type ObjectValue, type Origin, text, unknown, type Value } from './value.ts';

export function merged(args: readonly Value[]): Value {
  const objects = args.filter((a): a is ObjectValue => a.t === 'obj');
  const [first] = objects;
  if (!first) return unknown;
  return {
    t: 'obj',
    sig: objects.map(o => o.sig).join('+'),
    origin: first.origin,
    get: key => {
      let found: Value | undefined;
      for (const o of objects) {
        const v = o.get(key);
        if (v && v.t !== 'unknown') found = v;
      }
      return found;
    },
    keys: () => [...new Set(objects.flatMap(o => o.keys()))],
  };
}

export function get1(v: Value, key: string): Value | undefined {
  for (const one of each(v)) if (one.t === 'obj') return one.get(key);
  return undefined;
}

export function jsonValue(json: unknown, origin: Origin, path = ''): Value {
  if (typeof json === 'string') return text(json, origin);
  if (typeof json === 'number') return { t: 'num', v: json };
  if (typeof json === 'boolean') return { t: 'bool', v: json };
  if (Array.isArray(json)) return { t: 'arr', items: json.map((x, i) => jsonValue(x, origin, `${path}.${i}`)) };
  if (!isRecord(json)) return unknown;
  return {
    t: 'obj',
    sig: `json:${origin.file}${path}`,
    origin,
    get: key => (Object.hasOwn(json, key) ? jsonValue(json[key], origin, `${path}.${key}`) : undefined),
    keys: () => Object.keys(json),
  };
}

export function globalCall(path: string, args: readonly Value[]): Value {
  const [first] = args;
  if (!first) return unknown;
  if (
    [
      'String',
      'Number',
      'parseInt',
      'parseFloat',
      'Boolean',
      'Object.freeze',
      'Object.seal',
      'Symbol',
      'Symbol.for',
      'Promise.resolve',
      'structuredClone',
      'encodeURIComponent',
    ].includes(path)
  )
    return first;
  if (path === 'Promise.all' || path === 'Promise.allSettled' || path === 'Array.from') return first;
  if (path === 'Object.values' && first.t === 'obj')
    return { t: 'arr', items: first.keys().map(k => first.get(k) ?? unknown) };
  if (path === 'Object.keys' && first.t === 'obj')
    return { t: 'arr', items: first.keys().map(k => text(k, first.origin)) };
  if (path === 'Object.entries' && first.t === 'obj')
    return {
      t: 'arr',
      items: first.keys().map(k => ({ t: 'arr', items: [text(k, first.origin), first.get(k) ?? unknown] })),
    };
  // what is filtered out of the environment is the environment still
  if (path === 'Object.entries' && first.t === 'env') return { t: 'arr', items: [{ t: 'arr', items: [unknown, env] }] };
  if (path === 'Object.fromEntries' && first.t === 'arr')
    return first.items.some(i => i.t === 'arr' && i.items.some(x => x.t === 'env')) ? env : unknown;
  if (path === 'Object.assign') return args.some(a => a.t === 'env') ? env : merged(args);
  if (path === 'URL') return args[1]?.t === 'text' ? addressUnder(args[1], first) : first;
  if (path === 'Set') return first;
  // what a map is asked for may be any of its values
  if (path === 'Map' && first.t === 'arr')
    return { t: 'arr', items: first.items.flatMap(i => (i.t === 'arr' ? (i.items[1] ?? []) : [])) };
  return unknown;
}
