import type { CallSite, MemberSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, type StoreRef, text, unknown, type Value } from '../model/value.ts';

const reads = new Set([
  'fetch',
  'fetchAll',
  'fetchPage',
  'fetchOne',
  'count',
  'findOne',
  'findAll',
  'findById',
  'refresh',
]);
const writes = new Set(['save', 'destroy', 'insert', 'create', 'attach', 'detach', 'updatePivot', 'upsert']);
const relations = new Set(['hasMany', 'hasOne', 'belongsTo', 'belongsToMany', 'morphMany', 'morphOne']);

/** Bookshelf, whose models stand on a connection of Knex. https://bookshelfjs.org */
export const bookshelf: Technology = {
  id: 'bookshelf',
  packages: ['bookshelf'],
  call(c) {
    if (!c.on) return c.path === '' || c.path === 'default' ? shelf(c) : undefined;
    if (c.on.t === 'handle' && c.on.kind === 'shelf') return onShelf(c, c.on);
    const model = modelOf(c, c.on);
    return model && onModel(c, model);
  },
  member(m) {
    if (m.on.t !== 'handle' || m.on.kind !== 'shelf') return undefined;
    if (m.name === 'Model' || m.name === 'Collection') return { ...m.on, kind: 'model' };
    return m.name === 'knex' ? { ...m.on, tech: 'knex', kind: 'db' } : undefined;
  },
};

function shelf(c: CallSite): Handle {
  const behind = each(c.args[0]).flatMap(v => (v.t === 'handle' ? (v.store ?? []) : []))[0];
  const store: StoreRef = behind ?? { kind: 'default', tech: 'knex', origin: c.origin };
  return { t: 'handle', tech: 'bookshelf', kind: 'shelf', store };
}

/** `bookshelf.model('Order', { tableName: 'orders' })` */
function onShelf(c: CallSite, on: Handle): Value | undefined {
  const [name, described] = c.args;
  if (c.name === 'transaction') return c.ev.invoke(name, [{ ...on, tech: 'knex', kind: 'db' }], c);
  if (c.name !== 'model') return c.name === 'plugin' ? on : undefined;
  const key = literal(name);
  if (key === undefined) return undefined;
  if (!described) return c.ev.registered('bookshelf-model', key)[0]?.value;
  const made = each(described).find(v => v.t === 'class') ?? { ...on, kind: 'model', ...tableIn(described) };
  c.ev.register(c, 'bookshelf-model', key, made);
  return made;
}

function tableIn(described: Value): Pick<Handle, 'table' | 'model'> {
  const table = get(described, 'tableName');
  return { model: described, ...(table ? { table } : {}) };
}

/** A model: one made by `extend`, or a class that extends one and names its table. */
function modelOf(site: CallSite | MemberSite, on: Value): Handle | undefined {
  if (on.t === 'handle') return on.kind === 'model' ? on : undefined;
  if (on.t !== 'class' && on.t !== 'inst') return undefined;
  const cls = on.t === 'class' ? on : on.cls;
  const { root } = site.ev.lineage(cls);
  if (root?.t !== 'handle' || root.kind !== 'model') return undefined;
  const table = site.ev.property({ t: 'inst', cls }, 'tableName', site);
  return { ...root, model: { t: 'inst', cls }, ...(table.t === 'text' ? { table } : {}) };
}

function onModel(c: CallSite, on: Handle): Value | undefined {
  const [first, second] = c.args;
  if (c.name === 'extend') return { ...on, ...tableIn(first ?? unknown) };
  if (relations.has(c.name)) return first ? target(c, first) : undefined;
  if (c.name === 'query')
    for (const fn of each(first)) if (fn.t === 'fn') c.ev.invoke(fn, [{ ...on, tech: 'knex', kind: 'query' }], c);
  const { store, table } = on;
  if (!store) return on;
  const op = writes.has(c.name) ? 'write' : reads.has(c.name) ? 'read' : undefined;
  if (op) c.ev.use(c, 'bookshelf', { op, store, table: table ?? unknown });
  const wanted = c.name === 'load' ? first : (get(first, 'withRelated') ?? get(second, 'withRelated'));
  for (const path of pathsOf(wanted)) related(c, on, path.split('.'));
  // rows are models again, and so is what a chain goes on with
  return on;
}

function pathsOf(wanted: Value | undefined): string[] {
  return each(wanted).flatMap(v => {
    if (v.t === 'arr') return v.items.flatMap(pathsOf);
    return v.t === 'obj' ? [...v.keys()] : (literal(v) ?? []);
  });
}

/** `withRelated: ['lines.product']`: the methods of that name tell the model. */
function related(c: CallSite, on: Handle, [name, ...rest]: readonly string[]): void {
  if (name === undefined || !on.model) return;
  const method = c.ev.property(on.model, name, c);
  const self = each(method).map(fn => (fn.t === 'fn' && !fn.self ? { ...fn, self: on } : fn))[0];
  const found = each(c.ev.invoke(self, [], c)).flatMap(v => modelOf(c, v) ?? [])[0];
  if (!found?.store || !found.table) return;
  c.ev.use(c, 'bookshelf', { op: 'read', via: 'relation', store: found.store, table: found.table });
  related(c, found, rest);
}

function target(c: CallSite, given: Value): Value {
  const name = literal(given);
  return name === undefined ? given : (c.ev.registered('bookshelf-model', name)[0]?.value ?? text(name));
}
