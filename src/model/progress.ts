import { unknown, type Value } from './value.ts';

/** Stands for what is being found out. */
export const pending: Value = { t: 'unknown' };

const maxDepth = 90;

/** How far the evaluation has got into itself. */
export class Progress {
  /** Expressions that are being evaluated, one inside the other. */
  depth = 0;
  /** Counts what was asked for while it was being found out: an answer that such a question took part in may be better later. */
  interrupted = 0;

  get isTooDeep(): boolean {
    return this.depth > maxDepth;
  }

  /** What is asked for while it is being found out is not known, but may be when asked for again. */
  settled(known: Value): Value {
    if (known !== pending) return known;
    this.interrupted++;
    return unknown;
  }
}
