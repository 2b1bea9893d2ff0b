import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { compareEvidence, strongest } from '../../src/model/evidence.ts';
import { lineOf, serviceOf } from '../../src/model/query.ts';
import type { System } from '../../src/model/system.ts';
import { type AddressedCall, addressedCalls, hostAndPort, isThisMachine } from './addressed-calls.ts';

const noHardCodedEndpoint = defineRule({
  id: 'service-registry/no-hard-coded-endpoint',
  title: 'The address of another service is written into the code',
  severity: 'warn',
  remedy: 'read the address from the environment, or ask a registry for the name of the service',
  check: system =>
    [
      ...Map.groupBy(addressedCalls(system).filter(isWritten), ({ service, to, address }) =>
        JSON.stringify([service, to, lineOf(address.at)]),
      ).values(),
    ].flatMap(calls => violationOf(system, calls)),
});
export default noHardCodedEndpoint;

/** A host, or a port of one, that no variable has a part in; a bare name is no address but what discovery asks for. */
function isWritten({ address }: AddressedCall): boolean {
  const { host, port } = hostAndPort(address.text);
  return (
    address.by === 'written' &&
    host !== '' &&
    !/:any|[{}$]/.test(address.text) &&
    (isFixed(host) || port !== undefined) &&
    !/\.(?:consul|internal)$/i.test(host)
  );
}

/** This machine or an IP: nothing resolves it, so it can be right in one place only. */
function isFixed(host: string): boolean {
  return isThisMachine(host) || /^(?:host\.docker\.internal|\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\])$/i.test(host);
}

function violationOf(system: System, calls: readonly AddressedCall[]): Violation[] {
  const [first] = calls;
  if (first === undefined) return [];
  const { service, to, address } = first;
  const { host } = hostAndPort(address.text);
  const [there] = serviceOf(system, to)?.evidence ?? [];
  const places = [...new Map(calls.map(({ site }) => [lineOf(site.at), site.at])).values()]
    .filter(at => lineOf(at) !== lineOf(address.at))
    .toSorted(compareEvidence);
  return [
    {
      message: fitting(
        `${service} calls ${to} at ${address.text}, an address written into the code`,
        `${service} calls ${to} at an address written into the code`,
      ),
      at: address.at,
      related: [
        ...places.slice(0, 3).map(at => ({ message: `${service} calls ${to} here`, at })),
        ...(there ? [{ message: `${to} is defined here`, at: there }] : []),
      ],
      service,
      services: [service, to],
      confidence: strongest(calls.map(({ confidence }) => confidence)),
      // a name that DNS resolves may move; only its port is fixed
      ...(isFixed(host) ? {} : { isMinor: true as const }),
      identity: [service, to, address.text, address.at.file],
    },
  ];
}
