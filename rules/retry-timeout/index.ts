import { definePattern } from '../../src/check/rule.ts';
import hasTimeout from './has-timeout.ts';
import noRetryOfUnsafeMethod from './no-retry-of-unsafe-method.ts';

const retryTimeout = definePattern({
  id: 'retry-timeout',
  title: 'A call ends in time, and is repeated only where that does no harm',
  rules: [hasTimeout, noRetryOfUnsafeMethod],
});
export default retryTimeout;
