import type { Pattern } from '../src/check/rule.ts';
import businessCapability from './business-capability/index.ts';
import databasePerService from './database-per-service/index.ts';
import healthCheck from './health-check/index.ts';
import jwt from './jwt/index.ts';
import zeroTrust from './zero-trust/index.ts';

/** The catalogue: one import and one entry per pattern. */
export const patterns = [
  businessCapability,
  databasePerService,
  healthCheck,
  jwt,
  zeroTrust,
] as const satisfies readonly Pattern[];

export type PatternId = (typeof patterns)[number]['id'];
