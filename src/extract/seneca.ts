import type { CallSite, Site, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { each, get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'seneca';
const seneca: Handle = { t: 'handle', tech: id, kind: 'seneca' };

/** Roles of what Seneca brings along and of its usual plugins: who acts on them is in the same process. */
const ownRoles = /^(?:seneca|entity|web|transport|options|mesh)$/;

/** Seneca: actions that are added under a pattern, and messages that find the one whose pattern they hold. */
export const senecaActions: Technology = {
  id,
  packages: ['seneca', 'chairo'],
  call(c) {
    if (c.on?.t === 'handle') return onSeneca(c, c.on);
    return !c.on && c.pkg === 'seneca' && /^(?:|default|Seneca)$/.test(c.path) ? seneca : undefined;
  },
  typed(t) {
    return /^(?:Instance|Seneca)$/.test(t.path.split('.').at(-1) ?? '') ? seneca : undefined;
  },
  duck(c) {
    // of a server or a request, as its plugin puts it there, or `this` in what something else calls back
    const isMeant = c.name === 'act' ? /^(?:seneca)?$/.test(c.receiver) : c.name === 'add' && c.receiver === 'seneca';
    return isMeant && pairsIn(c.args[0]).length > 0 ? onSeneca(c, seneca) : undefined;
  },
};

function onSeneca(c: CallSite, on: Handle): Value | undefined {
  const [first, second] = c.args;
  switch (c.name) {
    case 'add':
    case 'message':
      served(c, first);
      handlers(c);
      return seneca;
    case 'act':
    case 'post':
      asked(c, on, [first, second]);
      handlers(c);
      return c.name === 'act' ? on : unknown;
    case 'use':
      for (const plugin of each(first)) used(c, plugin);
      return seneca;
    case 'client':
      return client(c, on, first);
    case 'listen': {
      const port = get(first, 'port') ?? (first?.t === 'obj' ? undefined : first);
      if (port && port.t !== 'fn') c.ev.exchange(c, id, { kind: 'listen', by: id, port });
      return seneca;
    }
    case 'prior':
    case 'entity':
    case 'make':
    case 'make$':
      return undefined;
    default:
      handlers(c);
      return seneca;
  }
}

/** What it calls back has it as `this`. */
function handlers(c: CallSite): void {
  for (const f of functionsOf(c.args)) c.ev.invoke({ ...f, self: seneca }, [], c);
}

/** A plugin is a function, or the name of a file that exports one. */
function used(c: CallSite, plugin: Value): void {
  const name = literal(plugin);
  const named = name === undefined || /\/node_modules\//.test(name) ? [plugin] : loaded(c, name);
  for (const one of named.flatMap(each)) if (one.t === 'fn') c.ev.invoke({ ...one, self: seneca }, c.args.slice(1), c);
}

function loaded(c: CallSite, name: string): readonly Value[] {
  const from = c.origin.file;
  const paths = name.startsWith('.') ? [name] : [`./${name}`, name];
  return paths
    .map(path => c.ev.load(from, path))
    .map(v => (v.t === 'module' ? c.ev.exported(v.file, 'default') : v))
    .filter(v => v.t === 'fn')
    .slice(0, 1);
}

/** One thing that a pattern asks for, as `key:value`. */
interface Pairs {
  readonly list: readonly string[];
  /** False where something of the pattern is not known. */
  readonly whole: boolean;
}

function served(site: Site, pattern: Value | undefined): void {
  const names = pairsIn(pattern).flatMap(({ list, whole }) =>
    whole && !list.some(p => p.startsWith('init:')) ? [nameOf(list, site)] : [],
  );
  if (names.length > 0) site.ev.exchange(site, id, { kind: 'serve', by: id, name: { t: 'union', of: names } });
}

/** A message may say more than the pattern that it finds: each part of it may be the pattern. */
function asked(site: Site, { address }: Handle, message: readonly (Value | undefined)[]): void {
  const url = address ? { url: address } : {};
  const [own = [], ...more] = message.map(m => pairsIn(m).map(p => p.list));
  const wholes = own.map(list => [...list, ...more.flatMap(one => one[0] ?? [])]);
  if (wholes.length === 0) site.ev.exchange(site, id, { kind: 'call', by: id, ...url });
  for (const whole of wholes) {
    if (whole.some(pair => pair.startsWith('role:') && ownRoles.test(pair.slice('role:'.length)))) continue;
    const name: Value = { t: 'union', of: choicesFrom(whole.slice(0, 5)).map(list => nameOf(list, site)) };
    site.ev.exchange(site, id, { kind: 'call', by: id, name, client: name, ...url });
  }
}

/** Every choice of some of them, larger ones first. */
function choicesFrom(list: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const one of list) all.push(...all.map(some => [...some, one]));
  return all.filter(s => s.length > 0).sort((a, b) => b.length - a.length);
}

/** A client with a pin sends what holds it to one address; the only one without a pin, all that follows on it. */
function client(site: Site, on: Handle, options: Value | undefined): Handle {
  const pins = [get(options, 'pin'), get(options, 'pins')]
    .flatMap(each)
    .flatMap(p => (p.t === 'arr' ? p.items.flatMap(each) : [p]));
  const type = get(options, 'type');
  // of a broker the host is that of the broker
  if (type && !/^(?:web|http|tcp)$/.test(literal(type) ?? '')) return seneca;
  const host = get(options, 'host') ?? text('localhost');
  const port = get(options, 'port');
  for (const pin of pins)
    for (const { list } of pairsIn(pin))
      site.ev.exchange(site, id, { kind: 'client', by: id, name: nameOf(list, site), host, ...(port ? { port } : {}) });
  const isKnown = get(options, 'pin') === undefined && get(options, 'pins') === undefined && get(options, 'host');
  if (!isKnown || on.address) return { t: 'handle', tech: id, kind: 'seneca' };
  const address = textOf(['seneca://', ...partsOf(host), ...(port ? [':', ...partsOf(port)] : [])], site.origin);
  return { ...on, address };
}

function nameOf(pairs: readonly string[], { origin }: Site): Value {
  return text([...new Set(pairs)].sort().join(), origin);
}

/** The pairs of `'role:orders,cmd:get'` and `{ role: 'orders', cmd: 'get' }`; those that any value fits tell nothing. */
function pairsIn(pattern: Value | undefined): Pairs[] {
  return each(pattern).flatMap((one): Pairs[] => {
    const known = one.t === 'obj' ? inObject(one) : one.t === 'text' ? inText(literal(one)) : undefined;
    const list = known?.filter(p => p !== undefined) ?? [];
    return known && list.length > 0
      ? [{ list: list.filter(p => !p.endsWith(':*')), whole: list.length === known.length }]
      : [];
  });
}

function inObject(pattern: Value & { t: 'obj' }): (string | undefined)[] {
  return pattern
    .keys()
    .filter(key => !key.endsWith('$'))
    .map(key => {
      const value = pattern.get(key);
      const word = literal(value) ?? (value?.t === 'bool' && value.v !== null ? String(value.v) : undefined);
      return word === undefined ? undefined : `${key}:${word}`;
    });
}

function inText(pattern: string | undefined): (string | undefined)[] | undefined {
  const pairs = pattern
    ?.replace(/^\s*\{|\}\s*$/g, '')
    .split(',')
    .filter(p => p.trim() !== '');
  if (!pairs || pairs.length === 0 || !pairs.every(p => /^\s*["']?[\w$.-]+["']?\s*:/.test(p))) return undefined;
  return pairs.map(p => p.replace(/["'\s]/g, '')).filter(p => !/^[^:]+\$:/.test(p));
}
