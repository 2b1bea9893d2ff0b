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
    // the tree comes over as JSON, which is not right where JSX goes wrong: `</\\a>`
    const { program, comments, errors } = parseSync(file, text, options);
    return { program, comments, errors };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
