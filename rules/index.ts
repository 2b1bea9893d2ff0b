import type { Pattern } from '../src/check/rule.ts';
import apiComposition from './api-composition/index.ts';
import apiGateway from './api-gateway/index.ts';
import asyncMessaging from './async-messaging/index.ts';
import businessCapability from './business-capability/index.ts';
import circuitBreaker from './circuit-breaker/index.ts';
import databasePerService from './database-per-service/index.ts';
import healthCheck from './health-check/index.ts';
import jwt from './jwt/index.ts';
import outbox from './outbox/index.ts';
import retryTimeout from './retry-timeout/index.ts';
import saga from './saga/index.ts';
import serviceRegistry from './service-registry/index.ts';
import zeroTrust from './zero-trust/index.ts';

/** The catalogue: one import and one entry per pattern. */
export const patterns = [
  apiComposition,
  apiGateway,
  asyncMessaging,
  businessCapability,
  circuitBreaker,
  databasePerService,
  healthCheck,
  jwt,
  outbox,
  retryTimeout,
  saga,
  serviceRegistry,
  zeroTrust,
] as const satisfies readonly Pattern[];

export type PatternId = (typeof patterns)[number]['id'];
