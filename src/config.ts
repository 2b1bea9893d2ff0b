import type { Severity } from './check/rule.ts';
import { UserError } from './errors.ts';
import type { Evidence } from './model/system.ts';
import {
  choiceOf,
  entriesOf,
  fieldsOf,
  isList,
  isTable,
  listOf,
  parseYaml,
  placeOf,
  problemAt,
  textOf,
  type Value,
} from './yaml-value.ts';

/** `lintel.yaml`, read. Everything is optional; without the file all is empty. */
export interface Config {
  readonly services: readonly ServiceConfig[];
  /** Host name → service id or datastore server. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Where each host is named. */
  readonly hostPlaces?: Readonly<Record<string, Evidence>>;
  /** Glob patterns of files that are not production code. */
  readonly ignore: readonly string[];
  readonly rules: Readonly<Record<string, Severity>>;
  /** Where each rule is named, by its id. */
  readonly rulePlaces?: Readonly<Record<string, Evidence>>;
}

export interface ServiceConfig {
  readonly id: string;
  readonly path?: string;
  /** Tables and datastores that this service owns, by name or by id. */
  readonly owns: readonly string[];
  /** The database that is described as its own. */
  readonly database?: { readonly name: string; readonly engine?: string };
  readonly at: Evidence;
}

export const emptyConfig: Config = { services: [], hosts: {}, ignore: [], rules: {} };

export const configFile = 'lintel.yaml';

const severities = ['error', 'warn', 'info', 'off'] as const satisfies readonly Severity[];

/** What `check` uses, and the rest of the description, which it lets pass. */
const fields = ['name', 'services', 'hosts', 'ignore', 'rules', 'sagas', 'frontends'] as const;
const serviceFields = ['path', 'owns', 'patterns', 'publishes', 'calls'] as const;
const ownsFields = ['database', 'engine', 'tables'] as const;

/** Reads the text of a configuration; `file` is its name in messages. */
export function readConfig(text: string, file: string): Config {
  const root = parseYaml(text, file);
  if (root === undefined) return emptyConfig;
  const { name, services, hosts, ignore, rules } = fieldsOf(root, fields);
  if (name) textOf(name);
  const severityOf = rules ? entriesOf(rules) : [];
  const hostOf = hosts ? entriesOf(hosts) : [];
  return {
    services: (services ? entriesOf(services) : []).map(serviceOf),
    hosts: Object.fromEntries(hostOf.map(({ key, value }) => [key, textOf(value)])),
    hostPlaces: Object.fromEntries(hostOf.map(({ key, at }) => [key, at])),
    ignore: ignore ? textsOf(ignore) : [],
    rules: Object.fromEntries(severityOf.map(({ key, value }) => [key, choiceOf(value, severities)])),
    rulePlaces: Object.fromEntries(severityOf.map(({ key, at }) => [key, at])),
  };
}

function serviceOf({ key, value, at }: { key: string; value: Value; at: Evidence }): ServiceConfig {
  if (value.node === null) return { id: key, owns: [], at };
  const { path, owns } = fieldsOf(value, serviceFields);
  return { id: key, ...(path ? { path: folderOf(path) } : {}), ...(owns ? ownedIn(owns) : { owns: [] }), at };
}

/** Relative to the configuration file, without `./` and `/` at its ends. */
function folderOf(path: Value): string {
  const folder = textOf(path)
    .replace(/^\.\/+/, '')
    .replace(/(?<!\/)\/+$/, '');
  if (/^([/\\]|[A-Za-z]:)|(^|\/)\.\.(\/|$)/.test(folder)) {
    throw problemAt(path, `${folder} leads out of the repository`, 'paths are relative to the folder of lintel.yaml');
  }
  return folder === '' ? '.' : folder;
}

/** A list of tables and datastores, one of them alone, or `{ database, engine, tables }`. */
function ownedIn(owns: Value): Pick<ServiceConfig, 'owns' | 'database'> {
  if (!isTable(owns)) return { owns: textsOf(owns) };
  const { database, engine, tables } = fieldsOf(owns, ownsFields);
  if (engine && !database) throw problemAt(engine, 'says nothing without the database');
  const described = database && { name: textOf(database), ...(engine ? { engine: textOf(engine) } : {}) };
  return { owns: tables ? textsOf(tables) : [], ...(described ? { database: described } : {}) };
}

function textsOf(value: Value): string[] {
  return isList(value) ? listOf(value).map(textOf) : [textOf(value)];
}

/** The error for something that the configuration names and the repository does not have. */
export function missing(at: Evidence, what: string, hint: string | undefined): UserError {
  return new UserError('LT-005', `${placeOf(at)}: ${what}`, hint === undefined ? {} : { hint });
}
