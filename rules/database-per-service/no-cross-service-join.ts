import { fitting } from '../../src/check/message.ts';
import { defineRule } from '../../src/check/rule.ts';
import type { ForeignTable } from './foreign-table.ts';
import { ownedBy, violationsOf } from './foreign-table.ts';

const noCrossServiceJoin = defineRule({
  id: 'database-per-service/no-cross-service-join',
  title: "A query joins a service's own table with one of another service",
  severity: 'error',
  remedy:
    'join in code: read the own rows, then ask the owner for the others by their ids in one call, or keep a copy filled from its events',
  check: system => violationsOf(system, 'joins', messageOf),
});
export default noCrossServiceJoin;

function messageOf(found: ForeignTable): string {
  const { service, table } = found;
  const own = found.from === undefined ? 'its own tables' : `its ${found.from.name}`;
  return fitting(
    `${service} joins ${own} with ${table.id}, ${ownedBy(found)}`,
    `${service} joins ${own} with ${table.name}, ${ownedBy(found)}`,
  );
}
