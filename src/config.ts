import type { Severity } from './check/rule.ts';
import type { Evidence } from './model/system.ts';

/** `lintel.yaml`, read. Everything is optional; without the file all is empty. */
export interface Config {
  readonly services: readonly ServiceConfig[];
  /** Host name → service id or datastore server. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Glob patterns of files that are not production code. */
  readonly ignore: readonly string[];
  readonly rules: Readonly<Record<string, Severity>>;
}

export interface ServiceConfig {
  readonly id: string;
  readonly path?: string;
  /** Tables and datastores that this service owns, by name or by id. */
  readonly owns: readonly string[];
  readonly at: Evidence;
}

export const emptyConfig: Config = { services: [], hosts: {}, ignore: [], rules: {} };
