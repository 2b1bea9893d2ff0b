import { definePattern } from '../../src/check/rule.ts';
import noBreakerPerRequest from './no-breaker-per-request.ts';

const circuitBreaker = definePattern({
  id: 'circuit-breaker',
  title: 'A service that is down is left alone for a while, by all requests together',
  rules: [noBreakerPerRequest],
});
export default circuitBreaker;
