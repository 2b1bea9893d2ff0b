import { expect, test } from 'vitest';
import { readCdk } from '../../src/extract/cdk.ts';

const unitsOf = (files: Record<string, string>): string[] =>
  readCdk(Object.entries(files).map(([file, text]) => ({ file, text }))).map(
    unit =>
      `${unit.name} ${unit.code} ${unit.variables.map(one => `${one.name}=${one.value}@${one.at.line}`).join(' ')}`,
  );

test('a table is followed through fields, methods and props of constructs', () => {
  expect(
    unitsOf({
      'bin/app.ts': `import { App } from 'aws-cdk-lib';\nimport { ShopStack } from '../lib/shop';\nnew ShopStack(new App(), 'shop');`,
      'lib/shop.ts': `import { Stack } from 'aws-cdk-lib';\nexport class ShopStack extends Stack {\n  constructor(scope, id) {\n    super(scope, id);\n    const data = new Data(this, 'data');\n    new Orders(this, 'orders', { table: data.orders });\n  }\n}`,
      'lib/data.ts': `import { Table } from 'aws-cdk-lib/aws-dynamodb';\nexport class Data extends Construct {\n  readonly orders: Table;\n  constructor(scope: Construct, id: string) {\n    super(scope, id);\n    this.orders = this.table('order-lines');\n  }\n  private table(name: string) {\n    const table = new Table(this, 'orders', { tableName: name });\n    return table;\n  }\n}`,
      'lib/orders.ts': `import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';\nexport class Orders extends Construct {\n  constructor(scope: Construct, id: string, props: { table: Table }) {\n    super(scope, id);\n    const shared = { environment: {\n      TABLE: props.table.tableName,\n      STAGE: process.env.STAGE,\n    } };\n    const create = new NodejsFunction(this, 'create', { entry: join(__dirname, '/../src/orders/index.js'), ...shared });\n    create.addEnvironment('LATE', 'yes');\n  }\n}`,
    }),
  ).toEqual(['create src/orders/index.js TABLE=order-lines@6 STAGE=null@9 LATE=yes@10']);
});

test('a table without a name goes by its id, and a loop makes one function for each item', () => {
  expect(
    unitsOf({
      'lib/shop.ts': `import { Stack } from 'aws-cdk-lib';\nexport class ShopStack extends Stack {\n  constructor(scope, id) {\n    super(scope, id);\n    for (const name of ['orders', 'billing']) {\n      const table = new Table(this, name + 'Table', {});\n      new lambda.Function(this, name, { code: lambda.Code.fromAsset(\`services/\${name}\`), handler: 'index.handler', environment: { T: table.tableName } });\n    }\n  }\n}`,
    }),
  ).toEqual(['orders services/orders T=ordersTable@7', 'billing services/billing T=billingTable@7']);
});

test('SST names the file in the handler', () => {
  expect(
    unitsOf({
      'sst.config.ts': `export default $config({ async run() {\n  const api = new sst.aws.ApiGatewayV2('Api');\n  api.route('GET /orders', { handler: 'services/orders/list.handler', environment: { TABLE: 'orders' } });\n} });`,
    }),
  ).toEqual(['GET /orders services/orders/list TABLE=orders@3']);
});
