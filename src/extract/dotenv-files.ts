import type { Technology } from '../model/technology.ts';
import { env } from '../model/value.ts';

/** Libraries that fill the environment from files: what they give is the environment. */
export const dotenvFiles: Technology = {
  id: 'dotenv',
  auxiliary: true,
  packages: [
    'dotenv',
    'dotenv-safe',
    'dotenv-expand',
    'dotenv-flow',
    'dotenv-extended',
    'dotenv-defaults',
    'dotenv-cli',
    '@dotenvx/dotenvx',
    '@next/env',
    'env-cmd',
    'custom-env',
  ],
  call() {
    return env;
  },
};
