import { expect, test } from 'vitest';
import { tokensIn } from '../../src/extract/tokens.ts';

const readIn = (text: string, file = 'src/caller.ts') =>
  tokensIn(file, text).map(({ verified, flaws }) => [verified ? 'verified' : 'unverified', ...flaws].join(' '));

test.each([
  `import jwt from 'jsonwebtoken'; export const of = request => jwt.decode(request.headers.authorization.slice(7)).sub`,
  `const jwt = require('jsonwebtoken'); exports.of = (req, res) => { req.user = jwt.decode(req.cookies.token); }`,
  `const { decode } = require('jsonwebtoken'); exports.of = req => decode(req.header('x-token') ?? req.headers.token)`,
  `import { jwtDecode } from 'jwt-decode'; export function of(context) { return jwtDecode(context.request.headers.token); }`,
  `import { decodeJwt } from 'jose'; export const of = (request) => decodeJwt(request.cookies.session)`,
  `import { JwtService } from '@nestjs/jwt';
   export class Guard { constructor(private readonly tokens: JwtService) {}
     canActivate(context) { const [, token] = request.headers.authorization.split(' '); return this.tokens.decode(token); } }`,
])('reads the token of a caller unchecked: %s', text => {
  expect(readIn(text)).toEqual(['unverified']);
});

test.each([
  `import jwt from 'jsonwebtoken'; jwt.verify(token, key, { algorithms: ['RS256'] })`,
  `import { verify as check } from 'jsonwebtoken'; check(token, key)`,
  `import { jwtVerify } from 'jose'; await jwtVerify(token, keys)`,
  `import { promisify } from 'node:util'; import * as jwt from 'jsonwebtoken'; const check = promisify(jwt.verify)`,
  `const expressJwt = require('express-jwt')`,
  `import { Strategy } from 'passport-jwt'`,
  `import { JwtService } from '@nestjs/jwt'; class Guard { private tokens: JwtService; check(t) { return this.tokens.verifyAsync(t); } }`,
])('verifies: %s', text => {
  expect(readIn(text)).toEqual(['verified']);
});

test('a check that proves nothing', () => {
  expect(readIn(`import jwt from 'jsonwebtoken'; jwt.verify(t, key, { algorithms: ['HS256', 'none'] })`)).toEqual([
    'verified',
    'verified accepts-none',
  ]);
  expect(
    readIn(
      `import { Strategy } from 'passport-jwt'; class Jwt extends Strategy { constructor() { super({ ignoreExpiration: true }); } }`,
    ),
  ).toEqual(['verified', 'verified ignores-expiry']);
});

test.each([
  // whoever ends or renews a session wants its token though it has run out
  `import jwt from 'jsonwebtoken'; export function refresh(req) { return jwt.decode(req.cookies.token); }`,
  // the token of an issuer, from whom it came
  `import jwt from 'jsonwebtoken'; export function callback(req) { const answer = exchange(req.cookies.state); return jwt.decode(answer.id_token); }`,
  // the header tells the key
  `import jwt from 'jsonwebtoken'; const keyOf = req => jwt.decode(req.headers.authorization, { complete: true }).header.kid`,
  // nothing says whose it is
  `import jwt from 'jsonwebtoken'; export const expiryOf = token => jwt.decode(token).exp`,
  // the gateway of the cloud has checked it
  `import jwt from 'jsonwebtoken'; export const of = event => event.requestContext.authorizer.claims ?? jwt.decode(event.headers.Authorization)`,
  `import type { JwtPayload } from 'jsonwebtoken'; new TextDecoder().decode(request.headers.body)`,
])('leaves alone: %s', text => {
  expect(readIn(text)).toEqual([]);
});

test.each([
  `import jwt from 'jsonwebtoken'; export const logout = req => jwt.verify(req.token, key, { ignoreExpiration: true })`,
  `import jwt from 'jsonwebtoken'; router.post('/refresh', req => jwt.verify(req.token, key, { ignoreExpiration: true }))`,
  `import jwt from 'jsonwebtoken'; const of = t => { const p = jwt.verify(t, key, { ignoreExpiration: true }); if (p.exp < now) throw late; }`,
  `import jwt from 'jsonwebtoken'; const of = t => jwt.verify(t, key, isTest ? { ignoreExpiration: true } : {})`,
  `import jwt from 'jsonwebtoken'; const of = t => jwt.verify(t, key, { ignoreExpiration: env.IGNORE })`,
])('finds no flaw: %s', text => {
  expect(readIn(text)).toEqual(['verified']);
});
