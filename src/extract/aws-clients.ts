import type { CallSite, Site } from '../model/technology.ts';
import { each, get, type Handle, unknown, type Value } from '../model/value.ts';
import { lastPart } from './last-part.ts';
import { functionsOf } from './sql-driver.ts';

const id = 'aws-messages';
const services = new Map(
  Object.entries({ SQS: 'sqs', SNS: 'sns', EventBridge: 'eventbridge', CloudWatchEvents: 'eventbridge' }),
);

/** A client of SQS, SNS or EventBridge whose methods are the operations, as in version 2 of the SDK. */
export function awsClient(name: string): Handle | undefined {
  const kind = services.get(name.split('.').at(-1) ?? '');
  return kind === undefined ? undefined : { t: 'handle', tech: id, kind };
}

export function onAwsClient(c: CallSite, on: Handle): Value | undefined {
  const input = c.args[0];
  const done = operated(c, `${on.kind}.${c.name}`, input);
  if (done) for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  return done ? unknown : undefined;
}

/** Records what an operation tells or takes; false where it does neither. */
export function operated(site: Site, operation: string, input: Value | undefined): boolean {
  switch (operation) {
    case 'sqs.sendMessage':
    case 'sqs.sendMessageBatch':
      said(site, 'publish', 'sqs', get(input, 'QueueUrl'));
      return true;
    case 'sqs.receiveMessage':
      said(site, 'consume', 'sqs', get(input, 'QueueUrl'));
      return true;
    case 'sns.publish':
    case 'sns.publishBatch':
      // what is sent to a telephone has no topic
      if (!get(input, 'PhoneNumber')) said(site, 'publish', 'sns', get(input, 'TopicArn') ?? get(input, 'TargetArn'));
      return true;
    case 'eventbridge.putEvents':
      for (const entry of each(get(input, 'Entries')).flatMap(list => (list.t === 'arr' ? list.items : []))) {
        const name = get(entry, 'Source');
        const key = get(entry, 'DetailType');
        site.ev.exchange(site, id, {
          kind: 'publish',
          by: 'eventbridge',
          ...(name ? { name } : {}),
          ...(key ? { key } : {}),
        });
      }
      return true;
    default:
      return false;
  }
}

export function said(site: Site, kind: 'publish' | 'consume', by: string, place: Value | undefined): void {
  site.ev.exchange(site, id, { kind, by, ...(place ? { name: lastPart(place) } : {}) });
}
