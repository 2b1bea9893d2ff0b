import type { Site } from '../model/technology.ts';
import { union } from '../model/unions.ts';
import { each, type Handle, literal, type Use, unknown, type Value } from '../model/value.ts';

/** A piece of SQL, or a whole statement, made by a template and not run yet; one for each text that it may be. */
export function sqlFragment(tech: string, given: Value | undefined): Value | undefined {
  const made = each(given).flatMap((v): Handle[] =>
    v.t === 'text' ? [{ t: 'handle', tech, kind: 'sql', text: v }] : [],
  );
  return made.length === 0 ? undefined : union(made);
}

/** The statements behind what is given to be run: templates as their texts, the rest as it is. */
export function sqlOf(given: Value | undefined): Value {
  return union(each(given).map(v => (v.t === 'handle' ? (v.text ?? unknown) : v)));
}

/** Takes back what a part of a statement was taken to use: the statement's own tables and, of a mere piece, those that it does not name. */
export function withdraw(
  site: Site,
  uses: readonly Use[] | undefined,
  isCommonTable: (name: string) => boolean,
  isPiece: boolean,
): void {
  for (const use of uses ?? []) {
    const name = literal(use.table);
    if (name === undefined ? isPiece : isCommonTable(name)) site.ev.withdraw(site, use);
  }
}
