import type { Probe } from '../extract/probes.ts';
import type { Problem } from '../extract/yaml.ts';
import type { Evidence, Role } from './system.ts';

/** One value given to a service from outside its code. `value` is null where it is named but its value is not in the repository. */
export interface Variable {
  readonly name: string;
  readonly value: string | null;
  /** Where the value is not in the repository: what names it, as `${DB_NAME}` or `Secret:shop/url`. Equal within one project where the value is. */
  readonly raw?: string;
  readonly at: Evidence;
}

/** One way in which a service is run: a compose file, a manifest, an env file. Each gives its own values. */
export interface Environment {
  /** `compose:docker-compose.yml`, `kubernetes:infra/k8s`, `dotenv:auth/.env.development`, `serverless:…`, `dockerfile:…`. */
  readonly id: string;
  readonly kind: 'compose' | 'kubernetes' | 'dotenv' | 'serverless' | 'dockerfile' | 'pm2' | 'cdk';
  /** Host names mean something only within one project: a compose project, a cluster, one laptop. */
  readonly project: string;
  readonly production: boolean;
  readonly variables: Readonly<Record<string, Variable>>;
  /** True where it takes variables from what is not in the repository: an env file, a Secret, a tool that starts it. */
  readonly open?: true;
}

/** What a cloud runs a function for, as a manifest says: a request to a gateway, or a message. */
export interface Trigger {
  readonly kind: 'serve' | 'consume';
  /** `http`, or the broker. */
  readonly by: string;
  readonly method?: string;
  readonly path?: string;
  readonly name?: string;
  readonly key?: string;
  /** The queue by way of which the message comes. */
  readonly queue?: string;
  readonly at: Evidence;
}

export interface DiscoveredService {
  readonly id: string;
  readonly root: string;
  readonly roots?: readonly string[];
  readonly role: Role;
  readonly language: string;
  readonly evidence: readonly Evidence[];
  /** Name in package.json of the package at `root`, for imports by name. */
  readonly packageName?: string;
  /** Files that start it, from the root of the repository, where known. */
  readonly entries: readonly string[];
  /** Host names it answers to, with the project in which each is valid. */
  readonly hosts: readonly { readonly name: string; readonly project: string }[];
  /** Ports inside its container, and where each is published outside. */
  readonly ports?: readonly { readonly inside: number; readonly outside?: number; readonly at: Evidence }[];
  /** How its deployments ask whether it is well. */
  readonly probes?: readonly Probe[];
  /** Best first: production manifests, compose, env files. */
  readonly environments: readonly Environment[];
  /** What its functions are run for. */
  readonly triggers?: readonly Trigger[];
}

/** A database, cache or search engine that the deployment starts (a broker too, engine `rabbitmq`, `kafka`, `nats` …). */
export interface Server {
  readonly name: string;
  readonly engine: string;
  readonly hosts: readonly { readonly name: string; readonly project: string }[];
  /** Ports inside, and where each is published outside. */
  readonly ports: readonly { readonly inside: number; readonly outside?: number; readonly at: Evidence }[];
  readonly production: boolean;
  /** Its own variables, such as POSTGRES_DB. */
  readonly variables: Readonly<Record<string, Variable>>;
  readonly evidence: Evidence;
}

/** What the manifests of a repository say, before any source is read. */
export interface Discovery {
  /** Services of every language, and the libraries (role `library`) of the workspace. */
  readonly services: readonly DiscoveredService[];
  readonly servers: readonly Server[];
  /** Every host name that a manifest gives to anything that it starts, in lower case. */
  readonly names: ReadonlySet<string>;
  /** What could not be read, with its place; never fatal. */
  readonly problems: readonly Problem[];
}
