import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';
import { type CheckFormat, checkFormats } from './index.ts';

/** One report: its format, and the file it goes to; stdout where there is none. */
export interface Destination {
  readonly format: CheckFormat;
  readonly file: string | undefined;
}

/** Formats that other text may stand beside. */
const readByPeople: readonly CheckFormat[] = ['console', 'github'];

/**
 * What `--format` and `--output` ask for. `--output sarif=lintel.sarif` names both; `--output lintel.sarif` takes the
 * format of the only `--format`. What goes to a file is not printed.
 */
export function destinationsOf(formats: readonly CheckFormat[], outputs: readonly string[]): readonly Destination[] {
  const files = outputs.map(output => fileOf(output, formats));
  const named = files.map(({ file }) => file);
  const twice = named.find((file, index) => named.indexOf(file) < index);
  if (twice !== undefined)
    throw new UserError('LT-001', `two reports go to ${twice}`, { hint: 'name a file for each' });
  const asked = formats.length === 0 ? [...(files.some(isConsole) ? [] : ['console' as const])] : [...new Set(formats)];
  const printed = asked.filter(format => !files.some(file => file.format === format));
  refuseMixture(printed);
  return [...printed.map(format => ({ format, file: undefined })), ...files];
}

/** Whether a report gives paths from the folder that was checked; the others do from the root of the repository. */
export function isOfRoot({ format }: Destination): boolean {
  return format === 'console' || format === 'json' || format === 'junit';
}

function isConsole({ format }: Destination): boolean {
  return format === 'console';
}

function fileOf(output: string, formats: readonly CheckFormat[]): Destination {
  const [, name = '', file = ''] = /^([^=/\\]+)=(.*)$/s.exec(output) ?? [];
  if (name !== '') return { format: formatOf(name, output), file: nonEmpty(file, output) };
  const [only = 'console', second] = formats;
  if (second === undefined) return { format: only, file: nonEmpty(output, output) };
  throw new UserError('LT-001', `--output ${output} does not say which of ${formats.join(' and ')} it is for`, {
    hint: `as --output ${second}=${output}`,
  });
}

function formatOf(name: string, output: string): CheckFormat {
  const format = checkFormats.find(one => one === name);
  if (format !== undefined) return format;
  const meant = didYouMean(name, checkFormats);
  throw new UserError('LT-001', `--output ${output}: ${name} is not a format`, {
    hint: meant === undefined ? `formats: ${checkFormats.join(', ')}` : `did you mean ${meant}?`,
  });
}

function nonEmpty(file: string, output: string): string {
  if (file !== '') return file;
  throw new UserError('LT-001', `--output ${output} names no file`, { hint: 'as --output sarif=lintel.sarif' });
}

/** Two reports for programs, one after the other, are none that a program can read. */
function refuseMixture(printed: readonly CheckFormat[]): void {
  const alone = printed.find(format => !readByPeople.includes(format));
  const other = printed.find(format => format !== alone);
  if (alone === undefined || other === undefined) return;
  throw new UserError('LT-001', `${other} and ${alone} cannot both be printed`, {
    hint: `write one of them to a file: --output ${alone}=<file>`,
  });
}
