import type { Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { literal, type Part, unknown, type Value } from '../model/value.ts';

/** Packages that make or wrap the text of a statement; who runs it is another. */
export const sqlText: Technology = {
  id: 'sql-text',
  auxiliary: true,
  packages: [
    'pg-format',
    'pg-cursor',
    'pg-query-stream',
    'pg-copy-streams',
    'pg-connection-string',
    'sqlstring',
    'sql-template-strings',
    'sql-template-tag',
    '@nearform/sql',
    'dedent',
    'outdent',
    'common-tags',
    'sql-formatter',
  ],
  call(c) {
    const name = c.path.replace(/^.*\./, '');
    const [first, ...rest] = c.args;
    if (/^(?:format|withArray|)$|^default$/.test(name) && (c.pkg === 'pg-format' || c.pkg === 'sqlstring'))
      return formatted(first, rest);
    if (
      name === 'ident' ||
      name === 'escapeId' ||
      name === 'quoteIdent' ||
      name === 'raw' ||
      name === 'unsafe' ||
      name === 'bulk'
    )
      return first;
    if (/^(?:empty|join|glue|map|literal|string|escape)$/.test(name)) return unknown;
    return first?.t === 'text' || first?.t === 'union' ? first : undefined;
  },
};

/** `%I` and `??` name things; other marks stand for values. */
function formatted(pattern: Value | undefined, args: readonly Value[]): Value {
  const known = literal(pattern);
  if (known === undefined) return pattern ?? unknown;
  const given = args.length === 1 && args[0]?.t === 'arr' ? args[0].items : args;
  let next = 0;
  const parts = known.split(/(%(?:\d+\$)?[ILs]|\?\??)/).flatMap((piece): readonly Part[] => {
    const [, place, kind] = /^%(?:(\d+)\$)?([ILs])$/.exec(piece) ?? [];
    if (kind === undefined && piece !== '?' && piece !== '??') return [piece];
    const value = place === undefined ? given[next++] : given[Number(place) - 1];
    return kind === 'L' || piece === '?' ? ['?'] : partsOf(value ?? unknown);
  });
  return textOf(parts, pattern?.t === 'text' ? pattern.origin : undefined);
}
