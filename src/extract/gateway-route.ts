import type { Evidence } from '../model/system.ts';

/** What a gateway does with requests for a host and a path, as its file says. */
export interface ConfiguredRoute {
  /** Absent where any host will do. */
  readonly host?: string;
  readonly path: string;
  /** Where they go: an address with a host, as it is written. */
  readonly to: string;
  /** What stands in place of the path that was matched, where it is taken off or replaced. */
  readonly rewrite?: string;
  readonly at: Evidence;
}
