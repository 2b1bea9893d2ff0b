import type { DiscoveredService } from '../discovery.ts';
import { packageOf } from '../modules.ts';
import { each, type Value } from '../value.ts';
import type { Endpoints } from './endpoints.ts';
import type { ExchangesFound, ServiceExchange } from './found.ts';

/**
 * Services that may answer to more than is known: those of which no route is known, and those with a route that cannot
 * be read, with something that answers by itself, or with what looks like a route and is none of those that are known.
 */
export function openRoutes(found: ExchangesFound, endpoints: Endpoints): ReadonlySet<string> {
  const exchanges = Map.groupBy(found.exchanges, x => x.service.id);
  const open = new Set<string>();
  for (const service of found.discovery.services) {
    if (service.role === 'library') continue;
    const isScript = service.language === 'typescript' || service.language === 'javascript';
    // a gateway of a cloud puts stages and names of its own before the paths of functions
    const isAnsweredElsewhere =
      service.role === 'frontend' || service.environments.some(e => e.kind === 'cdk' || e.kind === 'serverless');
    if (
      !isScript ||
      isAnsweredElsewhere ||
      endpoints.isOpen(service.id) ||
      isMore(found, service, exchanges.get(service.id) ?? [])
    )
      open.add(service.id);
  }
  return open;
}

/** Whether a file of a service, or one that it loads, looks as if there was more to it. */
function isMore(found: ExchangesFound, service: DiscoveredService, exchanges: readonly ServiceExchange[]): boolean {
  const known = Map.groupBy(exchanges, x => x.exchange.origin.file);
  return filesOf(found, service).some(file => {
    const text = found.tree.read(file) ?? '';
    const here = known.get(file) ?? [];
    return (
      answersByItself(text) ||
      hasUnreadRoute(text, here) ||
      hasUnreadDecorator(text, here) ||
      hasOutsideModule(found, file, text)
    );
  });
}

function filesOf({ sources }: ExchangesFound, service: DiscoveredService): readonly string[] {
  const queue = sources.files.filter(f => sources.ownerOf(f) === service && sources.isProduction(f));
  const files = new Set(queue);
  for (let f = queue.pop(); f !== undefined; f = queue.pop())
    for (const next of sources.loads.get(f) ?? [])
      if (!files.has(next) && sources.isProduction(next)) {
        files.add(next);
        queue.push(next);
      }
  return [...files];
}

/** Packages and servers that have routes of their own, or that are told of routes in ways that are not read. */
const answering = new RegExp(
  `(?:from|require\\(|import\\(|import)\\s*['"](?:${[
    String.raw`@apollo\/server|apollo-server[\w-]*|express-graphql|graphql-(?:yoga|http|helix)|mercurius|type-graphql|@graphql-yoga\/[\w-]+`,
    String.raw`@nestjs\/(?:graphql|serve-static|mercurius|apollo)|@trpc\/server|nestjs-trpc|@ts-rest\/[\w-]+|@orpc\/server|@connectrpc\/[\w-]+`,
    String.raw`tsoa|routing-controllers|inversify-express-utils|@feathersjs\/[\w-]+|@loopback\/[\w-]+|moleculer-web|@strapi\/[\w-]+`,
    String.raw`@keystone-6\/[\w-]+|@adonisjs\/[\w-]+|sails|meteor\/[\w-]+|@foal\/core|@tsed\/[\w-]+|@hapipal\/[\w-]+|payload|parse-server|directus`,
    String.raw`openapi-backend|express-openapi[\w-]*|swagger-(?:tools|express-middleware|node-express-mw|routes-express)|oas-tools|exegesis[\w-]*`,
    String.raw`serve-static|serve-handler|koa-static|koa-send|@fastify\/(?:static|http-proxy|reply-from|middie|express|vite|oauth2|next)`,
    String.raw`fastify-(?:static|http-proxy|oas|plugin-loader|openapi-glue|metrics)|@hapi\/(?:inert|h2o2)|inert|h2o2|http-proxy[\w-]*|express-http-proxy`,
    String.raw`fast-gateway|express-gateway|koa-(?:proxy|proxies|better-http-proxy)|@bull-board\/[\w-]+|bull-arena|bull-board|adminjs|admin-bro|@adminjs\/[\w-]+`,
    String.raw`oidc-provider|better-auth|supertokens-node|next-auth|@auth\/[\w-]+|keycloak-connect|express-openid-connect|express-oauth-server`,
    String.raw`express-prom-bundle|express-status-monitor|@willsoto\/nestjs-prometheus|@godaddy\/terminus|lightship|@dapr\/dapr`,
    String.raw`express-file-routing|express-automatic-routes|consign|express-load|require-all|requireindex|vhost`,
    String.raw`next|nuxt|@remix-run\/[\w-]+|@sveltejs\/kit|json-server|connect|restana|find-my-way|micro|h3|nitropack|elysia|itty-router|uWebSockets\.js|hyper-express`,
  ].join('|')})(?:\\/[^'"]*)?['"]|\\b(?:Bun|Deno)\\.serve\\s*\\(`,
);

function answersByItself(text: string): boolean {
  return answering.test(text);
}

const written =
  /\.(?:get|post|put|patch|delete|del|all|head|options|route|use)\s*(?:<[^<>()]*>\s*)?\(\s*(['"`])(\/[^'"`$\n]*)/g;

/** A call that looks like a route, of which nothing known is made: no route, no mount, and no request either. */
function hasUnreadRoute(text: string, here: readonly ServiceExchange[]): boolean {
  let texts: readonly string[] | undefined;
  for (const { index, 2: path = '' } of text.matchAll(written)) {
    if (isComment(text, index)) continue;
    texts ??= here.flatMap(x => [x.exchange.path, x.exchange.url, x.exchange.name].flatMap(v => wordsOf(v)));
    if (!texts.some(t => t.includes(path))) return true;
  }
  return false;
}

function wordsOf(v: Value | undefined): string[] {
  return each(v).flatMap(one =>
    one.t === 'text' ? [one.parts.map(p => (typeof p === 'string' ? p : '')).join('')] : [],
  );
}

function isComment(text: string, at: number): boolean {
  return /^\s*(?:\/\/|\*)/.test(text.slice(text.lastIndexOf('\n', at) + 1, at + 1));
}

const decorator = /@(?:http)?(?:Get|Post|Put|Patch|Delete|All|Head|Options|Sse)\s*\(/g;
const composed = /(?<![@\w])(?:Get|Post|Put|Patch|Delete|All|Head|Options|RequestMapping)\(/;

/** Decorators of routes in a class of which they are not known as such. */
function hasUnreadDecorator(text: string, here: readonly ServiceExchange[]): boolean {
  if (text.includes('@RequestMapping(') || (text.includes('applyDecorators') && composed.test(text))) return true;
  const all = [...text.matchAll(decorator)].filter(m => !isComment(text, m.index));
  if (all.length === 0) return false;
  return all.length > new Set(here.flatMap(x => (x.exchange.kind === 'serve' ? [x.exchange.origin.at] : []))).size;
}

const imported = /import\s*\{([^}]*\b\w+Module\b[^}]*)\}\s*from\s*['"]([^'".][^'"]*)['"]/g;
const plain =
  /^(?:@nestjs\/(?:common|core|config|typeorm|mongoose|sequelize|mikro-orm|jwt|passport|microservices|cqrs|schedule|event-emitter|axios|throttler|cache-manager|bull|bullmq|terminus|elasticsearch|cli|testing|platform-[\w-]+|event-store|mapped-types|websockets)|@mikro-orm\/nestjs|@golevelup\/[\w-]+|@liaoliaots\/[\w-]+|@songkeys\/[\w-]+|@nestjs-modules\/(?:mailer|ioredis)|@automapper\/nestjs|@sentry\/[\w-]+|@ntegral\/[\w-]+|nestjs-(?:pino|i18n|redis|config|command|cls|zod|typegoose|real-ip|otel|minio-client|minio|form-data|rate-limiter|http-promise|s3|twilio|throttler-storage-redis|ioredis|temporal)|nest-(?:winston|keycloak-connect|casl|commander|typed-config|knexjs|mongodb|morgan)|@kafkajs\/[\w-]+|@nestlab\/[\w-]+|mongoose|typeorm|node:module|module)$/;

/** A module of Nest that is not of this repository may bring controllers. */
function hasOutsideModule({ resolver }: ExchangesFound, file: string, text: string): boolean {
  if (!text.includes('@Module(')) return false;
  return [...text.matchAll(imported)].some(([, , specifier = '']) => {
    const target = resolver.resolve(file, specifier);
    return !(target && 'file' in target) && !plain.test(packageOf(specifier));
  });
}
