import { definePattern } from '../../src/check/rule.ts';
import hasEndpoint from './has-endpoint.ts';
import probeIsServed from './probe-is-served.ts';

const healthCheck = definePattern({
  id: 'health-check',
  title: 'Each service says whether it is well, and what runs it asks',
  rules: [hasEndpoint, probeIsServed],
});
export default healthCheck;
