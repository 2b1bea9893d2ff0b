import { parseSuppressions } from '../../src/check/suppress.ts';
import { readConfig } from '../../src/config.ts';
import { UserError } from '../../src/errors.ts';
import { readCdk } from '../../src/extract/cdk.ts';
import { parseTemplate } from '../../src/extract/cloudformation.ts';
import { parseCompose } from '../../src/extract/compose.ts';
import { parseConnection, parseContactPoints, parseElasticsearch } from '../../src/extract/connection-string.ts';
import { parseDockerfile } from '../../src/extract/dockerfile.ts';
import { parseDotenv } from '../../src/extract/dotenv.ts';
import { gatewayEndpoints } from '../../src/extract/express-gateway.ts';
import { dataOf, namedTemplates, renderTemplate } from '../../src/extract/helm.ts';
import { ingressRoutes } from '../../src/extract/ingress.ts';
import { jsonOf } from '../../src/extract/json.ts';
import { parseManifests } from '../../src/extract/kubernetes.ts';
import { parseKustomization } from '../../src/extract/kustomize.ts';
import { exportedLiteral } from '../../src/extract/literal.ts';
import { readModule } from '../../src/extract/module.ts';
import { parseNestCli } from '../../src/extract/nest-cli.ts';
import { nginxRoutes } from '../../src/extract/nginx.ts';
import { parseNxProject, parseNxWorkspace } from '../../src/extract/nx.ts';
import { readOutline } from '../../src/extract/outline.ts';
import { parsePackageJson } from '../../src/extract/package-json.ts';
import { parsePm2 } from '../../src/extract/pm2.ts';
import { readPrismaSchema } from '../../src/extract/prisma-schema.ts';
import { parseProcfile } from '../../src/extract/procfile.ts';
import { parseServerless } from '../../src/extract/serverless.ts';
import { parseSkaffold } from '../../src/extract/skaffold.ts';
import { readSql } from '../../src/extract/sql.ts';
import { readSqlFile } from '../../src/extract/sql-files.ts';
import type { SqlDialect } from '../../src/extract/sql-reading.ts';
import { parseFully, parseYaml } from '../../src/extract/yaml.ts';
import { parseAnnotations } from '../../src/model/annotations.ts';
import { matcherOf } from '../../src/model/glob.ts';
import { masked } from '../../src/model/masked.ts';
import { parseJson, scanSpecifiers } from '../../src/model/modules.ts';
import { variablesOf } from '../../src/model/services/env-files.ts';
import { codeFrame } from '../../src/report/code-frame.ts';

/** Something that reads text of a repository, and right texts to begin with. */
export interface Reader {
  readonly name: string;
  readonly seeds: readonly string[];
  /** What it gives, as plain data; what it must not do is throw. */
  readonly read: (text: string) => unknown;
}

const code = [
  `import express from 'express';\nimport { Pool, type PoolClient } from 'pg';\nconst pool = new Pool({ connectionString: process.env.DATABASE_URL ?? \`postgres://\${host}:5432/orders\` });\nexport async function list(id: string): Promise<Row[]> {\n  const { rows } = await pool.query('select * from orders where id = $1', [id]);\n  return rows.map(r => ({ ...r, total: r.a ? r.b : r.c }));\n}\nexport default express().get('/orders/:id', (req, res) => res.json(list(req.params.id))).listen(3000);\n`,
  `@Injectable()\nexport class Orders extends Base<Order> implements OnInit {\n  @InjectRepository(Order) private readonly repo!: Repository<Order>;\n  static { this.x = 1; }\n  constructor(private readonly a: Map<string, Array<number>>, @Inject('B') b = {}) { super(a); this.b = b as any; }\n  get total(): number { return this.#sum([...this.lines], /a[/]b/g); }\n  async *all() { for await (const x of this.repo.find({ where: { id: In([1, 2]) } })) yield x; }\n}\nenum Kind { A = 'a', B }\nnamespace N { export type T = { [k in Kind]?: \`\${k}-x\` } | (A extends infer U ? U[] : never); }\nexport * as all from './all';\nexport { a as b, type C } from '../c.js';\nexport type { D } from 'd'\n`,
  `const { a: [b, { c = 1, ...rest }] } = require('./x'), k = await import('./y');\nmodule.exports = { kafka: new Kafka({ brokers: ['k:9092'] }), run: () => consumer.subscribe({ topic: process.env['TOPIC'] || 'orders' }) };\nexports.q = sql\`select \${a} from \${sql.identifier(['t'])}\`;\nif (a) b(); else if (c) { try { d() } catch (e) { f(e) } finally { g() } } else switch (h) { case 1: default: break }\nlabel: for (const i in o) while (x--) do { continue label } while (y);\nconst el = <div a={b} {...c}>text {d} <E.F /></div>;\n`,
];
const yaml = [
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders, labels: { app: "orders" } }\nspec:\n  template:\n    spec:\n      containers:\n        - name: orders\n          image: registry/orders:1\n          env:\n            - { name: A, value: "1" }\n            - name: B\n              valueFrom: { secretKeyRef: { name: s, key: k } }\n          envFrom: [{ configMapRef: { name: c } }]\n          ports: [{ containerPort: 80 }]\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  k: cG9zdGdyZXM=\n`,
  `version: "3"\nx-base: &base\n  restart: always\n  environment: &env\n    A: 1\n    URL: postgres://u:\${P:-x}@db:5432/\${DB?no}\nservices:\n  orders:\n    <<: *base\n    build: { context: ./orders, args: [A=1] }\n    extends: { file: other.yml, service: base }\n    command: >\n      npm run\n      start\n    env_file: [.env, {path: b.env}]\n    ports: ["80:80", {target: 1, published: 2}]\n    depends_on:\n    - db\n  db:\n    image: 'postgres:16'\n    environment:\n      <<: [*env, *env]\ninclude:\n  - docker-compose.yml\nnetworks: { n: { external: true } }\n`,
  `service: orders\nprovider:\n  name: aws\n  stage: \${opt:stage, 'dev'}\n  environment:\n    TABLE: \${self:custom.table.\${self:provider.stage}, 'x'}\n    REF: !Ref Table\n    OTHER: \${file(other.yml):a.b}\ncustom:\n  table: { dev: "orders-\${self:provider.stage}" }\nfunctions:\n  list: { handler: src/list.handler, environment: { A: !Sub "\${AWS::Region}-x" } }\nresources:\n  Resources:\n    Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: t } }\n`,
];
const json = [
  `{\n  // comment\n  "name": "orders", "version": "1.0.0", "private": true,\n  "workspaces": ["packages/*", "!x", {"a": 1e5}],\n  "scripts": { "start": "node dist/main.js", "b": "npm run start && nx run a:b" },\n  "dependencies": { "pg": "^8", "express": "*" },\n  "compilerOptions": { "paths": { "@a/*": ["../a/*"] }, "baseUrl": "." },\n  "extends": "./base.json", /* x */\n  "projects": { "orders": { "root": "apps/orders", "type": "application", "sourceRoot": "apps/orders/src", "targets": { "build": { "executor": "a:b", "options": { "main": "m.ts" } } } } },\n}\n`,
];
const sql = [
  `CREATE TABLE IF NOT EXISTS "shop".orders (id serial PRIMARY KEY, user_id int REFERENCES users(id), total numeric(10, 2) DEFAULT 0, CHECK (total > 0));\nWITH RECURSIVE t AS (SELECT * FROM orders o LEFT JOIN LATERAL (SELECT 1) x ON true WHERE o.id IN (SELECT id FROM lines)), u AS (DELETE FROM old RETURNING *)\nINSERT INTO archive SELECT CASE WHEN a THEN b ELSE c END, 'it''s', E'\\\\'', $1, :name, @p FROM t UNION ALL SELECT * FROM u ON CONFLICT (id) DO UPDATE SET a = excluded.a;\nUPDATE a SET x = (SELECT y FROM b) FROM c WHERE a.id = c.id; -- comment\nCREATE FUNCTION f() RETURNS void AS $body$ BEGIN EXECUTE 'select * from z'; END $body$ LANGUAGE plpgsql;\nCOPY a (b) FROM stdin;\n1\t2\n\\.\nMERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 1; /* x /* y */ */ ALTER TABLE [dbo].[T] ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES \`b\` (c);\nUSE shop; SELECT TOP 1 * FROM #tmp WITH (NOLOCK), x.y.z AS q(a, b);\n`,
];
const dialects: readonly SqlDialect[] = ['postgres', 'mysql', 'mssql', 'sqlite', 'clickhouse', 'cassandra', 'unknown'];
const env = [
  `# a\nexport A=1\nB="two \${A:-x} $C" # no\nC='$B'\nD=\${A:?no}\${B:+yes}\nURL: postgres://u:p@h:1/d?a=b\nM="first\nsecond"\n\nE=$A$B$C$D\nF=$F\n`,
];
const docker = [
  `# syntax=x\nARG V=20\nFROM node:\${V}-alpine AS build\nWORKDIR /app\nCOPY --chown=a:b ["package.json", "./"]\nCOPY apps/\${APP} ./\nRUN npm ci && \\\n  # comment\n  npm run build <<EOF\nx\nEOF\nENV A=1 B="two words" C=a\\ b\nENV OLD the rest\nFROM scratch\nCOPY --from=build /app/dist /app\nEXPOSE 80 443/tcp\nENTRYPOINT ["node", "dist/main.js"]\nCMD --port 1\n`,
];
const helm = [
  `{{- define "n" -}}{{ .Release.Name | trunc 63 | trimSuffix "-" }}-{{ template "m" . }}{{- end -}}\n{{- define "m" }}{{ include "n" (dict "a" .Values "b" (list 1 2)) }}{{ end }}\n{{- $x := printf "%s-%d" .Values.name 3 -}}\nkind: Deployment\n{{- if and .Values.on (not (eq .Values.a "b")) }}\nmetadata: {{ toYaml .Values.labels | nindent 2 }}\n{{- else if .Values.off }}\na: {{ .Values.x | default "y" | quote }}\n{{- else }}\n{{ range $k, $v := .Values.env }}\n- name: {{ $k }}\n  value: {{ $v | squote }}\n{{ end }}{{ with .Values.deep.er }}{{ .x }}{{ $x = cat $x $x }}{{ end }}\n{{- end }}{{/* c */}}\n{{ tpl .Values.t . }}{{ merge (dict "a" 1) .Values | toJson }}{{ index .Values "env" "A" }}\n`,
];
const nginx = [
  `upstream api { server orders:3000 weight=2; server b; }\nserver {\n  set $host_ "http://stock:80"; # x\n  location ~* ^/api/(.*)$ { proxy_pass http://api/$1; }\n  location = /a { proxy_pass $host_; grpc_pass grpc://g:1; }\n}\n`,
];
const prisma = [
  `generator client {\n  provider = "prisma-client-js"\n  output = "../gen"\n}\ndatasource db {\n  provider = "postgresql" // x\n  url = env("DATABASE_URL")\n}\nmodel OrderLine {\n  id Int @id @default(autoincrement())\n  order Order? @relation("a", fields: [orderId, b], references: [id])\n  orderId Int\n  json Json @default("{}")\n  @@map(name: "order_lines")\n  @@schema("shop")\n  @@index([a,\n    b])\n}\n/* x */ enum E { A B }\nview V { id Int }\n`,
];
const globs = ['apps/*/{src,lib}/**/*.{ts,tsx}', '**/tools/[id]/v?.ts', './a/**', '!**/x{1,2}'];
const comments = [
  `// lintel: table orders -- because\n/* lintel: datastore postgres:db/shop **/\n# lintel: calls billing\n-- lintel: publishes x\n// lintel-disable-next-line a/b, c/d -- reason\n<!-- lintel-disable-file x/y -- z -->\nconst a = 1; // lintel: consumes t\n`,
];
const config = [
  `name: shop\nservices:\n  orders: { path: ./apps/orders/, owns: { database: orders, engine: postgres, tables: [a, b] }, patterns: [x] }\n  billing:\n  stock: { owns: &t [x, 'postgres:db/shop'] }\n  other: { owns: *t }\nhosts: { db: postgres, 10: "y" }\nignore: ["tools/**", "{a,b}"]\nrules:\n  database-per-service/no-shared-database: off\n  a/b: warn\n`,
];
const cdk = [
  `import { Stack, App } from 'aws-cdk-lib';\nconst table = 'orders';\nfunction env(x) { return { TABLE: x, ...base }; }\nclass Api extends Stack {\n  private readonly name = \`\${table}-x\`;\n  constructor(scope, id, props?) { super(scope, id, props); const { a, b = 1 } = props; for (const n of ['a', 'b']) new Function(this, n, { entry: join(__dirname, '..', n + '.ts'), handler: 'h', environment: env(this.name) }); const f = new NodejsFunction(this, 'f', { code: Code.fromAsset('dist') }); f.addEnvironment('A', table || 'b'); }\n}\nconst app = new App();\nnew Api(app, 'api', { a: [1, 2].map(x => x) });\nexport default $config({ run() { new sst.aws.Function('x', { handler: 'src/x.handler' }); } });\n`,
];
const literals = [
  `const shared = { A: '1', B: \`x\${C}\` };\nconst C = 'c';\nexport default { service: 'orders', provider: { environment: { ...shared, D: C } }, functions: { list: { handler: 'a.b' } }, list: [C, shared, null] } satisfies X;\nmodule.exports = { apps: [{ name: 'a', script: 'dist/main.js', args: ['x'], env: { A: 1 }, env_production: { B: '2' } }] };\n`,
];
const connections = [
  'postgres://u:p%40x@[::1]:5432,b:1/shop?schema=a&sslmode=require',
  'Server=tcp:db,1433;Database=orders;User Id=sa;Password={a;b}',
  'host=db dbname=orders user=a',
  'mongodb+srv://u:p@c.mongodb.net/x?authSource=admin',
  'redis://h/1',
  'file:./dev.db',
  'sqlserver://h:1;database=x;user=y',
  'a:9042, b',
  'jdbc:mysql://h/d',
];

const withTypes = (text: string) => ['a.ts', 'b.tsx', 'c.js'].map(file => readModule(file, text));

export const readers: readonly Reader[] = [
  { name: 'module', seeds: code, read: withTypes },
  { name: 'outline', seeds: code, read: text => [readOutline('a.ts', text), scanSpecifiers(text)] },
  { name: 'sql', seeds: sql, read: text => dialects.map(dialect => readSql(text, dialect)) },
  { name: 'sql-file', seeds: sql, read: text => readSqlFile('db/migrations/1.sql', text) },
  { name: 'yaml', seeds: [...yaml, ...json], read: text => parseYaml('a.yml', text) },
  { name: 'yaml-fully', seeds: yaml, read: text => parseFully('a.yml', text) },
  {
    name: 'json',
    seeds: json,
    read: text => [jsonOf('a.json', text), parseJson(text), parsePackageJson('package.json', text)],
  },
  {
    name: 'workspace',
    seeds: json,
    read: text => [parseNxProject('a', text), parseNxWorkspace('a', text), parseNestCli('a', text)],
  },
  { name: 'compose', seeds: yaml, read: text => parseCompose('docker-compose.yml', text) },
  {
    name: 'kubernetes',
    seeds: yaml,
    read: text => [
      parseManifests('a.yml', text),
      parseSkaffold('a', text),
      parseKustomization('a', text, () => env[0]),
    ],
  },
  {
    name: 'gateways',
    seeds: [...yaml, ...nginx],
    read: text => [nginxRoutes(text), ingressRoutes('a', text), gatewayEndpoints('a', text)],
  },
  {
    name: 'helm',
    seeds: helm,
    read: text =>
      renderTemplate(text, namedTemplates([text, helm[0] ?? '']), dataOf(parseYaml('v', yaml[1] ?? '').documents[0])),
  },
  {
    name: 'helm-values',
    seeds: yaml,
    read: text =>
      renderTemplate(helm[0] ?? '', namedTemplates([]), { Values: dataOf(parseYaml('v', text).documents[0]) }),
  },
  {
    name: 'serverless',
    seeds: yaml,
    read: text => parseServerless('serverless.yml', text, path => (path === 'other.yml' ? text : undefined)),
  },
  {
    name: 'serverless-code',
    seeds: literals,
    read: text => [
      parseServerless('serverless.ts', text, () => undefined),
      exportedLiteral('a.ts', text),
      parsePm2('a.js', text),
    ],
  },
  {
    name: 'cloudformation',
    seeds: yaml,
    read: text => parseTemplate('template.yml', `${text}\n# AWS::Serverless::Function`),
  },
  { name: 'cdk', seeds: cdk, read: text => readCdk([{ file: 'a.ts', text }]) },
  { name: 'env-file', seeds: env, read: text => variablesOf(parseDotenv('.env', text)) },
  {
    name: 'dockerfile',
    seeds: docker,
    read: text => [parseDockerfile('Dockerfile', text), parseProcfile('Procfile', text)],
  },
  { name: 'prisma', seeds: prisma, read: text => readPrismaSchema(text) },
  {
    name: 'comments',
    seeds: comments,
    read: text => ['a.ts', 'a.sql', 'a.yml'].map(file => [parseAnnotations(file, text), parseSuppressions(file, text)]),
  },
  { name: 'globs', seeds: globs, read: text => matcherOf([text])('apps/orders/src/a/b.ts') },
  { name: 'config', seeds: config, read: text => orUserError(() => readConfig(text, 'lintel.yaml')) },
  {
    name: 'connections',
    seeds: connections,
    read: text => [parseConnection(text), parseElasticsearch(text), parseContactPoints(text)],
  },
  {
    name: 'shown',
    seeds: [...env, ...connections],
    read: text => [masked('URL', text), codeFrame(text, text.length >> 1)],
  },
];

/** What the user can act on is an answer, as long as it says where. */
function orUserError(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError && /^lintel\.yaml:\d+:\d+/.test(error.message)) return error.message;
    throw error;
  }
}
