import type { CallSite, Technology } from '../model/technology.ts';
import { get, type Handle, unknown, type Value } from '../model/value.ts';
import { awsClient, onAwsClient, operated, said } from './aws-clients.ts';

const id = 'aws-messages';

const commands = new Map(
  Object.entries({
    SendMessageCommand: 'sqs.sendMessage',
    SendMessageBatchCommand: 'sqs.sendMessageBatch',
    ReceiveMessageCommand: 'sqs.receiveMessage',
    PublishCommand: 'sns.publish',
    PublishBatchCommand: 'sns.publishBatch',
    PutEventsCommand: 'eventbridge.putEvents',
  }),
);

/** SQS, SNS and EventBridge, by the commands that are made for their clients, by their methods, and by what polls. */
export const awsMessages: Technology = {
  id,
  packages: [
    '@aws-sdk/client-sqs',
    '@aws-sdk/client-sns',
    '@aws-sdk/client-eventbridge',
    'aws-sdk/clients/sqs',
    'aws-sdk/clients/sns',
    'aws-sdk/clients/eventbridge',
    'sqs-consumer',
    'sqs-producer',
  ],
  importedAs(i) {
    return /^aws-sdk\/clients\/(?:sqs|sns|eventbridge)$/.test(i.specifier) ? i.specifier : undefined;
  },
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on) return undefined;
    const [input] = c.args;
    if (c.pkg === 'sqs-consumer' || c.pkg === 'sqs-producer') {
      const queue = get(input, 'queueUrl');
      if (c.pkg === 'sqs-producer')
        return { t: 'handle', tech: id, kind: 'producer', ...(queue ? { address: queue } : {}) };
      if (/(?:^|\.)(?:create|Consumer)$/.test(c.path)) said(c, 'consume', 'sqs', queue);
      return undefined;
    }
    if (!c.isNew) return undefined;
    const operation = commands.get(c.name);
    if (operation !== undefined) return operated(c, operation, input) ? unknown : undefined;
    return awsClient(nameIn(c.pkg, c.name));
  },
  typed(t) {
    return awsClient(nameIn(t.pkg, t.path));
  },
};

/** `import SQS from 'aws-sdk/clients/sqs'` names the service by the file. */
function nameIn(pkg: string | undefined, name: string): string {
  if (name !== '' && name !== 'default') return name;
  const file = pkg?.split('/').at(-1) ?? '';
  return file === 'eventbridge' ? 'EventBridge' : file.toUpperCase();
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  if (on.kind !== 'producer') return onAwsClient(c, on);
  if (c.name !== 'send') return undefined;
  said(c, 'publish', 'sqs', on.address);
  return unknown;
}
