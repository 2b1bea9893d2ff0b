import { expect, test } from 'vitest';
import { defineRule, type Pattern, type Rule, type Violation } from '../../src/check/rule.ts';
import { runRules } from '../../src/check/run.ts';
import { emptyConfig } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { at, systemOf } from '../system-of.ts';

const system = systemOf({});

function violation(known: Partial<Violation> = {}): Violation {
  return {
    message: 'billing is late',
    at: at('billing/src/main.ts'),
    related: [],
    confidence: 'certain',
    identity: ['billing'],
    ...known,
  };
}

function patternOf(...violations: Violation[]): Pattern {
  return { id: 'punctuality', title: 'Services are on time', rules: [ruleOf('punctuality/no-delay', violations)] };
}

function ruleOf(id: Rule['id'], violations: Violation[]): Rule {
  return defineRule({
    id,
    title: 'A service is late',
    severity: 'error',
    remedy: 'start earlier',
    check: () => violations,
  });
}

test('adds rule, severity, fingerprint, address and way out to what a rule says', () => {
  expect(runRules(system, [patternOf(violation())], emptyConfig)).toEqual([
    {
      rule: 'punctuality/no-delay',
      severity: 'error',
      message: 'billing is late',
      at: at('billing/src/main.ts'),
      related: [],
      confidence: 'certain',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      url: 'https://github.com/lintel-dev/lintel/blob/main/docs/patterns/punctuality.md#no-delay',
      fix: 'start earlier',
    },
  ]);
});

test('takes the severity from the configuration, and does not run what is off', () => {
  const found = (severity: 'warn' | 'off') =>
    runRules(system, [patternOf(violation())], { ...emptyConfig, rules: { 'punctuality/no-delay': severity } });

  expect(found('warn').map(({ severity }) => severity)).toEqual(['warn']);
  expect(found('off')).toEqual([]);
});

test('never reports a guess above info, whatever is configured', () => {
  const [finding] = runRules(system, [patternOf(violation({ confidence: 'guess' }))], {
    ...emptyConfig,
    rules: { 'punctuality/no-delay': 'error' },
  });

  expect(finding?.severity).toBe('info');
});

test('orders by place, then by rule', () => {
  const later: Pattern = {
    id: 'order',
    title: '',
    rules: [
      ruleOf('order/b', [violation()]),
      ruleOf('order/a', [violation({ at: at('billing/src/main.ts', 9) }), violation()]),
    ],
  };

  const found = runRules(system, [later, patternOf(violation({ at: at('a.ts', 3) }))], emptyConfig);

  expect(found.map(({ rule, at: { line } }) => `${rule} ${line}`)).toEqual([
    'punctuality/no-delay 3',
    'order/a 1',
    'order/b 1',
    'order/a 9',
  ]);
});

test('keeps fingerprints when lines move, and tells equal findings apart', () => {
  const before = runRules(
    system,
    [patternOf(violation(), violation({ at: at('billing/src/main.ts', 5) }))],
    emptyConfig,
  );
  const after = runRules(
    system,
    [patternOf(violation({ at: at('billing/src/main.ts', 7) }), violation({ at: at('billing/src/main.ts', 12) }))],
    emptyConfig,
  );

  expect(before.map(({ fingerprint }) => fingerprint)).toEqual(after.map(({ fingerprint }) => fingerprint));
  expect(new Set(before.map(({ fingerprint }) => fingerprint)).size).toBe(2);
});

test('refuses a configuration that names a rule which does not exist', () => {
  const run = () => runRules(system, [patternOf()], { ...emptyConfig, rules: { 'punctuality/no-delays': 'warn' } });

  expect(run).toThrow(UserError);
  expect(run).toThrow('lintel.yaml: rule punctuality/no-delays does not exist');
});
