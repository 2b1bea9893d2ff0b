import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/check/rule.ts';
import { applySuppressions, parseSuppressions, watchForSuppressions } from '../../src/check/suppress.ts';
import { treeOf } from '../../src/model/tree.ts';

const read = 'database-per-service/no-foreign-read';
const write = 'database-per-service/no-foreign-write';

function finding(rule: string, line: number, file = 'billing/report.ts'): Finding {
  return {
    rule,
    severity: 'error',
    message: 'billing reads lines, a table owned by orders',
    at: { file, line, column: 3 },
    related: [],
    confidence: 'certain',
    fingerprint: '0',
    url: '',
  };
}

function applied(text: string, ...findings: readonly Finding[]) {
  const result = applySuppressions(findings, parseSuppressions('billing/report.ts', text), [read, write]);
  return result.map(({ rule, at, message, suppressed }) =>
    suppressed === undefined ? `${at.line} ${rule} ${message}` : `${at.line} suppressed: ${suppressed}`,
  );
}

describe('on the next line', () => {
  test.for([
    [`// lintel-disable-next-line ${read} -- moved in May`],
    [`# lintel-disable-next-line ${read} -- moved in May`],
    [`-- lintel-disable-next-line ${read} -- moved in May`],
    [`/* lintel-disable-next-line ${read} -- moved in May */`],
    [`  {/* lintel-disable-next-line ${read} -- moved in May */}`],
    [`<!-- lintel-disable-next-line ${read} -- moved in May -->`],
    [`const a = 1; // lintel-disable-next-line ${write}, ${read} -- moved in May\r`],
  ])('%s', ([comment = '']) => {
    expect(applied(`${comment}\nquery();\n`, finding(read, 2))[0]).toBe('2 suppressed: moved in May');
  });

  test('leaves other lines, other rules and other files alone', () => {
    const text = `// lintel-disable-next-line ${read} -- moved in May\n\n\n`;
    expect(
      applied(text, finding(read, 2), finding(read, 3), finding(write, 2), finding(read, 2, 'orders/a.ts')),
    ).toEqual([
      '2 suppressed: moved in May',
      expect.stringMatching(`^3 ${read}`),
      expect.stringMatching(`^2 ${write}`),
      expect.stringMatching(`^2 ${read}`),
    ]);
  });

  test('several may stand above one line', () => {
    const text = `// lintel-disable-next-line ${read} -- one\n// lintel-disable-next-line ${write} -- two\n`;
    expect(applied(text, finding(read, 3), finding(write, 3))).toEqual(['3 suppressed: one', '3 suppressed: two']);
  });
});

test('in a whole file', () => {
  const text = `// lintel-disable-file ${read} -- reporting replica, agreed with orders\n`;
  expect(applied(text, finding(read, 7), finding(read, 90))).toEqual([
    '7 suppressed: reporting replica, agreed with orders',
    '90 suppressed: reporting replica, agreed with orders',
  ]);
});

describe('what is wrong with a suppression is said', () => {
  test('one without a reason takes nothing back', () => {
    expect(applied(`// lintel-disable-next-line ${read}\n`, finding(read, 2))).toEqual([
      expect.stringMatching(`^2 ${read}`),
      `1 lintel/suppression-needs-reason lintel-disable-next-line ${read} gives no reason, so it takes nothing back`,
    ]);
    expect(applied(`// lintel-disable-next-line ${read} --\n`, finding(read, 2))).toHaveLength(2);
  });

  test('one that matches nothing should go', () => {
    expect(applied(`// lintel-disable-next-line ${read} -- moved\n`)).toEqual([
      `1 lintel/unused-suppression lintel-disable-next-line ${read} matches no finding`,
    ]);
  });

  test('one of a rule that does not exist', () => {
    expect(applied('// lintel-disable-file no-such-rule -- moved\n')).toEqual([
      '1 lintel/unused-suppression lintel-disable-file names no-such-rule, a rule that does not exist',
    ]);
  });

  test('one that names no rule', () => {
    expect(applied('// lintel-disable-file -- moved\n')).toEqual([
      '1 lintel/unused-suppression lintel-disable-file names no rule',
    ]);
  });

  test('both are warnings, with a fingerprint of their own', () => {
    const [first, second] = applySuppressions(
      [],
      parseSuppressions('a.ts', `// lintel-disable-file ${read} -- x\n// lintel-disable-file ${write} -- x\n`),
      [read, write],
    );
    expect(first).toMatchObject({ severity: 'warn', confidence: 'certain' });
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
  });
});

test('a word in a string or a text is no suppression', () => {
  expect(
    parseSuppressions(
      'a.ts',
      "const marker = 'lintel-disable-next-line';\nthe comment lintel-disable-file takes findings back\n",
    ),
  ).toEqual([]);
});

test('files with suppressions are noted while they are read', () => {
  const { tree, marked } = watchForSuppressions(treeOf({ 'a.ts': '// lintel-disable-file x -- y', 'b.ts': '' }));
  for (const file of tree.files) tree.read(file);
  expect([...marked]).toEqual(['a.ts']);
});
