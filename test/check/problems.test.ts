import { expect, test } from 'vitest';
import { checkTree } from '../../src/check/check-tree.ts';
import { emptyConfig } from '../../src/config.ts';
import { treeOf } from '../../src/model/tree.ts';

const orders = {
  'orders/package.json':
    '{"name":"orders","scripts":{"start":"node index.js"},"dependencies":{"pg":"8","express":"4"}}',
  'orders/index.js': "require('pg');\nrequire('express')().listen(3000);\n",
};

test.for([
  ['orders/db.js', "require('pg');\nconst = (", 'warn lintel/unread 2:7'],
  ['orders/db.js', `require('pg');\n${'['.repeat(1000)}`, 'warn lintel/unread 1:1'],
  ['docker-compose.yml', 'services:\n  orders: [a', 'warn lintel/unread 2:13'],
  ['billing/package.json', '{"name": [', 'warn lintel/unread 1:1'],
  ['docker-compose.yml', 'services:\n  stock:\n    build: ./stock', 'info lintel/unclear-manifest 3:12'],
] as const)('%s that holds %j', ([file, text, expected]) => {
  const { findings } = checkTree(treeOf({ ...orders, [file]: text }), emptyConfig, []);
  const said = findings.filter(({ at }) => at.file === file);
  expect(said.map(({ severity, rule, at }) => `${severity} ${rule} ${at.line}:${at.column}`)).toEqual([expected]);
});

test('code that cannot be read and loads nothing of interest is no matter', () => {
  expect(checkTree(treeOf({ ...orders, 'orders/x.js': 'const = (' }), emptyConfig, []).findings).toEqual([]);
});
