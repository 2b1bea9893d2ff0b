import { expect, test } from 'vitest';
import { compose, saysOf, service } from '../says-of.ts';

const started = compose({ orders: '', mailer: '' });

test('Google Pub/Sub: a subscription hears the topic that it is made for, wherever that is', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { PubSub, Topic } from '@google-cloud/pubsub'; const pubsub = new PubSub(); const placed = pubsub.topic('order-placed'); class Publisher { constructor(private readonly topic: Topic) {} tell() { return this.topic.publishMessage({ json: {} }); } } export const f = async () => { await placed.publishMessage({ json: {} }); await new Publisher(pubsub.topic(process.env.TOPIC ?? 'order-paid')).tell(); pubsub.topic('idle'); };`,
        'src/setup.ts': `import { PubSub } from '@google-cloud/pubsub'; export const setup = async () => { const [topic] = await new PubSub().createTopic('order-placed'); await topic.createSubscription('mail-on-order'); };`,
      }),
      ...service('mailer', {
        'src/main.js': `const { PubSub } = require('@google-cloud/pubsub'); const pubsub = new PubSub(); pubsub.subscription('mail-on-order').on('message', m => m.ack()); exports.f = async () => { const [paid] = await pubsub.createSubscription('projects/shop/topics/order-paid', 'mail-on-paid'); paid.on('message', m => m.ack()); }; pubsub.subscription('quiet').on('error', () => {});`,
      }),
      ...started,
    }),
  ).toEqual([
    'mailer consumes pubsub:order-paid',
    'mailer consumes pubsub:order-placed',
    'orders publishes pubsub:order-paid',
    'orders publishes pubsub:order-placed',
  ]);
});

test('Google Pub/Sub: clients of its own interface name topics and subscriptions by paths', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `const { v1 } = require('@google-cloud/pubsub'); const client = new v1.PublisherClient(); exports.f = () => client.publish({ topic: client.projectTopicPath('shop', 'order-placed'), messages: [] });`,
      }),
      ...service('mailer', {
        'src/main.js': `const { v1 } = require('@google-cloud/pubsub'); const client = new v1.SubscriberClient(); exports.f = () => client.pull({ subscription: 'projects/shop/subscriptions/mails' });`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes pubsub:mails', 'orders publishes pubsub:order-placed']);
});

test('the SDK of AWS in version 2 says the same as in version 3', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `const AWS = require('aws-sdk'); const sqs = new AWS.SQS({ region: 'eu' }); const sns = new AWS.SNS(); const bus = new AWS.EventBridge(); new AWS.S3().putObject({}); exports.f = async () => { await sqs.sendMessage({ QueueUrl: 'https://sqs.eu.amazonaws.com/1/mails', MessageBody: '' }).promise(); sns.publish({ TopicArn: process.env.PLACED_ARN, Message: '' }, () => {}); sns.publish({ PhoneNumber: '1', Message: '' }); await bus.putEvents({ Entries: [{ Source: 'orders', DetailType: 'placed' }] }).promise(); };`,
        '.env': 'PLACED_ARN=arn:aws:sns:eu:1:order-placed\n',
      }),
      ...service('mailer', {
        'src/main.ts': `import SQS from 'aws-sdk/clients/sqs'; const sqs = new SQS(); export const f = () => sqs.receiveMessage({ QueueUrl: process.env.QUEUE_URL ?? '' }).promise();`,
        '.env': 'QUEUE_URL=http://localhost:4566/000000000000/mails\n',
      }),
      ...service('reports', {
        'src/main.ts': `import { SQSClient, ReceiveMessageCommand, SQS } from '@aws-sdk/client-sqs'; const client = new SQSClient({}); const account = process.env.ACCOUNT; export const f = () => client.send(new ReceiveMessageCommand({ QueueUrl: \`https://sqs.eu.amazonaws.com/\${account}/mails\` })); export const g = () => new SQS({}).sendMessage({ QueueUrl: 'https://sqs.eu.amazonaws.com/1/done' });`,
      }),
      ...compose({ orders: '', mailer: '', reports: '' }),
    }),
  ).toEqual([
    'mailer consumes sqs:mails',
    'orders publishes eventbridge:orders/placed',
    'orders publishes sns:order-placed',
    'orders publishes sqs:mails',
    'reports consumes sqs:mails',
    'reports publishes sqs:done',
  ]);
});

test('what polls a queue of SQS consumes it, what only makes a producer does not publish', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { Producer } from 'sqs-producer'; const mails = Producer.create({ queueUrl: 'https://sqs.eu.amazonaws.com/1/mails' }); Producer.create({ queueUrl: 'https://sqs.eu.amazonaws.com/1/idle' }); export const f = () => mails.send('one');`,
      }),
      ...service('mailer', {
        'src/main.ts': `import { Consumer } from 'sqs-consumer'; const app = Consumer.create({ queueUrl: 'https://sqs.eu.amazonaws.com/1/mails', handleMessage: async () => {} }); app.start();`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes sqs:mails', 'orders publishes sqs:mails']);
});

test('Redis: streams are told and read by their keys, in the words of each client', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { createClient } from 'redis'; const redis = createClient({ url: 'redis://bus' }); export const f = () => redis.xAdd('orders:placed', '*', { id: '1' }); export const g = () => redis.set('orders:last', '1');`,
      }),
      ...service('mailer', {
        'src/main.ts': `import Redis from 'ioredis'; const redis = new Redis('redis://bus'); export const f = () => redis.xreadgroup('GROUP', 'mail', 'one', 'BLOCK', 0, 'STREAMS', 'orders:placed', 'orders:paid', '>', '>');`,
      }),
      ...service('reports', {
        'src/main.ts': `import { createClient } from 'redis'; const redis = createClient({ url: 'redis://bus' }); export const f = () => redis.xReadGroup('reports', 'one', [{ key: 'orders:placed', id: '>' }], { COUNT: 1 }); export const g = () => redis.xRead({ key: 'stock:low', id: '$' });`,
      }),
      ...compose({ orders: '', mailer: '', reports: '' }),
    }),
  ).toEqual([
    'mailer consumes redis:orders:paid',
    'mailer consumes redis:orders:placed',
    'orders publishes redis:orders:placed',
    'reports consumes redis:orders:placed',
    'reports consumes redis:stock:low',
  ]);
});

test('Redis: a list is a queue where somebody waits for what comes into it, else it is data', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import Redis from 'ioredis'; const redis = new Redis('redis://bus'); export const f = (id: string, list: string) => { redis.lpush('mails', id); redis.rpush('recent', id); redis.lpush(list, id); };`,
      }),
      ...service('mailer', {
        'src/main.ts': `import { createClient } from 'redis'; const redis = createClient({ url: 'redis://bus' }); export const f = () => redis.brPop('mails', 0); export const g = () => redis.rPop('recent');`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes redis:mails', 'orders publishes redis:mails']);
});
