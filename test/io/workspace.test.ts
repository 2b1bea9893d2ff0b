import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRoot, openWorkspace } from '../../src/io/workspace.ts';
import { folderOf } from '../run-lintel.ts';

const shop = () =>
  folderOf({ 'services/orders/a.ts': '', 'services/billing/b.ts': '', 'lintel.yaml': 'name: shop\nignore: [tools]\n' });

describe('what is checked', () => {
  test('without a path, the folder where the user stands, with its configuration', () => {
    const { tree, config, only } = openWorkspace([], shop());
    expect(tree.files).toHaveLength(3);
    expect(config.ignore).toEqual(['tools']);
    expect(only).toEqual([]);
  });

  test('one folder is the root', () => {
    expect(openWorkspace(['services/'], shop()).tree.files).toEqual(['billing/b.ts', 'orders/a.ts']);
  });

  test('paths in the first folder restrict what is shown', () => {
    const { tree, only } = openWorkspace(['services', 'services/orders', './services/billing/b.ts'], shop());
    expect(tree.files).toHaveLength(2);
    expect(only).toEqual(['orders', 'billing/b.ts']);
  });

  test('files, or folders side by side, restrict what is shown of where the user stands', () => {
    const folder = shop();
    expect(openWorkspace([join(folder, 'services/orders/a.ts')], folder).only).toEqual(['services/orders/a.ts']);
    expect(openWorkspace(['services/orders', 'services/billing'], folder).only).toEqual([
      'services/orders',
      'services/billing',
    ]);
  });
});

describe('a path that would check nothing is refused', () => {
  test.for([
    [['services/stock'], 'services/stock does not exist'],
    [['.', 'services/.hidden'], 'services/.hidden does not exist'],
    [['services/orders/a.ts', '..'], '.. lies outside of the folder to check'],
  ] as const)('%j', ([paths, message]) => {
    expect(() => openWorkspace(paths, shop())).toThrow(expect.objectContaining({ code: 'LT-002', message }));
  });

  test('one that holds no file of the repository', () => {
    const folder = folderOf({ 'a.ts': '', 'node_modules/x.js': '' });
    expect(() => openWorkspace(['.', 'node_modules'], folder)).toThrow(
      'node_modules matches no file of the repository',
    );
  });

  test('a file where a root is asked for', () => {
    expect(() => openRoot('lintel.yaml', shop())).toThrow('lintel.yaml is not a folder');
  });
});
