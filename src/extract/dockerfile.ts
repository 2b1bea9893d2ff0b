import type { Evidence } from '../model/system.ts';
import { imageProbeOf, type Probe } from './probes.ts';

export interface Setting {
  readonly name: string;
  readonly value: string | null;
  readonly at: Evidence;
}
export interface Copy {
  readonly sources: readonly string[];
  readonly target: string;
  readonly from?: string;
  readonly at: Evidence;
}

/** One `FROM … AS …` and what follows it. Values are as written, with `${ARG}` in them. */
export interface Stage {
  readonly name?: string;
  readonly base: string;
  readonly settings: readonly Setting[];
  readonly args: readonly Setting[];
  readonly copies: readonly Copy[];
  readonly runs: readonly string[];
  readonly workdirs: readonly string[];
  readonly command?: string;
  readonly entrypoint?: string;
  readonly ports: readonly number[];
  readonly probe?: Probe | 'none';
  readonly at: Evidence;
}

export interface Dockerfile {
  readonly globals: readonly Setting[];
  readonly stages: readonly Stage[];
}

interface Instruction {
  readonly name: string;
  readonly rest: string;
  readonly at: Evidence;
}

export function parseDockerfile(file: string, text: string): Dockerfile {
  const globals: Setting[] = [];
  const stages: Stage[] = [];
  let open: { base: string; name?: string; at: Evidence; own: Instruction[] } | undefined;
  const close = (): void => {
    if (open) stages.push(stageOf(open.base, open.name, open.at, open.own));
  };
  for (const instruction of instructionsOf(file, text)) {
    if (instruction.name === 'FROM') {
      close();
      const words = instruction.rest.split(/\s+/).filter(word => !word.startsWith('--'));
      const as = words.findIndex(word => word.toLowerCase() === 'as');
      const name = as > 0 ? words[as + 1] : undefined;
      open = { base: words[0] ?? '', ...(name ? { name } : {}), at: instruction.at, own: [] };
    } else if (open) open.own.push(instruction);
    else if (instruction.name === 'ARG') globals.push(...settingsOf(instruction));
  }
  close();
  return { globals, stages };
}

function stageOf(base: string, name: string | undefined, at: Evidence, own: readonly Instruction[]): Stage {
  const all = (wanted: string): Instruction[] => own.filter(instruction => instruction.name === wanted);
  const command = all('CMD').at(-1);
  const entrypoint = all('ENTRYPOINT').at(-1);
  const probe = all('HEALTHCHECK').at(-1);
  return {
    base,
    ...(name ? { name } : {}),
    settings: all('ENV').flatMap(settingsOf),
    args: all('ARG').flatMap(settingsOf),
    copies: own.filter(one => one.name === 'COPY' || one.name === 'ADD').flatMap(copyOf),
    runs: all('RUN').map(one => one.rest),
    workdirs: all('WORKDIR').map(one => one.rest.trim()),
    ...(command ? { command: shellOf(command.rest) } : {}),
    ...(entrypoint ? { entrypoint: shellOf(entrypoint.rest) } : {}),
    ports: all('EXPOSE').flatMap(one =>
      one.rest
        .split(/\s+/)
        .map(word => Number.parseInt(word, 10))
        .filter(port => port > 0),
    ),
    ...(probe ? { probe: imageProbeOf(probe.rest, probe.at) } : {}),
    at,
  };
}

/** Joins continued lines and leaves comments and here-documents out. */
function instructionsOf(file: string, text: string): Instruction[] {
  const found: Instruction[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    while (/\\\s*$/.test(line) && index + 1 < lines.length) {
      const next = lines[++index] ?? '';
      line = /^\s*(#|$)/.test(next) ? line : `${line.replace(/\\\s*$/, ' ')}${next}`;
    }
    const heredoc = /<<-?["']?(\w+)["']?/.exec(line)?.[1];
    if (heredoc) while (index + 1 < lines.length && (lines[++index] ?? '').trim() !== heredoc);
    const match = /^\s*([A-Za-z]+)\s+([\s\S]*)$/.exec(line);
    if (match?.[1])
      found.push({
        name: match[1].toUpperCase(),
        rest: (match[2] ?? '').trim(),
        at: { file, line: start + 1, column: line.search(/\S/) + 1 },
      });
  }
  return found;
}

/** `A=1 B="two words"`, or the old `A the rest of the line`; an ARG may have no value. */
function settingsOf(instruction: Instruction): Setting[] {
  const { rest, at } = instruction;
  const name = /^([A-Za-z_]\w*)(?=[\s]|$)/.exec(rest)?.[1];
  if (name) {
    const value = rest.slice(name.length).trim();
    return [{ name, value: value === '' ? null : unquote(value), at }];
  }
  return [...rest.matchAll(/(?<!\w)([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:\\ |\S)*)/g)].map(match => ({
    name: match[1] ?? '',
    value: unquote(match[2] ?? ''),
    at,
  }));
}

function copyOf(instruction: Instruction): Copy[] {
  const from = /--from=(\S+)/.exec(instruction.rest)?.[1];
  const rest = instruction.rest.replace(/(^|\s)--\w[\w-]*(=\S+)?/g, ' ').trim();
  const words = rest.startsWith('[') ? jsonWords(rest) : rest.split(/\s+/);
  const target = words.at(-1);
  if (words.length < 2 || target === undefined) return [];
  return [{ sources: words.slice(0, -1), target, ...(from ? { from } : {}), at: instruction.at }];
}

const shellOf = (rest: string): string => (rest.startsWith('[') ? jsonWords(rest).join(' ') : rest);
const jsonWords = (text: string): string[] =>
  [...text.matchAll(/"((?:[^"\\]|\\[\s\S]?)*)"?|'([^']*)'?/g)].map(match => match[1] ?? match[2] ?? '');
const unquote = (text: string): string => (/^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text);
