import type { Evidence } from './system.ts';
import type { SourceTree } from './tree.ts';
import type { Origin } from './value.ts';

/** Offsets as lines and columns, counted once per file and only for files that something is shown of. */
export class Lines {
  readonly #tree: SourceTree;
  readonly #starts = new Map<string, readonly number[]>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  at(origin: Origin): Evidence {
    const starts = this.#startsOf(origin.file);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= origin.at) low = middle;
      else high = middle - 1;
    }
    return { file: origin.file, line: low + 1, column: origin.at - (starts[low] ?? 0) + 1 };
  }

  /** The offset of a place that is given by its line. */
  originOf({ file, line, column }: Evidence): Origin {
    return { file, at: (this.#startsOf(file)[line - 1] ?? 0) + column - 1 };
  }

  #startsOf(file: string): readonly number[] {
    const known = this.#starts.get(file);
    if (known) return known;
    const text = this.#tree.read(file) ?? '';
    const starts = [0];
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
    this.#starts.set(file, starts);
    return starts;
  }
}
