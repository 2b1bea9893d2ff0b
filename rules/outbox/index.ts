import { definePattern } from '../../src/check/rule.ts';
import noDualWrite from './no-dual-write.ts';
import noPublishInTransaction from './no-publish-in-transaction.ts';

const outbox = definePattern({
  id: 'outbox',
  title: 'A change of state and the message that tells of it happen both or not at all',
  rules: [noPublishInTransaction, noDualWrite],
});
export default outbox;
