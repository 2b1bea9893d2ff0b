import { expect, test } from 'vitest';
import { emptyConfig } from '../../src/config.ts';
import { analyse } from '../../src/model/analyse.ts';
import { treeOf } from '../../src/model/tree.ts';
import { usesOf } from '../uses-of.ts';

test('accounts and transfers are created and looked up', () => {
  expect(
    usesOf({
      'a.ts': `import { createClient } from 'tigerbeetle-node'; const client = createClient({ cluster_id: 0n, replica_addresses: ['ledger:3000'] });
      export const open = accounts => client.createAccounts(accounts);
      export const pay = transfers => client.createTransfers(transfers);
      export const find = ids => client.lookupAccounts(ids);
      export const stop = () => client.destroy();`,
      'b.ts': `import type { Client } from 'tigerbeetle-node'; interface Deps { ledger: Client } export const history = (deps: Deps, filter) => deps.ledger.getAccountTransfers(filter);`,
    }),
  ).toEqual([
    'connect tigerbeetle',
    'read tigerbeetle ?',
    'read tigerbeetle ?',
    'write tigerbeetle ?',
    'write tigerbeetle ?',
  ]);
});

test('a cluster is known by its first replica, on this machine by its port alone', () => {
  expect(storesOf("['ledger-1:3000', 'ledger-2:3000']")).toEqual(['tigerbeetle:ledger-1:3000']);
  expect(storesOf("process.env.REPLICAS.split(',')")).toEqual(['tigerbeetle:ledger:3000']);
  expect(storesOf("['3004']")).toEqual(['tigerbeetle:localhost:3004']);
});

function storesOf(replicas: string): string[] {
  const files = {
    'app/package.json': '{"name":"app","scripts":{"start":"node a.js"}}',
    'app/Dockerfile': 'FROM node\nCMD node a.js\n',
    'app/.env': 'REPLICAS=ledger:3000,spare:3000\n',
    'app/a.ts': `import { createClient } from 'tigerbeetle-node'; const c = createClient({ cluster_id: 0n, replica_addresses: ${replicas} }); c.lookupTransfers([1n]);`,
  };
  return analyse(treeOf(files), emptyConfig).system.datastores.map(d => d.id);
}
