import type { Trigger } from '../model/discovery.ts';
import type { Evidence } from '../model/system.ts';
import { at, entriesAt, itemsAt, textAt, textsAt, type Value } from './yaml.ts';

/** How a template names things: what a reference to a resource stands for, and what a text with references says. */
export interface Names {
  readonly resources: Value | undefined;
  named(logical: string): string | null;
  text(raw: string): string | null;
}

type Source = Pick<Trigger, 'by' | 'name' | 'key'>;

/** What a queue, a topic or a stream is called that a function hears, with what is put into it from elsewhere. */
export function heard(by: string, given: Value | undefined, place: Evidence, names: Names): Trigger[] {
  const name = nameOf(given, names);
  if (name === undefined) return [];
  return [{ kind: 'consume', by, name, at: place }, ...(by === 'sqs' ? through(name, names) : [])];
}

/** What an event pattern lets through: each source with each type. */
export function matched(pattern: Value | undefined, place: Evidence, names: Names): Trigger[] {
  const texts = (key: string): readonly (string | undefined)[] => {
    const all = textsAt(pattern, key).flatMap(t => names.text(t) ?? []);
    return all.length > 0 ? all : [undefined];
  };
  return texts('source').flatMap(source =>
    texts('detail-type').flatMap((type): Trigger[] =>
      (source === undefined && type === undefined) || source?.startsWith('aws.') === true
        ? []
        : [
            {
              kind: 'consume',
              by: 'eventbridge',
              ...(source === undefined ? {} : { name: source }),
              ...(type === undefined ? {} : { key: type }),
              at: place,
            },
          ],
    ),
  );
}

/** A route of a gateway in front of a function: `GET /orders/{id}`, or in parts. */
export function routed(method: string | undefined, path: string | undefined, place: Evidence): Trigger[] {
  if (path === undefined || path.includes('$')) return [];
  const whole = `/${path.replace(/^\//, '').replace(/\{[\w.-]+\+\}|^\*$/g, '*')}`;
  const asked = (method ?? 'ANY').toUpperCase();
  return [
    { kind: 'serve', by: 'http', method: asked === '*' || asked === 'X' ? 'ANY' : asked, path: whole, at: place },
  ];
}

/** What the resources of a template make a function hear: mappings, subscriptions, rules. */
export function connected(logical: string, names: Names): Trigger[] {
  return entriesAt(names.resources).flatMap(({ value, at: place }): Trigger[] => {
    const properties = at(value, 'Properties');
    switch (textAt(value, 'Type')) {
      case 'AWS::Lambda::EventSourceMapping': {
        const source = at(properties, 'EventSourceArn');
        const by = kindOf(source, names);
        return by !== undefined && logicalOf(at(properties, 'FunctionName')) === logical
          ? heard(by, source, place, names)
          : [];
      }
      case 'AWS::SNS::Subscription':
        return logicalOf(at(properties, 'Endpoint')) === logical
          ? heard('sns', at(properties, 'TopicArn'), place, names)
          : [];
      case 'AWS::Events::Rule':
        return itemsAt(properties, 'Targets').some(t => logicalOf(at(t, 'Arn')) === logical)
          ? matched(at(properties, 'EventPattern'), place, names)
          : [];
      default:
        return [];
    }
  });
}

/** What topics and rules put into a queue. */
function through(queue: string, names: Names): Trigger[] {
  return entriesAt(names.resources).flatMap(({ value, at: place }): Trigger[] => {
    const properties = at(value, 'Properties');
    const type = textAt(value, 'Type');
    const found =
      type === 'AWS::SNS::Subscription' && nameOf(at(properties, 'Endpoint'), names) === queue
        ? heard('sns', at(properties, 'TopicArn'), place, names)
        : type === 'AWS::Events::Rule' &&
            itemsAt(properties, 'Targets').some(t => nameOf(at(t, 'Arn'), names) === queue)
          ? matched(at(properties, 'EventPattern'), place, names)
          : [];
    return found.map(t => ({ ...t, queue }));
  });
}

/** The last part of an ARN or a URL, the name of what a reference leads to, or the text itself. */
export function nameOf(given: Value | undefined, names: Names): string | undefined {
  const logical = logicalOf(given);
  if (logical !== undefined) return names.named(logical) ?? undefined;
  const [, parts] = itemsAt(given, 'Fn::Join');
  const raw = parts ? textAt(itemsAt(parts).at(-1)) : (textAt(given) ?? textAt(given, 'Fn::Sub'));
  if (raw === undefined) {
    const last = parts ? itemsAt(parts).at(-1) : undefined;
    return last ? nameOf(last, names) : undefined;
  }
  return names.text(lastPart(raw)) || undefined;
}

/** What stands behind the last colon or slash that is not within a reference. */
function lastPart(raw: string): string {
  let depth = 0;
  let cut = 0;
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === '{') depth++;
    else if (raw[i] === '}') depth--;
    else if (depth === 0 && (raw[i] === ':' || raw[i] === '/')) cut = i + 1;
  }
  return raw.slice(cut);
}

/** `!Ref Orders`, `!GetAtt Orders.Arn`, `Fn::GetAtt: [Orders, Arn]`, `${Orders.Arn}` alone. */
export function logicalOf(value: Value | undefined): string | undefined {
  const attribute = textAt(value, 'Fn::GetAtt') ?? textsAt(value, 'Fn::GetAtt')[0];
  const only = /^\$\{(\w+)(?:\.Arn)?\}$/.exec(textAt(value, 'Fn::Sub') ?? '')?.[1];
  return textAt(value, 'Ref') ?? attribute?.split('.')[0] ?? only;
}

/** What carries messages from a source, by the type of its resource or by its ARN. */
function kindOf(source: Value | undefined, names: Names): Source['by'] | undefined {
  const logical = logicalOf(source);
  const type = logical === undefined ? undefined : textAt(names.resources, logical, 'Type');
  const raw = textAt(source) ?? textAt(source, 'Fn::Sub') ?? '';
  const found = /^AWS::(SQS|SNS|Kinesis)::/.exec(type ?? '')?.[1] ?? /^arn:[^:]*:(sqs|sns|kinesis):/.exec(raw)?.[1];
  return found?.toLowerCase();
}
