import { expect, test } from 'vitest';
import { parseCompose } from '../../src/extract/compose.ts';

test('both forms of every key say the same', () => {
  const { services } = parseCompose(
    'compose.yml',
    'services:\n  a:\n    build: ./a\n    environment: [X=1, Y]\n    env_file: .env\n    ports: ["127.0.0.1:80:8080"]\n    command: [node, a.js]\n  b:\n    build: {context: ./a, args: {Z: 2}}\n    environment: {X: 1, Y: }\n    env_file: [{path: .env, required: false}]\n    ports: [{target: 8080, published: 80}]\n    command: node a.js\n    networks: {shop: {aliases: [c]}}\n',
  );
  const [a, b] = services;
  for (const service of [a, b]) {
    expect(service?.build?.context).toBe('./a');
    expect(service?.environment.map(({ name, raw }) => [name, raw])).toEqual([
      ['X', '1'],
      ['Y', null],
    ]);
    expect(service?.envFiles.map(one => one.path)).toEqual(['.env']);
    expect(service?.command).toBe('node a.js');
  }
  expect(a?.ports[0]?.text).toBe('127.0.0.1:80:8080');
  expect(b?.ports[0]?.text).toBe('80:8080');
  expect(b?.names).toEqual(['b', 'c']);
});

test('a file of the first format has its services at the top', () => {
  expect(
    parseCompose('docker-compose.yml', 'orders:\n  build: .\ndb:\n  image: mongo\n').services.map(one => one.name),
  ).toEqual(['orders', 'db']);
});
