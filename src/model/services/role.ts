import type { PackageFacts } from '../../extract/package-json.ts';
import type { Role } from '../system.ts';
import { hasServerPackage, isBrowserApp, isFullStack } from './programs.ts';
import type { Unit } from './unit.ts';

const proxies = [
  'express-gateway',
  'http-proxy-middleware',
  'express-http-proxy',
  'http-proxy',
  'fast-gateway',
  '@apollo/gateway',
  '@fastify/http-proxy',
  'fastify-gateway',
];

export function roleOf(units: readonly Unit[], facts: PackageFacts | undefined, name: string): Role {
  const names = [name, ...units.map(unit => unit.name)].join(' ').toLowerCase();
  if (units.some(unit => unit.kind === 'serverless' || unit.kind === 'cdk')) return 'function';
  if (
    /gateway|api-?gw\b|edge-?proxy/.test(names) ||
    (facts && proxies.some(proxy => facts.dependencies.has(proxy)) && !isBrowserApp(facts))
  )
    return 'gateway';
  if (/(^|[^a-z])bff([^a-z]|$)/.test(names)) return 'bff';
  if (
    units.some(unit => unit.isWebServer) ||
    (facts && isBrowserApp(facts) && (isFullStack(facts) || !hasServerPackage(facts)))
  )
    return 'frontend';
  if (/(^|[^a-z])(workers?|consumers?|jobs?|scheduler|cron|queue|processor)([^a-z]|$)/.test(name.toLowerCase()))
    return 'worker';
  return 'service';
}
