import type { Expr, Unit } from './code.ts';
import { nameOfExpr, pathTo } from './expressions.ts';
import { type Activation, type Exchange, each, type Origin, type Value } from './value.ts';

/** What stands around a place when it runs: in its own function, and in those that call it. */
export interface Surroundings {
  /** The database transaction that is open meanwhile. */
  readonly inTransaction?: Enclosing;
  readonly inLoop?: Enclosing;
  /** The last write to data that the same run of code has made before. */
  readonly afterWrite?: Enclosing;
  readonly timeout?: Origin;
  readonly retry?: Origin;
  readonly breaker?: Origin;
  readonly bulkhead?: Origin;
  /** The remote call before it that is waited for, although nothing of its answer is needed. */
  readonly waitsFor?: Origin;
  readonly acknowledged?: NonNullable<Exchange['acknowledged']>;
}

/** Where something begins, and the call in the same function that leads to the place that is asked for. */
interface Enclosing {
  readonly origin: Origin;
  readonly call: Origin;
}

type Found = { -readonly [K in keyof Surroundings]: Surroundings[K] };

/** How many callers up a place is still taken to be part of what they do. */
const maxSteps = 8;
const maxWriteSteps = 2;

/** Tells what stands around the places of one service's code. */
export class Surrounding {
  readonly #callers: ReadonlyMap<Activation, readonly (readonly [Activation, Origin])[]>;
  readonly #runs: ReadonlySet<Activation>;
  readonly #data = new Map<Activation, boolean>();

  constructor(runs: ReadonlySet<Activation>) {
    this.#runs = runs;
    const callers = new Map<Activation, (readonly [Activation, Origin])[]>();
    for (const act of runs)
      for (const [next, at] of act.reaches) {
        if (!at || !runs.has(next)) continue;
        const list = callers.get(next);
        if (list) list.push([act, at]);
        else callers.set(next, [[act, at]]);
      }
    this.#callers = callers;
  }

  of(act: Activation, { origin, handler, kind }: Exchange): Surroundings {
    const found: Found = {};
    const acknowledged = handler && this.#acknowledgedBy(handler);
    if (acknowledged) found.acknowledged = acknowledged;
    if (kind === 'consume' || act.code.file !== origin.file) return found;
    this.#look(act, origin.at, found, new Set(), 0);
    const before = this.#awaitedBefore(act, origin.at);
    if (before) found.waitsFor = before;
    return found;
  }

  #look(act: Activation, at: number, found: Found, seen: Set<Activation>, steps: number): void {
    const { unit } = act;
    const here = (place: number): Origin => ({ file: act.code.file, at: place });
    const path = pathTo(unit.exprs, e => (e.k === 'call' || e.k === 'new' || e.k === 'tpl') && e.at === at) ?? [];
    this.#examine(act, path, found);
    const loop = unit.loops?.find(([from, to]) => from <= at && at < to);
    if (loop) found.inLoop ??= { origin: here(loop[0]), call: here(at) };
    const opened = found.inTransaction ? undefined : this.#openTransaction(act, at);
    if (opened !== undefined) found.inTransaction = { origin: here(opened), call: here(at) };
    if (!found.afterWrite && steps <= maxWriteSteps) {
      const written = this.#writtenBefore(act, at);
      if (written) found.afterWrite = { origin: written, call: here(at) };
    }
    if (steps >= maxSteps || seen.has(act)) return;
    seen.add(act);
    this.#lookOut(act, here(at), found, seen, steps);
  }

  /** Goes on to the function that this one is written in, where it runs at once, and to those that call it. */
  #lookOut(act: Activation, place: Origin, found: Found, seen: Set<Activation>, steps: number): void {
    const { parent, unit } = act;
    const isWrittenIn = parent !== undefined && parent.code === act.code && parent.unit.index === unit.parent;
    const path = isWrittenIn ? pathTo(parent.unit.exprs, e => e.k === 'fn' && e.u === unit.index) : undefined;
    const given = path?.slice(1).find(e => e.k === 'call' || e.k === 'new');
    if (parent && path && given) this.#handedTo(parent, given, path, act, place, found, seen, steps);
    for (const [caller, origin] of this.#callers.get(act) ?? []) {
      if (origin.file !== caller.code.file) continue;
      const isCall = (e: Expr): boolean => (e.k === 'call' || e.k === 'new') && e.at === origin.at;
      const around = pathTo(caller.unit.exprs, isCall);
      const [call] = around ?? [];
      if (!around || !call || (call.k !== 'call' && call.k !== 'new') || call === given) continue;
      if (isCallOf(call, act)) this.#look(caller, call.at, found, seen, steps + 1);
      else this.#handedTo(caller, call, around, act, place, found, seen, steps);
    }
  }

  /** A function that is handed to a call: what it does is part of what stands there only if the call runs it at once. */
  #handedTo(
    outer: Activation,
    call: Expr & { k: 'call' | 'new' },
    path: readonly Expr[],
    inner: Activation,
    place: Origin,
    found: Found,
    seen: Set<Activation>,
    steps: number,
  ): void {
    const here: Origin = { file: outer.code.file, at: call.at };
    if (isTransaction(call) && this.#touchesData(inner)) found.inTransaction ??= { origin: here, call: place };
    if (isRepeating(call)) found.inLoop ??= { origin: here, call: place };
    this.#guard(call, here, found);
    if (runsAtOnce(call)) {
      this.#examine(outer, path.slice(path.indexOf(call)), found);
      this.#look(outer, call.at, found, seen, steps + 1);
    }
  }

  #examine(act: Activation, path: readonly Expr[], found: Found): void {
    for (const e of path.slice(1)) {
      if (e.k !== 'call' && e.k !== 'new') continue;
      this.#guard(e, { file: act.code.file, at: e.at }, found);
    }
  }

  #guard(call: Expr & { k: 'call' | 'new' }, here: Origin, found: Found): void {
    const name = nameOfExpr(call.f);
    if (name === 'pipe')
      for (const a of call.a) {
        if (a.k !== 'call') continue;
        const operator = nameOfExpr(a.f);
        if (/^timeout(?:With)?$/.test(operator)) found.timeout ??= here;
        if (/^retry(?:When|Backoff)?$/.test(operator)) found.retry ??= here;
      }
    if (ending.test(name)) found.timeout ??= here;
    if (call.k === 'call' && repeating.test(name)) found.retry ??= here;
    if (isBreaker(call)) found.breaker ??= here;
    if (/^(?:pLimit|limit|limiter|bulkhead)$/i.test(name) || (name === 'execute' && /bulkhead/i.test(receiver(call))))
      found.bulkhead ??= here;
  }

  /** A transaction that is begun and ended by calls: the place lies between them; or the whole method, by its decorator. */
  #openTransaction(act: Activation, at: number): number | undefined {
    const { unit } = act;
    const cls = unit.cls === undefined ? undefined : act.code.classes[unit.cls];
    const member = cls?.members.find(m => m.unit === unit.index);
    const decorator = member?.decorators?.find(d => /^Transactional$/.test(nameOfExpr(d.k === 'call' ? d.f : d)));
    if (decorator && this.#touchesData(act)) return decorator.at;
    const [first, last] = endsOf(unit);
    if (first === undefined || last === undefined || at <= first || at >= last) return undefined;
    return this.#usesBetween(act, first, last) ? first : undefined;
  }

  #usesBetween(act: Activation, first: number, last: number): boolean {
    const isBetween = (o: Origin | undefined): boolean =>
      o !== undefined && o.file === act.code.file && first < o.at && o.at < last;
    return (
      act.uses.some(u => isData(u.op) && isBetween(u.origin)) ||
      [...act.reaches].some(([next, o]) => isBetween(o) && this.#touchesData(next))
    );
  }

  #touchesData(act: Activation, steps = 0): boolean {
    const known = this.#data.get(act);
    if (known !== undefined) return known;
    this.#data.set(act, false);
    const found =
      act.uses.some(u => isData(u.op)) ||
      (steps < 4 && [...act.reaches.keys()].some(next => this.#runs.has(next) && this.#touchesData(next, steps + 1)));
    if (found || steps === 0) this.#data.set(act, found);
    else this.#data.delete(act);
    return found;
  }

  /** What the function itself has written before, or a function that it has called. */
  #writtenBefore(act: Activation, at: number): Origin | undefined {
    // what a module does when it is loaded is no run of one thing, and a function that is handed on runs later
    if (act.unit.index === 0) return undefined;
    const places: Origin[] = [];
    const isBefore = (o: Origin | undefined): o is Origin => o !== undefined && o.file === act.code.file && o.at < at;
    for (const u of act.uses) if (u.op === 'write' && isBefore(u.origin)) places.push(u.origin);
    for (const [next, o] of act.reaches) {
      if (!isBefore(o) || !this.#runs.has(next) || !isCalledAt(act, o.at, next)) continue;
      const inner = this.#writeIn(next, 2);
      if (inner) places.push(inner);
    }
    return places.at(-1);
  }

  #writeIn(act: Activation, steps: number): Origin | undefined {
    const own = act.uses.find(u => u.op === 'write');
    if (own) return own.origin;
    if (steps === 0) return undefined;
    for (const [next, at] of act.reaches) {
      const inner = at && this.#runs.has(next) ? this.#writeIn(next, steps - 1) : undefined;
      if (inner) return inner;
    }
    return undefined;
  }

  /** Whether a handler says that it is done before it does what it does, or after. */
  #acknowledgedBy(handler: Value): Surroundings['acknowledged'] {
    for (const fn of each(handler)) {
      if (fn.t !== 'fn') continue;
      const isInCatch = (at: number): boolean => fn.unit.catches?.some(([from, to]) => from <= at && at < to) === true;
      const acks: number[] = [];
      pathTo(fn.unit.exprs, e => {
        if (e.k === 'call' && /^(?:ack|acknowledge)$/.test(nameOfExpr(e.f)) && !isInCatch(e.at)) acks.push(e.at);
        return false;
      });
      const last = acks.at(-1);
      if (last === undefined) continue;
      const acts = [...this.#runs].filter(a => a.unit === fn.unit);
      const isLater = (o: Origin | undefined): boolean =>
        o !== undefined && o.file === fn.code.file && o.at > last && !isInCatch(o.at);
      const works = acts.some(
        a =>
          a.uses.some(u => isData(u.op) && isLater(u.origin)) ||
          a.exchanges.some(x => isLater(x.origin)) ||
          [...a.reaches].some(([next, o]) => isLater(o) && this.#does(next)),
      );
      return { how: works ? 'early' : 'after-work', origin: { file: fn.code.file, at: last } };
    }
    return undefined;
  }

  /** Whether a function touches data or speaks to others. */
  #does(act: Activation): boolean {
    return this.#touchesData(act) || this.#speaks(act, 3);
  }

  #speaks(act: Activation, steps: number): boolean {
    return (
      act.exchanges.some(x => x.kind === 'call' || x.kind === 'publish') ||
      (steps > 0 && [...act.reaches.keys()].some(next => this.#runs.has(next) && this.#speaks(next, steps - 1)))
    );
  }

  /** `const a = await f(); const b = await g();` right after each other, where g is not given a. */
  #awaitedBefore(act: Activation, at: number): Origin | undefined {
    const { exprs, vars } = act.unit;
    const index = exprs.findIndex(e => pathTo([e], x => x.k === 'call' && x.at === at) !== undefined);
    const [own, before] = [exprs[index], exprs[index - 1]];
    if (own?.k !== 'await' || before?.k !== 'await') return undefined;
    const names = [...vars].flatMap(([name, values]) => (values.some(v => isFrom(v, before)) ? [name] : []));
    if (pathTo([own], e => e.k === 'id' && names.includes(e.n)) !== undefined) return undefined;
    const remote = act.exchanges.find(
      x => x.kind === 'call' && pathTo([before], e => e.k === 'call' && e.at === x.origin.at) !== undefined,
    );
    return names.length > 0 ? remote?.origin : undefined;
  }
}

function isFrom(v: Expr, source: Expr): boolean {
  return v === source || ((v.k === 'mem' || v.k === 'idx') && isFrom(v.o, source));
}

function isData(op: string): boolean {
  return op === 'read' || op === 'write';
}

/** Whether a call is that of a function itself, and not of one that it is handed to. */
function isCallOf(call: Expr & { k: 'call' | 'new' }, act: Activation): boolean {
  const cls = act.unit.cls === undefined ? undefined : act.code.classes[act.unit.cls];
  if (call.k === 'new') return cls !== undefined && (cls.ctor === act.unit.index || cls.fields === act.unit.index);
  const name = nameOfExpr(call.f);
  return name !== '' && (name === act.unit.name || act.unit.name.endsWith(`.${name}`)) && !holds(call, act);
}

/** Whether a function runs where a call stands: it is called there, or handed to what runs it at once. */
function isCalledAt(caller: Activation, at: number, callee: Activation): boolean {
  const [call] = pathTo(caller.unit.exprs, e => (e.k === 'call' || e.k === 'new') && e.at === at) ?? [];
  return call !== undefined && (call.k === 'call' || call.k === 'new') && (isCallOf(call, callee) || runsAtOnce(call));
}

function holds(call: Expr & { k: 'call' | 'new' }, act: Activation): boolean {
  return call.a.some(a => a.k === 'fn' && a.u === act.unit.index);
}

const transactions =
  /^(?:\$?transaction|transactional|withTransaction|runInTransaction|executeInTransaction|inTransaction|useTransaction|executeTransaction|writeTransaction|executeWrite|tx|begin)$/;

/** A call that runs the function that it is given within a transaction of a database. */
function isTransaction(call: Expr & { k: 'call' | 'new' }): boolean {
  const name = nameOfExpr(call.f);
  if (transactions.test(name)) return true;
  // kysely: db.transaction().execute(…)
  return (
    name === 'execute' &&
    call.f.k === 'mem' &&
    pathTo([call.f.o], e => e.k === 'call' && nameOfExpr(e.f) === 'transaction') !== undefined
  );
}

function isRepeating(call: Expr & { k: 'call' | 'new' }): boolean {
  return /^(?:map|forEach|flatMap|reduce|filter|some|every|find|mapSeries|each|eachSeries|eachLimit|mapLimit)$/.test(
    nameOfExpr(call.f),
  );
}

const atOnce =
  /^(?:then|catch|finally|race|all|allSettled|any|Promise|execute|fire|exec|run|trace|span|startActiveSpan|withSpan|pTimeout|withTimeout|withLock|lock|retry|pRetry|withRetry|asyncRetry|promiseRetry|backOff)$/;

function runsAtOnce(call: Expr & { k: 'call' | 'new' }): boolean {
  return isTransaction(call) || isRepeating(call) || atOnce.test(nameOfExpr(call.f));
}

/** Names of what ends a promise that takes too long, and of what tries again. */
const ending = /^(?:timeout|pTimeout|withTimeout|raceTimeout|race|timeoutPromise)$/i;
const repeating = /^(?:p?retry|withRetry|withRetries|retryAsync|asyncRetry|promiseRetry|backOff|retryWithBackoff)$/i;

function isBreaker(call: Expr & { k: 'call' | 'new' }): boolean {
  const name = nameOfExpr(call.f);
  if (call.k === 'new') return /CircuitBreaker$|^Brakes$/.test(name);
  if (/^(?:fire|exec|execute|run|call)$/.test(name)) return /breaker|circuit/i.test(receiver(call));
  return /^(?:withCircuitBreaker|circuitBreaker)$/.test(name);
}

function receiver(call: Expr & { k: 'call' | 'new' }): string {
  return call.f.k === 'mem' ? nameOfExpr(call.f.o.k === 'call' ? call.f.o.f : call.f.o) : '';
}

const openings = /^(?:startTransaction|beginTransaction)$/;
const endings = /^(?:commit|commitTransaction)$/;

/** Where a function opens a transaction by a call, and where it ends it for the last time. */
function endsOf(unit: Unit): readonly [number | undefined, number | undefined] {
  let first: number | undefined;
  let last: number | undefined;
  const look = (e: Expr): boolean => {
    if (e.k !== 'call') return false;
    const name = nameOfExpr(e.f);
    const sql = name === 'query' || name === 'execute' || name === 'run' ? textOf(e.a[0]) : undefined;
    // `const t = await sequelize.transaction()` runs nothing: it hands the transaction out
    const isHandedOut = name === 'transaction' && !e.a.some(a => a.k === 'fn' || a.k === 'id' || a.k === 'mem');
    if (openings.test(name) || isHandedOut || /^\s*(?:begin|start transaction)\b/i.test(sql ?? '')) first ??= e.at;
    if (endings.test(name) || /^\s*commit\b/i.test(sql ?? '')) last = Math.max(last ?? 0, e.at);
    return false;
  };
  pathTo(unit.exprs, look);
  return [first, last];
}

function textOf(e: Expr | undefined): string | undefined {
  return e?.k === 'str' ? e.v : e?.k === 'tpl' && typeof e.parts[0] === 'string' ? e.parts[0] : undefined;
}
