/**
 * For each line, by its index, the number of the first from there on that is not skipped: what a comment above it speaks
 * of, past other comments. Found for all at once, as many comments may stand above one line.
 */
export function linesAfter(lines: readonly string[], isSkipped: (line: string) => boolean): readonly number[] {
  const after: number[] = new Array(lines.length);
  for (let index = lines.length - 1; index >= 0; index--)
    after[index] = isSkipped(lines[index] ?? '') ? (after[index + 1] ?? lines.length + 1) : index + 1;
  return after;
}
