import type { CallSite, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { each, get, type Part, unknown, type Value } from '../model/value.ts';

const id = 'aws-messages';

/** SQS, SNS and EventBridge, by the commands that are made for their clients. */
export const awsMessages: Technology = {
  id,
  packages: ['@aws-sdk/client-sqs', '@aws-sdk/client-sns', '@aws-sdk/client-eventbridge'],
  call(c) {
    if (c.on || !c.isNew) return undefined;
    const [input] = c.args;
    switch (c.name) {
      case 'SendMessageCommand':
      case 'SendMessageBatchCommand':
        said(c, 'publish', 'sqs', get(input, 'QueueUrl'));
        return unknown;
      case 'ReceiveMessageCommand':
        said(c, 'consume', 'sqs', get(input, 'QueueUrl'));
        return unknown;
      case 'PublishCommand':
      case 'PublishBatchCommand':
        said(c, 'publish', 'sns', get(input, 'TopicArn'));
        return unknown;
      case 'PutEventsCommand':
        for (const entry of each(get(input, 'Entries')).flatMap(list => (list.t === 'arr' ? list.items : [])))
          c.ev.exchange(c, id, {
            kind: 'publish',
            by: 'eventbridge',
            ...named(get(entry, 'Source')),
            ...keyed(get(entry, 'DetailType')),
          });
        return unknown;
      default:
        return undefined;
    }
  },
};

function said(c: CallSite, kind: 'publish' | 'consume', by: string, place: Value | undefined): void {
  c.ev.exchange(c, id, { kind, by, ...(place ? { name: lastPart(place) } : {}) });
}

/** The name at the end of a URL or an ARN. */
function lastPart(place: Value): Value {
  if (place.t !== 'text') return place;
  const parts = [...partsOf(place)];
  const last = parts.at(-1);
  const cut = typeof last === 'string' ? Math.max(last.lastIndexOf('/'), last.lastIndexOf(':')) : -1;
  const tail: Part[] = typeof last === 'string' && cut >= 0 ? [last.slice(cut + 1)] : parts;
  return textOf(tail, place.origin);
}

function named(name: Value | undefined): { name?: Value } {
  return name ? { name } : {};
}

function keyed(key: Value | undefined): { key?: Value } {
  return key ? { key } : {};
}
