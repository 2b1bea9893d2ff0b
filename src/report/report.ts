import type { Verdict } from '../check/verdict.ts';
import type { Evidence, System } from '../model/system.ts';

/** What a reporter of `check` is given; it gives back the text to print. */
export interface CheckReport {
  readonly verdict: Verdict;
  /** The line of source at a place, for code frames. */
  lineAt(at: Evidence): string | undefined;
  readonly color: boolean;
  /** Show findings at `info` too. */
  readonly verbose: boolean;
}

export type RenderCheck = (report: CheckReport) => string;
export type RenderGraph = (system: System) => string;
