import { union } from '../model/evaluate.ts';
import { each, type Handle, unknown, type Value } from '../model/value.ts';

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
