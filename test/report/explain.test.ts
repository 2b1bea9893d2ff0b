import { describe, expect, test } from 'vitest';
import type { Pattern } from '../../src/check/rule.ts';
import { explain } from '../../src/report/explain.ts';
import { sectionOf } from '../../src/report/markdown-section.ts';

const page = `# Database per service

Why.

## no-foreign-read

A service reads.

\`\`\`sh
# not a heading
\`\`\`

### Example

More.

## \`no-foreign-write\`

Writes.
`;

const rule = { severity: 'error', title: 'A service reads', remedy: 'ask the owner', check: () => [] } as const;
const patterns: readonly Pattern[] = [
  {
    id: 'database-per-service',
    title: 'One database each',
    rules: [{ ...rule, id: 'database-per-service/no-foreign-read' }],
  },
];
const ask = (name?: string) => explain(patterns, name, id => (id === 'database-per-service' ? page : undefined));

test('without a name, lists patterns and rules', () => {
  expect(ask()).toBe(
    'database-per-service: One database each\n  database-per-service/no-foreign-read  error  A service reads\n',
  );
});

test('a pattern is its page', () => {
  expect(ask('database-per-service')).toBe(page);
});

test('a rule is its section with the way out, by its id or its own name', () => {
  expect(ask('no-foreign-read')).toBe(ask('database-per-service/no-foreign-read'));
  expect(ask('no-foreign-read')).toMatch(
    /^database-per-service\/no-foreign-read \(error\): A service reads\n\nthe way out: ask the owner\n\n## no-foreign-read\n/,
  );
});

test('an unknown name is an error with the nearest', () => {
  expect(() => ask('database-per-servce')).toThrow(
    expect.objectContaining({ code: 'LT-007', hint: 'did you mean database-per-service?' }),
  );
});

describe('a section of a page', () => {
  test('ends where the next of its level begins, past its own headings and code', () => {
    expect(sectionOf(page, 'no-foreign-read')).toMatch(
      /^## no-foreign-read\n[\s\S]*# not a heading[\s\S]*### Example\n\nMore\.\n$/,
    );
  });

  test('is found in backticks, and not where there is none', () => {
    expect(sectionOf(page, 'no-foreign-write')).toBe('## `no-foreign-write`\n\nWrites.\n');
    expect(sectionOf(page, 'not a heading')).toBeUndefined();
  });
});
