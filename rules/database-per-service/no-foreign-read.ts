import { fitting, listed } from '../../src/check/message.ts';
import { defineRule } from '../../src/check/rule.ts';
import type { ForeignTable } from './foreign-table.ts';
import { ownedBy, violationsOf } from './foreign-table.ts';

const noForeignRead = defineRule({
  id: 'database-per-service/no-foreign-read',
  title: "A service reads another service's table",
  severity: 'error',
  remedy:
    'ask the owner through its API, or keep a copy of the few fields that are needed, filled from the events of the owner',
  check: system => violationsOf(system, 'reads', messageOf),
});
export default noForeignRead;

function messageOf(found: ForeignTable): string {
  const { service, services, table, writers } = found;
  if (found.owner !== null)
    return fitting(
      `${service} reads ${table.id}, ${ownedBy(found)}`,
      `${service} reads ${table.name}, ${ownedBy(found)}`,
    );
  const used = `is shared, no owner: ${writers.length > 0 ? 'used' : 'read'} by ${listed(services, 5)}`;
  return fitting(`${table.id} ${used}`, `${table.name} ${used}`);
}
