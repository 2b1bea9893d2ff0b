import type { Evaluator } from './evaluate.ts';
import type { Activation, Origin, Use } from './value.ts';

/** How a unit of code came to be reached: by which other unit, and where. Roots have neither. */
export interface Step {
  readonly by?: Activation;
  readonly at?: Origin | undefined;
}

export type Reach = ReadonlyMap<Activation, Step>;

/**
 * All code that can run when the roots run. Calls that are really made count, not imports: a module of a library that
 * is loaded makes its own calls, but what it only names it leaves to others to call.
 */
export function reachOf(
  ev: Evaluator,
  roots: readonly Activation[],
  isOfInterest: (file: string) => boolean = () => false,
  isForeign: (file: string) => boolean = () => false,
): Reach {
  const reached = new Map<Activation, Step>();
  const isRoot = new Set(roots);
  const queue: Activation[] = [];
  for (const r of roots) {
    if (reached.has(r)) continue;
    reached.set(r, {});
    queue.push(r);
  }
  const followed = new Map<Activation, number>();
  const follow = (act: Activation): void => {
    // what surrounds a function ran before it: its module has been loaded
    const before = act.unit.index === 0 ? ev.imported(act.code, isOfInterest) : act.parent ? [act.parent] : [];
    const around = before.map(a => [a, undefined] as const);
    const isLoaded = act.unit.index === 0 && !isRoot.has(act);
    for (const [next, at] of [...around, ...act.reaches]) {
      if (reached.has(next) || (isLoaded && at === undefined && next.unit.index !== 0)) continue;
      reached.set(next, { by: act, at });
      queue.push(next);
    }
    followed.set(act, act.reaches.size);
  };
  for (let i = 0; i < queue.length; i++) {
    const act = queue[i];
    if (!act) break;
    // another service's module starts that service when it is loaded; only what is called of it is done here
    if (act.unit.index === 0 && isForeign(act.code.file)) continue;
    ev.visit(act);
    follow(act);
    if (i < queue.length - 1) continue;
    // a value that was asked for later may have been made in code that was followed before
    for (const [earlier, count] of followed) if (earlier.reaches.size > count) follow(earlier);
  }
  return reached;
}

/**
 * Of what is reached, what really runs: a function that a function of a library only makes and hands back runs when
 * somebody calls it. Functions of own files may be called by whoever gets them.
 */
export function runsOf(
  ev: Evaluator,
  reach: Reach,
  isOwn: (file: string) => boolean,
  isOfInterest: (file: string) => boolean,
): ReadonlySet<Activation> {
  const queue = [...reach].flatMap(([act, step]) => (step.by ? [] : [act]));
  const runs = new Set(queue);
  for (let act = queue.pop(); act; act = queue.pop()) {
    const before = act.unit.index === 0 ? ev.imported(act.code, isOfInterest) : act.parent ? [act.parent] : [];
    for (const [next, at] of [...before.map(a => [a, undefined] as const), ...act.reaches]) {
      const isHandedBack =
        at === undefined &&
        next.parent === act &&
        act.unit.index !== 0 &&
        (next.unit.arrow || next.unit.cls === undefined) &&
        !isOwn(next.code.file);
      if (isHandedBack || runs.has(next) || !reach.has(next)) continue;
      runs.add(next);
      queue.push(next);
    }
  }
  return runs;
}

/** The calls that lead from a service's own code to a use elsewhere, in order; none where the use stands in own code. */
export function callsTo(use: Use, act: Activation, reach: Reach, isOwn: (file: string) => boolean): Origin[] {
  if (isOwn(use.origin.file)) return [];
  const calls: Origin[] = [];
  let current: Activation | undefined = act;
  for (let n = 0; current && n < 200; n++) {
    const step: Step | undefined = reach.get(current);
    if (!step?.by) break;
    if (step.at) calls.push(step.at);
    if (isOwn(step.by.code.file)) break;
    current = step.by;
  }
  return calls.reverse();
}

/** The place in a service's own code that leads to a use elsewhere; the use itself where it stands in own code. */
export function placeInOwnCode(
  use: { readonly origin: Origin },
  act: Activation,
  reach: Reach,
  isOwn: (file: string) => boolean,
): Origin {
  if (isOwn(use.origin.file)) return use.origin;
  let current: Activation | undefined = act;
  for (let n = 0; current && n < 200; n++) {
    const step: Step | undefined = reach.get(current);
    if (!step?.by) break;
    if (isOwn(step.by.code.file))
      return step.at && isOwn(step.at.file)
        ? step.at
        : step.by.unit.index === 0
          ? use.origin
          : { file: step.by.code.file, at: step.by.unit.at };
    current = step.by;
  }
  return use.origin;
}
