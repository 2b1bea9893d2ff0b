import type { Node } from 'oxc-parser';
import { isOutsideProduction } from './stage-guards.ts';
import { everyNode, literalOf, nameOf } from './syntax.ts';

/** A place where the token of a caller is read; `verified` where its signature is checked. */
export interface TokenRead {
  readonly verified: boolean;
  readonly flaws: readonly ('accepts-none' | 'ignores-expiry')[];
  readonly at: number;
}

/** Packages that check a token wherever they are used. */
const checking = new Set([
  'passport-jwt',
  'express-jwt',
  'koa-jwt',
  '@fastify/jwt',
  'fastify-jwt',
  'hapi-auth-jwt2',
  '@hapi/jwt',
  'jwks-rsa',
  'jwt-simple',
  'aws-jwt-verify',
  'express-oauth2-jwt-bearer',
  '@okta/jwt-verifier',
  'passport-azure-ad',
  'keycloak-connect',
  'nest-keycloak-connect',
  'express-openid-connect',
  'firebase-admin',
  'google-auth-library',
  '@clerk/backend',
  '@clerk/clerk-sdk-node',
  '@clerk/express',
  '@clerk/fastify',
  'supertokens-node',
  'next-auth',
  '@auth0/nextjs-auth0',
  'hono/jwt',
  '@elysiajs/jwt',
]);

/** Packages of which the call decides, by the names of their exports. */
const checks: Readonly<Record<string, RegExp>> = {
  jsonwebtoken: /^verify$/,
  jose: /^(jwtVerify|compactVerify|flattenedVerify|generalVerify|jwtDecrypt)$/,
  '@nestjs/jwt': /^verify(Async)?$/,
  'fast-jwt': /^createVerifier$/,
  'jwt-decode': /^$/,
};
const reads: Readonly<Record<string, RegExp>> = {
  jsonwebtoken: /^decode$/,
  jose: /^decodeJwt$/,
  '@nestjs/jwt': /^decode$/,
  'fast-jwt': /^createDecoder$/,
  'jwt-decode': /^(default|jwtDecode|jwt_decode)$/,
};

export const isTokenPackage = (name: string): boolean => checking.has(name) || Object.hasOwn(checks, name);

/** Tokens that a file reads: those it checks, and those of callers that it believes unchecked. */
export function tokensIn(file: string, text: string): TokenRead[] {
  const names = new Names();
  const found: TokenRead[] = [];
  if (![...checking, ...Object.keys(checks)].some(name => text.includes(name))) return found;
  everyNode(file, text, (node, above) => {
    const loaded = names.learn(node);
    if (loaded !== undefined && checking.has(loaded)) found.push({ verified: true, flaws: [], at: node.start });
    const flaw = flawOf(node);
    if (flaw === 'accepts-none' && !isOutsideProduction(node, above))
      found.push({ verified: true, flaws: [flaw], at: node.start });
    if (flaw === 'ignores-expiry' && !isOutsideProduction(node, above) && !looksAtExpiry(node, above, file, text))
      found.push({ verified: true, flaws: [flaw], at: node.start });
    const meant = names.meantBy(node);
    if (meant === undefined) return;
    const [pkg, name] = meant;
    const call = above.at(-1);
    if (checks[pkg]?.test(name) && !/^(Import|TS)/.test(call?.type ?? ''))
      found.push({ verified: true, flaws: [], at: node.start });
    if (
      reads[pkg]?.test(name) &&
      call?.type === 'CallExpression' &&
      call.callee === node &&
      isOfCaller(call, above, file, text)
    )
      found.push({ verified: false, flaws: [], at: node.start });
  });
  return found;
}

/** What the names of a file stand for, as far as packages for tokens are concerned. */
class Names {
  /** By local name: the package, and the export, `*` for all of them. */
  readonly #known = new Map<string, readonly [pkg: string, name: string]>();

  /** The package that a node loads. */
  learn(node: Node): string | undefined {
    if (node.type === 'ImportDeclaration') {
      const pkg = node.source.value;
      if (!isTokenPackage(pkg) || node.importKind === 'type') return undefined;
      for (const one of node.specifiers) {
        const name = one.type === 'ImportSpecifier' ? (nameOf(one.imported) ?? '') : '*';
        if (one.type !== 'ImportSpecifier' || one.importKind !== 'type') this.#known.set(one.local.name, [pkg, name]);
      }
      return pkg;
    }
    if (node.type === 'VariableDeclarator' && node.init) {
      const [pkg, name] = requiredBy(node.init) ?? [];
      if (pkg === undefined || name === undefined || !isTokenPackage(pkg)) return undefined;
      if (node.id.type === 'Identifier') this.#known.set(node.id.name, [pkg, name]);
      if (node.id.type === 'ObjectPattern')
        for (const one of node.id.properties)
          if (one.type === 'Property' && one.value.type === 'Identifier')
            this.#known.set(one.value.name, [pkg, nameOf(one) ?? '']);
      return pkg;
    }
    // `constructor(private readonly tokens: JwtService)`, `private tokens: JwtService`
    if (node.type === 'Identifier' && node.typeAnnotation?.typeAnnotation.type === 'TSTypeReference')
      this.#typed(node.name, node.typeAnnotation.typeAnnotation.typeName);
    if (node.type === 'PropertyDefinition' && node.typeAnnotation?.typeAnnotation.type === 'TSTypeReference')
      this.#typed(nameOf(node) ?? '', node.typeAnnotation.typeAnnotation.typeName);
    return undefined;
  }

  /** The package and the export that a node names: `jwt.verify`, `this.tokens.verify`, `jwtDecode`. */
  meantBy(node: Node): readonly [pkg: string, name: string] | undefined {
    if (node.type === 'MemberExpression') {
      const holder = this.#known.get(nameOf(node.object) ?? '');
      return holder?.[1] === '*' || holder?.[1] === 'default' || holder?.[1] === 'JwtService'
        ? [holder[0], nameOf(node) ?? '']
        : undefined;
    }
    const known = node.type === 'Identifier' ? this.#known.get(node.name) : undefined;
    return known?.[1] === '*' ? [known[0], 'default'] : known;
  }

  #typed(name: string, type: Node): void {
    const known = type.type === 'Identifier' ? this.#known.get(type.name) : undefined;
    if (known?.[1] === 'JwtService') this.#known.set(name, known);
  }
}

function requiredBy(node: Node): readonly [pkg: string, name: string] | undefined {
  if (node.type === 'MemberExpression') {
    const [pkg] = requiredBy(node.object) ?? [];
    return pkg === undefined ? undefined : [pkg, nameOf(node) ?? ''];
  }
  const [from] = node.type === 'CallExpression' && nameOf(node.callee) === 'require' ? node.arguments : [];
  const pkg = from === undefined ? undefined : literalOf(from);
  return typeof pkg === 'string' ? [pkg, '*'] : undefined;
}

function flawOf(node: Node): TokenRead['flaws'][number] | undefined {
  if (node.type !== 'Property') return undefined;
  if (nameOf(node) === 'ignoreExpiration' && literalOf(node.value) === true) return 'ignores-expiry';
  if (nameOf(node) !== 'algorithms' || node.value.type !== 'ArrayExpression') return undefined;
  const isNone = (one: Node | null): boolean => one !== null && /^none$/i.test(String(literalOf(one)));
  return node.value.elements.some(isNone) ? 'accepts-none' : undefined;
}

/** Who ends or renews a session wants its token though it has run out; who compares `exp` has looked. */
function looksAtExpiry(node: Node, above: readonly Node[], file: string, text: string): boolean {
  const around = functionAround(node, above);
  const code = text.slice(around.start, around.end).replaceAll('ignoreExpiration', '');
  return isOfSessionEnd(above, file) || /\.exp\b|\bexp\s*[}<>,]|\bexpir(ed|y|es)|refresh|renew/i.test(code);
}

const sessionEnd = /refresh|renew|log_?-?out|sign_?-?out|revoke|black_?-?list|deny_?-?list|expired|invalidate/i;

/** By the names of the file and of the functions around, and by the path of the route. */
function isOfSessionEnd(above: readonly Node[], file: string): boolean {
  return [file, ...above.flatMap(namesOf)].some(name => sessionEnd.test(name));
}

function namesOf(outer: Node): string[] {
  const own = nameOf(outer);
  const path = outer.type === 'CallExpression' && outer.arguments[0] ? literalOf(outer.arguments[0]) : undefined;
  return [...(own === undefined ? [] : [own]), ...(typeof path === 'string' ? [path] : [])];
}

/** A token that came with a request, read to know who sent it. */
function isOfCaller(
  call: Node & { type: 'CallExpression' },
  above: readonly Node[],
  file: string,
  text: string,
): boolean {
  const [token, options] = call.arguments;
  if (token === undefined || isOfSessionEnd(above, file)) return false;
  // the header of the token is read to find the key that it is checked with
  if (options !== undefined && /\b(complete|header)\s*:\s*true/.test(text.slice(options.start, options.end)))
    return false;
  // an answer of whoever issued it, which came over TLS
  if (/id_?token/i.test(text.slice(token.start, token.end))) return false;
  const around = functionAround(call, above);
  const code = text.slice(around.start, around.end);
  // the gateway of the cloud has checked it, and gives what it found
  if (/\brequestContext\b/.test(text)) return false;
  return /\b(req|request|ctx|context|event|client|socket|handshake)\b[\w.?!()[\]'"]*\.(headers?|cookies?|handshake)\b|\[['"]authorization['"]\]|\.authorization\b|startsWith\(['"]bearer|['"]bearer ?['"]/i.test(
    code,
  );
}

/** The outermost function that is no factory of others: a method, a handler, a function of the file. */
function functionAround(node: Node, above: readonly Node[]): Node {
  return (
    above.find(
      outer =>
        outer.type === 'FunctionDeclaration' ||
        outer.type === 'MethodDefinition' ||
        outer.type === 'ArrowFunctionExpression' ||
        outer.type === 'FunctionExpression',
    ) ?? node
  );
}
