import type { System } from '../model/system.ts';
import type { CheckReport } from './report.ts';

/** Every finding, whatever its severity: who reads JSON filters for himself. */
export function renderJson({ verdict: { findings, summary } }: CheckReport): string {
  return `${JSON.stringify({ schema: 1, findings, summary }, null, 2)}\n`;
}

export function renderGraphJson(system: System): string {
  return `${JSON.stringify(system, null, 2)}\n`;
}
