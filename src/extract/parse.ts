import { type ParseResult, type ParserOptions, parseSync } from 'oxc-parser';
import { isTooNested } from './nesting.ts';

/**
 * The only way to the parser; undefined for a file nested so deeply that the parser, which has no bound of its own,
 * would run out of stack and take the whole process with it.
 */
export function parse(
  file: string,
  text: string,
  options: ParserOptions,
): Pick<ParseResult, 'program' | 'comments' | 'errors'> | undefined {
  if (isTooNested(text, options.lang)) return undefined;
  try {
    // The tree comes over as JSON when it is first asked for, and that is not right where JSX goes wrong: `</\\a>`.
    const result = parseSync(file, text, options);
    return result.program.body === undefined ? undefined : result;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
