import { expect, test } from 'vitest';
import { speaksOfTls, unverifiedTlsIn } from '../../src/extract/unverified-tls.ts';

const whatIn = (text: string, file = 'src/main.ts') =>
  speaksOfTls(text) ? unverifiedTlsIn(file, text).map(({ what }) => what) : [];

test.each([
  ['new pg.Pool({ connectionString, ssl: { rejectUnauthorized: false } })', 'the certificate of the database'],
  ['new Kafka({ brokers, ssl: { rejectUnauthorized: false } })', 'the certificate of Kafka'],
  ['new Redis(url, { tls: { rejectUnauthorized: false } })', 'the certificate of Redis'],
  ['nodemailer.createTransport({ host, tls: { rejectUnauthorized: false } })', 'the certificate of the mail server'],
  ['new https.Agent({ rejectUnauthorized: false })', 'the certificates of servers that it calls'],
  ['request({ url, strictSSL: false })', 'the certificates of servers that it calls'],
  ['new MongoClient(url, { tlsAllowInvalidCertificates: true })', 'the certificate of the database'],
  [`process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'`, 'the certificate of any server'],
  [`process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0`, 'the certificate of any server'],
  ["const url = base + (ssl ? '?sslmode=no-verify' : '')", 'the certificate of the database'],
  ['if (ca) options.rejectUnauthorized = false', 'the certificates of servers that it calls'],
  [
    `const ssl = process.env.NODE_ENV === 'production' ? { rejectUnauthorized: false } : false`,
    'the certificate of the database',
  ],
  ['const ssl = config.ssl && { rejectUnauthorized: false }', 'the certificate of the database'],
])('%s', (text, what) => {
  expect(whatIn(text)).toEqual([what]);
});

test.each([
  'new https.Agent({ rejectUnauthorized: true })',
  `new https.Agent({ rejectUnauthorized: process.env.TLS_CHECK === 'true' })`,
  `new https.Agent({ rejectUnauthorized: process.env.NODE_ENV === 'production' })`,
  `const agent = process.env.NODE_ENV !== 'production' ? new Agent({ rejectUnauthorized: false }) : undefined`,
  `const agent = isProduction ? undefined : new Agent({ rejectUnauthorized: false })`,
  'const ssl = isDev() && { rejectUnauthorized: false }',
  `if (config.env === 'development' && !url) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'`,
  `function agent() { if (isProd) { return new Agent(); } return new Agent({ rejectUnauthorized: false }); }`,
  `switch (process.env.NODE_ENV) { case 'test': agent = new Agent({ rejectUnauthorized: false }); }`,
  'export default { development: { ssl: { rejectUnauthorized: false } }, production: { ssl: true } }',
  `if (process.env.ALLOW_SELF_SIGNED) options.rejectUnauthorized = false`,
  'new Agent({ rejectUnauthorized: false, ...options })',
  `new Client({ host: 'localhost', tls: { rejectUnauthorized: false } })`,
  'https.createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, app)',
  'const { rejectUnauthorized = false } = options',
  'interface Options { rejectUnauthorized: false }',
  '// rejectUnauthorized: false',
])('leaves alone: %s', text => {
  expect(whatIn(text)).toEqual([]);
});

test('leaves alone the file of a stage that is not production', () => {
  expect(whatIn('export default { ssl: { rejectUnauthorized: false } }', 'config/development.js')).toEqual([]);
});

test('looks at the code behind a call that only looks like a question of the stage', () => {
  expect(
    whatIn(
      'function agent() { if (!/CERT/.test(cert)) { throw new Error(); } return new Agent({ rejectUnauthorized: false }); }',
    ),
  ).toHaveLength(1);
});
