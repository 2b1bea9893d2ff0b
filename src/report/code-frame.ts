/** Room for the code of one line; minified files have lines of a megabyte. */
const width = 110;

/** One line of source with a mark under `column`, tabs as two spaces, cut to fit around the mark. */
export function codeFrame(line: string, column: number): { readonly code: string; readonly mark: string } {
  const before = printable(line.slice(0, column - 1));
  const whole = printable(line);
  const from = before.length < width - 20 ? 0 : before.length - Math.floor(width / 2);
  const code = `${from > 0 ? '…' : ''}${whole.slice(from, from + width)}${whole.length > from + width ? '…' : ''}`;
  const at = Math.min(before.length - from + (from > 0 ? 1 : 0), code.length);
  return { code: code.trimEnd(), mark: `${' '.repeat(at)}^` };
}

/** What a repository holds must not move the cursor of who looks at it, and its passwords are not for the log of a build. */
function printable(text: string): string {
  return text
    .replace(
      /(:\/\/[^:@/\s]{0,200}:)([^@\s${}]{1,200})(?=@)/g,
      (_, before: string, password: string) => before + '*'.repeat(password.length),
    )
    .replace(/\t/g, '  ')
    .replace(/\p{Cc}/gu, '�');
}
