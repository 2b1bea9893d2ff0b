import { expect, test } from 'vitest';
import { saysOf, systemIn } from '../says-of.ts';

const sends = (client: string, command: string, input: string): string =>
  `const { ${client}Client, ${command} } = require('@aws-sdk/client-${client.toLowerCase()}'); const client = new ${client}Client({}); exports.handler = () => client.send(new ${command}(${input}));`;
const hears = `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb'); exports.handler = async event => { for (const record of event.Records) console.log(record); };`;
const pack = (name: string): Record<string, string> => ({ [`${name}/package.json`]: `{"name":"${name}"}` });

/** A service of the Serverless Framework, with one function and the lines of its configuration. */
function serverless(name: string, code: string, lines: string, rest = ''): Record<string, string> {
  return {
    ...pack(name),
    [`${name}/handler.js`]: code,
    [`${name}/serverless.yml`]: `service: ${name}\nprovider:\n  name: aws\n  stage: dev\n  environment:\n    QUEUE_URL: !Ref Placed\n    TOPIC_ARN: arn:aws:sns:us-east-1:1:placed\ncustom:\n  queue: orders-\${self:provider.stage}\nfunctions:\n  main:\n    handler: handler.handler\n    events:\n${lines}${rest}`,
  };
}

const resources = `resources:\n  Resources:\n    Placed:\n      Type: AWS::SQS::Queue\n      Properties:\n        QueueName: placed\n    Custom:\n      Type: AWS::SQS::Queue\n      Properties:\n        QueueName: \${self:custom.queue}\n`;

test('a function of a gateway answers to its paths', () => {
  const system = systemIn(
    serverless(
      'orders',
      hears,
      `      - http: GET /orders\n      - http:\n          path: orders/{id}\n          method: put\n      - httpApi: 'POST /orders'\n      - httpApi: '*'\n      - schedule: rate(1 day)\n`,
    ),
  );
  expect(system.endpoints.map(e => `${e.method} ${e.path} ${e.evidence[0]?.line}`)).toEqual([
    'ANY /* 19',
    'GET /orders 14',
    'POST /orders 18',
    'PUT /orders/{id} 15',
  ]);
  expect(system.services.map(s => s.openRoutes)).toEqual([true]);
});

test('a function hears the queue that another service writes to, by a reference or by its ARN', () => {
  const publisher = serverless(
    'orders',
    sends('SQS', 'SendMessageCommand', '{ QueueUrl: process.env.QUEUE_URL }'),
    '      - schedule: rate(1 day)\n',
    resources,
  );
  const consumers = [
    `      - sqs: arn:aws:sqs:\${aws:region}:\${aws:accountId}:placed\n`,
    `      - sqs:\n          arn: !GetAtt Placed.Arn\n          batchSize: 1\n`,
    `      - sqs:\n          arn:\n            Fn::GetAtt: [Placed, Arn]\n`,
    `      - sqs:\n          arn:\n            Fn::Join: [':', ['arn:aws:sqs', !Ref AWS::Region, !Ref AWS::AccountId, placed]]\n`,
  ];
  for (const lines of consumers)
    expect(saysOf({ ...publisher, ...serverless('mailer', hears, lines, resources) })).toEqual([
      'mailer consumes sqs:placed',
      'orders publishes sqs:placed',
    ]);
  expect(saysOf(serverless('mailer', hears, `      - sqs:\n          arn: !GetAtt Custom.Arn\n`, resources))).toEqual([
    'mailer consumes sqs:orders-dev',
  ]);
});

test('a function hears topics and events', () => {
  expect(
    saysOf({
      ...serverless(
        'orders',
        sends('SNS', 'PublishCommand', '{ TopicArn: process.env.TOPIC_ARN }'),
        '      - schedule: rate(1 day)\n',
      ),
      ...serverless('mailer', hears, '      - sns: placed\n'),
      ...serverless(
        'stock',
        hears,
        '      - sns:\n          arn: arn:aws:sns:us-east-1:1:placed\n          topicName: placed\n',
      ),
    }),
  ).toEqual(['mailer consumes sns:placed', 'orders publishes sns:placed', 'stock consumes sns:placed']);
  expect(
    saysOf({
      ...serverless(
        'orders',
        sends('EventBridge', 'PutEventsCommand', `{ Entries: [{ Source: 'shop.orders', DetailType: 'placed' }] }`),
        '      - schedule: rate(1 day)\n',
      ),
      ...serverless(
        'mailer',
        hears,
        '      - eventBridge:\n          pattern:\n            source: [shop.orders]\n            detail-type:\n              - placed\n',
      ),
      ...serverless(
        'stock',
        hears,
        '      - eventBridge:\n          pattern:\n            detail-type: [placed]\n      - eventBridge:\n          pattern:\n            source: [aws.s3]\n',
      ),
    }),
  ).toEqual([
    'mailer consumes eventbridge:shop.orders/placed',
    'orders publishes eventbridge:shop.orders/placed',
    'stock consumes eventbridge:shop.orders/placed',
  ]);
});

test('what a queue is filled with from a topic or a rule is heard by who takes from the queue', () => {
  const more = `    Into:\n      Type: AWS::SNS::Subscription\n      Properties:\n        TopicArn: arn:aws:sns:us-east-1:1:placed\n        Protocol: sqs\n        Endpoint: !GetAtt Placed.Arn\n    Rule:\n      Type: AWS::Events::Rule\n      Properties:\n        EventPattern:\n          source: [shop.orders]\n          detail-type: [paid]\n        Targets:\n          - Id: queue\n            Arn: !GetAtt Placed.Arn\n`;
  expect(
    saysOf(serverless('mailer', hears, `      - sqs:\n          arn: !GetAtt Placed.Arn\n`, `${resources}${more}`)),
  ).toEqual(['mailer consumes eventbridge:shop.orders/paid', 'mailer consumes sns:placed']);
});

test('SAM: events of functions, mappings and subscriptions beside them', () => {
  const template = `Resources:\n  Placed:\n    Type: AWS::SQS::Queue\n  Paid:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: paid\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: orders/\n      Handler: index.handler\n      Environment:\n        Variables:\n          QUEUE_URL: !Ref Placed\n      Events:\n        Add:\n          Type: Api\n          Properties:\n            Path: /orders\n            Method: post\n  Mailer:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: mailer/\n      Handler: index.handler\n      Events:\n        Placed:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt Placed.Arn\n        Shipped:\n          Type: EventBridgeRule\n          Properties:\n            Pattern:\n              source: [shop.stock]\n              detail-type: [shipped]\n  Stock:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: stock/\n      Handler: index.handler\n  Mapping:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: !GetAtt Placed.Arn\n      FunctionName: !Ref Stock\n  Subscription:\n    Type: AWS::SNS::Subscription\n    Properties:\n      TopicArn: !Ref Paid\n      Protocol: lambda\n      Endpoint: !GetAtt Stock.Arn\n`;
  const files = {
    'template.yaml': template,
    ...pack('orders'),
    ...pack('mailer'),
    ...pack('stock'),
    'orders/index.js': sends('SQS', 'SendMessageCommand', '{ QueueUrl: process.env.QUEUE_URL }'),
    'mailer/index.js': hears,
    'stock/index.js': hears,
  };
  const names = (list: readonly string[]): string[] => list.map(line => line.toLowerCase());
  expect(names(saysOf(files))).toEqual([
    'mailer consumes eventbridge:shop.stock/shipped',
    'mailer consumes sqs:placed',
    'orders publishes sqs:placed',
    'stock consumes sns:paid',
    'stock consumes sqs:placed',
  ]);
  expect(systemIn(files).endpoints.map(e => `${e.method} ${e.path}`)).toEqual(['POST /orders']);
});

const cdk = (stack: string): Record<string, string> => ({
  'cdk.json': '{"app":"npx ts-node bin/app.ts"}',
  'lib/stack.ts': `import { Stack } from 'aws-cdk-lib'; import { Rule } from 'aws-cdk-lib/aws-events'; import * as targets from 'aws-cdk-lib/aws-events-targets'; import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs'; import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'; import { Queue } from 'aws-cdk-lib/aws-sqs'; import * as sns from 'aws-cdk-lib/aws-sns'; import { SqsSubscription, LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
export class Shop extends Stack { constructor(scope, id, props) { super(scope, id, props); const queue = new Queue(this, 'Placed'); const paid = new sns.Topic(this, 'Paid', { topicName: 'paid' }); const orders = new NodejsFunction(this, 'orders', { entry: 'src/orders/index.js', environment: { QUEUE_URL: queue.queueUrl } }); const mailer = new NodejsFunction(this, 'mailer', { entry: 'src/mailer/index.js' }); ${stack} } }`,
  'src/orders/package.json': '{"name":"orders"}',
  'src/mailer/package.json': '{"name":"mailer"}',
  'src/orders/index.js': sends('SQS', 'SendMessageCommand', '{ QueueUrl: process.env.QUEUE_URL }'),
  'src/mailer/index.js': hears,
});

test('CDK: sources, subscriptions and rules, also by way of a queue', () => {
  const rule = `{ eventPattern: { source: ['shop.stock'], detailType: ['shipped'] }`;
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`mailer.addEventSource(new SqsEventSource(queue, { batchSize: 1 }));`, ['sqs:Placed']],
    [`paid.addSubscription(new LambdaSubscription(mailer));`, ['sns:paid']],
    [
      `new Rule(this, 'R', ${rule}, targets: [new targets.LambdaFunction(mailer)] });`,
      ['eventbridge:shop.stock/shipped'],
    ],
    [
      `const own = new Queue(this, 'Own'); const rule = new Rule(this, 'R', ${rule} }); rule.addTarget(new targets.SqsQueue(own)); paid.addSubscription(new SqsSubscription(own)); mailer.addEventSource(new SqsEventSource(own));`,
      ['eventbridge:shop.stock/shipped', 'sns:paid'],
    ],
    [`queue.grantSendMessages(orders);`, []],
  ];
  for (const [stack, heard] of cases)
    expect(saysOf(cdk(stack))).toEqual([...heard.map(h => `mailer consumes ${h}`), 'orders publishes sqs:Placed']);
});
