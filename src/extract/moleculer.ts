import { folderOf } from '../model/modules.ts';
import type { CallSite, ClassSite, Site, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import type { SourceTree } from '../model/tree.ts';
import { each, get, type Handle, literal, type Part, text, unknown, type Value } from '../model/value.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'moleculer';
const broker: Handle = { t: 'handle', tech: id, kind: 'broker' };

const schemaName = /\bname\s*[:=]/;
const schemaPart = /\b(?:actions|events|mixins)\s*[:=]/;
const asks = /\b(?:ctx|context|broker)\s*\.\s*(?:m?call|emit|broadcast)\b/;

/**
 * Moleculer: services that answer to `service.action` and hear events, whoever runs them. Most of their files load
 * nothing of it: a runner finds them, so a package that names it tells which files to look at.
 */
export function moleculer(tree: SourceTree): Technology {
  let known: readonly string[] | undefined;
  const folders = (): readonly string[] => {
    known ??= tree.files
      .filter(f => /(?:^|\/)package\.json$/.test(f) && /"moleculer"\s*:/.test(tree.read(f) ?? ''))
      .map(folderOf);
    return known;
  };
  const isInside = (file: string): boolean => folders().some(f => f === '' || file.startsWith(`${f}/`));
  const owned = new Set<string>();
  return {
    id,
    packages: ['moleculer', 'moleculer-decorators', '@ourparentcenter/moleculer-decorators-extended'],
    entrances: ['ServiceBroker', 'Service', 'BrokerNode'],
    owns(file, source) {
      const isOwn = isInside(file) && ((schemaName.test(source) && schemaPart.test(source)) || asks.test(source));
      if (isOwn) owned.add(file);
      return isOwn;
    },
    loaded(site) {
      const { file } = site.origin;
      if (!owned.has(file)) return;
      for (const name of ['=', 'default'])
        for (const one of each(site.ev.exported(file, name))) {
          if (one.t === 'obj' && one.get('name')) described({ ...site, origin: one.origin }, one);
        }
    },
    call(c) {
      if (c.on?.t === 'inst') return onService(c);
      if (c.on?.t === 'handle') return asked(c);
      return c.isNew && c.name === 'ServiceBroker' ? broker : undefined;
    },
    member(m) {
      return m.name === 'broker' && (m.on.t === 'inst' || m.on.t === 'handle') ? broker : undefined;
    },
    typed(t) {
      return /^(?:ServiceBroker|Context|Service)$/.test(t.path.split('.').at(-1) ?? '') ? broker : undefined;
    },
    declared(d) {
      if (d.path === 'Service' && d.cls.decl.decorators.length > 0) decorated(d);
    },
    duck(c) {
      if (!/^(?:m?call|emit|broadcast)$/.test(c.name) || !/^(?:ctx|context|broker)$/.test(c.receiver)) return undefined;
      return isInside(c.origin.file) ? asked(c) : undefined;
    },
  };
}

function asked(c: CallSite): Value | undefined {
  const [first] = c.args;
  switch (c.name) {
    case 'call':
      calls(c, first);
      return unknown;
    case 'mcall':
      for (const list of each(first))
        for (const one of list.t === 'arr' ? list.items : list.t === 'obj' ? list.keys().map(k => list.get(k)) : [])
          calls(c, get(one, 'action'));
      return unknown;
    case 'emit':
    case 'broadcast':
      if (!isInternal(first)) c.ev.exchange(c, id, { kind: 'publish', by: id, ...(first ? { name: first } : {}) });
      return unknown;
    case 'createService':
      for (const schema of each(first)) described(c, schema);
      for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
      return unknown;
    default:
      return undefined;
  }
}

/** Services of one's own class: `this.parseServiceSchema(schema)`, `super(broker, schema)`. */
function onService(c: CallSite): Value | undefined {
  const schema =
    c.name === 'parseServiceSchema' ? c.args[0] : /^(?:super|extended)$/.test(c.name) ? c.args[1] : unknown;
  for (const one of each(schema)) described(c, one);
  return undefined;
}

/** What the broker itself answers and tells is nobody's. */
function isInternal(name: Value | undefined): boolean {
  return literal(name)?.startsWith('$') === true;
}

/** An action is asked of the service whose name stands before its own; names of actions may have dots in them. */
function calls(site: Site, action: Value | undefined): void {
  if (isInternal(action)) return;
  const names = each(action).map(one => (one.t === 'text' ? servicesIn(partsOf(one)) : []));
  for (const of of names)
    if (of.length > 0) site.ev.exchange(site, id, { kind: 'call', by: id, name: { t: 'union', of } });
  if (names.every(of => of.length === 0)) site.ev.exchange(site, id, { kind: 'call', by: id });
}

/** What stands before each dot, the longest first. */
function servicesIn(parts: readonly Part[]): Value[] {
  return parts
    .flatMap((part, i) =>
      typeof part === 'string'
        ? [...part.matchAll(/\./g)].map(dot => textOf([...parts.slice(0, i), part.slice(0, dot.index)]))
        : [],
    )
    .reverse();
}

/** What a schema makes: a service with its actions and events, or a gateway. */
function described(site: Site, schema: Value): void {
  const name = get(schema, 'name');
  if (!name) return;
  const settings = get(schema, 'settings');
  const actions = get(schema, 'actions');
  const isOpen = keysIn(actions).some(key => get(get(actions, key), 'rest') !== undefined);
  served(site, fullName(name, get(schema, 'version'), settings), isOpen);
  const events = get(schema, 'events');
  for (const key of keysIn(events)) heard(site, get(get(events, key), 'name') ?? text(key));
  if (listIn(get(schema, 'mixins')).some(m => m.t === 'ext' && m.pkg === 'moleculer-web')) gateway(site, settings);
}

function decorated(d: ClassSite): void {
  const { cls, ev } = d;
  const fields = cls.code.units[cls.decl.fields];
  const act = fields ? ev.genericActivation(cls.code, fields) : d.act;
  const site: Site = { ev, act, origin: d.origin };
  const [options] = d.args;
  const members = cls.decl.members.map(m => ({ name: m.name, decorators: ev.decorators(m.decorators, act) }));
  const isOpen = members.some(m => m.decorators.some(one => one.name === 'Action' && get(one.args[0], 'rest')));
  const name = get(options, 'name') ?? text(cls.decl.name);
  served(site, fullName(name, get(options, 'version'), get(options, 'settings')), isOpen);
  for (const member of members)
    for (const one of member.decorators)
      if (one.name === 'Event')
        heard({ ev, act, origin: { file: cls.code.file, at: one.at } }, get(one.args[0], 'name') ?? text(member.name));
}

function heard(site: Site, event: Value): void {
  if (!isInternal(event)) site.ev.exchange(site, id, { kind: 'consume', by: id, name: event });
}

/** A service with paths for its actions answers to gateways that look for such, by its name and as any of them. */
function served(site: Site, name: Value, isOpen: boolean): void {
  const names: Value[] = isOpen ? [name, textOf([...partsOf(name), openOnly]), text(openOnly)] : [name];
  site.ev.exchange(site, id, { kind: 'serve', by: id, name: { t: 'union', of: names } });
}

/** Stands behind the name of a service that is meant only where its actions have paths; no name of one has a blank. */
const openOnly = ' with paths';

function fullName(name: Value, version: Value | undefined, settings: Value | undefined): Value {
  const plain = get(settings, '$noVersionPrefix');
  if (!version || (plain?.t === 'bool' && plain.v === true)) return name;
  return textOf([version.t === 'num' ? 'v' : '', ...partsOf(version), '.', ...partsOf(name)]);
}

/** The routes of moleculer-web: paths that are actions of others. */
function gateway(site: Site, settings: Value | undefined): void {
  const port = get(settings, 'port');
  if (port) site.ev.exchange(site, id, { kind: 'listen', by: 'http', port });
  for (const route of listIn(get(settings, 'routes'))) {
    const under = [get(settings, 'path'), get(route, 'path')].flatMap((p): Part[] => (p ? [...partsOf(p), '/'] : []));
    const aliases = get(route, 'aliases');
    for (const key of keysIn(aliases)) alias(site, under, key, get(aliases, key));
    if (isTrue(get(route, 'autoAliases'))) openTo(site, get(route, 'whitelist'));
  }
}

const restful = ['GET ', 'GET /:id', 'POST ', 'PUT /:id', 'PATCH /:id', 'DELETE /:id'];

/** `'GET /orders/:id': 'orders.get'`, `'REST orders': 'orders'`, with what runs before in a list. */
function alias(site: Site, under: readonly Part[], key: string, target: Value | undefined): void {
  const [, method = '', path = ''] = /^\s*(?:([A-Z]+)\s+)?(\S*)\s*$/.exec(key) ?? [];
  const isRest = method === 'REST';
  for (const way of isRest ? restful : [`${method === '' ? 'ANY' : method} `]) {
    const [verb = 'ANY', rest = ''] = way.split(' ');
    site.ev.exchange(site, id, {
      kind: 'serve',
      by: 'http',
      method: text(verb),
      path: textOf(['/', ...under, path, rest]),
    });
  }
  const action = [...listIn(target), get(target, 'action')].findLast(v => v?.t === 'text');
  if (!action) return;
  if (isRest) site.ev.exchange(site, id, { kind: 'call', by: id, name: action });
  else calls(site, action);
}

/** A gateway that makes routes of what it finds reaches every service with paths that its list allows. */
function openTo(site: Site, allowed: Value | undefined): void {
  const patterns = allowed ? listIn(allowed).map(v => literal(v) ?? '') : ['**'];
  const names = patterns.flatMap(pattern => {
    const [any, service = ''] = /^(?:\*\*?|([^*]+)\.(?:\*\*?|[^*.]+))$/.exec(pattern) ?? [];
    return any === undefined ? [] : [text(`${service}${openOnly}`, site.origin)];
  });
  if (names.length > 0) site.ev.exchange(site, id, { kind: 'call', by: id, name: { t: 'union', of: names } });
}

function isTrue(v: Value | undefined): boolean {
  return v?.t === 'bool' && v.v === true;
}

function keysIn(v: Value | undefined): readonly string[] {
  return each(v).flatMap(one => (one.t === 'obj' ? one.keys() : []));
}

function listIn(v: Value | undefined): readonly Value[] {
  return each(v).flatMap(one => (one.t === 'arr' ? one.items.flatMap(each) : [one]));
}
