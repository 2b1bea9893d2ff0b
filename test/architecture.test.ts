import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, test } from 'vitest';
import { root, run } from './run-lintel.ts';

const tool = (name: string, ...args: string[]) => run(join(root, 'node_modules', '.bin', name), args, root);

describe.concurrent('the project keeps its own rules', () => {
  test('types are sound', async () => {
    const { stdout } = await tool('tsc', '-p', 'tsconfig.json');
    expect(stdout).toBe('');
  });

  test('lint and formatting are clean', async () => {
    const { stdout, stderr, exitCode } = await tool('biome', 'check', '--error-on-warnings', '.');
    expect(exitCode, stdout + stderr).toBe(0);
  });

  test('imports follow .dependency-cruiser.mjs', async () => {
    const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'rules', 'test', 'bin'];
    const { stdout } = await tool('depcruise', ...args);
    const { summary } = JSON.parse(stdout);
    const violations = summary.violations.map(
      (found: { rule: { name: string }; from: string; to: string }) =>
        `${found.rule.name}: ${found.from} → ${found.to}`,
    );
    expect(violations).toEqual([]);
    // With a TypeScript that it does not know, dependency-cruiser reads nothing and finds nothing.
    expect(summary.totalCruised).toBeGreaterThan(60);
  });
});

describe('habits that no tool checks', () => {
  const sources = ['src', 'rules'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.ts'))
      .map(path => ({ file: `${folder}/${path}`, text: readFileSync(join(root, folder, path), 'utf8') })),
  );

  test('only bin/ ends the process, and no catch hides its error', () => {
    const found = sources.filter(({ text }) => /\bprocess\.exit\(|\bcatch\s*\{/.test(text)).map(({ file }) => file);
    expect(found).toEqual([]);
  });

  test('no type is asserted: a promise of the types is proved or checked', () => {
    const found = sources.flatMap(({ file, text }) => {
      const assertions: string[] = [];
      const { program } = parseSync(file, text);
      const note = (node: { start: number }) =>
        assertions.push(`${file}:${text.slice(0, node.start).split('\n').length}`);
      new Visitor({
        TSAsExpression: node => {
          if (text.slice(node.typeAnnotation.start, node.typeAnnotation.end) !== 'const') note(node);
        },
        TSTypeAssertion: note,
        TSNonNullExpression: note,
      }).visit(program);
      return assertions;
    });
    expect(found).toEqual([]);
  });
});
