/**
 * What a source file says, as plain data: the parts of its syntax that values and calls flow through, without the
 * rest. It is made once per file (extract/module.ts), is small enough to keep for all files, and needs no type checker.
 * Positions are offsets into the text.
 */

export type Expr =
  | { readonly k: 'str'; readonly v: string; readonly at: number }
  | { readonly k: 'num'; readonly v: number; readonly at: number }
  | { readonly k: 'bool'; readonly v: boolean | null; readonly at: number }
  /** Template literal; with `tag` a tagged one. */
  | { readonly k: 'tpl'; readonly parts: readonly (string | Expr)[]; readonly tag?: Expr; readonly at: number }
  | { readonly k: 'id'; readonly n: string; readonly at: number }
  | { readonly k: 'mem'; readonly o: Expr; readonly p: string; readonly at: number }
  | { readonly k: 'idx'; readonly o: Expr; readonly i: Expr; readonly at: number }
  | {
      readonly k: 'call';
      readonly f: Expr;
      readonly a: readonly Expr[];
      readonly t?: readonly TypeRef[];
      readonly at: number;
    }
  | {
      readonly k: 'new';
      readonly f: Expr;
      readonly a: readonly Expr[];
      readonly t?: readonly TypeRef[];
      readonly at: number;
    }
  | { readonly k: 'obj'; readonly p: readonly Property[]; readonly at: number }
  | { readonly k: 'arr'; readonly e: readonly Expr[]; readonly at: number }
  | { readonly k: 'spread'; readonly o: Expr; readonly at: number }
  | {
      readonly k: 'bin';
      readonly op: '+' | '||' | '??' | '&&';
      readonly l: Expr;
      readonly r: Expr;
      readonly at: number;
    }
  | { readonly k: 'cond'; readonly c: Expr; readonly l: Expr; readonly r: Expr; readonly at: number }
  | { readonly k: 'fn'; readonly u: number; readonly at: number }
  | { readonly k: 'cls'; readonly c: number; readonly at: number }
  | { readonly k: 'this'; readonly at: number }
  | { readonly k: 'super'; readonly at: number }
  /** A parameter of the unit that this expression stands in; `rest` for the rest parameter. */
  | { readonly k: 'param'; readonly u: number; readonly i: number; readonly rest?: boolean; readonly at: number }
  /** A value assigned in unit `u` to a name that an outer unit declares. */
  | { readonly k: 'in'; readonly u: number; readonly v: Expr; readonly at: number }
  /** An element of an iterated list. */
  | { readonly k: 'elem'; readonly o: Expr; readonly at: number }
  /** `require('x')` and `import('x')`. */
  | { readonly k: 'req'; readonly s: string; readonly at: number }
  | { readonly k: 'await'; readonly o: Expr; readonly at: number }
  /** Anything else; its parts still count, because calls stand in them. */
  | { readonly k: 'unk'; readonly e: readonly Expr[]; readonly at: number };

export type Property =
  | { readonly key: string; readonly v: Expr; readonly at: number }
  | { readonly key: null; readonly computed: Expr; readonly v: Expr; readonly at: number }
  | { readonly spread: Expr; readonly at: number };

/** A type as written: `mongoose.Model<User>` is { n: 'mongoose.Model', a: [User] }. */
export interface TypeRef {
  readonly n: string;
  readonly a?: readonly TypeRef[];
  /** Members of an object type. */
  readonly p?: Readonly<Record<string, TypeRef>>;
}

export interface Param {
  readonly name: string;
  readonly type?: TypeRef;
  readonly decorators?: readonly Expr[];
  /** Default value. */
  readonly def?: Expr;
}

/** A function, a method, the body of a class's fields, or (index 0) the module itself. */
export interface Unit {
  readonly index: number;
  readonly name: string;
  readonly parent: number;
  /** Index of the class whose member this is; arrow functions inside one keep it for `this`. */
  readonly cls?: number;
  readonly arrow: boolean;
  readonly params: Param[];
  /** Values that a name is given anywhere in this unit. */
  readonly vars: Map<string, Expr[]>;
  readonly types: Map<string, TypeRef>;
  /** Every expression that stands as a statement, an initialiser, a condition or a return value, in order. */
  readonly exprs: Expr[];
  readonly returns: Expr[];
  /** Where the bodies of its loops begin and end. */
  readonly loops?: (readonly [number, number])[];
  /** Where what it does after an error begins and ends. */
  readonly catches?: (readonly [number, number])[];
  readonly at: number;
}

export interface Member {
  readonly name: string;
  readonly kind: 'method' | 'field' | 'get';
  readonly isStatic: boolean;
  readonly unit?: number;
  readonly value?: Expr;
  readonly type?: TypeRef;
  readonly decorators?: readonly Expr[];
  readonly at: number;
}

export interface ClassDecl {
  readonly index: number;
  readonly name: string;
  /** Unit in which it is declared. */
  readonly scope: number;
  readonly sup?: Expr;
  readonly supTypes?: readonly TypeRef[];
  readonly impl: readonly TypeRef[];
  readonly decorators: readonly Expr[];
  readonly members: Member[];
  readonly ctor?: number;
  /** Unit of the values that its fields are given. */
  readonly fields: number;
  /** `this.x = …` in any of its methods. */
  readonly assigned: Map<string, { readonly unit: number; readonly v: Expr }[]>;
  readonly at: number;
}

export interface Import {
  readonly local: string;
  readonly specifier: string;
  /** `default`, `*`, or the exported name. */
  readonly name: string;
  readonly typeOnly: boolean;
  readonly at: number;
}

/** What a file exports under a name: a value of its own, or what it takes from another file. */
export type Export =
  | { readonly v: Expr; readonly typeOnly?: boolean }
  | { readonly specifier: string; readonly imported: string; readonly typeOnly?: boolean };

/** What a file loads and exports. */
export interface Outline {
  readonly file: string;
  /** By the name that the file knows each by. */
  readonly imports: ReadonlyMap<string, Import>;
  /** By name; `=` is what `module.exports` is set to. */
  readonly exports: ReadonlyMap<string, readonly Export[]>;
  /** Specifiers of `export * from`. */
  readonly stars: readonly string[];
  /** Every specifier that is loaded at run time or for types, with its place. */
  readonly specifiers: readonly { readonly s: string; readonly typeOnly: boolean; readonly at: number }[];
  /** Names that stand where a value stands; an import of another name is gone when the program runs. */
  readonly used?: ReadonlySet<string>;
}

export interface ModuleCode extends Outline {
  readonly units: readonly Unit[];
  readonly classes: readonly ClassDecl[];
  /** Interfaces and object types by name. */
  readonly types: ReadonlyMap<string, TypeRef>;
  /** `x.y = value` at any place, by the name of x, or by `x.y` of `x.y.z = value`: models/index.js fills its exports this way. */
  readonly fills: ReadonlyMap<
    string,
    readonly { readonly unit: number; readonly key: string | null; readonly v: Expr }[]
  >;
  /** Object literals with a `provide` key and calls that register an implementation for a token. */
  readonly providers: readonly { readonly unit: number; readonly o: Expr }[];
  readonly used: ReadonlySet<string>;
}
