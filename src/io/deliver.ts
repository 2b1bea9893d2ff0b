import { randomUUID } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Destination } from '../report/destinations.ts';
import { withoutCommands } from '../report/github.ts';
import { checkReporters } from '../report/index.ts';
import type { CheckReport } from '../report/report.ts';
import type { Ci } from './ci.ts';
import { appendOutput, writeOutput } from './output-file.ts';
import { note, print } from './print.ts';

/** Writes each report to where it goes. Files first: a reader of stdout that leaves early takes none from another. */
export async function deliver(
  destinations: readonly Destination[],
  report: CheckReport,
  cwd: string,
  job: Ci['githubActions'],
): Promise<void> {
  for (const { format, file } of destinations) {
    if (file === undefined) continue;
    const render = await checkReporters[format]();
    writeOutput(file, render({ ...report, color: false }), cwd);
  }
  const printed = destinations.filter(({ file }) => file === undefined).map(({ format }) => format);
  for (const format of printed) {
    const text = (await checkReporters[format]())(report);
    await print(job !== undefined && format === 'console' ? withoutCommands(text, randomUUID()) : text);
  }
  if (job === undefined) return;
  if (printed.includes('console') && !printed.includes('github')) {
    await print((await checkReporters.github())(report));
  }
  if (job.summary !== undefined) await summarise(job.summary, report, cwd);
}

/** Nobody asked for the summary, so that it cannot be written is no reason to fail. */
async function summarise(file: string, report: CheckReport, cwd: string): Promise<void> {
  try {
    appendOutput(file, `${(await checkReporters.markdown())(report)}\n`, cwd);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    note(`the summary of the job: ${error.message}`);
  }
}
