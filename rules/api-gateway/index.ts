import { definePattern } from '../../src/check/rule.ts';
import noDanglingRoute from './no-dangling-route.ts';

const apiGateway = definePattern({
  id: 'api-gateway',
  title: 'One entry for all that comes from outside, which hands it on to the services',
  rules: [noDanglingRoute],
});
export default apiGateway;
