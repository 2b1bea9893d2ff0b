import type { Node } from 'oxc-parser';
import { conditionsOf, isOutsideProduction } from './stage-guards.ts';
import { everyNode, literalOf, nameOf } from './syntax.ts';

/** A place where the certificate of the other side is not checked, and whose that is. */
export interface UnverifiedTls {
  readonly what: string;
  readonly at: number;
}

const words =
  /ejectUnauthorized|TLS_REJECT_UNAUTHORIZED|strictSSL|tlsAllowInvalidCertificates|tlsInsecure|sslmode=no-verify/;

/** A cheap test, so that only files that speak of it are parsed. */
export const speaksOfTls = (text: string): boolean => words.test(text);

const isOff: ReadonlyMap<string, string | number | boolean> = new Map<string, string | number | boolean>([
  ['rejectUnauthorized', false],
  ['strictSSL', false],
  ['tlsAllowInvalidCertificates', true],
  ['tlsInsecure', true],
]);

/** Code in which the certificate of the other side is not checked; where the environment decides, it may be. */
export function unverifiedTlsIn(file: string, text: string): UnverifiedTls[] {
  const found: UnverifiedTls[] = [];
  if (!speaksOfTls(text) || /(^|[./_-])(dev|development|local|test)([._-][^/]*)?\.[cm]?[jt]sx?$/i.test(file))
    return found;
  everyNode(file, text, (node, above) => {
    const what = switchedOff(node, above, text);
    if (what !== undefined && !isOutsideProduction(node, above) && !isChosen(node, above, text))
      found.push({ what, at: node.start });
  });
  return found;
}

function switchedOff(node: Node, above: readonly Node[], text: string): string | undefined {
  if (node.type === 'Property' && node.value.type === 'Literal') {
    const off = literalOf(node.value);
    const outer = above.at(-1);
    if (off === undefined || isOff.get(nameOf(node) ?? '') !== off || isOfServer(above)) return undefined;
    return outer?.type === 'ObjectExpression' && (isOverruled(outer, node) || isLocal(above, text))
      ? undefined
      : otherSide(node, above, text);
  }
  if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
    const off = literalOf(node.right);
    const name = nameOf(node.left) ?? '';
    if (name === 'NODE_TLS_REJECT_UNAUTHORIZED')
      return off === '0' || off === 0 ? 'the certificate of any server' : undefined;
    return off !== undefined && isOff.get(name) === off ? otherSide(node, above, text) : undefined;
  }
  const written = node.type === 'TemplateElement' ? node.value.raw : literalOf(node);
  return typeof written === 'string' && /\bsslmode=no-verify\b/.test(written)
    ? 'the certificate of the database'
    : undefined;
}

/** What comes after it in an object may say otherwise. */
function isOverruled(object: Node & { type: 'ObjectExpression' }, property: Node): boolean {
  return object.properties
    .slice(object.properties.findIndex(one => one === property))
    .some(
      one =>
        one.type === 'SpreadElement' &&
        (one.argument.type === 'Identifier' ||
          one.argument.type === 'MemberExpression' ||
          one.argument.type === 'CallExpression'),
    );
}

/** A server that asks for certificates of its clients may judge them itself. */
function isOfServer(above: readonly Node[]): boolean {
  return above.some(
    outer =>
      (outer.type === 'CallExpression' &&
        /^(createServer|createSecureServer|defineConfig)$/.test(nameOf(outer.callee) ?? '')) ||
      (outer.type === 'Property' && nameOf(outer) === 'devServer') ||
      (outer.type === 'ObjectExpression' && outer.properties.some(one => nameOf(one) === 'requestCert')),
  );
}

function isLocal(above: readonly Node[], text: string): boolean {
  return above.some(
    outer =>
      outer.type === 'ObjectExpression' &&
      outer.properties.some(
        one =>
          one.type === 'Property' &&
          /^(host|hostname|url|uri|baseURL|connectionString|servername)$/.test(nameOf(one) ?? '') &&
          /^['"`](\w+:\/\/)?([^@/]*@)?(localhost|127\.0\.0\.1)\b/.test(text.slice(one.value.start, one.value.end)),
      ),
  );
}

/** Whoever runs it has chosen it, by a switch that says so. */
function isChosen(node: Node, above: readonly Node[], text: string): boolean {
  return conditionsOf(node, above).some(test =>
    /insecure|self_?-?signed|reject_?unauth|verif|strict|untrusted|invalid_?cert|skip_?(tls|ssl|cert)/i.test(
      text.slice(test.start, test.end),
    ),
  );
}

const sides: readonly (readonly [string, RegExp])[] = [
  ['the certificate of Kafka', /kafka/i],
  ['the certificate of Redis', /redis|valkey|bull/i],
  ['the certificate of RabbitMQ', /amqp|rabbit/i],
  ['the certificate of the mail server', /mail|smtp|createTransport/i],
  ['the certificate of Elasticsearch', /elastic|opensearch/i],
  [
    'the certificate of the database',
    /^(ssl|dialectOptions|Sequelize|DataSource|Pool|knex|pg|postgres|mysql|drizzle|database|db|mongo.*|TypeOrmModule|SequelizeModule|tlsInsecure|tlsAllowInvalidCertificates)$/i,
  ],
];

/** Told by the names around it, the nearest first. */
function otherSide(node: Node, above: readonly Node[], text: string): string {
  const names = [node, ...above.toReversed()].flatMap(outer => {
    if (outer.type === 'NewExpression' || outer.type === 'CallExpression')
      return text.slice(outer.callee.start, outer.callee.end).slice(-60).split(/\W+/);
    return nameOf(outer) ?? [];
  });
  // `ssl` is what a database calls it, unless something around it has another name for itself
  const said = sides.find(([, pattern]) => names.some(name => pattern.test(name)));
  return said?.[0] ?? 'the certificates of servers that it calls';
}
