import { fitting } from '../../src/check/message.ts';
import { defineRule, type Violation } from '../../src/check/rule.ts';
import { didYouMean } from '../../src/did-you-mean.ts';
import type { GatewayRoute, System } from '../../src/model/system.ts';

const noDanglingRoute = defineRule({
  id: 'api-gateway/no-dangling-route',
  title: 'A gateway hands requests on to a service that is not there',
  severity: 'warn',
  remedy: 'mend the name, remove the route, or add what it should lead to to the manifests',
  check: system => [...Map.groupBy(system.routes, gatewayOf).values()].flatMap(routes => violationsOf(system, routes)),
});
export default noDanglingRoute;

function gatewayOf({ service, at }: GatewayRoute): string {
  return service ?? at.file;
}

/** Where nothing that a gateway leads to is here, all of it may be deployed from elsewhere. */
function violationsOf(system: System, routes: readonly GatewayRoute[]): Violation[] {
  if (!routes.some(({ isThere }) => isThere === true)) return [];
  return [
    ...Map.groupBy(
      routes.filter(({ isThere }) => isThere === false),
      ({ host, at }) => `${host} ${at.file}`,
    ).values(),
  ].flatMap(same => violationOf(system, same, routes));
}

function violationOf(
  system: System,
  [first, ...more]: readonly GatewayRoute[],
  all: readonly GatewayRoute[],
): Violation[] {
  if (first === undefined) return [];
  const { service, path, host, at } = first;
  const gateway = service ?? at.file.slice(at.file.lastIndexOf('/') + 1);
  const what = path === undefined ? `${gateway} hands on` : `${gateway} hands ${path} on`;
  const present = all.filter(({ isThere }) => isThere === true);
  const meant = didYouMean(host, [...present.map(route => route.host), ...system.services.map(({ id }) => id)]);
  const guess = meant === undefined ? [] : [`${what} to ${host}, which is not there: did you mean ${meant}?`];
  return [
    {
      message: fitting(
        ...guess,
        `${what} to ${host}, and no manifest here has anything of that name`,
        `${what} to ${host}, which is not there`,
        `${gateway} hands on to ${host}, which is not there`,
      ),
      at,
      related: [
        ...more.slice(0, 3).map(route => ({ message: 'and here', at: route.at })),
        ...present.slice(0, 1).map(route => ({ message: `${route.host}, for one, is there`, at: route.at })),
      ],
      ...(service === undefined ? {} : { service }),
      confidence: 'likely',
      identity: [gateway, host],
    },
  ];
}
