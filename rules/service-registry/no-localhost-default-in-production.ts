import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { compareEvidence, strongest } from '../../src/model/evidence.ts';
import { lineOf, serviceOf } from '../../src/model/query.ts';
import type { Evidence, System } from '../../src/model/system.ts';
import { type AddressedCall, addressedCalls, hostAndPort, isThisMachine } from './addressed-calls.ts';

const noLocalhostDefaultInProduction = defineRule({
  id: 'service-registry/no-localhost-default-in-production',
  title: 'A deployed service falls back to localhost for the address of another',
  severity: 'warn',
  remedy: 'set the variable in the manifest, and let the service refuse to start where it is missing',
  check: system =>
    [
      ...Map.groupBy(addressedCalls(system), ({ service, to, address }) =>
        JSON.stringify([service, to, address.variable, lineOf(address.at)]),
      ).values(),
    ].flatMap(calls => violationOf(system, calls)),
});
export default noLocalhostDefaultInProduction;

function violationOf(system: System, calls: readonly AddressedCall[]): Violation[] {
  const [first] = calls;
  if (first === undefined) return [];
  const { service, to, address } = first;
  const { by, text, variable, unsetIn = [] } = address;
  if (by !== 'default' || variable === undefined || !isThisMachine(hostAndPort(text).host)) return [];
  const [manifest, ...others] = unsetIn.filter(place => isBeside(place, serviceOf(system, to)?.evidence ?? []));
  if (manifest === undefined) return [];
  const places = [...new Map(calls.map(({ site }) => [lineOf(site.at), site.at])).values()]
    .filter(at => lineOf(at) !== lineOf(address.at))
    .toSorted(compareEvidence);
  return [
    {
      message: fitting(
        `${service} is deployed without ${variable}, and looks for ${to} at ${text}`,
        `${service} is deployed without ${variable}, and looks for ${to} on its own machine`,
      ),
      at: address.at,
      related: [
        ...[manifest, ...others]
          .slice(0, 3)
          .map(at => ({ message: `${service} is started without ${variable} here`, at })),
        ...places.slice(0, 3).map(at => ({ message: `${service} calls ${to} here`, at })),
      ],
      service,
      services: [service, to],
      confidence: strongest(calls.map(({ confidence }) => confidence)),
      identity: [service, to, variable],
    },
  ];
}

/** Only where one deployment starts both, each for itself, is it certain that the other is not on this machine. */
function isBeside(place: Evidence, others: readonly Evidence[]): boolean {
  const folder = folderOf(place.file);
  return (
    !others.some(other => lineOf(other) === lineOf(place)) &&
    others.some(other => /\.ya?ml$/.test(other.file) && folderOf(other.file) === folder)
  );
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(file.lastIndexOf('/'), 0));
}
