import { definePattern } from '../../src/check/rule.ts';
import noRemoteCallInTransaction from './no-remote-call-in-transaction.ts';

const saga = definePattern({
  id: 'saga',
  title: 'What several services do together is done in steps, each of which can be made good',
  rules: [noRemoteCallInTransaction],
});
export default saga;
