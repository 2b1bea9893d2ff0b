import { definePattern } from '../../src/check/rule.ts';
import noDisabledTlsVerification from './no-disabled-tls-verification.ts';

const zeroTrust = definePattern({
  id: 'zero-trust',
  title: 'Every connection proves who is at its other end, inside the network too',
  rules: [noDisabledTlsVerification],
});
export default zeroTrust;
