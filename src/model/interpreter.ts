import type { Expr, Member, ModuleCode, TypeRef, Unit } from './code.ts';
import type { Exports } from './exports.ts';
import type { ModuleResolver, ModuleStore } from './modules.ts';
import type { Progress } from './progress.ts';
import type { Technologies } from './technologies.ts';
import type { Evaluation } from './technology.ts';
import type { Activation, ClassValue, InstanceValue, Origin, Value } from './value.ts';

/** What the parts of the evaluator ask of each other. */
export interface Interpreter extends Evaluation {
  readonly modules: ModuleStore;
  readonly resolver: ModuleResolver;
  readonly exports: Exports;
  readonly technologies: Technologies;
  readonly progress: Progress;
  /** The activations of a function, where it is a callback with what its callee gives it. */
  runs(code: ModuleCode, unit: Unit): readonly Activation[];
  runsIn(code: ModuleCode, unit: Unit, self: Value | undefined, outer: Activation): readonly Activation[];
  /** The modules of this repository that run before a module does, of those of interest. */
  imported(code: ModuleCode, isOfInterest: (file: string) => boolean): Activation[];
  /** Container tokens of a module, so that an injection finds what stands behind its token. */
  collectProviders(code: ModuleCode): void;
  /** A function or class that is handed on by name may be called by whoever gets it. */
  reachValue(v: Value, act: Activation, depth?: number): void;
  /** A framework that is given a class calls its decorated methods and its hooks. */
  reachClass(cls: ClassValue, act: Activation): void;
  /** A class of a service's own: its framework may use it, so what its decorators name is reached. */
  enter(cls: ClassValue): void;
  /** Tells technologies of a class that carries one of their decorators or extends one of their classes. */
  declare(cls: ClassValue): void;
  name(name: string, act: Activation, at: number): Value;
  param(u: number, i: number, rest: boolean, act: Activation, origin: Origin): Value;
  /** Something of a package that no technology knows, or got from it, or a list yet to be filled: its declared type tells more. */
  isOpaque(v: Value): boolean;
  member(o: Value, name: string, act: Activation, origin: Origin): Value;
  /** The classes of an instance, each with the arguments of its constructor. */
  chain(inst: InstanceValue): { cls: ClassValue; args: readonly Value[] | undefined }[];
  field(m: Member, act: Activation, origin: Origin): Value;
  unitAct(code: ModuleCode, unit: number, fallback: Activation): Activation;
  superMember(name: string, act: Activation, origin: Origin): Value;
  call(e: Expr & { k: 'call' }, act: Activation, origin: Origin): Value;
  callValue(
    f: Value,
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isNew: boolean,
    isTag: boolean,
  ): Value;
  apply(
    f: Value,
    args: readonly Value[],
    act: Activation,
    e: Expr,
    origin: Origin,
    types: readonly TypeRef[],
    isNew: boolean,
    isTag?: boolean,
  ): Value;
  activate(
    code: ModuleCode,
    unit: Unit,
    params: readonly Value[] | undefined,
    self: Value | undefined,
    parent: Activation | undefined,
  ): Activation;
  readonly activationCount: number;
  /** Queries that run when they are awaited give rows. */
  awaited(v: Value): Value;
  args(list: readonly Expr[], act: Activation): Value[];
  addImplementer(code: ModuleCode, name: string, cls: ClassValue): void;
}
