import type { Technology } from '../model/technology.ts';
import type { SourceTree } from '../model/tree.ts';
import { amqp } from './amqp.ts';
import { awsMessages } from './aws-messages.ts';
import { bookshelf } from './bookshelf.ts';
import { breakers } from './breakers.ts';
import { caches } from './caches.ts';
import { cassandra } from './cassandra.ts';
import { clickhouse } from './clickhouse.ts';
import { connectRpc } from './connect-rpc.ts';
import { containers } from './containers.ts';
import { core } from './core.ts';
import { dapr } from './dapr.ts';
import { dotenvFiles } from './dotenv-files.ts';
import { drizzle } from './drizzle.ts';
import { awsXray, dynamodb } from './dynamodb.ts';
import { dynamodbModels } from './dynamodb-models.ts';
import { elasticsearch } from './elasticsearch.ts';
import { envSchemas } from './env-schemas.ts';
import { fastifyRoutes } from './fastify-routes.ts';
import { fetchClients } from './fetch.ts';
import { googlePubsub } from './google-pubsub.ts';
import { grpc } from './grpc.ts';
import { hapiRoutes } from './hapi-routes.ts';
import { honoRoutes } from './hono-routes.ts';
import { httpClients } from './http-clients.ts';
import { httpRoutes } from './http-routes.ts';
import { httpServers } from './http-servers.ts';
import { kafka } from './kafka.ts';
import { knex } from './knex.ts';
import { kysely } from './kysely.ts';
import { logTransports } from './log-transports.ts';
import { mappers } from './mappers.ts';
import { mikroOrm } from './mikro-orm.ts';
import { moleculer } from './moleculer.ts';
import { mongodb } from './mongodb.ts';
import { mongoose } from './mongoose.ts';
import { mqtt } from './mqtt.ts';
import { mssql } from './mssql.ts';
import { mysql } from './mysql.ts';
import { nats } from './nats.ts';
import { nestApp } from './nest-app.ts';
import { nestConfig } from './nest-config.ts';
import { nestMicroservices } from './nest-microservices.ts';
import { nestRoutes } from './nest-routes.ts';
import { nodeHttp } from './node-http.ts';
import { npmConfig } from './npm-config.ts';
import { objection } from './objection.ts';
import { oracledb } from './oracledb.ts';
import { pg } from './pg.ts';
import { pgPromise } from './pg-promise.ts';
import { postgresJs } from './postgres-js.ts';
import { prisma } from './prisma.ts';
import { proxies } from './proxies.ts';
import { queues } from './queues.ts';
import { redis } from './redis.ts';
import { rpcClients } from './rpc-clients.ts';
import { senecaActions } from './seneca.ts';
import { sequelize } from './sequelize.ts';
import { sessions } from './sessions.ts';
import { convict, nconf } from './settings-files.ts';
import { slonik } from './slonik.ts';
import { sqlText } from './sql-text.ts';
import { sqlite } from './sqlite.ts';
import { textFiles } from './text-files.ts';
import { tigerbeetle } from './tigerbeetle.ts';
import { typeorm } from './typeorm.ts';
import { unknownSql } from './unknown-sql.ts';

/** Every technology that is understood: one import and one entry each. */
export const technologies: readonly Technology[] = [
  awsXray,
  bookshelf,
  breakers,
  caches,
  cassandra,
  clickhouse,
  connectRpc,
  containers,
  convict,
  core,
  dapr,
  dotenvFiles,
  drizzle,
  dynamodb,
  dynamodbModels,
  elasticsearch,
  envSchemas,
  fetchClients,
  httpClients,
  nodeHttp,
  httpRoutes,
  fastifyRoutes,
  hapiRoutes,
  honoRoutes,
  httpServers,
  grpc,
  nestApp,
  nestMicroservices,
  nestRoutes,
  kafka,
  amqp,
  nats,
  awsMessages,
  googlePubsub,
  proxies,
  rpcClients,
  knex,
  kysely,
  logTransports,
  mappers,
  mikroOrm,
  mongodb,
  mongoose,
  mqtt,
  mssql,
  mysql,
  nconf,
  objection,
  oracledb,
  pg,
  pgPromise,
  postgresJs,
  queues,
  redis,
  senecaActions,
  sequelize,
  sessions,
  slonik,
  sqlText,
  sqlite,
  tigerbeetle,
  typeorm,
  unknownSql,
];

/** The same, and those that have to look at files of the repository to say what a package means. */
export function technologiesFor(tree: SourceTree): readonly Technology[] {
  return [...technologies, moleculer(tree), nestConfig(tree), npmConfig(tree), prisma(tree), textFiles(tree)];
}
