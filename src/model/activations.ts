import type { ModuleCode, Unit } from './code.ts';
import { callWith } from './expressions.ts';
import type { Interpreter } from './interpreter.ts';
import { packageOf } from './modules.ts';
import { isProse } from './texts.ts';
import { signature } from './unions.ts';
import { type Activation, type ObjectValue, type Origin, unknown, type Value } from './value.ts';

const maxContexts = 48;
const maxShapes = 6;
/** How many times as many there may be in a file that loads a client itself: there a wrapper's arguments name tables. */
const nearData = 8;

/** Looks at a function once for each set of arguments that matter. */
export class Activations {
  readonly #ev: Interpreter;
  readonly #activations = new Map<
    Unit,
    { readonly byKey: Map<string, Activation>; contexts: number; shapes: number }
  >();
  #made = 0;
  readonly #given = new Map<Unit, Activation[]>();
  readonly #near = new Map<ModuleCode, boolean>();
  readonly #tops = new Map<ModuleCode, Activation>();
  readonly #mattering = new Map<string, boolean>();

  constructor(ev: Interpreter) {
    this.#ev = ev;
  }

  moduleActivation(code: ModuleCode): Activation {
    const known = this.#tops.get(code);
    if (known) return known;
    const made = this.#topActivation(code);
    this.#tops.set(code, made);
    return made;
  }

  #topActivation(code: ModuleCode): Activation {
    const unit = code.units[0];
    if (!unit) throw new Error(`internal: ${code.file} has no top unit`);
    return this.activate(code, unit, undefined, undefined, undefined);
  }

  genericActivation(code: ModuleCode, unit: Unit): Activation {
    if (unit.parent < 0) return this.moduleActivation(code);
    const parentUnit = code.units[unit.parent];
    if (!parentUnit) throw new Error(`internal: ${code.file} lost unit ${unit.parent}`);
    const parent = this.genericActivation(code, parentUnit);
    const self = unit.cls === undefined ? undefined : this.#selfOf(code, unit.cls, parentUnit, parent);
    return this.activate(code, unit, undefined, self, parent);
  }

  /** The activations of a function, where it is a callback with what its callee gives it. */
  runs(code: ModuleCode, unit: Unit): readonly Activation[] {
    const parent = code.units[unit.parent];
    if (!parent) return [this.moduleActivation(code)];
    return this.runs(code, parent).flatMap(outer => {
      const self = unit.cls === undefined ? undefined : this.#selfOf(code, unit.cls, parent, outer);
      return this.runsIn(code, unit, self, outer);
    });
  }

  runsIn(code: ModuleCode, unit: Unit, self: Value | undefined, outer: Activation): readonly Activation[] {
    const call = callWith(outer.unit, unit.index);
    if (call) this.#ev.eval(call, outer);
    const given = (this.#given.get(unit) ?? []).filter(a => a.parent === outer);
    return call && given.length > 0 ? given : [this.activate(code, unit, undefined, self, outer)];
  }

  #selfOf(code: ModuleCode, cls: number, parentUnit: Unit, parent: Activation): Value | undefined {
    if (parentUnit.cls === cls) return parent.self;
    const decl = code.classes[cls];
    return decl ? { t: 'inst', cls: { t: 'class', code, decl, scope: parent } } : undefined;
  }

  unitAct(code: ModuleCode, unit: number, fallback: Activation): Activation {
    const u = code.units[unit];
    return u ? this.genericActivation(code, u) : fallback;
  }

  activate(
    code: ModuleCode,
    unit: Unit,
    params: readonly Value[] | undefined,
    self: Value | undefined,
    parent: Activation | undefined,
  ): Activation {
    // what tells nothing makes no context of its own
    let given = params?.some(p => this.#matters(p)) ? params.map(p => (this.#matters(p) ? p : unknown)) : undefined;
    const table = this.#activations.get(unit) ?? { byKey: new Map<string, Activation>(), contexts: 0, shapes: 0 };
    this.#activations.set(unit, table);
    const owner = self ? signature(self) : '';
    const general = owner === '' ? `${parent?.id ?? ''}` : `${parent?.id ?? ''}|${owner}`;
    let key = given ? `${general}|${given.map(p => signature(p)).join(',')}` : general;
    let known = table.byKey.get(key);
    if (known) return known;
    if (given) {
      // objects differ at every call; a few of them tell what there is to tell
      const isShape = given.every(p => p.t === 'unknown' || p.t === 'obj' || p.t === 'arr' || p.t === 'fn');
      // what only hands on what it is given costs little: decorators and publishers of one's own
      const more = this.#isNearData(code) || (unit.exprs.length <= 1 && unit.params.length > 0) ? nearData : 1;
      if (table.contexts >= maxContexts * more || (isShape && table.shapes >= maxShapes * more)) {
        given = undefined;
        key = general;
        known = table.byKey.get(key);
        if (known) return known;
      } else if (isShape) table.shapes++;
    }
    table.contexts++;
    const made: Activation = {
      id: ++this.#made,
      code,
      unit,
      generic: given === undefined,
      visited: false,
      uses: [],
      exchanges: [],
      practices: [],
      reaches: new Map(),
      memo: new Map(),
      names: new Map(),
      ...(given ? { params: given } : {}),
      ...(self ? { self } : {}),
      ...(parent ? { parent } : {}),
    };
    table.byKey.set(key, made);
    if (given) this.#given.set(unit, [...(this.#given.get(unit) ?? []), made]);
    return made;
  }

  #isNearData(code: ModuleCode): boolean {
    const known = this.#near.get(code);
    if (known !== undefined) return known;
    const near = code.specifiers.some(s => {
      const tech = s.typeOnly ? undefined : this.#ev.technologies.of(packageOf(s.s));
      return tech !== undefined && tech.auxiliary !== true;
    });
    this.#near.set(code, near);
    return near;
  }

  /** Whether a value can lead to data: clients, models and what makes them, and names and addresses of things. */
  #matters(v: Value, depth = 0): boolean {
    switch (v.t) {
      case 'handle':
      case 'inst':
      case 'class':
      case 'env':
      case 'module':
        return true;
      case 'fn':
        return depth === 0;
      case 'text':
        return !isProse(v) && v.parts.some(p => p !== null);
      case 'ext':
        return v.pkg === ':process' || this.#ev.technologies.of(v.pkg) !== undefined;
      case 'union':
        return v.of.some(o => this.#matters(o, depth));
      case 'arr':
        return depth < 2 && v.items.slice(0, 4).some(i => this.#matters(i, i.t === 'obj' ? depth : depth + 1));
      case 'obj':
        return depth < 2 && this.#hasMatter(v, depth);
      default:
        return false;
    }
  }

  /** Of an object's texts only those under a telling key count: most are states and labels. */
  #hasMatter(v: ObjectValue, depth: number): boolean {
    const known = this.#mattering.get(v.sig);
    if (known !== undefined) return known;
    this.#mattering.set(v.sig, false);
    const found = v
      .keys()
      .slice(0, 24)
      .some(key => {
        const inner = v.get(key);
        if (!inner) return false;
        return inner.t === 'text' ? tellingKey.test(key) && this.#matters(inner) : this.#matters(inner, depth + 1);
      });
    this.#mattering.set(v.sig, found);
    return found;
  }

  get activationCount(): number {
    return this.#made;
  }
}

const tellingKey =
  /table|collection|model|entity|index|ur[il]|host|database|^db|schema|queue|keyspace|bucket|from|into|sql|query|text|prefix|suffix|name|stage|target|upstream|base|topic|subject|channel|exchange|pattern|endpoint|addr|routing/i;

export function reach(from: Activation, to: Activation, at?: Origin): void {
  if (!from.reaches.get(to)) from.reaches.set(to, at);
}
