import { definePattern } from '../../src/check/rule.ts';
import noCrossServiceJoin from './no-cross-service-join.ts';
import noDatabaseInGateway from './no-database-in-gateway.ts';
import noForeignKeyAcrossServices from './no-foreign-key-across-services.ts';
import noForeignModelImport from './no-foreign-model-import.ts';
import noForeignRead from './no-foreign-read.ts';
import noForeignWrite from './no-foreign-write.ts';
import noPublishedDatabasePort from './no-published-database-port.ts';
import noSharedCredentials from './no-shared-credentials.ts';
import noSharedDatabase from './no-shared-database.ts';
import noSharedMigrations from './no-shared-migrations.ts';
import noSharedSchemaPackage from './no-shared-schema-package.ts';

const databasePerService = definePattern({
  id: 'database-per-service',
  title: 'Each service has its own database; others reach its data only through its API',
  rules: [
    noForeignWrite,
    noForeignRead,
    noCrossServiceJoin,
    noForeignKeyAcrossServices,
    noForeignModelImport,
    noSharedMigrations,
    noSharedDatabase,
    noSharedSchemaPackage,
    noSharedCredentials,
    noPublishedDatabasePort,
    noDatabaseInGateway,
  ],
});
export default databasePerService;
