import { expect, test } from 'vitest';
import { patterns } from '../../rules/index.ts';
import { checkTree } from '../../src/check/check-tree.ts';
import { emptyConfig, readConfig } from '../../src/config.ts';
import { treeOf } from '../../src/model/tree.ts';
import { readers } from './readers.ts';

const many = 10_000;
const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghijklm']
  .map((name, index) => `${name}: &${name} [${`*${'abcdefghijkl'[index]},`.repeat(9)}x]`)
  .join('\n')}\n`;
const doubled = (line: (name: string, before: string) => string, count = 40) =>
  Array.from({ length: count }, (_, index) => line(`a${index + 1}`, `a${index}`)).join('\n');

/** Texts of which a few lines, or one sign again and again, made a reader crash, hang or fill the memory. */
const hostile: readonly (readonly [reader: string, what: string, text: string])[] = [
  ...[
    '(',
    '[',
    '{',
    '{a:',
    '`${',
    '!',
    'a ? b : ',
    'a => ',
    'if (a) ',
    'new ',
    '(a = ',
    'a<',
    'f(',
    '.b(1)',
    'x as ',
  ].map(sign => ['module', `${sign} nested without end`, `x = a ${sign.repeat(many)}`] as const),
  ['module', 'functions in functions', 'function f() {'.repeat(many) + '}'.repeat(many)],
  ['module', 'getters in getters', `x = ${'{get a() { return '.repeat(many)}1${'}}'.repeat(many)}`],
  ['module', 'namespaces in namespaces', 'namespace A {'.repeat(many) + '}'.repeat(many)],
  ['module', 'types in types', `type T = ${'{a: '.repeat(many)}b${'}'.repeat(many)}`],
  ['module', 'elements in elements', `x = ${'<a>'.repeat(many * 3)}`],
  ['module', 'a sum of many parts', `x = ${"'a' + ".repeat(many * 3)}'b'`],
  ['module', 'a sequence of many parts', `x = (${'a, '.repeat(many * 20)}b)`],
  ['module', 'an end of an element that is none', 'x = <a>text</\\a>'],
  ['outline', 'types without end', `import {type\ti\nas\ti${'\ntype\tp'.repeat(many)}`],
  ['outline', 'imports without end', 'import type '.repeat(many)],
  ['outline', 'spaces without end', `from${'\t\n'.repeat(many)}t`],
  ['sql', 'parentheses', `SELECT ${'('.repeat(many)}1${')'.repeat(many)}`],
  ['sql', 'cases', `SELECT ${'CASE WHEN '.repeat(many)}`],
  ['sql', 'comments', '/*'.repeat(many)],
  ['json', 'lists in lists', '['.repeat(many) + ']'.repeat(many)],
  ['json', 'numbers written another way, on one line', `[${'1e5,'.repeat(many * 3)}1]`],
  ['json', 'comments that do not end', '/*'.repeat(many * 3)],
  ['json', 'empty lines', '\n'.repeat(many * 5)],
  ['json', 'names that every object has', '{"__proto__": {"a": 1}, "constructor": 1, "scripts": {"toString": "x"}}'],
  ['yaml', 'dashes', `${'- '.repeat(many)}a`],
  ['yaml', 'brackets', '['.repeat(many)],
  ['yaml', 'keys that are maps', '? '.repeat(many)],
  ['yaml', 'tags', '!a '.repeat(many)],
  ['yaml', 'aliases of aliases', bomb],
  ['yaml-fully', 'aliases of aliases', `${bomb}? x\n: y`],
  ['yaml', 'merges of merges', bomb.replace(/: &(\w) \[.*\]/g, ': &$1\n  <<: [*a, *a]')],
  ['yaml', 'an alias of itself', 'a: &a [*a, *a]'],
  ['helm-values', 'aliases of aliases', bomb],
  [
    'helm',
    'a text that doubles',
    `{{ $a0 := "x" }}${doubled((name, before) => `{{ $${name} := print $${before} $${before} }}`)}{{ $a40 }}`,
  ],
  [
    'helm',
    'a list that doubles',
    `{{ $a0 := list 1 }}${doubled((name, before) => `{{ $${name} := list $${before} $${before} }}`)}{{ $a40 }}`,
  ],
  ['helm', 'an indent as wide as the memory', '{{ "x" | indent 999999999 }}'],
  [
    'helm',
    'a template of itself',
    '{{ define "n" }}{{ include "n" . }}{{ include "n" . }}{{ end }}{{ include "n" . }}',
  ],
  ['helm', 'conditions in conditions', '{{ if a }}{{ else '.repeat(many)],
  ['env-file', 'a value that doubles', `a0=xxxxxxxxxx\n${doubled((name, before) => `${name}=$${before}$${before}`)}`],
  ['env-file', 'values that hold each other', 'A=$B\nB=$C\nC=$A$A$A\n'],
  [
    'serverless',
    'references of references',
    `custom:\n  a0: x\n${doubled((name, before) => `  ${name}: \${self:custom.${before}}\${self:custom.${before}}`)}\nprovider: { environment: { A: "\${self:custom.a40}" } }`,
  ],
  [
    'serverless-code',
    'names of names',
    `const a0 = 1;\n${doubled((name, before) => `const ${name} = [${before}, ${before}];`)}\nexport default a40`,
  ],
  [
    'cdk',
    'a text that doubles',
    `import 'aws-cdk-lib';\nconst a0 = 'x';\n${doubled((name, before) => `const ${name} = ${before} + ${before};`)}`,
  ],
  ['gateways', 'settings without end', `set $a ${'\t'.repeat(many)}`],
  ['gateways', 'upstreams without end', 'upstream a{'.repeat(many)],
  ['prisma', 'relations without end', `model A {\n a B ${'@relation('.repeat(many)}\n}`],
  ['prisma', 'quotes', `model A {\n a B "${'\\"'.repeat(many)}\n}`],
  ['dockerfile', 'quotes', `FROM a\nCMD [${'"\\'.repeat(many)}`],
  ['comments', 'annotations', '// lintel: table a\n'.repeat(many)],
  ['comments', 'stars', `// lintel: a b ${'*'.repeat(many * 3)}n`],
  ['globs', 'stars', `${'*a'.repeat(30)}b`],
  ['globs', 'braces', '{a,b}'.repeat(60)],
  ['connections', 'equals signs', `0=${' '.repeat(many * 3)};`],
];

/** In milliseconds, on a machine that has other things to do; what is not linear takes minutes. */
const patience = 3000;

test.for(hostile)('%s: %s', ([name, , text]) => {
  const reader = readers.find(one => one.name === name);
  const start = performance.now();
  reader?.read(text);
  expect(reader).toBeDefined();
  expect(performance.now() - start).toBeLessThan(patience);
});

const orders = {
  'orders/package.json':
    '{"name":"orders","scripts":{"start":"node index.js"},"dependencies":{"pg":"8","express":"4"}}',
  'orders/index.js':
    "const p = new (require('pg').Pool)({ connectionString: process.env.DATABASE_URL });\nrequire('express')().listen(3000);\np.query('select * from orders');\n",
};

test.for([
  [
    'compose files that include each other',
    {
      'docker-compose.yml': 'include: [a.yml]\nservices: { orders: { build: ./orders } }',
      'a.yml': 'include: [docker-compose.yml, ../../b.yml]',
    },
  ],
  [
    'a compose service that extends itself',
    {
      'docker-compose.yml':
        'services:\n  orders: { build: ./orders, extends: orders }\n  a: { extends: { file: docker-compose.yml, service: a } }',
    },
  ],
  [
    'a build context that is not there',
    {
      'docker-compose.yml':
        'services: { gone: { build: ./gone }, out: { build: ../../etc }, orders: { build: ./orders } }',
    },
  ],
  [
    'tsconfig files that extend each other',
    { 'tsconfig.json': '{"extends":"./a"}', 'a.json': '{"extends":["./tsconfig.json","./a"]}' },
  ],
  [
    'globs of workspaces that lead out or explode',
    { 'package.json': JSON.stringify({ workspaces: ['../../**', '{*,a}', '{', '*a'.repeat(40), '{a,b}'.repeat(40)] }) },
  ],
  [
    'scripts that are called as what every object has',
    {
      'shop/package.json':
        '{"name":"shop","scripts":{"start":"npm run constructor && npm run __proto__ && npm run toString"}}',
      'shop/index.js': '',
    },
  ],
  [
    'names that every object has, everywhere',
    {
      '__proto__/package.json': '{"name":"constructor"}',
      '.env': '__proto__=a\nconstructor=b\n',
      'orders/x.js':
        "import a, { constructor as toString, __proto__ } from 'constructor'; export const { valueOf } = { __proto__: a, constructor: toString }; fetch(process.env.constructor + process.env.__proto__)",
    },
  ],
  [
    'files that are no files of their kind',
    {
      'a/package.json': '[[[',
      'tsconfig.json': '\0',
      'docker-compose.yml': 'a: [',
      'x.prisma': 'model {',
      'prisma/schema.prisma': '}{',
      'm/001.sql': "SELECT '",
      '.env': '=\n"',
      'x.proto': 'message {',
      'b/Dockerfile': 'FROM',
      'c.ts': 'const = (',
    },
  ],
  [
    'code that makes a text as large as the memory',
    {
      'orders/b.js': `const p = require('pg'); let a0 = 'x'.repeat(9);\n${doubled((name, before) => `const ${name} = ${before} + ${before} + 'y';`)}\nnew p.Pool({ connectionString: a40 }).query(a40)`,
    },
  ],
] as const)('%s: the rest is still checked', ([, files]) => {
  const { system } = checkTree(treeOf({ ...orders, ...files }), emptyConfig, patterns);
  expect(system.services.map(service => service.id)).toContain('orders');
  expect(system.edges.some(edge => edge.from === 'orders' && edge.kind === 'reads')).toBe(true);
});

test('a configuration that nests without end is told so, with its place', () => {
  expect(() => readConfig('['.repeat(many), 'lintel.yaml')).toThrow(/^lintel\.yaml:1:\d+: nested too deeply/);
});
