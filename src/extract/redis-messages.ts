import type { CallSite } from '../model/technology.ts';
import { each, get, literal, type Value } from '../model/value.ts';

const id = 'redis';

/** What commands on streams and lists tell and take. A list is a queue only where somebody waits for what comes into it. */
export function passedThrough(c: CallSite, command: string): void {
  const [first, second] = c.args;
  switch (command) {
    case 'xadd':
      says(c, 'publish', first);
      break;
    case 'xread':
    case 'xreadgroup':
      for (const stream of streamsIn(c.args)) says(c, 'consume', stream);
      break;
    case 'lpush':
    case 'rpush':
      says(c, 'publish', first, true);
      break;
    case 'blpop':
    case 'brpop':
      for (const list of listsIn(c.args)) says(c, 'consume', list);
      break;
    case 'brpoplpush':
    case 'blmove':
      says(c, 'consume', first);
      says(c, 'publish', second, true);
      break;
    default:
  }
}

function says(c: CallSite, kind: 'publish' | 'consume', name: Value | undefined, ifHeard = false): void {
  c.ev.exchange(c, id, { kind, by: 'redis', ...(name ? { name } : {}), ...(ifHeard ? { ifHeard } : {}) });
}

/** `{ key, id }`, alone or in a list, or words: `'STREAMS', key, …, id, …`. */
function streamsIn(args: readonly Value[]): readonly (Value | undefined)[] {
  const all = args.flatMap(listed);
  const marked = all.findIndex(a => literal(a)?.toUpperCase() === 'STREAMS');
  const given = all.filter(a => get(a, 'key') !== undefined).map(a => get(a, 'key'));
  if (given.length > 0) return given;
  const keys = marked < 0 ? [] : all.slice(marked + 1);
  return keys.length === 0 ? [undefined] : keys.slice(0, Math.ceil(keys.length / 2));
}

/** The last of several words is how long to wait. */
function listsIn(args: readonly Value[]): readonly (Value | undefined)[] {
  const [first] = args;
  const keys = first?.t === 'arr' ? listed(first) : args.length > 1 ? args.slice(0, -1) : args;
  return keys.length === 0 ? [undefined] : keys;
}

function listed(v: Value): readonly Value[] {
  return each(v).flatMap(one => (one.t === 'arr' ? one.items.flatMap(each) : [one]));
}
