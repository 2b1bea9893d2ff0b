import { maxUnion } from './unions.ts';
import { literal, type Origin, type Part, type Ref, type Text, text, unknown, type Value } from './value.ts';

export function partsOf(v: Value): readonly Part[] {
  if (v.t === 'text') return v.parts;
  if (v.t === 'num') return [String(v.v)];
  if (v.t === 'bool') return [String(v.v)];
  if (v.t === 'handle') return v.text?.parts ?? [null];
  if (v.t === 'union') {
    const [first] = v.of.filter(x => x.t === 'text' || (x.t === 'handle' && x.text));
    return first ? partsOf(first) : [null];
  }
  return [null];
}

/** The parts of each text that a value may be. */
export function choicesOf(v: Value): readonly (readonly Part[])[] {
  const all = v.t === 'union' ? v.of.filter(x => x.t === 'text' || x.t === 'num').map(partsOf) : [];
  return all.length > 0 ? all : [partsOf(v)];
}

/** Every text with every continuation; of too many only the first continuation. */
export function joinedTo(
  texts: readonly (readonly Part[])[],
  more: readonly (readonly Part[])[],
): readonly (readonly Part[])[] {
  const given = texts.length * more.length > maxUnion ? more.slice(0, 1) : more;
  return texts.flatMap(t => given.map(m => [...t, ...m]));
}

/** Code doubles a text with each line, and twenty lines fill the memory: longer ones are not known. */
const longestText = 200_000;
const mostParts = 2_000;

export function textOf(parts: readonly Part[], origin?: Origin): Text {
  const joined: Part[] = [];
  let length = 0;
  for (const p of parts) {
    const last = joined.at(-1);
    length += typeof p === 'string' ? p.length : 1;
    if (length > longestText || joined.length > mostParts)
      return { t: 'text', parts: [null], ...(origin ? { origin } : {}) };
    if (typeof p === 'string' && typeof last === 'string') joined[joined.length - 1] = last + p;
    else joined.push(p);
  }
  return { t: 'text', parts: joined, ...(origin ? { origin } : {}) };
}

/** A sentence is a message or a query; only queries take part. */
export function isProse(v: Value): boolean {
  if (v.t !== 'text') return false;
  const [first] = v.parts;
  return (
    typeof first === 'string' &&
    /\S\s+\S/.test(first) &&
    !/^[\s(]*(select|insert|update|delete|with|create|alter|drop|merge|replace|truncate|copy|call|exec|begin)\b/i.test(
      first,
    )
  );
}

export function textMethod(on: Text, name: string, args: readonly Value[]): Value {
  const s = literal(on);
  switch (name) {
    case 'toString':
    case 'trim':
    case 'trimEnd':
    case 'trimStart':
    case 'valueOf':
      return on;
    case 'toLowerCase':
      return s === undefined ? on : { ...on, parts: [s.toLowerCase()] };
    case 'toUpperCase':
      return s === undefined ? on : { ...on, parts: [s.toUpperCase()] };
    case 'concat':
      return textOf([...on.parts, ...args.flatMap(partsOf)], on.origin);
    case 'replace':
    case 'replaceAll': {
      const from = literal(args[0]);
      const to = args[1] ? partsOf(args[1]) : [null];
      // a pattern changes marks in a statement, not its sense
      if (from === undefined && on.parts.some(p => typeof p === 'string' && /\S\s+\S+\s+\S/.test(p))) return on;
      if (s === undefined || from === undefined || from === '') return textOf([null], on.origin);
      const [head = '', ...tail] = s.split(from);
      if (tail.length * to.length > mostParts) return textOf([null], on.origin);
      const rest = tail.flatMap((t, i): Part[] => (i === 0 || name === 'replaceAll' ? [...to, t] : [from, t]));
      return textOf([head, ...rest], on.origin);
    }
    case 'split': {
      const sep = literal(args[0]);
      return s === undefined || sep === undefined
        ? { t: 'arr', items: [on] }
        : { t: 'arr', items: s.split(sep).map(x => text(x, on.origin)) };
    }
    default:
      return on.parts.some(p => p !== null && typeof p === 'object') ? on : unknown;
  }
}

/** `A || B || value` of variables: whether there is still nothing behind the last of them. */
export function isOpenEnded(ref: Ref): boolean {
  if (!ref.def) return true;
  const [only] = ref.def.t === 'text' && ref.def.parts.length === 1 ? ref.def.parts : [];
  return typeof only === 'object' && only !== null && isOpenEnded(only);
}

export function orElse(ref: Ref, last: Value): Ref {
  const [only] = ref.def?.t === 'text' ? ref.def.parts : [];
  return {
    ...ref,
    def:
      typeof only === 'object' && only !== null && ref.def?.t === 'text'
        ? { ...ref.def, parts: [orElse(only, last)] }
        : last,
  };
}

/** An address as it is meant under a base, with one slash between them; one of its own is left as it is. */
export function addressUnder(base: Value, path: Value): Value {
  const tail = path.t === 'unknown' ? [] : [...partsOf(path)];
  const [first] = tail;
  if (typeof first === 'string' && /^\w+:\/\//.test(first)) return path;
  const head = [...partsOf(base)];
  const last = head.at(-1);
  if (typeof last === 'string' && last.endsWith('/')) head[head.length - 1] = last.replace(/\/+$/, '');
  const isJoined = tail.length === 0 || (typeof first === 'string' && /^[/?#]/.test(first));
  const { origin, start } = base.t === 'text' ? base : {};
  return { ...textOf([...head, ...(isJoined ? [] : ['/']), ...tail], origin), ...(start ? { start } : {}) };
}
