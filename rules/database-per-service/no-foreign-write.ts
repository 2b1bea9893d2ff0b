import { fitting, listed } from '../../src/check/message.ts';
import { defineRule } from '../../src/check/rule.ts';
import type { ForeignTable } from './foreign-table.ts';
import { ownedBy, violationsOf } from './foreign-table.ts';

const noForeignWrite = defineRule({
  id: 'database-per-service/no-foreign-write',
  title: "A service writes another service's table",
  severity: 'error',
  remedy:
    'let the owner change its own data: give it an endpoint or a command for this, and call that instead of its table',
  check: system => violationsOf(system, 'writes', messageOf),
});
export default noForeignWrite;

function messageOf(found: ForeignTable): string {
  const { service, table, writers, readers } = found;
  if (found.owner !== null)
    return fitting(
      `${service} writes ${table.id}, ${ownedBy(found)}`,
      `${service} writes ${table.name}, ${ownedBy(found)}`,
    );
  const read = readers.length > 0 ? `, read by ${listed(readers, 3)}` : '';
  const used = `is shared, no owner: written by ${listed(writers, 4)}`;
  return fitting(
    `${table.id} ${used}${read}`,
    `${table.name} ${used}${read}`,
    `${table.id} ${used}`,
    `${table.name} ${used}`,
  );
}
