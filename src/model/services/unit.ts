import type { Probe } from '../../extract/probes.ts';
import type { Environment, Trigger } from '../discovery.ts';
import type { Evidence } from '../system.ts';

/** One way in which one piece of code is deployed; several of one folder make a service. */
export interface Unit {
  readonly kind:
    | 'compose'
    | 'kubernetes'
    | 'serverless'
    | 'cdk'
    | 'nest'
    | 'nx'
    | 'pm2'
    | 'procfile'
    | 'dockerfile'
    | 'start'
    | 'configuration';
  readonly name: string;
  readonly root: string;
  readonly entries: readonly string[];
  /** It runs once, tests or loads: known, so that its folder is not taken for a service, and then left out. */
  readonly isTask: boolean;
  /** It is built from this repository, not only named like a folder of it. */
  readonly isBuilt: boolean;
  readonly dockerfile?: string;
  readonly command: string;
  readonly evidence: readonly Evidence[];
  readonly environments: readonly Environment[];
  readonly hosts: readonly { readonly name: string; readonly project: string }[];
  readonly isWebServer: boolean;
  /** Ports inside its container, and where each is published outside. */
  readonly ports?: readonly { readonly inside: number; readonly outside?: number; readonly at: Evidence }[];
  /** How the deployment asks whether it is well. */
  readonly probes?: readonly Probe[];
  /** What its functions are run for. */
  readonly triggers?: readonly Trigger[];
}

/** The units of one folder: one service. */
export interface Group {
  readonly root: string;
  readonly units: readonly Unit[];
}
