import type { Expr, Unit } from './code.ts';

/** The call that is handed a function as a literal. */
export function callWith(outer: Unit, inner: number): Expr | undefined {
  for (const e of outer.exprs) {
    const found = callIn(e, inner);
    if (found) return found;
  }
  return undefined;
}

function callIn(e: Expr, inner: number): Expr | undefined {
  if ((e.k === 'call' || e.k === 'new') && e.a.some(a => a.k === 'fn' && a.u === inner)) return e;
  for (const part of partsOfExpr(e)) {
    const found = callIn(part, inner);
    if (found) return found;
  }
  return undefined;
}

/** The expressions that hold one that is looked for, from itself out; functions and classes are closed. */
export function pathTo(list: readonly Expr[], isWanted: (e: Expr) => boolean): Expr[] | undefined {
  for (const e of list) {
    if (isWanted(e)) return [e];
    const inner = pathTo(partsOfExpr(e), isWanted);
    if (inner) return [...inner, e];
  }
  return undefined;
}

/** The expressions right inside one; functions and classes are closed. */
export function partsOfExpr(e: Expr): readonly Expr[] {
  switch (e.k) {
    case 'call':
    case 'new':
      return [e.f, ...e.a];
    case 'tpl':
      return [...(e.tag ? [e.tag] : []), ...e.parts.filter(p => typeof p !== 'string')];
    case 'mem':
    case 'spread':
    case 'elem':
    case 'await':
      return [e.o];
    case 'idx':
      return [e.o, e.i];
    case 'obj':
      return e.p.map(p => ('spread' in p ? p.spread : p.v));
    case 'arr':
    case 'unk':
      return e.e;
    case 'bin':
      return [e.l, e.r];
    case 'cond':
      return [e.c, e.l, e.r];
    case 'in':
      return [e.v];
    default:
      return [];
  }
}

export function findSuper(list: readonly Expr[]): (Expr & { k: 'call' }) | undefined {
  for (const e of list) {
    if (e.k === 'call' && e.f.k === 'super') return e;
    if (e.k === 'await' && e.o.k === 'call' && e.o.f.k === 'super') return e.o;
  }
  return undefined;
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

export function nameOfExpr(e: Expr): string {
  return e.k === 'id' ? e.n : e.k === 'mem' ? e.p : '';
}

export function receiverOf(e: Expr): string {
  const f = e.k === 'call' || e.k === 'new' ? e.f : e.k === 'tpl' ? e.tag : undefined;
  if (f?.k !== 'mem') return '';
  let o = f.o;
  while (o.k === 'call' || o.k === 'await') o = o.k === 'call' ? o.f : o.o;
  return nameOfExpr(o);
}
