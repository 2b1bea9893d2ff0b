import type { DiscoveredService } from './discovery.ts';
import { compareEvidence } from './evidence.ts';
import type { Lines } from './lines.ts';
import type { Practice } from './system.ts';
import type { CodePractice, Origin } from './value.ts';

/** What a service's code does, by itself or by way of a library. */
export interface ServicePractice {
  readonly service: DiscoveredService;
  readonly practice: CodePractice;
  /** The place in the service's own code. */
  readonly from: Origin;
}

/** What all services' code does, as parts of the System: each once at each place. */
export function practicesOf(found: readonly ServicePractice[], lines: Lines): Practice[] {
  const all = new Map<string, Practice>();
  for (const { service, practice, from } of found) {
    const { origin, ...what } = practice;
    const [here, there] = [lines.at(from), lines.at(origin)];
    const evidence = compareEvidence(here, there) === 0 ? [here] : [here, there];
    all.set(`${service.id} ${JSON.stringify(what)} ${evidence.map(e => `${e.file}:${e.line}`).join(' ')}`, {
      ...what,
      service: service.id,
      evidence,
    });
  }
  return sorted([...all.values()]);
}

/** How deployments ask whether services are well. */
export function probesOf(
  services: readonly DiscoveredService[],
  isWritten: (service: DiscoveredService, path: string) => boolean,
): Practice[] {
  const all = new Map<string, Practice>();
  for (const service of services)
    for (const { at, ...probe } of service.probes ?? [])
      all.set(`${service.id} ${probe.probe} ${at.file}:${at.line}`, {
        kind: 'probe',
        ...probe,
        ...(probe.path !== undefined && isWritten(service, probe.path) ? { written: true } : {}),
        service: service.id,
        evidence: [at],
      });
  return [...all.values()];
}

/** In the order in which the System lists them. */
export function sorted(practices: readonly Practice[]): Practice[] {
  return practices.toSorted((a, b) => {
    const [x, y] = [`${a.kind} ${a.service}`, `${b.kind} ${b.service}`];
    const [first, other] = [a.evidence[0], b.evidence[0]];
    return x < y ? -1 : x > y ? 1 : first && other ? compareEvidence(first, other) : 0;
  });
}
