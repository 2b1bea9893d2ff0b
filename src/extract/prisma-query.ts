import type { CallSite, Site } from '../model/technology.ts';
import { each, get, type Handle, literal, text, type Use, unknown, type Value } from '../model/value.ts';
import type { PrismaProject, PrismaTable } from './prisma-projects.ts';

const reads = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
  'findRaw',
  'aggregateRaw',
]);
const writes = new Set([
  'create',
  'createMany',
  'createManyAndReturn',
  'update',
  'updateMany',
  'updateManyAndReturn',
  'upsert',
  'delete',
  'deleteMany',
]);

/** Methods that nothing else has. */
const telling = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'createManyAndReturn',
  'updateManyAndReturn',
  'findMany',
]);

/** Whether a call on something unknown is one of Prisma's; `isNamed` where what it is called on has a telling name. */
export function isModelCall(c: CallSite, isNamed: boolean): boolean {
  if (!reads.has(c.name) && !writes.has(c.name)) return false;
  if (isNamed || telling.has(c.name)) return true;
  const keys = each(c.args[0]).flatMap(v => (v.t === 'obj' ? v.keys() : []));
  const need = c.name === 'create' || c.name === 'createMany' ? 'data' : 'where';
  return keys.includes(need);
}

/** `prisma.order`; what is not a model is a method of the client. */
export function modelHandle(
  site: Site,
  on: Handle,
  project: PrismaProject | undefined,
  name: string,
): Handle | undefined {
  if (name.startsWith('$') || name === 'constructor') return undefined;
  const model = project?.models.find(m => m.accessor === name);
  if (project && !model && name !== '*') return undefined;
  // without the schema, a table is taken to be called like its model
  const called = name === '*' ? unknown : text(name.charAt(0).toUpperCase() + name.slice(1), site.origin);
  return {
    ...on,
    kind: 'model',
    table: model ? text(model.table, model.origin) : called,
    ...(model ? { model: text(model.name) } : {}),
    extra: { ...on.extra, accessor: text(name) },
  };
}

export function onModel(c: CallSite, on: Handle | undefined, project: PrismaProject | undefined): Value | undefined {
  if (!on) return undefined;
  const op = writes.has(c.name) ? 'write' : reads.has(c.name) ? 'read' : undefined;
  const model = project?.models.find(m => m.name === literal(on.model));
  if (!op) return addedMethod(c, on);
  use(c, on, op, 'query', on.table ?? unknown, model?.schema);
  if (project && model) for (const a of c.args.slice(0, 1)) nested(c, on, project, model, a);
  // rows are plain; only these may be asked for relations by calls: `findUnique(…).lines()`
  return model && c.name.startsWith('findUnique') ? { ...on, kind: 'result' } : unknown;
}

export function onResult(c: CallSite, on: Handle, project: PrismaProject | undefined): Value | undefined {
  const model = project?.models.find(m => m.name === literal(on.model));
  const target = project && model && related(project, model, c.name);
  if (!target) return undefined;
  use(c, on, 'read', 'relation', text(target.table, target.origin), target.schema);
  nested(c, on, project, target, c.args[0] ?? unknown);
  return { ...on, table: text(target.table, target.origin), model: text(target.name) };
}

/** A method that an extension of the client gives to a model. */
function addedMethod(c: CallSite, on: Handle): Value | undefined {
  const accessor = literal(on.extra?.accessor) ?? '';
  const models = on.extra?.models;
  const fn = get(get(models, accessor), c.name) ?? get(get(models, '$allModels'), c.name);
  if (!fn) return undefined;
  return c.ev.invoke(fn.t === 'fn' && !fn.self && !fn.unit.arrow ? { ...fn, self: on } : fn, c.args, c);
}

function use(c: CallSite, on: Handle, op: Use['op'], via: Use['via'], table: Value, schema: string | undefined): void {
  if (!on.store) return;
  c.ev.use(c, 'prisma', {
    op,
    via,
    store: on.store,
    table,
    ...(schema === undefined ? {} : { schema: text(schema) }),
    ...(on.extra?.guessed ? { guessed: true } : {}),
  });
}

function related(project: PrismaProject, model: PrismaTable, field: string): PrismaTable | undefined {
  const relation = model.relations.find(r => r.field === field);
  return relation && project.models.find(m => m.name === relation.model);
}

interface Place {
  readonly c: CallSite;
  readonly on: Handle;
  readonly project: PrismaProject;
}

/** What the arguments of a call do to other models than its own. */
function nested(c: CallSite, on: Handle, project: PrismaProject, model: PrismaTable, args: Value): void {
  selected({ c, on, project }, model, args, 0);
}

function touch(at: Place, target: PrismaTable, op: Use['op']): void {
  use(at.c, at.on, op, 'relation', text(target.table, target.origin), target.schema);
}

function entries(v: Value | undefined): (readonly [string, Value])[] {
  return each(v).flatMap(one => {
    if (one.t === 'arr') return one.items.flatMap(entries);
    return one.t === 'obj' ? one.keys().map(k => [k, one.get(k) ?? unknown] as const) : [];
  });
}

const maxNesting = 8;

function selected(at: Place, model: PrismaTable, args: Value | undefined, depth: number): void {
  if (depth > maxNesting) return;
  for (const [key, value] of entries(args)) {
    if (key === 'include' || key === 'select') shown(at, model, value, depth + 1);
    else if (key === 'where' || key === 'cursor' || key === 'having') filtered(at, model, value, depth + 1);
    else if (key === 'orderBy') filtered(at, model, value, depth + 1);
    else if (key === 'data' || key === 'create' || key === 'update') changed(at, model, value, depth + 1);
  }
}

/** `include: { lines: { include: { product: true } } }`, and what is only counted. */
function shown(at: Place, model: PrismaTable, wanted: Value, depth: number): void {
  for (const [key, how] of entries(wanted)) {
    if (key === '_count') {
      shown(at, model, get(how, 'select') ?? unknown, depth + 1);
      continue;
    }
    const target = how.t === 'bool' && how.v === false ? undefined : related(at.project, model, key);
    if (!target) continue;
    touch(at, target, 'read');
    selected(at, target, how, depth + 1);
  }
}

/** Conditions on relations: `where: { customer: { is: { … } } }`, `orderBy: { customer: { name: 'asc' } }`. */
function filtered(at: Place, model: PrismaTable, where: Value, depth: number): void {
  if (depth > maxNesting) return;
  for (const [key, condition] of entries(where)) {
    if (key === 'AND' || key === 'OR' || key === 'NOT') {
      filtered(at, model, condition, depth + 1);
      continue;
    }
    const target = related(at.project, model, key);
    if (!target) continue;
    touch(at, target, 'read');
    const inner = ['some', 'every', 'none', 'is', 'isNot'].flatMap(k => get(condition, k) ?? []);
    for (const one of inner.length > 0 ? inner : [condition]) filtered(at, target, one, depth + 1);
  }
}

/** `data: { lines: { create: […] }, customer: { connect: { id } } }` */
function changed(at: Place, model: PrismaTable, data: Value, depth: number): void {
  if (depth > maxNesting) return;
  for (const [key, how] of entries(data)) {
    const target = related(at.project, model, key);
    if (!target) continue;
    for (const [op, payload] of entries(how)) changedBy(at, model, key, target, op, payload, depth + 1);
  }
}

function changedBy(
  at: Place,
  model: PrismaTable,
  field: string,
  target: PrismaTable,
  op: string,
  payload: Value,
  depth: number,
): void {
  switch (op) {
    case 'connect':
    case 'disconnect':
    case 'set':
      // the row that is written is the one that holds the key
      touch(at, target, holdsKey(model, field) || !isReferredBy(model, target) ? 'read' : 'write');
      return;
    case 'create':
    case 'createMany':
    case 'connectOrCreate':
    case 'update':
    case 'updateMany':
    case 'upsert':
    case 'delete':
    case 'deleteMany':
      touch(at, target, 'write');
      if (op === 'create' || op === 'update') changed(at, target, payload, depth);
      selected(at, target, payload, depth);
      return;
    default:
  }
}

function holdsKey(model: PrismaTable, field: string): boolean {
  return model.relations.some(r => r.field === field && r.fields.length > 0);
}

function isReferredBy(model: PrismaTable, target: PrismaTable): boolean {
  return target.relations.some(r => r.model === model.name && r.fields.length > 0);
}
