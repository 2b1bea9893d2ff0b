import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type StoreRef, type Value } from '../model/value.ts';
import { openConnection } from './open-connection.ts';
import { exportOf } from './sql-driver.ts';

const id = 'log-transports';

const engines: Readonly<Record<string, string>> = {
  'winston-elasticsearch': 'elasticsearch',
  'pino-elasticsearch': 'elasticsearch',
  '@jsarch/winston-elasticsearch': 'elasticsearch',
  'bunyan-elasticsearch': 'elasticsearch',
  'winston-mongodb': 'mongodb',
  'pino-mongodb': 'mongodb',
  'winston-redis': 'redis',
  'winston-clickhouse': 'clickhouse',
};

/** Loggers that write to a datastore: what is there is logs, not the data of a service. */
export const logTransports: Technology = {
  id,
  packages: Object.keys(engines),
  call(c) {
    const engine = engines[c.pkg ?? ''];
    if (engine === undefined || (!c.isNew && exportOf(c.path) !== '')) return undefined;
    c.ev.use(c, id, { op: 'connect', store: storeOf(c, engine) });
    return undefined;
  },
};

function storeOf(c: CallSite, engine: string): StoreRef {
  const [options] = c.args;
  const client = get(options, 'client');
  if (client?.t === 'handle' && client.store?.kind === 'open') return { ...client.store, purpose: 'logs' };
  const inner = get(options, 'clientOpts') ?? options;
  const url: Value | undefined = [get(inner, 'node'), get(inner, 'nodes'), get(options, 'db'), get(options, 'host')]
    .flatMap(v => each(v))
    .flatMap(v => (v.t === 'arr' ? v.items : [v]))
    .find(v => v.t === 'text');
  return openConnection({
    tech: id,
    engine,
    origin: c.origin,
    purpose: 'logs',
    options: url ? undefined : inner,
    ...(url ? { url } : {}),
  });
}
