import type { Trigger } from '../model/discovery.ts';
import type { Evidence } from '../model/system.ts';
import { connected, heard, logicalOf, matched, type Names, routed } from './cloud-triggers.ts';
import { exportedLiteral } from './literal.ts';
import { at, entriesAt, itemsAt, type Problem, parseYaml, textAt, type Value } from './yaml.ts';

export interface ServerlessVariable {
  readonly name: string;
  readonly value: string | null;
  readonly at: Evidence;
}
export interface ServerlessService {
  readonly name?: string;
  readonly variables: readonly ServerlessVariable[];
  readonly functions: readonly {
    readonly name: string;
    readonly handler?: string;
    readonly variables: readonly ServerlessVariable[];
    /** What it is run for. */
    readonly triggers: readonly Trigger[];
    readonly at: Evidence;
  }[];
  readonly problems: readonly Problem[];
  readonly at: Evidence;
}

/** Reads another file that `${file(…)}` names, from the folder of the configuration. */
export type ReadBeside = (path: string) => string | undefined;

export function parseServerless(file: string, text: string, readBeside: ReadBeside): ServerlessService {
  const isCode = /\.[cm]?[jt]s$/.test(file);
  const { documents, problems } = isCode
    ? { documents: [exportedLiteral(file, text)], problems: [] }
    : parseYaml(file, text);
  const [root] = documents;
  const scope: Scope = { root, file, readBeside, documents: new Map(), left: mostSteps };
  const fill = (raw: string): string | null => substituted(raw, scope, 0);
  const variables = (value: Value | undefined): ServerlessVariable[] =>
    followed(value, scope).map(entry => ({
      name: entry.key,
      value:
        entry.value.kind === 'scalar' && entry.value.text !== null
          ? fill(entry.value.text)
          : physicalName(entry.value, names.resources, fill),
      at: entry.at,
    }));
  const names: Names = {
    resources: resourcesIn(root, scope),
    named: logical => namedResource(names.resources, logical, fill),
    text: raw => (raw.includes('${') ? fill(raw) : raw),
  };
  const service = at(root, 'service');
  const rawName = service?.kind === 'map' ? textAt(service, 'name') : textAt(service);
  const name = rawName === undefined ? undefined : (fill(rawName) ?? undefined);
  return {
    ...(name ? { name } : {}),
    variables: variables(at(root, 'provider', 'environment')),
    functions: functionsOf(root, scope).map(entry => {
      const handler = textAt(entry.value, 'handler');
      return {
        name: entry.key,
        ...(handler ? { handler } : {}),
        variables: variables(at(entry.value, 'environment')),
        triggers: [
          ...itemsAt(entry.value, 'events').flatMap(event => eventOf(event, names)),
          ...connected(`${entry.key.charAt(0).toUpperCase()}${entry.key.slice(1)}LambdaFunction`, names),
        ],
        at: entry.at,
      };
    }),
    problems,
    at: service?.at ?? root?.at ?? { file, line: 1, column: 1 },
  };
}

interface Scope {
  readonly root: Value | undefined;
  readonly file: string;
  readonly readBeside: ReadBeside;
  /** Other files, read once. */
  readonly documents: Map<string, Value | undefined>;
  /** How many more references are followed. */
  left: number;
}

/** A value that refers to another twice, which refers to another twice, goes on for ever. */
const mostSteps = 20_000;
const longest = 100_000;

/** Functions stand in a map, or in a list of maps and of `${file(…)}`. */
function functionsOf(root: Value | undefined, scope: Scope): { key: string; value: Value; at: Evidence }[] {
  const functions = at(root, 'functions');
  const parts = functions?.kind === 'list' ? functions.items : functions ? [functions] : [];
  return parts
    .flatMap(part => followed(part, scope))
    .map(entry =>
      entry.value.kind === 'scalar' ? { ...entry, value: referenced(entry.value, scope) ?? entry.value } : entry,
    );
}

/** The entries of a map, or of the map that `${self:…}` or `${file(…)}` stands for. */
function followed(value: Value | undefined, scope: Scope): readonly { key: string; value: Value; at: Evidence }[] {
  if (value?.kind === 'map') return entriesAt(value);
  return value?.kind === 'scalar' ? entriesAt(referenced(value, scope)) : [];
}

function referenced(value: Value, scope: Scope): Value | undefined {
  const text = value.kind === 'scalar' ? (value.text ?? '') : '';
  const self = /^\$\{self:([\w.-]+)\}$/.exec(text)?.[1];
  if (self) return at(scope.root, ...self.split('.'));
  const [, path, key] = /^\$\{file\(([^)]+)\)(?::([\w.-]+))?\}$/.exec(text) ?? [];
  if (!path || !/\.(ya?ml|json)$/.test(path)) return undefined;
  const document = documentOf(path.trim(), scope);
  return key ? at(document, ...key.split('.')) : document;
}

/** `http: GET /orders`, `sqs: arn`, `eventBridge: { pattern }`: one key, with a text or a map. */
function eventOf(event: Value, names: Names): Trigger[] {
  return entriesAt(event).flatMap(({ key, value, at: place }): Trigger[] => {
    const text = textAt(value);
    switch (key) {
      case 'http':
      case 'httpApi': {
        const [, method, path] = /^(\S+)\s+(\S+)$/.exec(text ?? '') ?? [];
        return text === undefined
          ? routed(textAt(value, 'method'), textAt(value, 'path'), place)
          : routed(method, path ?? text, place);
      }
      case 'sqs':
        return heard('sqs', at(value, 'arn') ?? value, place, names);
      case 'sns':
        return heard('sns', at(value, 'topicName') ?? at(value, 'arn') ?? value, place, names);
      case 'stream': {
        const arn = at(value, 'arn') ?? value;
        const isKinesis = textAt(value, 'type') === 'kinesis' || /^arn:[^:]*:kinesis:/.test(textAt(arn) ?? '');
        return isKinesis ? heard('kinesis', arn, place, names) : [];
      }
      case 'eventBridge':
      case 'cloudwatchEvent':
        return matched(at(value, 'pattern') ?? at(value, 'event'), place, names);
      default:
        return [];
    }
  });
}

/** Resources stand in a map, in a file, or in a list of such. */
function resourcesIn(root: Value | undefined, scope: Scope): Value | undefined {
  const given = at(root, 'resources');
  const parts = (given?.kind === 'list' ? given.items : given ? [given] : []).map(part =>
    part.kind === 'scalar' ? referenced(part, scope) : part,
  );
  const entries = parts.flatMap(part => entriesAt(part, 'Resources').map(entry => [entry.key, entry] as const));
  return given ? { kind: 'map', entries: new Map(entries), at: given.at } : undefined;
}

function documentOf(path: string, scope: Scope): Value | undefined {
  if (!scope.documents.has(path)) {
    const text = scope.readBeside(path);
    scope.documents.set(path, text === undefined ? undefined : parseYaml(path, text).documents[0]);
  }
  return scope.documents.get(path);
}

/** `!Ref Table` and `!GetAtt Table.Name` give the name that the resource is declared with. */
function physicalName(value: Value, resources: Value | undefined, fill: (raw: string) => string | null): string | null {
  const logical = logicalOf(value);
  if (logical !== undefined) return namedResource(resources, logical, fill);
  const sub = textAt(value, 'Fn::Sub');
  return sub === undefined ? null : fill(sub);
}

function namedResource(
  resources: Value | undefined,
  logical: string,
  fill: (raw: string) => string | null,
): string | null {
  for (const key of ['TableName', 'QueueName', 'TopicName', 'BucketName', 'StreamName', 'Name']) {
    const name = textAt(resources, logical, 'Properties', key);
    if (name !== undefined) return fill(name) ?? (name.includes('${') ? null : name);
  }
  // a queue that is given no name gets one that is made of this one
  return /^AWS::(?:SQS::Queue|SNS::Topic)$/.test(textAt(resources, logical, 'Type') ?? '') ? logical : null;
}

function substituted(raw: string, scope: Scope, depth: number): string | null {
  if (!raw.includes('${') || depth > 8) return raw.includes('${') ? null : raw;
  let unknown = false;
  // innermost first, so that `${self:custom.${opt:stage}.url}` works
  const out = raw.replace(/\$\{([^${}]+)\}/, (_, inner: string) => {
    const value = alternatives(inner, scope, depth);
    if (value === null) unknown = true;
    return value ?? '';
  });
  if (unknown || out === raw || out.length > longest) return null;
  return substituted(out, scope, depth + 1);
}

/** `${opt:stage, self:provider.stage, 'dev'}`: the first that is known. */
function alternatives(inner: string, scope: Scope, depth: number): string | null {
  if (scope.left-- < 0) return null;
  for (const part of inner.split(',').map(one => one.trim())) {
    const quoted = /^(['"])(.*)\1$/.exec(part)?.[2];
    if (quoted !== undefined) return quoted;
    const self = /^self:([\w.-]+)$/.exec(part)?.[1];
    if (self === 'service') return textAt(scope.root, 'service') ?? textAt(scope.root, 'service', 'name') ?? null;
    const text = self ? textAt(scope.root, ...self.split('.')) : undefined;
    if (text !== undefined) return substituted(text, scope, depth + 1);
    if (part === 'sls:stage') return textAt(scope.root, 'provider', 'stage') ?? 'dev';
    const [, path, key] = /^file\(([^)]+)\)(?::([\w.-]+))?$/.exec(part) ?? [];
    if (path && key) {
      const found = referenced(
        { kind: 'scalar', text: `\${${part}}`, at: { file: scope.file, line: 1, column: 1 } },
        scope,
      );
      if (found?.kind === 'scalar' && found.text !== null) return found.text;
    }
    if (/^[\w./-]+$/.test(part) && inner.includes(',') && !part.includes(':')) return part;
  }
  return null;
}
