import type { ParserOptions } from 'oxc-parser';

/** The parser gives up its stack at some 4,000 brackets; people stop at 50. */
const mostBrackets = 500;
/** Operators nest without a bracket, `a => a => …`: the parser stands some 16,000 tokens of one statement. */
const mostTokens = 10_000;
/** Elements of JSX inside each other; counted without their ends where those are not plain to see. */
const mostElements = 10_000;
/** In TypeScript each `<` may open type arguments, and the parser tries all ways to read them. */
const mostAngles = 50;

/** Words that a newline does not part from what follows them. */
const binding = new Set(
  'await case class delete do else export extends if in infer instanceof keyof new of readonly return throw typeof unique void while with yield'.split(
    ' ',
  ),
);

/** Words behind which a slash begins a regular expression. */
const beforePattern = new Set(
  'await case delete do else in instanceof new of return throw typeof void yield'.split(' '),
);

/** A bound from the tokens alone on how deep a tree the parser would build, at a fraction of its cost. */
export function isTooNested(text: string, lang: ParserOptions['lang']): boolean {
  return text.length > mostAngles * 2 && new Scan(text, lang).isTooNested();
}

type Kind = 'word' | 'close' | 'arrow' | 'operator' | 'start';

/** Where one file has been read to. */
class Scan {
  readonly text: string;
  readonly hasTypes: boolean;
  readonly hasElements: boolean;
  at = 0;
  /** Tokens of the statement that is open at each level of brackets. */
  readonly tokens: number[] = [0];
  /** Levels at which a template goes on. */
  readonly templates: number[] = [];
  elements = 0;
  angles = 0;
  previous: Kind = 'start';
  word = '';
  /** Where the last bracket or operator stands. */
  lastSign = 0;
  /** What stands between the last token and the next. */
  gap: 'none' | 'newline' | 'end' = 'none';

  constructor(text: string, lang: ParserOptions['lang']) {
    this.text = text;
    this.hasTypes = lang !== 'js' && lang !== 'jsx';
    this.hasElements = lang !== 'ts' && lang !== 'dts';
  }

  isTooNested(): boolean {
    const { text, tokens } = this;
    while (this.at < text.length) {
      this.token(text.charCodeAt(this.at));
      if (tokens.length > mostBrackets || this.elements > mostElements || this.angles > mostAngles) return true;
      if ((tokens.at(-1) ?? 0) > mostTokens) return true;
    }
    return false;
  }

  token(code: number): void {
    const { text, at } = this;
    const sign = text[at] ?? '';
    if (code === 10) {
      if (this.gap === 'none') this.gap = 'newline';
      this.at++;
    } else if (code <= 32) this.at++;
    else if (isWordCode(code)) this.readWord();
    else if (sign === '"' || sign === "'") this.readString(sign);
    else if (sign === '`') {
      this.count('operator');
      this.readTemplate(at + 1);
    } else if (sign === '/') this.readSlash();
    else if (sign === '(' || sign === '[' || sign === '{') {
      this.count('operator');
      this.open();
    } else if (sign === ')' || sign === ']' || sign === '}') this.close(sign);
    else if (sign === ';' || sign === ',') {
      this.gap = 'end';
      if (sign === ';') this.angles = 0;
      this.previous = 'operator';
      this.at++;
    } else this.readOperator(sign);
  }

  /** Notes one token, and whether a new statement begins with it. */
  count(kind: Kind, word = ''): void {
    const level = this.tokens.length - 1;
    const parts =
      this.gap === 'end'
        ? word !== 'else'
        : this.gap === 'newline' && kind === 'word' && word !== 'else' && this.isWhole();
    this.tokens[level] = parts ? 1 : (this.tokens[level] ?? 0) + 1;
    if (parts) this.angles = 0;
    this.gap = 'none';
    this.previous = kind;
    this.word = word;
  }

  /** Whether a statement may end where a newline stands. Behind `)` it may be the head of an `if` or a loop. */
  isWhole(): boolean {
    if (this.previous === 'word') return !binding.has(this.word);
    return this.previous === 'close'
      ? this.text[this.lastSign] !== ')'
      : this.text[this.lastSign] === '>' && this.previous !== 'arrow';
  }

  open(): void {
    this.tokens.push(0);
    this.at++;
  }

  close(sign: string): void {
    if (this.tokens.length > 1) this.tokens.pop();
    this.at++;
    this.lastSign = this.at - 1;
    this.previous = 'close';
    this.gap = 'none';
    if (sign === '}' && this.templates.at(-1) === this.tokens.length) {
      this.templates.pop();
      this.readTemplate(this.at);
    }
  }

  readWord(): void {
    const start = this.at;
    while (this.at < this.text.length && isWordCode(this.text.charCodeAt(this.at))) this.at++;
    this.count('word', this.at - start > 12 ? '' : this.text.slice(start, this.at));
  }

  /** A quote that nothing closes on its line is a letter of JSX. */
  readString(quote: string): void {
    this.count('word');
    let end = this.at + 1;
    for (; end < this.text.length; end++) {
      const letter = this.text[end];
      if (letter === '\\') end++;
      else if (letter === quote || letter === '\n') break;
    }
    this.at = this.text[end] === quote ? end + 1 : this.at + 1;
  }

  readTemplate(from: number): void {
    let end = from;
    for (; end < this.text.length && this.text[end] !== '`'; end++) {
      if (this.text[end] === '\\') end++;
      else if (this.text[end] === '$' && this.text[end + 1] === '{') {
        this.templates.push(this.tokens.length);
        this.at = end + 1;
        this.open();
        return;
      }
    }
    this.at = end + 1;
    this.previous = 'word';
    this.word = '';
  }

  readSlash(): void {
    const next = this.text[this.at + 1];
    if (next === '/' || next === '*') {
      const end = this.text.indexOf(next === '/' ? '\n' : '*/', this.at + 2);
      this.at = end < 0 ? this.text.length : next === '/' ? end : end + 2;
    } else if (next === '>' && this.hasElements) {
      this.elements = Math.max(0, this.elements - 1);
      this.at++;
    } else if (this.previous === 'word' ? beforePattern.has(this.word) : this.previous !== 'close') this.readPattern();
    else this.readOperator('/');
  }

  readPattern(): void {
    let inClass = false;
    let end = this.at + 1;
    for (; end < this.text.length; end++) {
      const letter = this.text[end];
      if (letter === '\\') end++;
      else if (letter === '\n') break;
      else if (letter === '[') inClass = true;
      else if (letter === ']') inClass = false;
      else if (letter === '/' && !inClass) break;
    }
    this.count('word');
    this.at = this.text[end] === '/' ? end + 1 : this.at + 1;
  }

  readOperator(sign: string): void {
    const { text, at } = this;
    const next = text[at + 1] ?? '';
    if (sign === '<') {
      this.angles += this.hasTypes ? 1 : 0;
      if (this.hasElements && next === '/') this.elements = Math.max(0, this.elements - 1);
      else if (this.hasElements && (next === '>' || isWordCode(next.charCodeAt(0)))) this.elements++;
    } else if (sign === '>') this.angles = 0;
    this.count(sign === '>' && text[at - 1] === '=' ? 'arrow' : 'operator');
    this.lastSign = at;
    this.at++;
  }
}

function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 36 ||
    code === 95 ||
    code > 127
  );
}
