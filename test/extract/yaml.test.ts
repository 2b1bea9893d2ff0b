import { describe, expect, test } from 'vitest';
import { readPlainYaml } from '../../src/extract/plain-yaml.ts';
import { parseFully, parseYaml, type Value } from '../../src/extract/yaml.ts';

/** Maps as lists of pairs, so that order counts; scalars with their place. */
function shape(value: Value): unknown {
  if (value.kind === 'list') return value.items.map(shape);
  if (value.kind === 'map')
    return {
      map: [...value.entries.values()].map(entry => [entry.key, entry.at.line, entry.at.column, shape(entry.value)]),
    };
  return value.text === null ? null : `${value.text}@${value.at.line}:${value.at.column}`;
}

describe('the fast reader says the same as the full one', () => {
  test.each([
    ['maps and lists', 'a: 1\nb:\n  - x\n  - y: 2\n    z: three words\nc:\n- p\n- q\n'],
    ['quotes and comments', "a: \"one: # two\" # three\n'b c': 'it''s'\n# four\nd: x#y\ne: \"\\t\\u0041\"\n"],
    ['nothing', 'a:\nb: ~\nc: null\nd: ""\n'],
    ['numbers as they are written', 'a: 0123\nb: 1.50\nc: true\nd: 5432:5432\n'],
    ['block scalars', 'a: |\n  one\n   two\n\n  three\nb: >-\n  four\n  five\nc: |-\n  six\nd: 7\n'],
    ['flow collections', 'a: [1, "two", {b: 3}]\nc: {d: e, f: [g, h]}\ni: [\n  j,\n  k,\n]\nl: {}\n'],
    ['anchors, aliases and merges', 'x: &x\n  a: 1\n  b: 2\ny:\n  <<: *x\n  b: 3\nz: *x\n'],
    ['several documents', '---\na: 1\n---\nb: 2\n...\n'],
    ['nested lists', '- - a\n  - b\n-\n  c: d\n- e: f\n  g:\n    - h\n'],
    ['urls and templates', `a: http://x:80/y\nb: \${A:-b}\nc: $(D)\nd: -x\ne: ?x\n`],
    ['tags of clouds', 'a: !Ref Table\nb: !GetAtt Table.Arn\nc: !Join ["", [a, b]]\n'],
  ])('%s', (_, text) => {
    const plain = readPlainYaml('a.yml', text, line => line);
    expect(plain?.map(shape)).toEqual(parseFully('a.yml', text).documents.map(shape));
  });

  test.each([
    ['a: one\n  two\n'],
    ['? a\n: b\n'],
    ['a: "one\n  two"\n'],
    ['a: b: c\n'],
    ['a: [b\n'],
    ['\ta: b\n'],
    ['a: >\n  b\n\n  c\n'],
    ['a: *gone\n'],
  ])('or leaves it to that: %j', text => {
    expect(readPlainYaml('a.yml', text, line => line)).toBeUndefined();
  });
});

test('what cannot be read is a problem with its place', () => {
  expect(parseYaml('a.yml', 'a: [1\nb: 2\n').problems).toMatchObject([{ at: { file: 'a.yml' } }]);
});
