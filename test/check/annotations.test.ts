import { describe, expect, test } from 'vitest';
import { unusedAnnotations, verifyAnnotations } from '../../src/check/annotations.ts';
import { Annotations, parseAnnotations } from '../../src/model/annotations.ts';

const read = (text: string, file = 'billing/src/db.ts') => parseAnnotations(file, text);
const said = (text: string, file?: string) =>
  read(text, file).map(({ kind, value, line }) => `${line} ${kind} ${value}`);

describe('an annotation is read', () => {
  test.for([
    ['billing/src/db.ts', '// lintel: table orders\nread();'],
    ['billing/src/db.ts', '/* lintel: table orders */\nread();'],
    ['billing/src/db.js', '/** lintel: table orders */\nread(<a href="//lintel: table x" />);'],
    ['billing/db.sql', '-- lintel: table orders\nselect 1;'],
    ['billing/db.sql', '# lintel: table orders\nselect 1;'],
    ['billing/db.sql', '/* lintel: table orders */\nselect 1;'],
    ['billing/schema.prisma', '  // lintel: table orders\nmodel Order {}'],
    ['serverless.yml', '# lintel: table orders\ntable: any'],
    ['billing/src/db.ts', '// lintel: table orders -- the name comes from the tenant\nread();'],
    ['billing/src/db.ts', '// lintel: table orders\r\nread();\r\n'],
  ] as const)('in %s from %j', ([file, text]) => {
    expect(said(text, file)).toEqual(['2 table orders']);
  });

  test('at the end of the line that it speaks of', () => {
    expect(said('read();\nread(name); // lintel: table orders\n')).toEqual(['2 table orders']);
  });

  test('above other comments, and several above one line', () => {
    const text =
      '  // lintel: datastore postgres:a/b\n  // lintel: table orders\n  // eslint-disable-next-line\n  read();\n';
    expect(said(text)).toEqual(['4 datastore postgres:a/b', '4 table orders']);
  });

  test('with its place', () => {
    expect(read('const a = 1;\nread(); /* lintel: table orders */')).toMatchObject([{ at: { line: 2, column: 9 } }]);
  });
});

test.for([
  "const hint = '// lintel: table orders';",
  'const sql = `\n-- lintel: table orders\n`;',
  '// see lintel: table orders',
  '// lintel-disable-file a/b -- c',
])('no annotation is in %j', text => {
  expect(read(text)).toEqual([]);
});

describe('one that is not understood is an error at line and column', () => {
  test.for([
    ['tabel orders', 'tabel is not a kind of annotation', 'did you mean table?'],
    [
      'sends order-placed',
      'sends is not a kind of annotation',
      'known kinds: datastore, table, calls, publishes, consumes',
    ],
    ['', 'an annotation of no kind', 'known kinds: datastore, table, calls, publishes, consumes'],
    ['table', 'no table is named', 'as lintel: table order_lines'],
    ['table two words', 'two words is not the name of a table', 'as lintel: table order_lines'],
    ['datastore orders', 'orders is not the name of a datastore', 'as lintel: datastore postgres:orders-db/orders'],
    [
      'datastore postgres:<server>/<database>',
      '<server> is still to be filled in',
      'as lintel: datastore postgres:orders-db/orders',
    ],
  ])('%s', ([text, message, hint]) => {
    expect(() => verifyAnnotations(new Annotations(read(`\n  // lintel: ${text}\n`)))).toThrow(
      expect.objectContaining({ code: 'LT-009', exitCode: 2, message: `billing/src/db.ts:2:3: ${message}`, hint }),
    );
  });
});

test('one that was asked for is used, any other is reported', () => {
  const annotations = new Annotations(read('// lintel: table orders\nread();\n// lintel: table lines\nread();\n'));
  expect(annotations.settling('table', { file: 'billing/src/db.ts', line: 2, column: 7 })?.value).toBe('orders');
  expect(annotations.settling('datastore', { file: 'billing/src/db.ts', line: 4, column: 1 })).toBeUndefined();
  expect(unusedAnnotations(annotations.unused)).toMatchObject([
    {
      rule: 'lintel/unused-annotation',
      severity: 'warn',
      message: 'lintel: table lines settles nothing: all here is known without it, or uses no data',
      at: { line: 3, column: 1 },
    },
  ]);
});
