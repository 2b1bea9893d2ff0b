import type { CallSite, Site, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, type Op, unknown, type Value } from '../model/value.ts';
import { storeOf } from './dynamodb.ts';

const id = 'dynamodb-models';

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const reads = names('get batchGet query scan find match first count exists load batchLoad');
const writes = names(
  'put create update upsert patch delete remove save batchPut batchDelete batchWrite insert updateAll scanRemove batchRemove',
);
const packages: readonly string[] = ['dynamoose', 'electrodb', 'dynamodb-toolbox', 'dynamodb-onetable'];

/** Libraries that put models on DynamoDB's tables: Dynamoose, ElectroDB, DynamoDB Toolbox, OneTable. */
export const dynamodbModels: Technology = {
  id,
  packages,
  call(c) {
    if (c.on) return onModel(c);
    const name = c.path.replace(/^default\.?/, '').replace(/\.(?:super|extended)$/, '');
    const [first, second, third] = c.args;
    switch (`${c.pkg ?? ''} ${name}`) {
      case 'dynamoose model':
        return modelOf(get(third, 'tableName') ?? first);
      case 'dynamoose Table':
        return modelOf(first);
      case 'electrodb Entity':
        return modelOf(get(second, 'table') ?? get(first, 'table'));
      case 'electrodb Service':
        return modelOf(get(second, 'table'), first);
      case 'dynamodb-toolbox Table':
      case 'dynamodb-onetable Table':
        return modelOf(get(first, 'name'));
      case 'dynamodb-toolbox Entity':
        return modelOf(tableBehind(get(first, 'table')));
      case 'dynamodb-onetable Model':
        return modelOf(tableBehind(first));
      default:
        return undefined;
    }
  },
  member(m) {
    const { on } = m;
    if (on.t !== 'handle') return undefined;
    if (m.name === 'query' || m.name === 'scan' || m.name === 'entities')
      return touched(m, on, m.name === 'entities' ? undefined : 'read');
    // entities of a service by their names
    const entity = get(on.extra?.entities, m.name);
    return entity?.t === 'handle' ? entity : undefined;
  },
};

function modelOf(table: Value | undefined, entities?: Value): Handle {
  return {
    t: 'handle',
    tech: id,
    kind: 'model',
    table: table ?? unknown,
    ...(entities ? { extra: { entities } } : {}),
  };
}

function tableBehind(v: Value | undefined): Value | undefined {
  return each(v).flatMap(one => (one.t === 'handle' && one.table ? [one.table] : []))[0];
}

function onModel(c: CallSite): Value | undefined {
  const { on } = c;
  if (on?.t !== 'handle') return undefined;
  if (on.kind === 'model' && (c.name === 'new' || c.name === '()')) return { ...on, kind: 'item' };
  // both names are said of a model by what it does: `Order.query('id').eq(1).exec()`, `orders.query.byCustomer({}).go()`
  const op: Op | undefined = reads.has(c.name) ? 'read' : writes.has(c.name) ? 'write' : undefined;
  if (op && on.kind !== 'query') return touched(c, on, op);
  if (c.name === 'getModel' || c.name === 'build' || c.name === 'table') return commands(c, on);
  return on.kind === 'query' ? on : undefined;
}

/** `orders.build(PutItemCommand).item({}).send()` */
function commands(c: CallSite, on: Handle): Value {
  const [what] = c.args;
  if (c.name !== 'build' || what?.t !== 'ext') return on;
  const name = what.path.replace(/^.*\./, '').replace(/Command$|Action$|Request$/, '');
  return touched(c, on, /^(?:Get|BatchGet|Query|Scan)/.test(name) ? 'read' : 'write');
}

function touched(site: Site, on: Handle, op: Op | undefined): Value {
  const table = on.table ?? unknown;
  if (op)
    site.ev.use(site, 'dynamodb', {
      op,
      store: storeOf(site, literal(table) === undefined && table.t !== 'text' ? undefined : table),
      table,
    });
  return { ...on, kind: op ? 'query' : on.kind };
}
