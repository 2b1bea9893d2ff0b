import type { Expr } from '../model/code.ts';
import { nameOfExpr, pathTo } from '../model/expressions.ts';
import type { CallSite, Technology } from '../model/technology.ts';

const id = 'breakers';

/** Circuit breakers that are made: once for the process, or anew for each request. */
export const breakers: Technology = {
  id,
  auxiliary: true,
  packages: ['opossum', 'cockatiel', 'mollitia', 'brakes'],
  call(c) {
    if (c.on || !isMade(c)) return undefined;
    c.ev.practice(c, { kind: 'breaker', per: isUsedUp(c) ? 'request' : 'process' });
    return undefined;
  },
};

function isMade(c: CallSite): boolean {
  return c.pkg === 'cockatiel'
    ? c.path === 'circuitBreaker'
    : c.isNew && /^(?:default|CircuitBreaker|Brakes|Circuit|)$/.test(c.path);
}

/** Made and fired by the same function, which keeps it nowhere: the next call makes another one. */
function isUsedUp(c: CallSite): boolean {
  const { unit } = c.act;
  const isConstructor = c.act.code.classes.some(k => k.ctor === unit.index || k.fields === unit.index);
  if (unit.index === 0 || isConstructor) return false;
  const isMaking = (at: number): boolean => at === c.origin.at;
  const names = [...unit.vars].flatMap(([name, values]) =>
    values.some(v => (v.k === 'new' || v.k === 'call') && isMaking(v.at)) ? [name] : [],
  );
  const [name] = names;
  if (name === undefined)
    return (
      pathTo(unit.exprs, e => isFired(e) && pathTo([e], x => x.k === 'new' && isMaking(x.at)) !== undefined) !==
      undefined
    );
  const isFiredHere = pathTo(unit.exprs, e => isFired(e) && e.f.k === 'mem' && e.f.o.k === 'id' && e.f.o.n === name);
  const isKept =
    unit.returns.some(r => r.k === 'id' && r.n === name) ||
    pathTo(
      unit.exprs,
      e =>
        (e.k === 'call' && e.a.some(a => a.k === 'id' && a.n === name)) ||
        (e.k === 'in' && e.v.k === 'id' && e.v.n === name),
    ) !== undefined;
  return isFiredHere !== undefined && !isKept;
}

function isFired(e: Expr): e is Expr & { k: 'call' } {
  return e.k === 'call' && /^(?:fire|call|execute|exec)$/.test(nameOfExpr(e.f));
}
