import { expect, test } from 'vitest';
import { compose, saysOf, service } from '../says-of.ts';

const started = compose({ orders: '', mailer: '' });

test('Kafka: topics from constants and variables, the same for both sides', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { Kafka } from 'kafkajs'; const producer = new Kafka({ brokers: ['k'] }).producer(); const publish = (topic: string, value: unknown) => producer.send({ topic, messages: [{ value: JSON.stringify(value) }] }); export const f = () => publish('order-placed', {});`,
      }),
      ...service('mailer', {
        'src/main.ts': `import { Kafka } from 'kafkajs'; const consumer = new Kafka({ brokers: ['k'] }).consumer({ groupId: 'mail' }); export const f = async () => { await consumer.subscribe({ topics: [process.env.TOPIC ?? 'order-placed'] }); await consumer.run({ eachMessage: async () => {} }); };`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes kafka:order-placed', 'orders publishes kafka:order-placed']);
});

test('RabbitMQ: a queue that is bound to an exchange hears what its key covers', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `const amqp = require('amqplib'); exports.f = async () => { const channel = await (await amqp.connect('amqp://bus')).createChannel(); channel.publish('shop', 'order.placed', Buffer.from('')); channel.publish('shop', 'stock.low', Buffer.from('')); channel.sendToQueue('reports', Buffer.from('')); };`,
      }),
      ...service('mailer', {
        'src/main.js': `const amqp = require('amqplib'); exports.f = async () => { const channel = await (await amqp.connect('amqp://bus')).createChannel(); const { queue } = await channel.assertQueue('', { exclusive: true }); await channel.bindQueue(queue, 'shop', 'order.*'); channel.consume(queue, () => {}); };`,
      }),
      ...started,
    }),
  ).toEqual([
    'mailer consumes rabbitmq:shop/order.placed',
    'orders publishes rabbitmq:reports',
    'orders publishes rabbitmq:shop/order.placed',
    'orders publishes rabbitmq:shop/stock.low',
  ]);
});

test('RabbitMQ with callbacks, and an exchange that is named after a class', () => {
  const events = `class OrderPlaced {} module.exports = { OrderPlaced };`;
  expect(
    saysOf({
      ...service('orders', {
        'src/events.js': events,
        'src/main.js': `const amqp = require('amqplib/callback_api'); const { snakeCase } = require('lodash'); const { OrderPlaced } = require('./events'); const publish = event => amqp.connect('amqp://bus', (e, connection) => connection.createChannel((e, channel) => channel.publish(snakeCase(event.constructor.name), '', Buffer.from('')))); exports.f = () => publish(new OrderPlaced());`,
      }),
      ...service('mailer', {
        'src/main.js': `const amqp = require('amqplib/callback_api'); exports.f = () => amqp.connect('amqp://bus', (e, connection) => connection.createChannel((e, channel) => channel.assertQueue('mail', {}, (e, q) => { channel.bindQueue(q.queue, 'order_placed', ''); channel.consume(q.queue, () => {}); })));`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes rabbitmq:order_placed', 'orders publishes rabbitmq:order_placed']);
});

test('NATS: subjects that classes of a library keep in a field', () => {
  const library = {
    'libs/events/package.json': '{"name":"@shop/events","main":"index.ts"}',
    'libs/events/index.ts': `import { Stan } from 'node-nats-streaming'; export enum Subjects { OrderPlaced = 'order:placed' } export abstract class Publisher { abstract subject: string; constructor(private client: Stan) {} publish(data: unknown) { this.client.publish(this.subject, JSON.stringify(data)); } } export abstract class Listener { abstract subject: string; constructor(private client: Stan) {} listen() { this.client.subscribe(this.subject, 'group'); } }`,
  };
  expect(
    saysOf({
      'package.json': '{"workspaces":["libs/*","orders","mailer"]}',
      ...library,
      ...service('orders', {
        'src/main.ts': `import nats from 'node-nats-streaming'; import { Publisher, Subjects } from '@shop/events'; class OrderPlaced extends Publisher { subject = Subjects.OrderPlaced; } export const f = () => new OrderPlaced(nats.connect('shop', 'orders')).publish({});`,
      }),
      ...service('mailer', {
        'src/main.ts': `import nats from 'node-nats-streaming'; import { Listener, Subjects } from '@shop/events'; class OnOrder extends Listener { subject = Subjects.OrderPlaced; } new OnOrder(nats.connect('shop', 'mail')).listen();`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes nats:order:placed', 'orders publishes nats:order:placed']);
});

test('queues of Bull are told by who adds jobs and heard by who processes them', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import { Queue } from 'bullmq'; const mails = new Queue('mails', { connection: { host: 'redis' } }); const idle = new Queue('idle'); export const f = () => mails.add('send', {}); export const g = () => idle.count();`,
      }),
      ...service('mailer', {
        'src/main.ts': `import { Worker } from 'bullmq'; export const worker = new Worker('mails', async () => {}, { connection: { host: 'redis' } });`,
      }),
      ...started,
    }),
  ).toEqual(['mailer consumes bull:mails', 'orders publishes bull:mails']);
});

test('Nest: what is sent is a call of who handles its pattern, what is emitted is told to who handles the event', () => {
  const main = (queue: string): string =>
    `import { NestFactory } from '@nestjs/core'; import { Transport } from '@nestjs/microservices'; import { App } from './app'; NestFactory.createMicroservice(App, { transport: Transport.RMQ, options: { urls: ['amqp://bus'], queue: '${queue}' } });`;
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': main('orders'),
        'src/app.ts': `import { Module } from '@nestjs/common'; import { ClientsModule, Transport } from '@nestjs/microservices'; import { Orders } from './orders'; @Module({ imports: [ClientsModule.register([{ name: 'MAIL', transport: Transport.RMQ, options: { queue: 'mails' } }])], controllers: [Orders] }) export class App {}`,
        'src/orders.ts': `import { Controller, Inject, Post } from '@nestjs/common'; import { ClientProxy } from '@nestjs/microservices'; @Controller() export class Orders { constructor(@Inject('MAIL') private readonly mail: ClientProxy) {} @Post() f() { this.mail.emit('order-placed', {}); return this.mail.send({ cmd: 'preview' }, {}); } }`,
      }),
      ...service('mailer', {
        'src/main.ts': main('mails'),
        'src/app.ts': `import { Module } from '@nestjs/common'; import { Mails } from './mails'; @Module({ controllers: [Mails] }) export class App {}`,
        'src/mails.ts': `import { Controller } from '@nestjs/common'; import { EventPattern, MessagePattern } from '@nestjs/microservices'; @Controller() export class Mails { @EventPattern('order-placed') placed() {} @MessagePattern({ cmd: 'preview' }) preview() {} }`,
      }),
      ...started,
    }),
  ).toEqual([
    'mailer consumes rabbitmq:mails/order-placed',
    'orders calls mailer',
    'orders publishes rabbitmq:mails/order-placed',
  ]);
});

test('gRPC: a stub calls who adds its service', () => {
  const load = `const grpc = require('@grpc/grpc-js'); const proto = grpc.loadPackageDefinition(require('@grpc/proto-loader').loadSync('mail.proto')).shop;`;
  expect(
    saysOf({
      ...service('orders', {
        'src/main.js': `${load} const mails = new proto.MailService(process.env.MAIL_ADDR, grpc.credentials.createInsecure()); exports.f = done => mails.send({}, done);`,
      }),
      ...service('mailer', {
        'src/main.js': `${load} const server = new grpc.Server(); server.addService(proto.MailService.service, { send() {} }); server.bindAsync('0.0.0.0:50051', grpc.ServerCredentials.createInsecure(), () => {});`,
      }),
      ...started,
    }),
  ).toEqual(['orders calls mailer']);
});

test('channels of Redis, and a topic that cannot be told', () => {
  const files = (comment: string): Record<string, string> => ({
    ...service('orders', {
      'src/main.ts': `import Redis from 'ioredis'; const bus = new Redis('redis://bus');\nexport const f = (channel: string) =>\n${comment}  bus.publish(channel, '1');\n`,
    }),
    ...service('mailer', {
      'src/main.ts': `import Redis from 'ioredis'; const bus = new Redis('redis://bus'); bus.subscribe('placed');`,
    }),
    ...started,
  });
  expect(saysOf(files(''))).toEqual([
    '? what orders publishes to redis at orders/src/main.ts:3: // lintel: publishes <topic>',
    'mailer consumes redis:placed',
  ]);
  expect(saysOf(files('  // lintel: publishes placed\n'))).toEqual([
    'mailer consumes redis:placed',
    'orders publishes redis:placed',
  ]);
});

test('MQTT: a pattern of topics hears what it covers', () => {
  expect(
    saysOf({
      ...service('orders', {
        'src/main.ts': `import mqtt from 'mqtt'; const client = mqtt.connect('mqtt://bus'); export const f = (id: string) => { client.publish('orders/placed', ''); client.publish('stock/low', ''); };`,
      }),
      ...service('mailer', {
        'src/main.ts': `import { connect, MqttClient } from 'mqtt'; const client: MqttClient = connect('mqtt://bus'); client.subscribe(['orders/+']);`,
      }),
      ...started,
    }),
  ).toEqual([
    'mailer consumes mqtt:orders/placed',
    'orders publishes mqtt:orders/placed',
    'orders publishes mqtt:stock/low',
  ]);
});
