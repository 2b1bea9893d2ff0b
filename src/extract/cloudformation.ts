import type { Trigger } from '../model/discovery.ts';
import type { Evidence } from '../model/system.ts';
import { connected, heard, matched, type Names, routed } from './cloud-triggers.ts';
import { at, entriesAt, type Problem, parseYaml, textAt, type Value } from './yaml.ts';

export interface CloudFunction {
  readonly name: string;
  /** Folder of the code, from the folder of the template. */
  readonly code: string;
  readonly handler?: string;
  readonly variables: readonly { readonly name: string; readonly value: string | null; readonly at: Evidence }[];
  /** What it is run for. */
  readonly triggers: readonly Trigger[];
  readonly at: Evidence;
}

/** CloudFormation and SAM: functions with code of this repository. */
export const looksLikeTemplate = (text: string): boolean =>
  /AWS::(Serverless|Lambda)::Function/.test(text) && /^[ \t]*"?Resources"?\s*:/m.test(text);

export function parseTemplate(
  file: string,
  text: string,
): { functions: readonly CloudFunction[]; problems: readonly Problem[] } {
  const { documents, problems } = parseYaml(file, text);
  const [root] = documents;
  const shared = entriesAt(root, 'Globals', 'Function', 'Environment', 'Variables');
  const names: Names = {
    resources: at(root, 'Resources'),
    named: logical => logicalName(logical, root),
    text: raw => substituted(raw, root),
  };
  const functions = entriesAt(root, 'Resources').flatMap(({ key, value, at: place }): CloudFunction[] => {
    const type = textAt(value, 'Type') ?? '';
    if (!/^AWS::(Serverless|Lambda)::Function$/.test(type)) return [];
    const properties = at(value, 'Properties');
    const code =
      textAt(properties, 'CodeUri') ??
      textAt(properties, 'Code') ??
      textAt(root, 'Globals', 'Function', 'CodeUri') ??
      (type.includes('Serverless') ? '.' : undefined);
    if (code === undefined) return [];
    const handler = textAt(properties, 'Handler') ?? textAt(root, 'Globals', 'Function', 'Handler');
    const variables = [...shared, ...entriesAt(properties, 'Environment', 'Variables')].map(entry => ({
      name: entry.key,
      value: nameOf(entry.value, root),
      at: entry.at,
    }));
    const triggers = [
      ...entriesAt(properties, 'Events').flatMap(event => eventOf(event.value, event.at, names)),
      ...connected(key, names),
    ];
    return [{ name: key, code, ...(handler ? { handler } : {}), variables, triggers, at: place }];
  });
  return { functions, problems };
}

/** `!Ref Orders` is the name that the table is given, or its logical id, which tells two tables apart as well. */
function nameOf(value: Value, root: Value | undefined): string | null {
  if (value.kind === 'scalar') return value.text;
  const logical = textAt(value, 'Ref') ?? textAt(value, 'Fn::GetAtt')?.split('.')[0];
  if (logical) return logicalName(logical, root);
  const sub = textAt(value, 'Fn::Sub');
  return sub === undefined ? null : substituted(sub, root);
}

/** An event of SAM. */
function eventOf(event: Value, place: Evidence, names: Names): Trigger[] {
  const properties = at(event, 'Properties');
  switch (textAt(event, 'Type')) {
    case 'Api':
    case 'HttpApi':
      return routed(textAt(properties, 'Method'), textAt(properties, 'Path') ?? '*', place);
    case 'SQS':
      return heard('sqs', at(properties, 'Queue'), place, names);
    case 'SNS':
      return heard('sns', at(properties, 'Topic'), place, names);
    case 'Kinesis':
      return heard('kinesis', at(properties, 'Stream'), place, names);
    case 'EventBridgeRule':
    case 'CloudWatchEvent':
      return matched(at(properties, 'Pattern'), place, names);
    default:
      return [];
  }
}

function substituted(sub: string, root: Value | undefined): string | null {
  let known = true;
  const text = sub.replace(/\$\{([\w.:]+)\}/g, (_, name: string) => {
    const found = logicalName(name.split('.')[0] ?? name, root);
    if (found === null) known = false;
    return found ?? '';
  });
  return known ? text : null;
}

function logicalName(logical: string, root: Value | undefined): string | null {
  const fallback = textAt(root, 'Parameters', logical, 'Default');
  if (fallback !== undefined) return fallback;
  const resource = at(root, 'Resources', logical);
  if (!resource) return null;
  for (const key of ['TableName', 'QueueName', 'TopicName', 'BucketName', 'StreamName', 'DBName', 'Name']) {
    const name = textAt(resource, 'Properties', key);
    if (name !== undefined) return name;
  }
  return logical;
}
