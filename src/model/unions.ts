import { type StoreRef, unknown, type Value } from './value.ts';

export const maxUnion = 12;

export function signature(v: Value, depth = 0): string {
  switch (v.t) {
    case 'text':
      return `'${v.parts.map(p => (p === null ? '\uFFFC' : typeof p === 'string' ? p : `\${${p.ref}:${p.key}${p.def && depth < 3 ? `|${signature(p.def, depth + 1)}` : ''}}`)).join('')}'`;
    case 'num':
      return String(v.v);
    case 'bool':
      return String(v.v);
    case 'obj':
      return `{${v.sig}}`;
    case 'arr':
      return depth > 3
        ? '[]'
        : `[${v.items
            .slice(0, 8)
            .map(i => signature(i, depth + 1))
            .join(',')}]`;
    case 'fn':
      return `f:${v.code.file}#${v.unit.index}@${v.parent.id}${v.self && depth < 3 ? signature(v.self, depth + 1) : ''}`;
    case 'class':
      return `c:${v.code.file}#${v.decl.index}@${v.scope.id}`;
    case 'inst':
      return `i:${v.cls.code.file}#${v.cls.decl.index}@${v.cls.scope.id}${v.args && depth < 3 ? `(${v.args.map(a => signature(a, depth + 1)).join(',')})` : ''}`;
    case 'ext':
      return `x:${v.pkg}:${v.path}`;
    case 'module':
      return `m:${v.file}`;
    case 'union':
      return depth > 3 ? 'u' : `u(${v.of.map(o => signature(o, depth + 1)).join('|')})`;
    case 'handle':
      return `h:${v.tech}:${v.kind}:${v.store ? `${v.store.tech}@${v.store.origin.file}:${v.store.kind === 'open' ? `${v.store.origin.at}${depth < 3 ? openedAs(v.store, depth + 1) : ''}` : ''}${v.store.name && depth < 3 ? signature(v.store.name, depth + 1) : ''}` : ''}:${v.table && depth < 3 ? signature(v.table, depth + 1) : ''}:${v.model && depth < 3 ? signature(v.model, depth + 1) : ''}:${v.name ?? ''}${v.text && depth < 3 ? signature(v.text, depth + 1) : ''}${v.address && depth < 3 ? `@${signature(v.address, depth + 1)}` : ''}${v.limits ? `~${v.limits.timeout ?? ''}${v.limits.repeats ?? ''}` : ''}`;
    case 'bound':
      return `b:${v.name}:${depth < 3 ? signature(v.on, depth + 1) : ''}`;
    case 'env':
      return 'env';
    case 'unknown':
      return '?';
  }
}

export function union(values: readonly Value[]): Value {
  const [only] = values;
  if (values.length === 1 && only) return only;
  const seen = new Map<string, Value>();
  for (const v of values) {
    for (const one of v.t === 'union' ? v.of : [v]) {
      if (one.t === 'unknown' || (one.t === 'bool' && one.v === null)) continue;
      if (seen.size < maxUnion) seen.set(signature(one), one);
    }
  }
  // a value that is known in one branch and only half known in another is the known one
  if ([...seen.values()].some(v => v.t !== 'bound')) for (const [k, v] of seen) if (v.t === 'bound') seen.delete(k);
  const [first] = seen.values();
  if (!first) return unknown;
  return seen.size === 1 ? first : { t: 'union', of: [...seen.values()] };
}

/** One line of code may open several datastores, by what it is given. */
function openedAs(store: StoreRef & { kind: 'open' }, depth: number): string {
  return [store.url, store.host, store.database, store.schema].map(v => (v ? signature(v, depth) : '')).join();
}
