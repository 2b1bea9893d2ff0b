import { languageOf } from './module.ts';
import { parse } from './parse.ts';
import type { Problem } from './yaml.ts';

/** Why a file of code is not read, and where it goes wrong. */
export function syntaxProblem(file: string, text: string): Problem {
  const error = parse(file, text, { lang: languageOf(file), sourceType: 'unambiguous' })?.errors.at(0);
  const before = text.slice(0, error?.labels.at(0)?.start ?? 0).split('\n');
  const reason = error === undefined ? 'it is nested too deeply' : lowerFirst(error.message.split('\n', 1)[0] ?? '');
  return {
    message: `${file} cannot be read: ${reason}`,
    at: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
    isUnread: true,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}
