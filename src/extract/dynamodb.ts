import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, type Op, type StoreRef, text, unknown, type Value } from '../model/value.ts';
import { awsClient } from './aws-clients.ts';
import { sqlText } from './run-sql.ts';
import { readSql } from './sql.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'dynamodb';

/** What an operation does, without the `Item`, `Items` and `Command` that the clients put behind its name. */
const operations: ReadonlyMap<string, Op> = new Map([
  ['get', 'read'],
  ['query', 'read'],
  ['scan', 'read'],
  ['paginatequery', 'read'],
  ['paginatescan', 'read'],
  ['put', 'write'],
  ['update', 'write'],
  ['delete', 'write'],
  ['createtable', 'schema'],
  ['updatetable', 'schema'],
  ['deletetable', 'schema'],
]);
const transactionParts: readonly (readonly [string, Op])[] = [
  ['Put', 'write'],
  ['Update', 'write'],
  ['Delete', 'write'],
  ['ConditionCheck', 'read'],
  ['Get', 'read'],
];

/** Amazon DynamoDB by the SDK, its versions 2 and 3, with and without the document client. Each table is a datastore. */
export const dynamodb: Technology = {
  id,
  packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'aws-sdk/clients/dynamodb', 'aws-sdk'],
  importedAs(i) {
    return i.specifier === 'aws-sdk/clients/dynamodb' ? i.specifier : undefined;
  },
  call(c) {
    if (c.on) return onClient(c);
    const path = c.path.replace(/^default\.?/, '').replace(/^\/clients\/dynamodb\.?/, '');
    if (c.pkg === 'aws-sdk' && path !== 'DynamoDB' && !path.startsWith('DynamoDB.'))
      return c.isNew ? awsClient(path) : undefined;
    const name = path.replace(/^DynamoDB\./, '');
    if (/^(?:DynamoDBClient|DynamoDB|DocumentClient|DynamoDBDocumentClient|DynamoDBDocument)?(?:\.from)?$/.test(name))
      return client(c);
    if (/Command$/.test(name) || /^paginate/.test(name))
      operate(c, name.replace(/Command$/, ''), c.args[c.isNew ? 0 : 1]);
    return undefined;
  },
  member(m) {
    return m.on.t === 'handle' && m.name === 'service' ? m.on : undefined;
  },
  typed(t) {
    return /(?:DynamoDBClient|DynamoDB|DocumentClient|DynamoDBDocument)$/.test(t.path)
      ? { t: 'handle', tech: id, kind: 'client' }
      : awsClient(t.path);
  },
  duck(c) {
    const [input] = c.args;
    const isOne =
      get(input, 'TableName') !== undefined &&
      (get(input, 'Key') ??
        get(input, 'Item') ??
        get(input, 'KeyConditionExpression') ??
        get(input, 'FilterExpression')) !== undefined;
    const isMany = (get(input, 'RequestItems') ?? get(input, 'TransactItems')) !== undefined;
    if (!isOne && !isMany) return undefined;
    return operate(c, c.name, input, true) ? unknown : undefined;
  },
};

/** The clients of the SDK that only wrap another. */
export const awsXray: Technology = {
  id: 'aws-xray',
  auxiliary: true,
  packages: ['aws-xray-sdk', 'aws-xray-sdk-core', 'dynamodb-localhost'],
  call(c) {
    return /captureAWS(?:Client|v3Client)?$/.test(c.path) ? c.args[0] : undefined;
  },
};

function client(c: CallSite): Handle {
  const store: StoreRef = { kind: 'open', tech: id, engine: id, origin: c.origin };
  if (!/from$/.test(c.path)) c.ev.use(c, id, { op: 'connect', store });
  return { t: 'handle', tech: id, kind: 'client' };
}

function onClient(c: CallSite): Value | undefined {
  const isDone = operate(c, c.name, c.args[0]);
  if (!isDone) return c.name === 'withOptions' ? c.on : undefined;
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  return undefined;
}

/** Records what an operation does to the tables that its input names; false where it is none. */
function operate(c: CallSite, name: string, input: Value | undefined, guessed = false): boolean {
  const key = name.toLowerCase().replace(/items?$/, '');
  const how = guessed ? { guessed } : {};
  const op = operations.get(key);
  if (op) {
    const inputs = each(input);
    for (const i of inputs) touch(c, op, get(i, 'TableName'), how);
    if (inputs.length === 0 && !guessed) touch(c, op, undefined, how);
    return true;
  }
  switch (key) {
    case 'batchget':
    case 'batchwrite':
      for (const table of keysOf(get(input, 'RequestItems')))
        touch(c, key === 'batchget' ? 'read' : 'write', table, how);
      return true;
    case 'transactget':
    case 'transactwrite': {
      const items = get(input, 'TransactItems');
      const list = each(items).flatMap(i => (i.t === 'arr' ? i.items.flatMap(each) : []));
      const parts = list.flatMap(item =>
        transactionParts.flatMap(([part, does]) =>
          get(item, part) ? [{ does, table: get(get(item, part), 'TableName') }] : [],
        ),
      );
      // an item that is built one way or another is only one of them
      const named = parts.filter(p => isNamed(p.table));
      for (const { does, table } of named.length > 0 ? named : parts) touch(c, does, table, how);
      if (parts.length === 0) touch(c, key === 'transactget' ? 'read' : 'write', undefined, how);
      return true;
    }
    case 'executestatement':
    case 'batchexecutestatement':
    case 'executetransaction': {
      const list = get(input, 'Statements') ?? get(input, 'TransactStatements');
      const statements =
        list?.t === 'arr' ? list.items.flatMap(i => get(i, 'Statement') ?? []) : [get(input, 'Statement') ?? unknown];
      for (const s of statements)
        for (const u of readSql(sqlText(s) ?? '', 'postgres').uses) touch(c, u.op, text(u.name, c.origin), how);
      return true;
    }
    default:
      return false;
  }
}

function touch(site: Site, op: Op, table: Value | undefined, how: { readonly guessed?: boolean }): void {
  const names = each(table).filter(isNamed);
  for (const name of names) site.ev.use(site, id, { op, store: storeOf(site, name), table: name, ...how });
  if (names.length === 0) site.ev.use(site, id, { op, store: storeOf(site, undefined), table: unknown, ...how });
}

/** Of a name with an unknown part, the known one has to say something. */
function isNamed(v: Value | undefined): boolean {
  return each(v).some(
    n => n.t === 'text' && (!n.parts.includes(null) || n.parts.some(p => typeof p === 'string' && p !== '')),
  );
}

/** A table stands on its own: it is its database too. */
export function storeOf(site: Site, table: Value | undefined): StoreRef {
  return { kind: 'open', tech: id, engine: id, origin: site.origin, ...(table ? { database: table } : {}) };
}

function keysOf(items: Value | undefined): readonly (Value | undefined)[] {
  const keys = each(items).flatMap((o): (Value | undefined)[] => {
    if (o.t !== 'obj') return [];
    return [
      ...o.keys().map((k): Value => ({ t: 'text', parts: [k], origin: o.origin })),
      ...(o.computed?.() ?? []).map(([k]) => k),
    ];
  });
  return keys.length > 0 ? keys : [undefined];
}
