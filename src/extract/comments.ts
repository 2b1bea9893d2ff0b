import { isSource } from '../model/production.ts';
import { parse } from './parse.ts';

export interface Comment {
  /** What stands in it, without the marks that open and close it. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const opener = /(?:^|[\s;,{}()])(?:\/\/|#|--|\/\*)(.*)$/gm;

/** The comments of a file. In code a parser tells them from strings; elsewhere each ends with its line. */
export function commentsOf(file: string, text: string): Comment[] {
  if (isSource(file)) {
    const lang = /\.[cm]?ts$/.test(file) ? 'ts' : 'tsx';
    const { comments = [] } = parse(file, text, { lang, sourceType: 'unambiguous' }) ?? {};
    return comments.map(({ value, start, end }) => ({ text: value, start, end }));
  }
  return [...text.matchAll(opener)].map(({ 0: whole, 1: said = '', index }) => ({
    text: said.replace(/\*\/\s*$/, ''),
    start: index + whole.search(/[/#-]/),
    end: index + whole.length,
  }));
}
