import type { Summary } from '../check/verdict.ts';

/** What is not shown, and why. */
export function asideOf({ baselined, stale, hidden }: Summary): string[] {
  return [
    ...(baselined > 0 ? [`${baselined} in the baseline`] : []),
    ...(stale > 0 ? [`${stale} of the baseline no longer found`] : []),
    ...(hidden.rule > 0 ? [`${hidden.rule} of other rules hidden`] : []),
    ...(hidden.severity > 0 ? [`${hidden.severity} hidden by --severity`] : []),
    ...(hidden.changed > 0 ? [`${hidden.changed} hidden that do not depend on what changed`] : []),
  ];
}
