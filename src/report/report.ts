import type { Finding, Rule } from '../check/rule.ts';
import type { Verdict } from '../check/verdict.ts';
import type { Evidence, System } from '../model/system.ts';

/** What a reporter of `check` is given; it gives back the text to print. */
export interface CheckReport {
  readonly verdict: Verdict;
  /** The line of source at a place, for code frames. */
  lineAt(at: Evidence): string | undefined;
  readonly color: boolean;
  /** Show findings at `info` too, and all places of each. */
  readonly verbose: boolean;
  /** Show findings at `info` too. */
  readonly infos: boolean;
  /** Nothing but the findings: no numbers, nothing that could not be told. */
  readonly quiet: boolean;
  /** Of Lintel. */
  readonly version: string;
  /** The rules that were run. */
  readonly rules: readonly Rule[];
  /** What the documentation says of a rule, as Markdown. */
  helpOf(rule: Rule): string | undefined;
  /** From the root of the repository to the folder that was checked, as `backend/`; empty where they are one. */
  readonly prefix: string;
  /** Where the repository can be looked at by a browser, where that is known. */
  readonly repository: Repository | undefined;
}

export interface Repository {
  readonly url: string;
  readonly revision: string;
  /** What a path is put behind to get to the file in this revision. */
  readonly files: string;
}

export type RenderCheck = (report: CheckReport) => string;
export type RenderGraph = (system: System) => string;

/** A path with letters that a URL, or a link of Markdown, cannot hold written as `%20` and its like. */
export function uriOf(path: string): string {
  return path
    .split('/')
    .map(part => encodeURIComponent(part.toWellFormed()).replace(/[()]/g, letter => (letter === '(' ? '%28' : '%29')))
    .join('/');
}

/** Fingerprints tell findings apart, but for comments that say the same in one file: numbered, none is lost. */
export function uniqueFingerprints(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ fingerprint }) => {
    const nth = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, nth);
    return nth === 1 ? fingerprint : `${fingerprint}-${nth}`;
  });
}
