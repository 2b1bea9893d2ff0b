import type { Outline } from './code.ts';
import type { ModuleResolver } from './modules.ts';

/** Finds the file that names what another file exports, through lists of `export * from`. */
export class Exports {
  readonly #codeOf: (file: string) => Outline | undefined;
  readonly #resolver: ModuleResolver;
  readonly #known = new Map<string, Map<string, string | undefined>>();
  readonly #busy = new Set<string>();
  /** Counts what was asked for while it was being looked for: files that list each other. */
  #cut = 0;

  constructor(codeOf: (file: string) => Outline | undefined, resolver: ModuleResolver) {
    this.#codeOf = codeOf;
    this.#resolver = resolver;
  }

  /** The file may still take it from another under a name; undefined where no file of the repository names it. */
  fileOf(file: string, name: string): string | undefined {
    const code = this.#codeOf(file);
    if (!code) return undefined;
    if (code.exports.has(name) || code.exports.has('=')) return file;
    if (code.stars.length === 0) return undefined;
    const names = this.#namesOf(file);
    const known = names.get(name);
    if (known !== undefined || names.has(name)) return known;
    const id = `${file}\n${name}`;
    if (this.#busy.has(id)) {
      this.#cut++;
      return undefined;
    }
    this.#busy.add(id);
    const cut = this.#cut;
    let found: string | undefined;
    for (const star of code.stars) {
      const target = this.#resolver.resolve(file, star);
      if (target && 'file' in target) found = this.fileOf(target.file, name);
      if (found !== undefined) break;
    }
    this.#busy.delete(id);
    if (found !== undefined || this.#cut === cut || this.#busy.size === 0) names.set(name, found);
    return found;
  }

  #namesOf(file: string): Map<string, string | undefined> {
    const known = this.#known.get(file);
    if (known) return known;
    const made = new Map<string, string | undefined>();
    this.#known.set(file, made);
    return made;
  }
}
