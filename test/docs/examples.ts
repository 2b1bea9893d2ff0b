/** Files by path, as the fenced blocks of a document give them: ```ts file=orders/src/main.ts */
export type Files = Readonly<Record<string, string>>;

export interface RuleDocument {
  readonly rule: string;
  readonly text: string;
  readonly bad: Files;
  readonly good: Files;
}

/** The parts of a pattern's document: the workspace that all examples build on, and one section for each rule. */
export function partsOf(document: string): { readonly base: Files; readonly rules: readonly RuleDocument[] } {
  const [head = '', ...sections] = document.split(/^## /m);
  return { base: filesOf(head), rules: sections.map(ruleOf) };
}

function ruleOf(section: string): RuleDocument {
  return {
    rule: section.slice(0, section.indexOf('\n')).trim(),
    text: section,
    bad: filesOf(between(section, '### Bad')),
    good: filesOf(between(section, '### Good')),
  };
}

function between(section: string, heading: string): string {
  return (section.split(`${heading}\n`)[1] ?? '').split(/^### /m)[0] ?? '';
}

function filesOf(text: string): Files {
  const blocks = [...text.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)];
  return Object.fromEntries(blocks.map(([, file = '', content = '']) => [file, content]));
}
