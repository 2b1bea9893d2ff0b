/** Two services on one database, with what each does to it. */
export function shop(does: { orders: string; billing: string }): Record<string, string> {
  const service = (name: string, statements: string) => ({
    [`${name}/package.json`]: `{ "name": "${name}", "scripts": { "start": "node main.js" }, "dependencies": { "pg": "8" } }`,
    [`${name}/main.js`]: `import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
${statements}
`,
  });
  return {
    'docker-compose.yml': `services:
  orders: { build: ./orders, environment: { DATABASE_URL: 'postgres://u:p@db/shop' } }
  billing: { build: ./billing, environment: { DATABASE_URL: 'postgres://u:p@db/shop' } }
  db: { image: 'postgres:18' }
`,
    ...service('orders', does.orders),
    ...service('billing', does.billing),
  };
}
