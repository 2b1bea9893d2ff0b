import type { Evidence } from '../model/system.ts';

export interface Process {
  readonly name: string;
  readonly command: string;
  readonly at: Evidence;
}

export function parseProcfile(file: string, text: string): readonly Process[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, command] = /^([A-Za-z][\w-]*):\s*(\S.*)$/.exec(line) ?? [];
    return name && command ? [{ name, command, at: { file, line: index + 1, column: 1 } }] : [];
  });
}
