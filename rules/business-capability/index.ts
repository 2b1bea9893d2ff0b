import { definePattern } from '../../src/check/rule.ts';
import noCyclicCalls from './no-cyclic-calls.ts';
import noCyclicSourceImports from './no-cyclic-source-imports.ts';
import noForeignSourceImport from './no-foreign-source-import.ts';

const businessCapability = definePattern({
  id: 'business-capability',
  title: 'One service per business capability, with its own code, data and API',
  rules: [noForeignSourceImport, noCyclicSourceImports, noCyclicCalls],
});
export default businessCapability;
