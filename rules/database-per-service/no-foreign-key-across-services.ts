import { fitting } from '../../src/check/message.ts';
import { defineRule } from '../../src/check/rule.ts';
import type { ForeignTable } from './foreign-table.ts';
import { ownedBy, violationsOf } from './foreign-table.ts';

const noForeignKeyAcrossServices = defineRule({
  id: 'database-per-service/no-foreign-key-across-services',
  title: "A table refers by foreign key to another service's table",
  severity: 'error',
  remedy: 'keep the id as a plain column without the constraint, and check it by asking the owner or by its events',
  check: system => violationsOf(system, 'refers', messageOf),
});
export default noForeignKeyAcrossServices;

function messageOf(found: ForeignTable): string {
  const from = found.from === undefined ? found.service : `${found.from.name} of ${found.service}`;
  return fitting(
    `${from} refers to ${found.table.id}, ${ownedBy(found)}`,
    `${from} refers to ${found.table.name}, ${ownedBy(found)}`,
  );
}
