import { definePattern } from '../../src/check/rule.ts';
import noCallToMissingEndpoint from './no-call-to-missing-endpoint.ts';

const apiComposition = definePattern({
  id: 'api-composition',
  title: 'One answer put together from those of several services, each asked for what it offers',
  rules: [noCallToMissingEndpoint],
});
export default apiComposition;
