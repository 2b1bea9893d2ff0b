import type { CallSite, Site } from '../model/technology.ts';
import { each, get, type Handle, literal, type Origin, type Text, text, unknown, type Value } from '../model/value.ts';

export function isTable(v: Value): v is Handle {
  return v.t === 'handle' && v.tech === 'drizzle' && v.kind === 'table';
}

/** `pgTable('orders', columns)`; columns that refer to other tables are foreign keys. */
export function declareTable(c: CallSite, engine: string, name: Value | undefined, schema: Value | undefined): Handle {
  const within = schema ? { schema } : {};
  const store = { kind: 'default', tech: 'drizzle', engine, origin: c.origin } as const;
  const shown = textOfTable(name, schema);
  const table: Handle = {
    t: 'handle',
    tech: 'drizzle',
    kind: 'table',
    table: name ?? unknown,
    model: text(`${c.origin.file}:${c.origin.at}`),
    name: engine,
    ...(shown ? { text: shown } : {}),
    extra: within,
  };
  c.ev.use(c, 'drizzle', { op: 'declare', store, table: name ?? unknown, ...within });
  const known = literal(name);
  if (known !== undefined) c.ev.register(c, 'drizzle-table', known.replace(/[^a-z\d]/gi, '').toLowerCase(), table);
  const types: Handle = { t: 'handle', tech: 'drizzle', kind: 'maker' };
  const columns = each(c.args[1]).some(v => v.t === 'fn') ? c.ev.invoke(c.args[1], [types], c) : c.args[1];
  for (const key of columns?.t === 'obj' ? columns.keys() : []) {
    const one = get(columns, key);
    const target = one?.t === 'handle' ? one.extra?.references : undefined;
    if (target) referTo(c, table, c.ev.invoke(target, [], c));
  }
  c.ev.invoke(c.args[2], [table], c);
  return table;
}

function textOfTable(name: Value | undefined, schema: Value | undefined): Text | undefined {
  if (name?.t !== 'text') return undefined;
  return schema?.t === 'text' ? { ...name, parts: [...schema.parts, '.', ...name.parts] } : name;
}

export function column(on: Handle, name: string, origin: Origin): Handle {
  const of = on.text ? { ...on.text, parts: [...on.text.parts, `.${name}`] } : text(name, origin);
  return { ...on, kind: 'column', text: of };
}

/** `foreignKey({ columns: [lines.orderId], foreignColumns: [orders.id] })` */
export function refer(c: CallSite, columns: Value | undefined, foreign: Value | undefined): void {
  const from = columns?.t === 'arr' ? columns.items[0] : undefined;
  const to = foreign?.t === 'arr' ? foreign.items[0] : undefined;
  if (from?.t === 'handle' && to) referTo(c, from, to);
}

function referTo(c: CallSite, from: Handle, target: Value): void {
  for (const to of each(target)) {
    if (to.t !== 'handle' || !to.table || !from.table || to.model === undefined) continue;
    if (literal(to.model) === literal(from.model)) continue;
    const schema = to.extra?.schema;
    const store = { kind: 'default', tech: 'drizzle', engine: from.name ?? '', origin: c.origin } as const;
    const key = { op: 'declare', via: 'foreign-key', store, table: to.table, from: from.table } as const;
    c.ev.use(c, 'drizzle', { ...key, ...(schema ? { schema } : {}) });
  }
}

/** `relations(orders, ({ many }) => ({ lines: many(lines) }))`, and since version 1 all of them at once for a schema. */
export function relate(c: CallSite, isOne: boolean): Value {
  const [subject, describe] = c.args;
  const made = c.ev.invoke(
    describe,
    [{ t: 'handle', tech: 'drizzle', kind: 'relator', ...(subject ? { model: subject } : {}) }],
    c,
  );
  const keys = isOne ? [] : c.ev.keysOf(made);
  for (const table of isOne ? each(subject) : [])
    if (isTable(table)) c.ev.register(c, 'drizzle-relations', keyOf(table), made);
  for (const key of keys) {
    const table = each(c.ev.property(subject, key, c)).find(isTable);
    const own = get(made, key);
    if (table && own) c.ev.register(c, 'drizzle-relations', keyOf(table), own);
  }
  return { t: 'handle', tech: 'drizzle', kind: 'relations', ...(subject ? { model: subject } : {}) };
}

export function keyOf(table: Handle): string {
  return literal(table.model) ?? '';
}

/** `one(users, …)`, and `r.one.users(…)`: the table at the other end. */
export function relationsOf(c: CallSite, on: Handle): Value {
  const direct = each(c.args[0]).find(isTable);
  return direct ?? each(c.ev.property(on.model, c.name, c)).find(isTable) ?? unknown;
}

/** Tables that a query reads besides its own, because its `with` names relations. */
export function relatedTables(c: Site, table: Handle, schema: Value | undefined, wanted: Value | undefined): Handle[] {
  if (wanted?.t !== 'obj') return [];
  loadRelations(c, table, schema);
  const known = c.ev.registered('drizzle-relations', keyOf(table));
  return wanted.keys().flatMap(name => {
    const how = wanted.get(name);
    const target = known.flatMap(r => each(get(r.value, name))).find(isTable);
    if (!target || (how?.t === 'bool' && how.v === false)) return [];
    return [target, ...relatedTables(c, target, schema, get(how, 'with'))];
  });
}

/** Relations stand beside their tables or in another file of the schema, which nobody need have asked for yet. */
function loadRelations(c: Site, table: Handle, schema: Value | undefined): void {
  const key = keyOf(table);
  const code = c.ev.code(key.slice(0, key.lastIndexOf(':')));
  if (code) c.ev.visit(c.ev.moduleActivation(code));
  for (const one of each(schema)) for (const name of c.ev.keysOf(one)) c.ev.property(one, name, c);
}
