import type { Purpose } from '../model/system.ts';
import { each, get, type Origin, type StoreRef, type Value } from '../model/value.ts';

const names = {
  url: [
    'url',
    'uri',
    'connectionString',
    'connectionUri',
    'clientUrl',
    'database_url',
    'node',
    'nodes',
    'replicationUrl',
  ],
  host: ['host', 'hostname', 'server', 'socket', 'contactPoints', 'endpoint'],
  port: ['port'],
  database: ['database', 'db', 'dbName', 'keyspace', 'filename'],
  schema: ['schema', 'searchPath'],
  user: ['user', 'username', 'userName'],
  password: ['password', 'pass'],
};

/**
 * A datastore that is opened with a url, with an object of parts, or with both. The parts may stand one level down,
 * as `connection`, `credentials`, `socket` or `config`.
 */
export function openConnection(o: {
  readonly tech: string;
  readonly engine: string;
  readonly origin: Origin;
  readonly url?: Value | undefined;
  readonly options?: Value | undefined;
  readonly databaseKeys?: readonly string[];
  readonly name?: Value | undefined;
  readonly purpose?: Purpose;
}): StoreRef & { kind: 'open' } {
  const places = [
    o.options,
    ...['connection', 'credentials', 'socket', 'config', 'connectionOptions', 'replication', 'master'].map(k =>
      get(o.options, k),
    ),
  ].filter(v => v !== undefined);
  const find = (keys: readonly string[]): Value | undefined => {
    for (const place of places) {
      for (const key of keys) {
        const v = given(place, key);
        const one = v?.t === 'arr' ? v.items[0] : v;
        if (one && (one.t === 'text' || one.t === 'num')) return one;
        if (one?.t === 'union') return likeliest(one.of) ?? one;
        // given, but not to be told: that is not the default
        if (one && (one.t === 'unknown' || one.t === 'bound' || one.t === 'ext')) return untold;
      }
    }
    return undefined;
  };
  const hidden = o.url !== undefined && each(o.url).every(v => v.t !== 'obj') ? untold : undefined;
  const direct =
    likeliest(each(o.url)) ?? find(names.url) ?? each(get(o.options, 'connection')).find(v => v.t === 'text') ?? hidden;
  const unseen =
    o.options !== undefined && direct === undefined && each(o.options).every(v => v.t !== 'obj') ? untold : undefined;
  const part = <K extends string>(key: K, v: Value | undefined) => (v ? { [key]: v } : {});
  return {
    kind: 'open',
    tech: o.tech,
    engine: o.engine,
    origin: o.origin,
    ...part('url', direct),
    ...part('host', find(names.host) ?? unseen),
    ...part('port', find(names.port)),
    ...part('database', find([...(o.databaseKeys ?? []), ...names.database])),
    ...part('schema', find(names.schema)),
    ...part('user', find(names.user)),
    ...part('password', find(names.password)),
    ...part('name', o.name),
    ...(o.purpose ? { purpose: o.purpose } : {}),
  };
}

const untold: Value = { t: 'text', parts: [null] };

/** Of several addresses, the first that is not put together for tests. */
function likeliest(values: readonly Value[]): Value | undefined {
  const texts = values.filter(v => v.t === 'text');
  return (
    texts.find(v => !v.parts.some(p => p !== null && typeof p === 'object' && /test|jest/i.test(p.key))) ?? texts[0]
  );
}

/** False for what is not there, and for what is there but not to be told. */
export function isTold(v: Value | undefined): boolean {
  return v !== undefined && !(v.t === 'text' && v.parts.every(p => p === null));
}

function given(place: Value, key: string): Value | undefined {
  for (const one of each(place)) {
    const v = one.t === 'obj' ? one.get(key) : undefined;
    if (v) return v;
  }
  return undefined;
}
