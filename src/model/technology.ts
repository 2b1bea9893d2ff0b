import type { Expr, ModuleCode, TypeRef, Unit } from './code.ts';
import type { PracticeBy } from './system.ts';
import type { Activation, ClassValue, Exchange, Handle, InstanceValue, Origin, StoreRef, Use, Value } from './value.ts';

/**
 * What one technology's packages mean. Each is one file in extract/, listed in extract/index.ts. It says what values
 * its exports are (handles) and which calls on them use data; it knows nothing of services and rules.
 */
export interface Technology {
  readonly id: string;
  /** Names of packages; `@scope/*` and `name*` match by prefix. */
  readonly packages: readonly string[];
  /** Packages of which it only reads the decorators: what else they export means nothing to it. */
  readonly decorates?: readonly string[];
  /** Names of exports through which data is reached, where most of its exports are types and constants. */
  readonly entrances?: readonly string[];
  /** True where it only makes values (configuration, strings): a file that loads nothing else has no data to look for. */
  readonly auxiliary?: boolean;
  /**
   * The package to take an import for, where the specifier alone does not tell: a generated client that is not in the
   * checkout, or a subpath that decides what its exports mean. A technology that has to look at other files of the
   * repository to know is a function of the tree, which extract/index.ts calls.
   */
  importedAs?(i: ImportSite): string | undefined;
  /** True for a file that is its by convention, though it loads none of its packages: a runner finds it. */
  owns?(file: string, source: string): boolean;
  /** A module, when its code is reached: what it exports may be known by convention. */
  loaded?(site: Site): void;
  /** A call or `new` of one of its exports (`path`), or of a method on one of its handles, or on a class or instance that extends one of its classes. */
  call?(c: CallSite): Value | undefined;
  /** A property of one of its exports, handles, or of classes and instances that extend one of its classes. */
  member?(m: MemberSite): Value | undefined;
  /** True where a property whose name is not known is asked for as `*`. */
  readonly anyMember?: true;
  /** A property of an object that code fills with what it finds in a folder: `db[model.name] = model`. */
  filled?(m: MemberSite): Value | undefined;
  /** What one of its handles gives when it is awaited, where that is not the handle itself: rows of a query. */
  awaited?(handle: Handle): Value | undefined;
  /** What a parameter, property or variable of one of its types is, when nothing else is known of it. */
  typed?(t: TypeSite): Value | undefined;
  /** What a parameter or property decorated with one of its decorators is. */
  injected?(i: InjectSite): Value | undefined;
  /** True where a class is looked at only when nothing else is being worked out: what its decorators are given is known then. */
  readonly declaredLater?: true;
  /** A class decorated with one of its decorators, or extending one of its classes, when its code is reached. */
  declared?(d: ClassSite): void;
  /** A method call on something unknown, where the name and arguments alone may tell. Uses made here must be `guessed`. */
  duck?(c: CallSite): Value | undefined;
  /** One of its exports is handed to something else, with options: `app.register(plugin, options)`. `path` is that of the export. */
  plugged?(c: CallSite): void;
  /** The value of an unknown parameter, by the convention of the file: `exports.up = knex => …` in a migrations folder. */
  param?(p: ParamSite): Value | undefined;
}

export interface ImportSite {
  readonly from: string;
  readonly specifier: string;
  /** The file of the repository that it leads to. */
  readonly file?: string;
}

/** What technologies ask of the evaluator. */
export interface Evaluation {
  /** Records a use in the activation that is being evaluated. The same object may be changed while a query is built. */
  use(site: { act: Activation; origin: Origin }, tech: string, use: NewUse): Use;
  /** Takes back a use that turned out to be none. */
  withdraw(site: { act: Activation }, use: Use): void;
  /** Records what the activation that is being evaluated says to others. */
  exchange(site: { act: Activation; origin: Origin }, tech: string, exchange: NewExchange): void;
  /** Records something that the activation that is being evaluated does that rules look at. */
  practice(site: { act: Activation; origin: Origin }, practice: PracticeBy): void;
  /** A number that joins the uses of one statement. */
  query(): number;
  /** Something that other places look up by name: a model, a configuration factory, a container's token. */
  register(site: { act: Activation; origin: Origin }, kind: string, key: string, value: Value): void;
  registered(
    kind: string,
    key: string,
  ): readonly { readonly value: Value; readonly origin: Origin; readonly act: Activation }[];
  registeredKeys(kind: string): string[];
  /** Calls a value with arguments: a callback that a package calls. Gives what it returns. */
  invoke(fn: Value | undefined, args: readonly Value[], site: { act: Activation; origin: Origin }): Value;
  /** A property of a value. */
  property(v: Value | undefined, name: string, site: { act: Activation; origin: Origin }): Value;
  /** The classes from a class up to the first that is not of this repository, which is given as its path. */
  lineage(cls: ClassValue): { readonly classes: readonly ClassValue[]; readonly root: Value | undefined };
  /** Decorators of a class or a member, each with the path of its export and its arguments. */
  decorators(
    list: readonly Expr[] | undefined,
    act: Activation,
  ): {
    readonly pkg: string;
    readonly path: string;
    readonly name: string;
    readonly args: readonly Value[];
    readonly exprs: readonly Expr[];
    readonly at: number;
  }[];
  /** The value of a type as written in a file: an instance of its class, a handle of a technology, an object of its members. */
  typeValue(type: TypeRef | undefined, act: Activation, at?: number): Value;
  /** The class that a type names, for type arguments. */
  classOf(type: TypeRef | undefined, act: Activation): Value;
  moduleActivation(code: ModuleCode): Activation;
  genericActivation(code: ModuleCode, unit: Unit): Activation;
  /** Names of what an object or a module holds. */
  keysOf(v: Value, depth?: number): readonly string[];
  code(file: string): ModuleCode | undefined;
  /** Paths of what is in a folder and below it. */
  filesIn(folder: string): readonly string[];
  /** What a container gives for a token: a class, a string, a symbol. */
  token(token: Value, act: Activation, origin: Origin): Value;
  /** Evaluates everything that stands in a unit, so that its uses and calls are recorded. */
  visit(act: Activation): void;
  eval(e: Expr, act: Activation): Value;
  /** What a file would get for a specifier. */
  load(from: string, specifier: string): Value;
  /** What a file exports under a name. */
  exported(file: string, name: string): Value;
  /** What the package's class at the root of an instance's classes is constructed with. */
  rootArgs(inst: InstanceValue): readonly Value[] | undefined;
}

export interface Site {
  readonly ev: Evaluation;
  readonly act: Activation;
  readonly origin: Origin;
}

export interface CallSite extends Site {
  /** Package of the export, for calls of exports. */
  readonly pkg?: string;
  /** Path of the export, for calls of exports: `default`, `Schema`, `connect`, `default.model`; '' for methods. */
  readonly path: string;
  /** What the method is called on, for methods. */
  readonly on?: Value;
  /** Name of the method, or last name of the path. */
  readonly name: string;
  readonly args: readonly Value[];
  readonly types: readonly TypeRef[];
  readonly isNew: boolean;
  /** Last name in the expression that the method is called on: `orders` in `this.orders.find()`. */
  readonly receiver: string;
}

export interface MemberSite extends Site {
  readonly on: Value;
  readonly path: string;
  readonly name: string;
}

export interface TypeSite extends Site {
  readonly pkg: string;
  /** Name of the exported type. */
  readonly path: string;
  /** Type arguments, as values of the classes they name. */
  readonly args: readonly Value[];
}

export interface InjectSite extends Site {
  readonly path: string;
  readonly args: readonly Value[];
  readonly type?: TypeRef;
}

export interface ClassSite extends Site {
  readonly cls: Value & { t: 'class' };
  /** Path of the decorator or base class. */
  readonly path: string;
  readonly args: readonly Value[];
}

export interface ParamSite extends Site {
  readonly file: string;
  /** Name of the function, of the parameter, and its position. */
  readonly unit: string;
  readonly name: string;
  readonly index: number;
}

export type NewUse = Omit<Use, 'via' | 'origin' | 'tech'> & {
  readonly via?: Use['via'];
  readonly tech?: string;
  readonly origin?: Origin;
};
export type NewExchange = Omit<Exchange, 'origin' | 'tech'> & { readonly origin?: Origin };
export type { Expr, StoreRef };
