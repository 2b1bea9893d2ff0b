import type { Technology } from './technology.ts';

/** The technologies, by what the code being read names them with. */
export class Technologies {
  /** Those that know calls by their shape alone, parameters by convention, and objects filled from folders. */
  readonly ducks: readonly Technology[];
  readonly params: readonly Technology[];
  readonly fillers: readonly Technology[];
  /** Those that know files by convention. */
  readonly owners: readonly Technology[];
  /** Those that look at each module when its code is reached. */
  readonly loaders: readonly Technology[];
  readonly #importers: readonly Technology[];
  readonly #byPackage = new Map<string, Technology>();
  readonly #prefixes: (readonly [string, Technology])[] = [];
  readonly #byId = new Map<string, Technology>();
  readonly #byDecorator = new Map<string, Technology>();

  constructor(technologies: readonly Technology[]) {
    for (const tech of technologies) {
      this.#byId.set(tech.id, tech);
      for (const p of tech.decorates ?? []) this.#byDecorator.set(p, tech);
      for (const p of tech.packages) {
        if (p.endsWith('*')) this.#prefixes.push([p.slice(0, -1), tech]);
        else this.#byPackage.set(p, tech);
      }
    }
    this.#importers = technologies.filter(t => t.importedAs);
    this.ducks = technologies.filter(t => t.duck);
    this.params = technologies.filter(t => t.param);
    this.fillers = technologies.filter(t => t.filled);
    this.owners = technologies.filter(t => t.owns);
    this.loaders = technologies.filter(t => t.loaded);
  }

  named(id: string): Technology | undefined {
    return this.#byId.get(id);
  }

  /** The technology that a package belongs to. */
  of(pkg: string): Technology | undefined {
    return this.#byPackage.get(pkg) ?? this.#prefixes.find(([p]) => pkg.startsWith(p))?.[1];
  }

  /** The technology that reads the decorators of a package. */
  decorating(pkg: string): Technology | undefined {
    return this.of(pkg) ?? this.#byDecorator.get(pkg);
  }

  /** The package that a technology takes an import for. */
  importedAs(from: string, specifier: string, file: string | undefined): string | undefined {
    for (const tech of this.#importers) {
      const pkg = tech.importedAs?.({ from, specifier, ...(file === undefined ? {} : { file }) });
      if (pkg !== undefined) return pkg;
    }
    return undefined;
  }
}
