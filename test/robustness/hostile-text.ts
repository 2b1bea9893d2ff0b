import fc from 'fast-check';

/** Names that every object has, signs that open without closing, letters that are none. */
const words = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'length', 'then'],
  ...[
    '"',
    "'",
    '`',
    '\\',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '<',
    '>',
    '${',
    '{{',
    '}}',
    '{{-',
    '/*',
    '*/',
    '//',
    '--',
    '#',
  ],
  ...[
    ':',
    ': ',
    '=',
    ';',
    ',',
    '.',
    '..',
    '...',
    '?',
    '!',
    '*',
    '**',
    '&a ',
    '*a',
    '<<: *a',
    '|',
    '>-',
    '- ',
    '%',
    '$',
    '@',
  ],
  ...['\n', '\r', '\t', ' ', '  \n', '\u0000', '\uFEFF', '\u2028', '\uFFFC', '\uD800', 'é', '😀', '\u001B[2J'],
  ...['../..', '../../etc/passwd', '/', '~', 'C:\\', '-rf', '0', '-1', '1e999', '9'.repeat(40), 'a'.repeat(300)],
  ...[
    'import ',
    'export ',
    'from ',
    'type ',
    'SELECT ',
    ' FROM ',
    ' WITH ',
    'CASE ',
    'END',
    '$$',
    'class ',
    'async ',
    '=> ',
  ],
  ...[
    '!Ref ',
    '!!map ',
    '---\n',
    '? ',
    'extends',
    'include',
    'null',
    'undefined',
    'NaN',
    'true',
    '@@map(',
    '@relation(',
  ],
];

const brackets = [
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['${', '}'],
  ['`${', '}`'],
  ['{a:', '}'],
  ['- ', ''],
  ['{{', '}}'],
  ['<', '>'],
  ['', ')'],
  ['((', ''],
] as const;

type Change =
  | { readonly kind: 'delete' | 'double' | 'cut' | 'drop-line' | 'double-line'; readonly at: number }
  | { readonly kind: 'swap' | 'move'; readonly at: number; readonly to: number }
  | { readonly kind: 'insert' | 'replace'; readonly at: number; readonly word: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly times: number }
  | {
      readonly kind: 'nest';
      readonly at: number;
      readonly to: number;
      readonly with: readonly [string, string];
      readonly times: number;
    };

const at = fc.nat({ max: 1_000_000 });
const times = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 300 }) },
);
const word = fc.constantFrom(...words);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constantFrom('delete', 'double', 'cut', 'drop-line', 'double-line'), at }),
  fc.record({ kind: fc.constantFrom('swap', 'move'), at, to: at }),
  fc.record({ kind: fc.constantFrom('insert', 'replace'), at, word }),
  fc.record({ kind: fc.constant('repeat'), at, times }),
  fc.record({ kind: fc.constant('nest'), at, to: at, with: fc.constantFrom(...brackets), times }),
);

/** Texts that were right before some of their words were deleted, doubled, swapped, replaced, repeated or nested. */
export function hostileTexts(seeds: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([seed, changes]) => changes.reduce(changed, seed));
}

const longest = 20_000;

function changed(text: string, one: Change): string {
  if (one.kind === 'drop-line' || one.kind === 'double-line') {
    const lines = text.split('\n');
    lines.splice(
      one.at % lines.length,
      1,
      ...(one.kind === 'drop-line' ? [] : [lines[one.at % lines.length] ?? '', lines[one.at % lines.length] ?? '']),
    );
    return lines.join('\n').slice(0, longest);
  }
  const parts = text.match(/\w+|\s+|[^\w\s]/g) ?? [''];
  const place = one.at % parts.length;
  const part = parts[place] ?? '';
  switch (one.kind) {
    case 'delete':
      parts.splice(place, 1);
      break;
    case 'double':
      parts.splice(place, 0, part);
      break;
    case 'cut':
      parts.length = place;
      break;
    case 'swap':
      parts[place] = parts[one.to % parts.length] ?? '';
      parts[one.to % parts.length] = part;
      break;
    case 'move':
      parts.splice(place, 1);
      parts.splice(one.to % (parts.length + 1), 0, part);
      break;
    case 'insert':
      parts.splice(place, 0, one.word);
      break;
    case 'replace':
      parts[place] = one.word;
      break;
    case 'repeat':
      parts[place] = part.repeat(one.times);
      break;
    case 'nest': {
      const end = Math.min(place + (one.to % 20) + 1, parts.length);
      parts.splice(end, 0, one.with[1].repeat(one.times));
      parts.splice(place, 0, one.with[0].repeat(one.times));
      break;
    }
  }
  return parts.join('').slice(0, longest);
}

/** Small repositories of which some files are hostile, gone, or called otherwise. */
export function hostileRepositories(
  seeds: readonly Readonly<Record<string, string>>[],
): fc.Arbitrary<Readonly<Record<string, string>>> {
  return fc.constantFrom(...seeds).chain(seed => {
    const files = Object.entries(seed);
    return fc
      .array(
        fc.tuple(
          fc.nat({ max: files.length - 1 }),
          hostileTexts(files.map(([, text]) => text)),
          fc.array(change, { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 0, max: 9 }),
          word,
        ),
        { minLength: 1, maxLength: 4 },
      )
      .map(edits => {
        const result = [...files];
        for (const [index, other, changes, way, name] of edits) {
          const [path, text] = result[index] ?? ['a.ts', ''];
          if (way === 0) result[index] = [path, other];
          else if (way === 1) result[index] = [path, ''];
          else if (way === 2)
            result.push([
              `${path.slice(0, path.lastIndexOf('/') + 1)}${name.replace(/^\/+|[/\0]/g, '') || 'x'}${path.slice(path.lastIndexOf('/') + 1)}`,
              text,
            ]);
          else result[index] = [path, changes.reduce(changed, text)];
        }
        return Object.fromEntries(result);
      });
  });
}
