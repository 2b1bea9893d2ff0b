import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { placesOf } from '../../src/model/evidence.ts';
import { calleeOf, compareText, serviceOf } from '../../src/model/query.ts';
import type { Practice, System } from '../../src/model/system.ts';

type Token = Extract<Practice, { readonly kind: 'token' }>;

const noUnverifiedToken = defineRule({
  id: 'jwt/no-unverified-token',
  title: 'A service believes a token that it does not check',
  severity: 'warn',
  remedy: 'verify the token with the key of its issuer, and name the algorithms that are accepted, before reading it',
  check: system => {
    const tokens = system.practices.filter((practice): practice is Token => practice.kind === 'token');
    const all = tokens.flatMap(token => wrongsOf(system, tokens, token).map((wrong): Case => ({ wrong, token })));
    const cases = Map.groupBy(all, ({ wrong, token }) => JSON.stringify([wrong, token.evidence[0]?.file]));
    return [...cases.values()].flatMap(violationOf);
  },
});
export default noUnverifiedToken;

type Wrong = Token['flaws'][number] | 'unverified';

interface Case {
  readonly wrong: Wrong;
  readonly token: Token;
}

const does = {
  'accepts-none': [
    'accepts tokens that nobody has signed: `none` is one of its algorithms',
    'accept tokens that nobody has signed: `none` is one of their algorithms',
  ],
  'ignores-expiry': ['accepts tokens after they have expired', 'accept tokens after they have expired'],
  unverified: [
    'learns who calls from a token whose signature it never verifies',
    'learn who calls from a token whose signature they never verify',
  ],
} as const satisfies Record<Wrong, readonly [string, string]>;

function wrongsOf(system: System, tokens: readonly Token[], token: Token): readonly Wrong[] {
  return token.verified ? token.flaws : isVerifiedElsewhere(system, tokens, token.service) ? [] : ['unverified'];
}

/** By the service itself at another place, by a gateway, by whoever calls it; what runs functions verifies for them. */
function isVerifiedElsewhere(system: System, tokens: readonly Token[], service: string): boolean {
  const role = serviceOf(system, service)?.role;
  if (role === undefined || role === 'library' || role === 'frontend' || role === 'function') return true;
  const verifying = new Set(tokens.filter(token => token.verified).map(token => token.service));
  if (verifying.has(service)) return true;
  return (
    system.services.some(one => (one.role === 'gateway' || one.role === 'bff') && verifying.has(one.id)) ||
    system.edges.some(edge => verifying.has(edge.from) && calleeOf(system, edge) === service)
  );
}

function violationOf(cases: readonly Case[]): Violation[] {
  const tokens = cases.map(({ token }) => token);
  const services = [...new Set(tokens.map(token => token.service))].sort(compareText);
  const [at, ...more] = placesOf(tokens);
  const [service] = services;
  const wrong = cases[0]?.wrong;
  if (at === undefined || service === undefined || wrong === undefined) return [];
  const [one, several] = does[wrong];
  return [
    {
      message:
        services.length === 1
          ? fitting(`${service} ${one}`)
          : fitting(`${listed(services, 5)} ${several}`, `${services.length} services ${several}`),
      at,
      related: more.map(place => ({ message: 'here too', at: place })),
      service,
      services,
      confidence: wrong === 'unverified' ? 'likely' : 'certain',
      identity: [wrong, at.file],
    },
  ];
}
