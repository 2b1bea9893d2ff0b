import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const services = 60;
const modulesEach = 55;

/** Writes a workspace of more than 3,000 files: services with a database each, a tenth of which reads a neighbour's. */
export function writeWorkspace(folder: string): void {
  for (const [path, text] of Object.entries(workspace())) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function workspace(): Record<string, string> {
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  return Object.assign(
    { 'package.json': '{ "private": true, "workspaces": ["services/*"] }\n', 'docker-compose.yml': compose(names) },
    ...names.map((name, index) => service(name, index)),
  );
}

function compose(names: readonly string[]): string {
  const each = names.map(
    (name, index) => `  ${name}:
    build: ./services/${name}
    environment:
      DATABASE_URL: postgres://${name}:${name}@db/${name}
${index % 10 === 1 ? `      NEIGHBOUR_URL: postgres://${names[index - 1]}:x@db/${names[index - 1]}\n` : ''}`,
  );
  return `services:\n  db:\n    image: postgres:18\n${each.join('')}`;
}

function service(name: string, index: number): Record<string, string> {
  const folder = `services/${name}`;
  const modules = Array.from({ length: modulesEach }, (_, at) => [
    `${folder}/src/feature-${at}.ts`,
    feature(at, index),
  ]);
  return {
    [`${folder}/package.json`]: `{ "name": "@bench/${name}", "type": "module", "scripts": { "start": "node src/main.ts" }, "dependencies": { "express": "5", "pg": "8" } }\n`,
    [`${folder}/migrations/001.sql`]: `create table items_${index} (id uuid primary key, name text not null);\n`,
    [`${folder}/src/main.ts`]: `import express from 'express';\nimport { load0 } from './feature-0.ts';\n\nconst app = express();\napp.get('/', async (_, response) => response.json(await load0('1')));\napp.listen(3000);\n`,
    [`${folder}/src/database.ts`]: `import pg from 'pg';\n\nexport const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\nexport const neighbour = new pg.Pool({ connectionString: process.env.NEIGHBOUR_URL });\n`,
    ...Object.fromEntries(modules),
  };
}

/** One module in five talks to the database; the rest is the plain code that most of a repository is. */
function feature(at: number, index: number): string {
  const usesDatabase = at % 5 === 0;
  const foreign = usesDatabase && at === 10 && index % 10 === 1;
  const next = at + 1 < modulesEach ? `import { load${at + 1} } from './feature-${at + 1}.ts';\n` : '';
  const load = usesDatabase
    ? `  const { rows } = await ${foreign ? 'neighbour' : 'pool'}.query('select id, name from items_${foreign ? index - 1 : index} where id = $1', [id]);\n  return rows[0];\n`
    : `  return { id, name: describe(id.length) };\n`;
  return `${usesDatabase ? `import { ${foreign ? 'neighbour' : 'pool'} } from './database.ts';\n` : ''}${next}
export interface Item${at} {
  readonly id: string;
  readonly name: string;
}

export async function load${at}(id: string): Promise<Item${at}> {
${load}}
${Array.from({ length: 12 }, (_, part) => helper(part, at)).join('')}
function describe(size: number): string {
  return size > 10 ? 'long' : 'short';
}
${next === '' ? '' : `\nexport const following = load${at + 1};\n`}`;
}

function helper(part: number, at: number): string {
  return `
export function part${part}(items: readonly Item${at}[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id, name } of items) {
    const key = name.startsWith('x') ? \`\${name}-${part}\` : id.toUpperCase();
    counts.set(key, (counts.get(key) ?? 0) + ${part + 1});
  }
  return counts;
}
`;
}
