import type { Value } from './yaml.ts';

/** Aliases of aliases make a few lines as large as the memory; manifests that people write stay far below this. */
const most = 100_000;

/** What the aliases of one document stand for. Its values are shared, but whoever reads them walks over every copy. */
export class Anchors {
  readonly #values = new Map<string, Value>();
  readonly #sizes = new WeakMap<Value, number>();
  #expanded = 0;

  set(name: string, value: Value): void {
    this.#values.set(name, value);
  }

  /** Undefined where nothing has that name, or all aliases together would stand for too much. */
  get(name: string): Value | undefined {
    const value = this.#values.get(name);
    if (value === undefined) return undefined;
    this.#expanded += this.#sizeOf(value);
    return this.isTooMuch ? undefined : value;
  }

  get isTooMuch(): boolean {
    return this.#expanded > most;
  }

  #sizeOf(value: Value): number {
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    const inner =
      value.kind === 'list'
        ? value.items
        : value.kind === 'map'
          ? [...value.entries.values()].map(entry => entry.value)
          : [];
    const size = inner.reduce((sum, one) => sum + this.#sizeOf(one), 1);
    this.#sizes.set(value, size);
    return size;
  }
}
