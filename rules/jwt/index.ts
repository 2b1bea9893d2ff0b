import { definePattern } from '../../src/check/rule.ts';
import noUnverifiedToken from './no-unverified-token.ts';

const jwt = definePattern({
  id: 'jwt',
  title: 'A token proves who calls, and whoever relies on it checks it',
  rules: [noUnverifiedToken],
});
export default jwt;
