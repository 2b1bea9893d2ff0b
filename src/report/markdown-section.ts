/** The part of a page of documentation under the heading called `name`, its own headings included. */
export function sectionOf(markdown: string, name: string): string | undefined {
  const lines = markdown.split('\n');
  const headings = headingsOf(lines);
  const index = headings.findIndex(({ title }) => title === name || title.endsWith(`/${name}`));
  const heading = headings[index];
  if (heading === undefined) return undefined;
  const next = headings.slice(index + 1).find(({ level }) => level <= heading.level);
  return `${lines.slice(heading.line, next?.line).join('\n').trimEnd()}\n`;
}

function headingsOf(lines: readonly string[]): { level: number; title: string; line: number }[] {
  let fenced = false;
  return lines.flatMap((text, line) => {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    const [, marks, title] = (!fenced && /^(#{1,6})\s+(.*?)\s*$/.exec(text)) || [];
    return marks === undefined || title === undefined
      ? []
      : [{ level: marks.length, title: title.replace(/`/g, ''), line }];
  });
}
