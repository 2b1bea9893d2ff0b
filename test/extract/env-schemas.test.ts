import { expect, test } from 'vitest';
import { literal, type Part, type Value } from '../../src/model/value.ts';
import { usesIn } from '../uses-of.ts';

test('a variable of the environment with its default, by each library', () => {
  expect(
    urlOf(
      `import { z } from 'zod'; const schema = z.object({ DB_URL: z.string().url().default('postgres://local/a') }); const env = schema.parse(process.env); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL|postgres://local/a');
  expect(
    urlOf(
      `import { z } from 'zod'; const shape = z.object({ DB_URL: z.string() }).extend({ OTHER: z.string() }); const result = shape.safeParse(process.env); if (!result.success) throw 1; export const url = result.data.DB_URL;`,
    ),
  ).toBe('$DB_URL');
  expect(
    urlOf(
      `import Joi from 'joi'; const schema = Joi.object().keys({ DB_URL: Joi.string().default('postgres://local/b').description('where') }).unknown(); const { value: vars, error } = schema.prefs({ errors: { label: 'key' } }).validate(process.env); export const url = vars.DB_URL;`,
    ),
  ).toBe('$DB_URL|postgres://local/b');
  expect(
    urlOf(
      `import * as yup from 'yup'; const env = yup.object().shape({ DB_URL: yup.string().default('c') }).validateSync(process.env); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL|c');
  expect(
    urlOf(
      `import * as v from 'valibot'; const env = v.parse(v.object({ DB_URL: v.optional(v.string(), 'd') }), process.env); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL|d');
  expect(
    urlOf(
      `import { cleanEnv, str, port } from 'envalid'; export const env = cleanEnv(process.env, { DB_URL: str({ devDefault: 'e' }), PORT: port({ default: 1 }) }); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL|e');
  expect(
    urlOf(
      `import { createEnv } from '@t3-oss/env-core'; import { z } from 'zod'; export const env = createEnv({ server: { DB_URL: z.string().default('f') }, client: {}, runtimeEnv: process.env }); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL|f');
  expect(
    urlOf(
      `import { createEnv } from '@t3-oss/env-nextjs'; import { z } from 'zod'; const env = createEnv({ server: { DB_URL: z.string() }, runtimeEnv: { DB_URL: process.env.PG_URL } }); export const url = env.DB_URL;`,
    ),
  ).toBe('$PG_URL');
  expect(
    urlOf(`import * as env from 'env-var'; export const url = env.get('DB_URL').required().default('g').asString();`),
  ).toBe('$DB_URL|g');
  expect(urlOf(`import { get } from 'env-var'; export const url = get('DB_URL').asUrlString();`)).toBe('$DB_URL');
  expect(
    urlOf(
      `import { envsafe, str } from 'envsafe'; const env = envsafe({ DB_URL: str({ default: 'h' }) }); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL|h');
  expect(
    urlOf(
      `import { parseEnv } from 'znv'; import { z } from 'zod'; export const { DB_URL } = parseEnv(process.env, { DB_URL: z.string().default('i') }); export const url = DB_URL;`,
    ),
  ).toBe('$DB_URL|i');
  expect(
    urlOf(
      `const envSchema = require('env-schema'); const config = envSchema({ schema: { type: 'object', properties: { DB_URL: { type: 'string', default: 'j' } } }, dotenv: true }); export const url = config.DB_URL;`,
    ),
  ).toBe('$DB_URL|j');
  expect(
    urlOf(
      `import dotenv from 'dotenv'; import { expand } from 'dotenv-expand'; const config = expand(dotenv.config()); export const url = config.parsed.DB_URL;`,
    ),
  ).toBe('$DB_URL');
});

test("schemas are put together, and pass through functions of one's own", () => {
  expect(
    urlOf(
      `import { z } from 'zod'; const clean = (e: NodeJS.ProcessEnv) => Object.fromEntries(Object.entries(e).filter(([, v]) => v !== '')); const Schema = z.object({ DB_URL: z.string(), OTHER: z.string() }); export const env = process.env.BUILD ? (process.env as any) : Schema.parse(clean(process.env)); export const url = env.DB_URL;`,
    ),
  ).toBe('$DB_URL');
  expect(
    urlOf(
      `import * as z from 'zod'; const SHAPE = z.object({ DB_URL: z.string().optional().default('k') }); function parse(schema, envs = process.env) { const r = schema.safeParse(envs); if (!r.success) throw 1; return r.data; } const envs = parse(SHAPE.check(x => {}).required({ DB_URL: true })); export const url = envs.DB_URL;`,
    ),
  ).toBe('$DB_URL|k');
  expect(
    urlOf(
      `import { z } from 'zod'; const Schema = z.object({ url: z.string(), pool: z.number().default(5) }); const config = Schema.parse({ url: process.env.PG || 'l' }); export const url = config.url;`,
    ),
  ).toBe('$PG|l');
});

test('what is parsed from elsewhere is not the environment', () => {
  expect(
    urlOf(
      `import { z } from 'zod'; const Body = z.object({ url: z.string() }); export const url = Body.parse(JSON.parse(input)).url;`,
    ),
  ).toBe('?');
});

test('a variable that is taken where it is set, else something else', () => {
  expect(urlOf(`export const url = process.env.DB_URL ? process.env.DB_URL : 'p';`)).toBe('$DB_URL|p');
  expect(urlOf(`const { DB_URL } = process.env; export const url = DB_URL !== undefined ? DB_URL : 'q';`)).toBe(
    '$DB_URL|q',
  );
});

test('the environment by its module', () => {
  expect(urlOf(`import { env } from 'node:process'; export const url = env.DB_URL || 'o';`)).toBe('$DB_URL|o');
  expect(urlOf(`import process from 'process'; export const url = process.env.DB_URL;`)).toBe('$DB_URL');
  expect(urlOf(`const { env } = require('process'); export const url = env.DB_URL;`)).toBe('$DB_URL');
});

test("helpers and classes of one's own", () => {
  expect(
    urlOf(
      `function getEnv(key: string, fallback?: string) { const v = process.env[key]; if (!v && !fallback) throw new Error(key); return v ?? fallback; } export const url = getEnv('DB_URL', 'm');`,
    ),
  ).toBe('$DB_URL|m');
  expect(
    urlOf(`class Config { static get url() { return process.env.DB_URL || 'n'; } } export const url = Config.url;`),
  ).toBe('$DB_URL|n');
  expect(
    urlOf(
      `class Config { private readonly vars = process.env; get(key: string) { return this.vars[key]; } } const config = new Config(); export const url = config.get('DB_URL');`,
    ),
  ).toBe('$DB_URL');
  expect(
    urlOf(
      `class Config { static readonly db = { url: process.env['DB_URL'] as string }; } export const url = Config.db.url;`,
    ),
  ).toBe('$DB_URL');
});

function urlOf(source: string): string {
  const uses = usesIn({
    'config.ts': source,
    'db.ts': `import { Pool } from 'pg'; import { url } from './config'; export const pool = new Pool({ connectionString: url });`,
  });
  const store = uses.find(u => u.op === 'connect')?.store;
  return store?.kind === 'open' ? shown(store.url) : '';
}

function shown(v: Value | undefined): string {
  if (v?.t !== 'text') return '?';
  return v.parts
    .map((p: Part) =>
      p === null ? '?' : typeof p === 'string' ? p : `$${p.key}${p.def ? `|${literal(p.def) ?? shown(p.def)}` : ''}`,
    )
    .join('');
}
