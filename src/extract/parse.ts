import { type ParseResult, type ParserOptions, parseSync } from 'oxc-parser';
import { isTooNested } from './nesting.ts';

/**
 * The only way to the parser; undefined for a file nested so deeply that the parser, which has no bound of its own,
 * would run out of stack and take the whole process with it.
 */
export function parse(file: string, text: string, options: ParserOptions): ParseResult | undefined {
  return isTooNested(text, options.lang) ? undefined : parseSync(file, text, options);
}
