import { expect, test } from 'vitest';
import { plural } from '../../src/extract/plural.ts';
import { literal } from '../../src/model/value.ts';
import { usesIn, usesOf } from '../uses-of.ts';

const connection = `const { Sequelize } = require('sequelize'); module.exports = new Sequelize(process.env.DATABASE_URL);`;

test('a defined model is read and written under the plural of its name', () => {
  expect(
    usesOf({
      'db.js': connection,
      'order.js': `const { DataTypes } = require('sequelize'); const sequelize = require('./db'); module.exports = sequelize.define('order', { total: DataTypes.INTEGER });`,
      'app.js': `const Order = require('./order'); exports.place = async () => { const o = await Order.create({ total: 1 }); await o.update({ total: 2 }); return Order.findAll(); };`,
    }),
  ).toEqual([
    'connect sequelize',
    'declare sequelize orders',
    'read sequelize orders',
    'write sequelize orders',
    'write sequelize orders',
  ]);
});

test('options of the model and of the connection name the table', () => {
  const name = (model: string, define = '{}') =>
    usesOf({
      'a.js': `const { Sequelize } = require('sequelize'); const s = new Sequelize('postgres://db/shop', { define: ${define} }); s.define(${model});`,
    }).find(u => u.startsWith('declare'));
  expect(name(`'OrderLine', {}, { tableName: 'lines', schema: 'shop' }`)).toBe('declare sequelize lines in shop');
  expect(name(`'OrderLine', {}, { freezeTableName: true }`)).toBe('declare sequelize OrderLine');
  expect(name(`'OrderLine', {}, {}`, `{ underscored: true }`)).toBe('declare sequelize order_lines');
  expect(name(`'Person', {}`, `{ schema: 'crm' }`)).toBe('declare sequelize People in crm');
});

test('names are made plural as Sequelize does', () => {
  expect(
    ['User', 'category', 'Status', 'address', 'Child', 'news', 'box', 'half', 'data', 'orders', 'bus', 'index'].map(
      plural,
    ),
  ).toEqual([
    'Users',
    'categories',
    'Statuses',
    'addresses',
    'Children',
    'news',
    'boxes',
    'halves',
    'data',
    'orders',
    'buses',
    'indexes',
  ]);
});

test('a class that extends Model is what its init says, wherever that stands', () => {
  const all = (init: string, name = 'order.ts') =>
    usesOf({
      'use.ts': `import { Order } from './order'; export const list = () => Order.findAll();`,
      [name]: `import { Model, Sequelize, DataTypes } from 'sequelize'; const sequelize = new Sequelize('postgres://db/shop'); ${init}`,
    });
  expect(
    all(`export class Order extends Model {} Order.init({}, { sequelize, tableName: 'purchase_orders' });`),
  ).toContain('read sequelize purchase_orders');
  expect(
    all(
      `export class Order extends Model { static initModel(s: Sequelize) { return Order.init({}, { sequelize: s, tableName: 'purchase_orders' }); } }`,
    ),
  ).toContain('read sequelize purchase_orders');
  expect(
    all(
      `export class Order extends Model { static init(s) { return super.init({}, { sequelize: s, modelName: 'purchase' }); } }`,
    ),
  ).toContain('read sequelize purchases');
  expect(all(`export class Order extends Model {}`)).toContain('read sequelize Orders');
});

test('associations are foreign keys and tables between two', () => {
  expect(
    usesOf({
      'a.js': `const { Sequelize } = require('sequelize'); const s = new Sequelize('postgres://db/shop'); const Order = s.define('Order', {}), User = s.define('User', {}), Tag = s.define('Tag', {});
      Order.belongsTo(User, { as: 'customer' }); User.hasMany(Order); Order.belongsToMany(Tag, { through: 'order_tags' }); Order.hasOne(Tag, { constraints: false });`,
    }).filter(u => !/(Orders|Users|Tags)$/.test(u)),
  ).toEqual([
    'connect sequelize',
    'declare sequelize Orders via foreign-key',
    'declare sequelize Tags via foreign-key',
    'declare sequelize Users via foreign-key',
    'declare sequelize Users via foreign-key',
    'declare sequelize order_tags',
  ]);
});

test('include reads the related tables, by model, by alias and nested', () => {
  expect(
    usesOf({
      'a.js': `const { Sequelize } = require('sequelize'); const s = new Sequelize('postgres://db/shop'); const Order = s.define('Order', {}), User = s.define('User', {}), Tag = s.define('Tag', {}), City = s.define('City', {});
      Order.belongsTo(User, { as: 'customer' }); User.belongsTo(City); Order.belongsToMany(Tag, { through: 'order_tags', as: 'labels' });
      exports.list = () => Order.findAll({ include: [{ association: 'customer', include: [City] }, { model: Tag, as: 'labels' }] });`,
    }).filter(u => u.startsWith('read')),
  ).toEqual([
    'read sequelize Cities via relation',
    'read sequelize Orders',
    'read sequelize Tags via relation',
    'read sequelize Users via relation',
    'read sequelize order_tags via relation',
  ]);
});

test('methods that associations give to instances reach the other table', () => {
  expect(
    usesOf({
      'a.js': `const { Sequelize } = require('sequelize'); const s = new Sequelize('postgres://db/shop'); const Order = s.define('Order', {}), Line = s.define('Line', {}); Order.hasMany(Line);
      exports.run = async () => { const order = await Order.findByPk(1); await order.createLine({}); return order.getLines(); };`,
    }).filter(u => !u.startsWith('declare')),
  ).toEqual([
    'connect sequelize',
    'read sequelize Lines via relation',
    'read sequelize Orders',
    'write sequelize Lines',
  ]);
});

const index = `'use strict'; const fs = require('fs'); const path = require('path'); const Sequelize = require('sequelize'); const config = require(__dirname + '/../config/config.json')[process.env.NODE_ENV || 'development'];
  const db = {}; let sequelize; if (config.use_env_variable) { sequelize = new Sequelize(process.env[config.use_env_variable], config); } else { sequelize = new Sequelize(config.database, config.username, config.password, config); }
  fs.readdirSync(__dirname).filter(f => f !== 'index.js').forEach(file => { const model = require(path.join(__dirname, file))(sequelize, Sequelize.DataTypes); db[model.name] = model; });
  Object.keys(db).forEach(name => { if (db[name].associate) db[name].associate(db); }); db.sequelize = sequelize; db.Sequelize = Sequelize; module.exports = db;`;
const folder = {
  'config/config.json': JSON.stringify({
    development: { username: 'u', password: 'p', database: 'shop', host: 'db', dialect: 'postgres' },
  }),
  'models/index.js': index,
  'models/user.js': `module.exports = (sequelize, DataTypes) => { const User = sequelize.define('User', { name: DataTypes.STRING }, {}); User.associate = models => { User.hasMany(models.Order, { foreignKey: 'userId' }); }; return User; };`,
  'models/order.js': `const { Model } = require('sequelize'); module.exports = (sequelize, DataTypes) => { class Order extends Model { static associate(models) { this.belongsTo(models.User); } } Order.init({ total: DataTypes.INTEGER }, { sequelize, modelName: 'Order', tableName: 'orders' }); return Order; };`,
};

test('models that an index loads from its folder are known by name', () => {
  expect(
    usesOf({
      ...folder,
      'app.js': `const { Order, User } = require('./models'); const db = require('./models'); exports.run = async () => { await db.User.create({}); return Order.findAll({ include: [User] }); };`,
    }).filter(u => !u.startsWith('connect')),
  ).toEqual([
    'declare sequelize Users',
    'declare sequelize Users via foreign-key',
    'declare sequelize Users via foreign-key',
    'declare sequelize orders',
    'read sequelize Users via relation',
    'read sequelize orders',
    'write sequelize Users',
  ]);
});

test("the settings of Sequelize's own tool are found by their path", () => {
  const opened = (path: string) =>
    usesIn({ ...folder, 'models/index.js': index.replace("__dirname + '/../config/config.json'", path) })
      .filter(u => u.op === 'connect')
      .map(({ store }) =>
        store.kind === 'open' ? `${store.engine} ${literal(store.host)} ${literal(store.database)}` : '',
      );
  for (const path of [
    "__dirname + '/../config/config.json'",
    "path.join(__dirname, '..', 'config', 'config.json')",
    `\`\${__dirname}/../config/config.json\``,
  ])
    expect(opened(path)).toContain('postgres db shop');
});

test('sync makes the tables of all models of its connection', () => {
  expect(
    usesOf({
      'a.js': `const { Sequelize } = require('sequelize'); const s = new Sequelize('postgres://db/shop'); s.define('Order', {}); exports.start = () => s.sync(); s.define('User', {});`,
    }).filter(u => u.startsWith('schema')),
  ).toEqual(['schema sequelize ?', 'schema sequelize Orders', 'schema sequelize Users']);
});

test('models that a connection is given are made by its sync', () => {
  expect(
    usesOf({
      'a.ts': `import { Model, Sequelize, Table } from 'sequelize-typescript'; @Table({ tableName: 'payments' }) class Payment extends Model {} @Table class Refund extends Model {} const s = new Sequelize({ dialect: 'mysql', database: 'x', models: [Payment] }); s.addModels([Refund]); s.sync({ alter: true });`,
    }).filter(u => u.startsWith('schema')),
  ).toEqual(['schema sequelize ?', 'schema sequelize Refunds', 'schema sequelize payments']);
});

test('migrations of Umzug find the query interface in their context', () => {
  expect(
    usesOf({ 'migrations/1.js': `exports.up = async ({ context }) => { await context.createTable('carts', {}); };` }),
  ).toEqual(['schema sequelize carts']);
});

test('migrations change tables and seeds fill them', () => {
  expect(
    usesOf({
      'migrations/1.js': `module.exports = { async up(queryInterface, Sequelize) { await queryInterface.createTable('orders', { id: Sequelize.INTEGER, userId: { type: Sequelize.INTEGER, references: { model: 'users', key: 'id' } } });
      await queryInterface.addColumn({ tableName: 'lines', schema: 'shop' }, 'orderId', { references: { model: { tableName: 'orders' }, key: 'id' } }); await queryInterface.sequelize.query('CREATE TABLE tags (id int)'); }, async down(queryInterface) { await queryInterface.dropTable('orders'); } };`,
      'seeders/1.js': `module.exports = { up: queryInterface => queryInterface.bulkInsert('orders', [{}]) };`,
    }),
  ).toEqual([
    'schema sequelize lines in shop',
    'schema sequelize orders',
    'schema sequelize orders',
    'schema sequelize orders via foreign-key',
    'schema sequelize tags',
    'schema sequelize users via foreign-key',
    'write sequelize orders',
  ]);
});

test('decorated models of sequelize-typescript and Nest', () => {
  expect(
    usesOf({
      'order.ts': `import { Table, Model, Column, ForeignKey, BelongsTo } from 'sequelize-typescript'; import { Customer } from './customer'; @Table({ tableName: 'orders' }) export class Order extends Model { @ForeignKey(() => Customer) @Column customerId: number; @BelongsTo(() => Customer) customer: Customer; }`,
      'customer.ts': `import { Table, Model, HasMany } from 'sequelize-typescript'; import { Order } from './order'; @Table export class Customer extends Model { @HasMany(() => Order) orders: Order[]; }`,
      'service.ts': `import { InjectModel, SequelizeModule } from '@nestjs/sequelize'; import { Order } from './order'; import { Customer } from './customer';
      export const m = SequelizeModule.forRoot({ dialect: 'postgres', uri: 'postgres://db/shop', autoLoadModels: true, models: [Order] });
      export class Orders { constructor(@InjectModel(Order) private readonly orders: typeof Order) {} async run() { const o = await this.orders.findOne({ include: [Customer] }); await o.save(); return this.orders.count(); } }`,
    }).filter(u => !u.includes('foreign-key')),
  ).toEqual([
    'connect sequelize',
    'declare sequelize Customers',
    'declare sequelize orders',
    'read sequelize Customers via relation',
    'read sequelize orders',
    'read sequelize orders',
    'schema sequelize ?',
    'schema sequelize orders',
    'write sequelize orders',
  ]);
});

test('raw SQL and subqueries in literals are read', () => {
  expect(
    usesOf({
      'a.ts': `import { Sequelize, QueryTypes, literal } from 'sequelize'; const s = new Sequelize('shop', 'u', 'p', { dialect: 'mysql', host: 'db' });
    export const a = () => s.query('SELECT * FROM invoices JOIN users ON 1=1', { type: QueryTypes.SELECT }); export const b = () => ({ attributes: [[literal('(SELECT COUNT(*) FROM payments WHERE payments.id = 1)'), 'n']] });`,
    }),
  ).toEqual([
    'connect sequelize',
    'read sequelize invoices',
    'read sequelize payments',
    'read sequelize users via join',
  ]);
});

test('a model of another kind is not taken for one', () => {
  expect(
    usesOf({
      'a.ts': `import { Model } from './model'; class Order extends Model {} export const a = () => Order.findAll();`,
      'model.ts': `export class Model { static findAll() { return []; } }`,
    }),
  ).toEqual([]);
});
