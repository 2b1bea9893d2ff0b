import type { Argument, Class, Expression, Node, ParamPattern, Statement } from 'oxc-parser';
import type { ClassDecl, Export, Expr, Import, Member, ModuleCode, Property, TypeRef, Unit } from '../model/code.ts';
import { parse } from './parse.ts';

/**
 * One file of source, as `ModuleCode`. A file that does not parse gives undefined.
 * The tree is dropped when this returns; nothing of it is referred to.
 */
export function readModule(file: string, text: string): ModuleCode | undefined {
  const result = parse(file, text, { lang: languageOf(file), sourceType: 'unambiguous', preserveParens: false });
  if (!result || (result.errors.some(e => e.severity === 'Error') && result.program.body.length === 0))
    return undefined;
  return new ModuleReader(file).read(result.program.body);
}

export function languageOf(file: string): 'ts' | 'tsx' | 'jsx' | 'dts' {
  if (/\.d\.[cm]?ts$/.test(file)) return 'dts';
  if (file.endsWith('.tsx')) return 'tsx';
  return /\.[cm]?ts$/.test(file) ? 'ts' : 'jsx';
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const deepest = 500;

const nothing: Expr = { k: 'unk', e: [], at: 0 };

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Whether two expressions are the same chain of names: `process.env.STAGE`. */
function isSamePath(a: Node, b: Node): boolean {
  if (a.type === 'Identifier' && b.type === 'Identifier') return a.name === b.name;
  if (a.type === 'ThisExpression') return b.type === 'ThisExpression';
  if (a.type === 'Literal' && b.type === 'Literal') return a.value === b.value;
  return (
    a.type === 'MemberExpression' &&
    b.type === 'MemberExpression' &&
    a.computed === b.computed &&
    isSamePath(a.object, b.object) &&
    isSamePath(a.property, b.property)
  );
}

/** Holds the lists being filled while one file is read. */
class ModuleReader {
  readonly file: string;
  /** How many nodes are being read, one inside the other. */
  depth = 0;
  readonly imports = new Map<string, Import>();
  readonly exports = new Map<string, Export[]>();
  readonly stars: string[] = [];
  readonly units: Unit[] = [];
  readonly classes: ClassDecl[] = [];
  readonly types = new Map<string, TypeRef>();
  readonly fills = new Map<string, { unit: number; key: string | null; v: Expr }[]>();
  readonly providers: { unit: number; o: Expr }[] = [];
  readonly used = new Set<string>();
  readonly specifiers: { s: string; typeOnly: boolean; at: number }[] = [];

  constructor(file: string) {
    this.file = file;
  }

  read(body: readonly Statement[]): ModuleCode {
    const top = this.newUnit('', -1, undefined, false, 0);
    for (const statement of body) this.statement(statement, top);
    const { file, imports, exports, stars, units, classes, types, fills, providers, used, specifiers } = this;
    return { file, imports, exports, stars, units, classes, types, fills, providers, used, specifiers };
  }

  newUnit(name: string, parent: number, cls: number | undefined, arrow: boolean, at: number): Unit {
    const unit: Unit = {
      index: this.units.length,
      name,
      parent,
      arrow,
      at,
      ...(cls === undefined ? {} : { cls }),
      params: [],
      vars: new Map(),
      types: new Map(),
      exprs: [],
      returns: [],
    };
    this.units.push(unit);
    return unit;
  }

  export(name: string, one: Export): void {
    const list = this.exports.get(name);
    if (list) list.push(one);
    else this.exports.set(name, [one]);
  }

  statement(node: Node, unit: Unit): void {
    if (this.depth > deepest) return;
    this.depth++;
    this.readStatement(node, unit);
    this.depth--;
  }

  readStatement(node: Node, unit: Unit): void {
    switch (node.type) {
      case 'ImportDeclaration': {
        const typeOnly =
          node.importKind === 'type' ||
          (node.specifiers.length > 0 &&
            node.specifiers.every(s => s.type === 'ImportSpecifier' && s.importKind === 'type'));
        this.specifiers.push({ s: node.source.value, typeOnly, at: node.source.start });
        for (const s of node.specifiers) {
          const name =
            s.type === 'ImportDefaultSpecifier'
              ? 'default'
              : s.type === 'ImportNamespaceSpecifier'
                ? '*'
                : nameOf(s.imported);
          this.imports.set(s.local.name, {
            local: s.local.name,
            specifier: node.source.value,
            name,
            typeOnly: typeOnly || (s.type === 'ImportSpecifier' && s.importKind === 'type'),
            at: s.start,
          });
        }
        return;
      }
      case 'TSImportEqualsDeclaration':
        if (node.moduleReference.type === 'TSExternalModuleReference') {
          const s = node.moduleReference.expression.value;
          this.specifiers.push({ s, typeOnly: node.importKind === 'type', at: node.start });
          this.imports.set(node.id.name, {
            local: node.id.name,
            specifier: s,
            name: '=',
            typeOnly: node.importKind === 'type',
            at: node.start,
          });
        }
        return;
      case 'ExportAllDeclaration': {
        const typeOnly = node.exportKind === 'type';
        this.specifiers.push({ s: node.source.value, typeOnly, at: node.source.start });
        if (node.exported)
          this.export(nameOf(node.exported), {
            specifier: node.source.value,
            imported: '*',
            ...(typeOnly ? { typeOnly } : {}),
          });
        else this.stars.push(node.source.value);
        return;
      }
      case 'ExportNamedDeclaration': {
        const typeOnly = node.exportKind === 'type';
        if (node.declaration) {
          this.statement(node.declaration, unit);
          for (const name of declaredNames(node.declaration))
            this.export(name, { v: { k: 'id', n: name, at: node.start }, ...(typeOnly ? { typeOnly } : {}) });
        }
        if (node.source)
          this.specifiers.push({
            s: node.source.value,
            typeOnly: typeOnly || (node.specifiers.length > 0 && node.specifiers.every(s => s.exportKind === 'type')),
            at: node.source.start,
          });
        for (const s of node.specifiers) {
          if (!node.source) this.used.add(nameOf(s.local));
          const only = typeOnly || s.exportKind === 'type' ? { typeOnly: true } : {};
          this.export(
            nameOf(s.exported),
            node.source
              ? { specifier: node.source.value, imported: nameOf(s.local), ...only }
              : { v: { k: 'id', n: nameOf(s.local), at: s.start }, ...only },
          );
        }
        return;
      }
      case 'ExportDefaultDeclaration': {
        const d = node.declaration;
        if (d.type === 'FunctionDeclaration' || d.type === 'ClassDeclaration') {
          const v =
            d.type === 'ClassDeclaration'
              ? this.classExpr(d, unit)
              : this.functionExpr(d, unit, d.id?.name ?? 'default');
          if (d.id) addVar(unit, d.id.name, v);
          this.export('default', { v });
          return;
        }
        const v = this.expr(d, unit);
        unit.exprs.push(v);
        this.export('default', { v });
        return;
      }
      case 'TSExportAssignment': {
        const v = this.expr(node.expression, unit);
        unit.exprs.push(v);
        this.export('=', { v });
        return;
      }
      case 'FunctionDeclaration':
        if (node.id && node.body) addVar(unit, node.id.name, this.functionExpr(node, unit, node.id.name));
        return;
      case 'ClassDeclaration':
        if (node.id) addVar(unit, node.id.name, this.classExpr(node, unit));
        return;
      case 'VariableDeclaration':
        for (const d of node.declarations) {
          const type =
            'typeAnnotation' in d.id && d.id.typeAnnotation ? this.type(d.id.typeAnnotation.typeAnnotation) : undefined;
          if (type && d.id.type === 'Identifier') unit.types.set(d.id.name, type);
          if (!d.init) continue;
          const v = this.expr(d.init, unit, d.id.type === 'Identifier' ? d.id.name : undefined);
          unit.exprs.push(v);
          this.bind(d.id, v, unit);
        }
        return;
      case 'TSEnumDeclaration': {
        let next = 0;
        const p: Property[] = node.body.members.map(m => {
          const v: Expr = m.initializer ? this.expr(m.initializer, unit) : { k: 'num', v: next, at: m.start };
          next = v.k === 'num' ? v.v + 1 : next + 1;
          return {
            key: m.id.type === 'Identifier' ? m.id.name : m.id.type === 'Literal' ? String(m.id.value) : '',
            v,
            at: m.start,
          };
        });
        addVar(unit, node.id.name, { k: 'obj', p, at: node.start });
        return;
      }
      case 'TSInterfaceDeclaration': {
        const p: Record<string, TypeRef> = this.members(node.body.body);
        const a = node.extends.map(e => ({
          n: e.expression.type === 'Identifier' ? e.expression.name : dotted(e.expression),
        }));
        this.types.set(node.id.name, { n: '{}', p, ...(a.length ? { a } : {}) });
        return;
      }
      case 'TSTypeAliasDeclaration': {
        const t = this.type(node.typeAnnotation);
        if (t) this.types.set(node.id.name, t);
        return;
      }
      case 'TSModuleDeclaration':
        if (node.body && node.body.type === 'TSModuleBlock' && !node.declare)
          for (const s of node.body.body) this.statement(s, unit);
        return;
      case 'ReturnStatement':
        if (node.argument) {
          const v = this.expr(node.argument, unit);
          unit.returns.push(v);
          unit.exprs.push(v);
        }
        return;
      case 'ExpressionStatement':
        unit.exprs.push(this.expr(node.expression, unit));
        return;
      case 'ForOfStatement':
      case 'ForInStatement': {
        const o = this.expr(node.right, unit);
        unit.exprs.push(o);
        const left = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : undefined;
        if (left && node.type === 'ForOfStatement') this.bind(left, { k: 'elem', o, at: node.right.start }, unit);
        this.region('loops', node.body, unit);
        this.statement(node.body, unit);
        return;
      }
      case 'TryStatement':
        if (node.handler) this.region('catches', node.handler, unit);
        this.children(node, unit);
        return;
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        this.region('loops', node.body, unit);
        this.children(node, unit);
        return;
      default:
        this.children(node, unit);
    }
  }

  region(kind: 'loops' | 'catches', { start, end }: Node, unit: Writable<Unit>): void {
    const list = unit[kind] ?? [];
    list.push([start, end]);
    unit[kind] = list;
  }

  /** A node without a meaning of its own here: its statements and expressions still count. */
  children(node: Node, unit: Unit): void {
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (!isNode(child)) continue;
        if (isStatement(child)) this.statement(child, unit);
        else if (isHolder(child)) this.children(child, unit);
        else if (!child.type.startsWith('TS')) unit.exprs.push(this.expr(child, unit));
      }
    }
  }

  bind(pattern: Node, v: Expr, unit: Unit): void {
    switch (pattern.type) {
      case 'Identifier':
        addVar(unit, pattern.name, v);
        return;
      case 'AssignmentPattern': {
        const def = this.expr(pattern.right, unit);
        this.bind(pattern.left, { k: 'bin', op: '??', l: v, r: def, at: pattern.start }, unit);
        return;
      }
      case 'ObjectPattern':
        for (const p of pattern.properties) {
          if (p.type === 'RestElement') this.bind(p.argument, v, unit);
          else
            this.bind(
              p.value,
              p.computed
                ? { k: 'idx', o: v, i: this.expr(p.key, unit), at: p.start }
                : { k: 'mem', o: v, p: keyOf(p.key), at: p.start },
              unit,
            );
        }
        return;
      case 'ArrayPattern':
        pattern.elements.forEach((e, i) => {
          if (!e) return;
          if (e.type === 'RestElement') this.bind(e.argument, { k: 'unk', e: [], at: e.start }, unit);
          else this.bind(e, { k: 'idx', o: v, i: { k: 'num', v: i, at: e.start }, at: e.start }, unit);
        });
        return;
      default:
    }
  }

  /** What is nested deeper than any hand nests it counts for nothing: reading it would take all of the stack. */
  expr(node: Node, unit: Unit, name?: string): Expr {
    if (this.depth > deepest) return nothing;
    this.depth++;
    const read = this.readExpr(node, unit, name);
    this.depth--;
    return read;
  }

  readExpr(node: Node, unit: Unit, name?: string): Expr {
    const at = node.start;
    switch (node.type) {
      case 'Literal':
        if (typeof node.value === 'string') return { k: 'str', v: node.value, at };
        if (typeof node.value === 'number') return { k: 'num', v: node.value, at };
        if (typeof node.value === 'boolean' || node.raw === 'null')
          return { k: 'bool', v: node.value === true ? true : node.value === false ? false : null, at };
        return { k: 'unk', e: [], at };
      case 'TemplateLiteral':
        return { k: 'tpl', parts: this.templateParts(node, unit), at };
      case 'TaggedTemplateExpression':
        return {
          k: 'tpl',
          parts: this.templateParts(node.quasi, unit),
          tag: this.expr(node.tag, unit),
          at: node.quasi.start,
        };
      case 'Identifier':
        this.used.add(node.name);
        return { k: 'id', n: node.name, at };
      case 'ThisExpression':
        return { k: 'this', at };
      case 'Super':
        return { k: 'super', at };
      case 'MemberExpression': {
        const o = this.expr(node.object, unit);
        if (node.property.type === 'PrivateIdentifier')
          return { k: 'mem', o, p: `#${node.property.name}`, at: node.property.start };
        if (!node.computed && node.property.type === 'Identifier')
          return { k: 'mem', o, p: node.property.name, at: node.property.start };
        const i = this.expr(node.property, unit);
        return i.k === 'str' ? { k: 'mem', o, p: i.v, at: i.at } : { k: 'idx', o, i, at };
      }
      case 'CallExpression': {
        const s =
          node.callee.type === 'Identifier' && node.callee.name === 'require' && node.arguments[0]
            ? specifierOf(node.arguments[0])
            : undefined;
        if (s !== undefined && node.arguments[0]) {
          this.specifiers.push({ s, typeOnly: false, at: node.arguments[0].start });
          return { k: 'req', s, at };
        }
        const t = node.typeArguments ? this.typeList(node.typeArguments.params) : undefined;
        const call: Expr = {
          k: 'call',
          f: this.expr(node.callee, unit),
          a: this.args(node.arguments, unit),
          at: callPosition(node.callee),
          ...(t ? { t } : {}),
        };
        if (
          call.f.k === 'mem' &&
          ['register', 'registerSingleton', 'registerInstance', 'singleton', 'to', 'useClass'].includes(call.f.p)
        )
          this.providers.push({ unit: unit.index, o: call });
        return call;
      }
      case 'NewExpression': {
        const t = node.typeArguments ? this.typeList(node.typeArguments.params) : undefined;
        return {
          k: 'new',
          f: this.expr(node.callee, unit),
          a: this.args(node.arguments, unit),
          at,
          ...(t ? { t } : {}),
        };
      }
      case 'ImportExpression':
        if (node.source.type === 'Literal' && typeof node.source.value === 'string') {
          this.specifiers.push({ s: node.source.value, typeOnly: false, at: node.source.start });
          return { k: 'req', s: node.source.value, at };
        }
        return { k: 'unk', e: [this.expr(node.source, unit)], at };
      case 'ObjectExpression': {
        const p = node.properties.map((x): Property => {
          if (x.type === 'SpreadElement') return { spread: this.expr(x.argument, unit), at: x.start };
          if (x.computed && x.key.type !== 'Literal')
            return { key: null, computed: this.expr(x.key, unit), v: this.expr(x.value, unit), at: x.start };
          const key = keyOf(x.key);
          return {
            key,
            v:
              x.kind === 'get'
                ? { k: 'call', f: this.expr(x.value, unit, key), a: [], at: x.start }
                : this.expr(x.value, unit, key),
            at: x.start,
          };
        });
        const o: Expr = { k: 'obj', p, at };
        if (p.some(x => 'key' in x && x.key === 'provide')) this.providers.push({ unit: unit.index, o });
        return o;
      }
      case 'ArrayExpression':
        return {
          k: 'arr',
          e: node.elements.flatMap(e =>
            e === null
              ? []
              : [
                  e.type === 'SpreadElement'
                    ? { k: 'spread' as const, o: this.expr(e.argument, unit), at: e.start }
                    : this.expr(e, unit),
                ],
          ),
          at,
        };
      case 'LogicalExpression':
        return { k: 'bin', op: node.operator, l: this.expr(node.left, unit), r: this.expr(node.right, unit), at };
      case 'BinaryExpression':
        if (node.operator === '+')
          return { k: 'bin', op: '+', l: this.expr(node.left, unit), r: this.expr(node.right, unit), at };
        return { k: 'unk', e: [this.expr(node.left, unit), this.expr(node.right, unit)], at };
      case 'ConditionalExpression':
        // `x ? x : y` and `x !== undefined ? x : y` say `x || y`
        if (
          isSamePath(
            node.test.type === 'BinaryExpression' && /^!==?$/.test(node.test.operator) ? node.test.left : node.test,
            node.consequent,
          )
        )
          return { k: 'bin', op: '||', l: this.expr(node.consequent, unit), r: this.expr(node.alternate, unit), at };
        return {
          k: 'cond',
          c: this.expr(node.test, unit),
          l: this.expr(node.consequent, unit),
          r: this.expr(node.alternate, unit),
          at,
        };
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration':
        return this.functionExpr(
          node,
          unit,
          name ?? (node.type === 'FunctionExpression' && node.id ? node.id.name : ''),
        );
      case 'ClassExpression':
      case 'ClassDeclaration':
        return this.classExpr(node, unit, name);
      case 'AwaitExpression':
        return { k: 'await', o: this.expr(node.argument, unit), at };
      case 'ChainExpression':
      case 'ParenthesizedExpression':
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        return this.expr(node.expression, unit, name);
      case 'AssignmentExpression':
        return this.assignment(
          node.left,
          node.operator,
          this.expr(node.right, unit, assignedName(node.left)),
          unit,
          at,
        );
      case 'SequenceExpression': {
        const all = node.expressions.map(e => this.expr(e, unit));
        for (const one of all.slice(0, -1)) unit.exprs.push(one);
        return all.at(-1) ?? nothing;
      }
      case 'SpreadElement':
        return { k: 'spread', o: this.expr(node.argument, unit), at };
      case 'MetaProperty':
        return { k: 'id', n: `${node.meta.name}.${node.property.name}`, at };
      default:
        return { k: 'unk', e: this.parts(node, unit), at };
    }
  }

  parts(node: Node, unit: Unit): Expr[] {
    const found: Expr[] = [];
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child) && child.type === 'JSXIdentifier') this.used.add(child.name);
        if (!isNode(child) || child.type.startsWith('TS') || child.type === 'JSXText' || child.type === 'JSXIdentifier')
          continue;
        if (isStatement(child)) this.statement(child, unit);
        else if (isHolder(child)) found.push(...this.parts(child, unit));
        else found.push(this.expr(child, unit));
      }
    }
    return found;
  }

  assignment(left: Node, operator: string, v: Expr, unit: Unit, at: number): Expr {
    if (left.type === 'Identifier') {
      const declaring = this.declaring(left.name, unit);
      addVar(declaring, left.name, declaring === unit ? v : { k: 'in', u: unit.index, v, at });
      return v;
    }
    if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
      this.bind(left, v, unit);
      return v;
    }
    if (left.type !== 'MemberExpression' || operator === '+=') return { k: 'unk', e: [v], at };
    const target = this.expr(left, unit);
    if (target.k === 'mem' && target.o.k === 'this') {
      const cls = unit.cls === undefined ? undefined : this.classes[unit.cls];
      if (cls) {
        const list = cls.assigned.get(target.p);
        if (list) list.push({ unit: unit.index, v });
        else cls.assigned.set(target.p, [{ unit: unit.index, v }]);
      }
      return v;
    }
    const path = target.k === 'mem' ? dottedExpr(target.o) : undefined;
    if (target.k === 'mem' && target.o.k === 'id' && target.o.n === 'module' && target.p === 'exports')
      this.export('=', { v });
    else if (target.k === 'mem' && (path === 'exports' || path === 'module.exports')) this.export(target.p, { v });
    else if (target.k === 'mem' || target.k === 'idx') {
      const filled =
        target.o.k === 'id' || (target.o.k === 'mem' && target.o.o.k === 'id') ? dottedExpr(target.o) : undefined;
      const key = target.k === 'mem' ? target.p : null;
      const list = filled === undefined ? undefined : this.fills.get(filled);
      if (list) list.push({ unit: unit.index, key, v });
      else if (filled !== undefined) this.fills.set(filled, [{ unit: unit.index, key, v }]);
    }
    return v;
  }

  /** The unit that declares a name, for an assignment from an inner function. */
  declaring(name: string, unit: Unit): Unit {
    for (let u: Unit | undefined = unit; u; u = this.units[u.parent])
      if (u.vars.has(name) || u.types.has(name) || u.parent < 0) return u;
    return unit;
  }

  functionExpr(node: Node, unit: Unit, name: string, cls = unit.cls): Expr {
    if (
      node.type !== 'ArrowFunctionExpression' &&
      node.type !== 'FunctionExpression' &&
      node.type !== 'FunctionDeclaration'
    )
      return nothing;
    const inner = this.newUnit(name, unit.index, cls, node.type === 'ArrowFunctionExpression', node.start);
    for (const [i, p] of node.params.entries()) this.param(p, i, inner);
    if (node.body) {
      if (node.body.type === 'BlockStatement') for (const s of node.body.body) this.statement(s, inner);
      else {
        const v = this.expr(node.body, inner);
        inner.exprs.push(v);
        inner.returns.push(v);
      }
    }
    return { k: 'fn', u: inner.index, at: node.start };
  }

  param(node: ParamPattern | Node, i: number, unit: Unit): void {
    let pattern: Node = node.type === 'TSParameterProperty' ? node.parameter : node;
    let def: Expr | undefined;
    const rest = pattern.type === 'RestElement';
    if (pattern.type === 'RestElement') pattern = pattern.argument;
    if (pattern.type === 'AssignmentPattern') {
      def = this.expr(pattern.right, unit);
      pattern = pattern.left;
    }
    const annotation =
      'typeAnnotation' in pattern &&
      isNode(pattern.typeAnnotation) &&
      pattern.typeAnnotation.type === 'TSTypeAnnotation'
        ? this.type(pattern.typeAnnotation.typeAnnotation)
        : undefined;
    const decorated = node.type === 'TSParameterProperty' || node.type === 'Identifier' ? node.decorators : [];
    const decorators = (decorated ?? []).map(d => this.expr(d.expression, unit));
    const name = pattern.type === 'Identifier' ? pattern.name : '';
    unit.params.push({
      name,
      ...(annotation ? { type: annotation } : {}),
      ...(decorators.length ? { decorators } : {}),
      ...(def ? { def } : {}),
    });
    this.useType(annotation);
    const value: Expr = { k: 'param', u: unit.index, i, ...(rest ? { rest } : {}), at: node.start };
    this.bind(pattern, value, unit);
    if (node.type === 'TSParameterProperty' && unit.cls !== undefined) {
      const cls = this.classes[unit.cls];
      cls?.assigned.set(name, [{ unit: unit.index, v: value }]);
      cls?.members.push({
        name,
        kind: 'field',
        isStatic: false,
        at: node.start,
        ...(annotation ? { type: annotation } : {}),
        ...(decorators.length ? { decorators } : {}),
      });
    }
  }

  /** A container makes what a constructor's types name, and clients are handed on by type; components are given props. */
  useType(type: TypeRef | undefined): void {
    if (!type || this.file.endsWith('x')) return;
    this.used.add(type.n.split('.')[0] ?? type.n);
    for (const a of type.a ?? []) this.useType(a);
  }

  classExpr(node: Class, unit: Unit, name = ''): Expr {
    const index = this.classes.length;
    const sup = node.superClass ? this.expr(node.superClass, unit) : undefined;
    const supTypes = node.superTypeArguments ? this.typeList(node.superTypeArguments.params) : undefined;
    const decl: { -readonly [K in keyof ClassDecl]: ClassDecl[K] } = {
      index,
      name: node.id?.name ?? name,
      scope: unit.index,
      impl: [],
      decorators: [],
      members: [],
      assigned: new Map(),
      fields: -1,
      at: node.start,
      ...(sup ? { sup } : {}),
      ...(supTypes ? { supTypes } : {}),
    };
    this.classes.push(decl);
    decl.impl = (node.implements ?? []).map(i => ({
      n: dotted(i.expression),
      ...(i.typeArguments ? { a: this.typeList(i.typeArguments.params) } : {}),
    }));
    decl.decorators = node.decorators.map(d => this.expr(d.expression, unit));
    const fields = this.newUnit(`${decl.name}#fields`, unit.index, index, true, node.start);
    decl.fields = fields.index;
    for (const m of node.body.body) {
      if (m.type === 'StaticBlock') {
        for (const s of m.body) this.statement(s, fields);
        continue;
      }
      if (m.type === 'TSIndexSignature') continue;
      const key =
        m.key.type === 'PrivateIdentifier'
          ? `#${m.key.name}`
          : m.computed && m.key.type !== 'Literal'
            ? ''
            : keyOf(m.key);
      const decorators = m.decorators.map(d => this.expr(d.expression, fields));
      const shared = { name: key, isStatic: m.static, at: m.start, ...(decorators.length ? { decorators } : {}) };
      if (m.type === 'MethodDefinition' || m.type === 'TSAbstractMethodDefinition') {
        if (!m.value.body) continue;
        const f = this.functionExpr(m.value, unit, `${decl.name}.${key}`, index);
        if (f.k !== 'fn') continue;
        if (m.kind === 'constructor') decl.ctor = f.u;
        else decl.members.push({ ...shared, kind: m.kind === 'get' ? 'get' : 'method', unit: f.u });
        continue;
      }
      const type = 'typeAnnotation' in m && m.typeAnnotation ? this.type(m.typeAnnotation.typeAnnotation) : undefined;
      this.useType(type);
      const value = m.value ? this.expr(m.value, fields, `${decl.name}.${key}`) : undefined;
      if (value) fields.exprs.push(value);
      const member: Member = { ...shared, kind: 'field', ...(type ? { type } : {}), ...(value ? { value } : {}) };
      decl.members.push(value?.k === 'fn' ? { ...member, unit: value.u } : member);
    }
    return { k: 'cls', c: index, at: node.start };
  }

  args(list: readonly (Argument | Node)[], unit: Unit): Expr[] {
    return list.map(a => this.expr(a, unit));
  }

  templateParts(
    node: {
      readonly quasis: readonly { readonly value: { readonly cooked: string | null; readonly raw: string } }[];
      readonly expressions: readonly Expression[];
    },
    unit: Unit,
  ): (string | Expr)[] {
    return node.quasis.flatMap((q, i) => {
      const e = node.expressions[i];
      const s = q.value.cooked ?? q.value.raw;
      return e ? [s, this.expr(e, unit)] : [s];
    });
  }

  members(list: readonly Node[]): Record<string, TypeRef> {
    const p: Record<string, TypeRef> = {};
    for (const m of list) {
      if (m.type === 'TSPropertySignature' && m.typeAnnotation && !m.computed) {
        const t = this.type(m.typeAnnotation.typeAnnotation);
        if (t) p[keyOf(m.key)] = t;
      }
    }
    return p;
  }

  typeList(list: readonly Node[]): TypeRef[] {
    return list.map(t => this.type(t) ?? { n: '' });
  }

  type(node: Node): TypeRef | undefined {
    if (this.depth > deepest) return undefined;
    this.depth++;
    const read = this.readType(node);
    this.depth--;
    return read;
  }

  readType(node: Node): TypeRef | undefined {
    switch (node.type) {
      case 'TSTypeReference': {
        const n = dotted(node.typeName);
        const a = node.typeArguments ? this.typeList(node.typeArguments.params) : [];
        if (['Promise', 'Readonly', 'Partial', 'Required', 'NonNullable', 'Awaited', 'Omit', 'Pick'].includes(n))
          return a[0];
        return { n, ...(a.length ? { a } : {}) };
      }
      case 'TSTypeLiteral':
        return { n: '{}', p: this.members(node.members) };
      case 'TSUnionType':
      case 'TSIntersectionType': {
        const known = node.types.flatMap(t => this.type(t) ?? []);
        return known.find(t => t.n !== '{}') ?? known[0];
      }
      case 'TSTypeQuery':
        return { n: 'typeof', a: [{ n: dotted(node.exprName) }] };
      case 'TSImportType':
        return undefined;
      case 'TSArrayType': {
        const t = this.type(node.elementType);
        return t ? { n: 'Array', a: [t] } : undefined;
      }
      case 'TSParenthesizedType':
        return this.type(node.typeAnnotation);
      case 'TSLiteralType':
        return node.literal.type === 'Literal' && typeof node.literal.value === 'string'
          ? { n: JSON.stringify(node.literal.value) }
          : undefined;
      default:
        return undefined;
    }
  }
}

function addVar(unit: Unit, name: string, v: Expr): void {
  const list = unit.vars.get(name);
  if (list) list.push(v);
  else unit.vars.set(name, [v]);
}

/** What `require('x')` names, also as `__dirname + '/x'` or `path.join(__dirname, 'x')`. */
function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'Identifier':
      return node.name === '__dirname' ? '.' : undefined;
    case 'BinaryExpression': {
      const left = node.operator === '+' ? specifierOf(node.left) : undefined;
      return left?.startsWith('.') && node.right.type === 'Literal' ? `${left}${String(node.right.value)}` : undefined;
    }
    case 'TemplateLiteral': {
      const [first] = node.expressions;
      const text = node.quasis.map(q => q.value.cooked ?? '').join('');
      if (!first) return text;
      return node.expressions.length === 1 && node.quasis[0]?.value.raw === '' && specifierOf(first) === '.'
        ? `.${text}`
        : undefined;
    }
    case 'CallExpression': {
      const name =
        node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier'
          ? node.callee.property.name
          : '';
      const parts = node.arguments.map(a => specifierOf(a));
      return (name === 'join' || name === 'resolve') && parts[0] === '.' && parts.every(p => p !== undefined)
        ? parts.join('/')
        : undefined;
    }
    default:
      return undefined;
  }
}

function keyOf(node: Node): string {
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return node.name;
  if (node.type === 'Literal') return String(node.value);
  return '';
}

function assignedName(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' &&
    !node.computed &&
    node.property.type === 'Identifier' &&
    node.property.name !== 'exports'
    ? node.property.name
    : undefined;
}

function nameOf(node: Node): string {
  return node.type === 'Literal' ? String(node.value) : node.type === 'Identifier' ? node.name : '';
}

function dotted(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'TSQualifiedName') return `${dotted(node.left)}.${node.right.name}`;
  if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier')
    return `${dotted(node.object)}.${node.property.name}`;
  return '';
}

function dottedExpr(e: Expr): string | undefined {
  if (e.k === 'id') return e.n;
  if (e.k === 'mem') {
    const o = dottedExpr(e.o);
    return o === undefined ? undefined : `${o}.${e.p}`;
  }
  return undefined;
}

/** A call is shown at its last name: in a chain, that is the line a reader looks for. */
function callPosition(callee: Node): number {
  return callee.type === 'MemberExpression' ? callee.property.start : callee.start;
}

function declaredNames(node: Node): string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(d => patternNames(d.id));
  if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id) return [node.id.name];
  if (
    node.type === 'TSEnumDeclaration' ||
    node.type === 'TSInterfaceDeclaration' ||
    node.type === 'TSTypeAliasDeclaration'
  )
    return [node.id.name];
  return [];
}

function patternNames(node: Node): string[] {
  switch (node.type) {
    case 'Identifier':
      return [node.name];
    case 'AssignmentPattern':
      return patternNames(node.left);
    case 'RestElement':
      return patternNames(node.argument);
    case 'ObjectPattern':
      return node.properties.flatMap(p => patternNames(p.type === 'RestElement' ? p.argument : p.value));
    case 'ArrayPattern':
      return node.elements.flatMap(e => (e ? patternNames(e) : []));
    default:
      return [];
  }
}

function isStatement(node: Node): boolean {
  return node.type.endsWith('Statement') || node.type.endsWith('Declaration');
}

/** Nodes that only group statements or expressions. */
function isHolder(node: Node): boolean {
  return (
    node.type === 'SwitchCase' ||
    node.type === 'CatchClause' ||
    node.type.startsWith('JSX') ||
    node.type === 'TemplateElement' ||
    node.type === 'Property' ||
    node.type === 'VariableDeclarator'
  );
}
