import { definePattern } from '../../src/check/rule.ts';
import noHardCodedEndpoint from './no-hard-coded-endpoint.ts';
import noLocalhostDefaultInProduction from './no-localhost-default-in-production.ts';

const serviceRegistry = definePattern({
  id: 'service-registry',
  title: 'Services find each other by a name that their surroundings resolve',
  rules: [noHardCodedEndpoint, noLocalhostDefaultInProduction],
});
export default serviceRegistry;
