import { fitting, listed } from '../../src/check/message.ts';
import type { Violation } from '../../src/check/rule.ts';
import { defineRule } from '../../src/check/rule.ts';
import { isInCode, placesOf } from '../../src/model/evidence.ts';
import { compareText, edgesFrom, isDeployed, isInLibrary } from '../../src/model/query.ts';
import type { Practice, System } from '../../src/model/system.ts';

type Unverified = Extract<Practice, { readonly kind: 'unverified-tls' }>;

const noDisabledTlsVerification = defineRule({
  id: 'zero-trust/no-disabled-tls-verification',
  title: 'A service talks over TLS to whoever answers, without checking the certificate',
  severity: 'error',
  remedy: 'leave verification on, and give the certificate of the authority that signed the other side as `ca`',
  check: system =>
    [
      ...Map.groupBy(system.practices.filter(isUnverified(system)), one =>
        JSON.stringify([one.what, one.evidence[0]?.file ?? one.service]),
      ).values(),
    ].flatMap(same => violationOf(system, same)),
});
export default noDisabledTlsVerification;

/** In code that is deployed, or in a manifest of production: on a laptop there is nobody in between. */
function isUnverified(system: System): (practice: Practice) => practice is Unverified {
  return (practice): practice is Unverified =>
    practice.kind === 'unverified-tls' &&
    isDeployed(system, practice.service) &&
    (practice.production === true || practice.evidence.some(isInCode));
}

/** A file of a library speaks for all that use it. */
function violationOf(system: System, same: readonly Unverified[]): Violation[] {
  const [at, ...more] = placesOf(same);
  const what = same[0]?.what;
  if (at === undefined || what === undefined) return [];
  const isShared = isInCode(at) && isInLibrary(system, at.file);
  const services = isShared ? usersOf(system, same, at.file) : namesOf(same);
  const [service] = services;
  if (service === undefined) return [];
  return [
    {
      message: isShared
        ? fitting(
            `code that ${listed(services, 5)} ${services.length > 1 ? 'share' : 'uses'} does not verify ${what}`,
            `code that ${services.length} services share does not verify ${what}`,
          )
        : fitting(
            `${listed(services, 5)} ${services.length > 1 ? 'do' : 'does'} not verify ${what}`,
            `${services.length} services do not verify ${what}`,
          ),
      at,
      related: more.map(place => ({ message: 'nor here', at: place })),
      service,
      services,
      confidence: isShared ? 'likely' : 'certain',
      identity: [what, at.file],
    },
  ];
}

/** Of all that load a library, those that connect by this file are known to run it. */
function usersOf(system: System, same: readonly Unverified[], file: string): string[] {
  const services = namesOf(same);
  const connecting = services.filter(service =>
    edgesFrom(system, service, 'connects').some(edge => edge.evidence.some(place => place.file === file)),
  );
  return connecting.length > 0 ? connecting : services;
}

function namesOf(same: readonly Unverified[]): string[] {
  return [...new Set(same.map(one => one.service))].sort(compareText);
}
