import type { Argument, Class, Expression, Function as FunctionNode, Node, PropertyKey, Statement } from 'oxc-parser';
import type { Trigger } from '../model/discovery.ts';
import type { Evidence } from '../model/system.ts';
import { parse } from './parse.ts';

/**
 * Functions and containers that infrastructure code in the CDK or SST declares. The code is never run: constructs
 * are followed symbolically from the app down, through constructors, fields, methods and props, as far as they are literal.
 */
export interface CloudUnit {
  readonly name: string;
  /** Source file or folder, from the root of the repository. */
  readonly code: string;
  readonly kind: 'function' | 'container';
  readonly handler?: string;
  readonly variables: readonly { readonly name: string; readonly value: string | null; readonly at: Evidence }[];
  /** What it is run for. */
  readonly triggers: readonly Trigger[];
  readonly at: Evidence;
}

export const looksLikeCdk = (text: string): boolean =>
  /from\s+['"](aws-cdk-lib|@aws-cdk\/|@serverless-stack\/|sst\/|sst['"])|require\(['"]aws-cdk-lib|\bsst\.aws\.|\$config\s*\(/.test(
    text,
  );

/** Variable names and values with their place. */
interface Text {
  readonly kind: 'text';
  readonly text: string;
  readonly at: Evidence;
}
interface Fields {
  readonly kind: 'record';
  readonly entries: Map<string, Known>;
}
interface List {
  readonly kind: 'list';
  readonly items: readonly Known[];
}
/** Something made with `new`, or by a factory: its type as written, id, and what it was given. */
interface Construct {
  readonly kind: 'construct';
  readonly type: string;
  readonly id: string;
  readonly props: Known;
  readonly fields: Map<string, Known>;
  readonly at: Evidence;
  readonly cls?: ClassInfo;
  readonly added: Map<string, Known>;
  readonly args?: readonly Known[];
}
interface Callable {
  readonly kind: 'callable';
  readonly node: FunctionLike;
  readonly scope: Scope;
  readonly self: Construct | undefined;
}
interface Unknown {
  readonly kind: 'unknown';
}
type Known = Text | Fields | List | Construct | Callable | Unknown;
const unknown: Unknown = { kind: 'unknown' };

type FunctionLike = FunctionNode | Extract<Expression, { type: 'ArrowFunctionExpression' }>;
interface Source {
  readonly file: string;
  readonly text: string;
  readonly body: readonly Statement[];
  readonly lines: readonly number[];
}
interface ClassInfo {
  readonly node: Class;
  readonly source: Source;
}
interface Scope {
  readonly source: Source;
  readonly names: Map<string, Known>;
  readonly above?: Scope;
}

export function readCdk(files: readonly { readonly file: string; readonly text: string }[]): readonly CloudUnit[] {
  return new Follower(files.flatMap(({ file, text }) => sourceOf(file, text) ?? [])).run();
}

function sourceOf(file: string, text: string): Source | undefined {
  const parsed = parse(file, text, { sourceType: 'unambiguous', preserveParens: false });
  if (!parsed || (parsed.errors.length > 0 && parsed.program.body.length === 0)) return undefined;
  const lines = [0];
  for (let next = text.indexOf('\n'); next >= 0; next = text.indexOf('\n', next + 1)) lines.push(next + 1);
  return { file, text, body: parsed.program.body, lines };
}

const enough = 20_000;

/** No name or path is longer; a text that doubles with each line would fill the memory. */
const longestText = 10_000;

/** Holds what is shared while one repository is followed. */
class Follower {
  readonly sources: readonly Source[];
  readonly classes = new Map<string, ClassInfo>();
  readonly made: Construct[] = [];
  /** What goes from one construct to another: a source to the function that hears it, a topic or rule to its target. */
  readonly flows: { readonly from: Known; readonly to: Known; readonly at: Evidence }[] = [];
  readonly started = new Set<Class>();
  readonly globals = new Map<string, Scope>();
  steps = 0;

  constructor(sources: readonly Source[]) {
    this.sources = sources;
    for (const source of sources)
      for (const statement of source.body) {
        const node = declarationOf(statement);
        if (node?.type === 'ClassDeclaration' && node.id) this.classes.set(node.id.name, { node, source });
      }
  }

  run(): readonly CloudUnit[] {
    for (const source of this.sources) this.globals.set(source.file, { source, names: new Map() });
    // functions of every file are known by name, before anything is followed
    const shared = new Map<string, Known>();
    for (const source of this.sources)
      for (const statement of source.body) {
        const node = declarationOf(statement);
        const scope = this.globals.get(source.file);
        if (node?.type === 'FunctionDeclaration' && node.id && scope)
          shared.set(node.id.name, { kind: 'callable', node, scope, self: undefined });
      }
    for (const scope of this.globals.values()) for (const [name, value] of shared) scope.names.set(name, value);
    for (const source of this.sources) {
      const scope = this.globals.get(source.file);
      if (scope) this.block(source.body, scope, undefined, 0);
    }
    // a stack that no app in sight makes is deployed all the same
    for (const info of this.classes.values()) {
      const base = info.node.superClass;
      const isStack = base && /(Stack|Stage|Construct)$/.test(nameOfExpression(base));
      if (isStack && !this.started.has(info.node) && /Stack$/.test(nameOfExpression(base)))
        this.instantiate(info, [], { kind: 'unknown' }, { file: info.source.file, line: 1, column: 1 }, 0);
    }
    // SST stacks are plain functions that the configuration hands over
    for (const source of this.sources)
      for (const statement of source.body) {
        const node = declarationOf(statement);
        const scope = this.globals.get(source.file);
        if (
          node?.type === 'FunctionDeclaration' &&
          scope &&
          /stack/i.test(node.id?.name ?? '') &&
          /@serverless-stack|sst\//.test(source.text)
        )
          this.call({ kind: 'callable', node, scope, self: undefined }, [], 0);
      }
    for (const construct of this.made) this.flowsIn(construct);
    return this.made.flatMap(construct =>
      this.unitOf(construct).map(unit => ({ ...unit, triggers: this.triggersOf(construct) })),
    );
  }

  block(body: readonly Statement[], scope: Scope, self: Construct | undefined, depth: number): Known | undefined {
    for (const statement of body) {
      if (++this.steps > enough || depth > 24) return undefined;
      const result = this.statement(statement, scope, self, depth);
      if (result) return result;
    }
    return undefined;
  }

  statement(node: Statement, scope: Scope, self: Construct | undefined, depth: number): Known | undefined {
    switch (node.type) {
      case 'ExportNamedDeclaration':
        if (node.declaration && node.declaration.type === 'VariableDeclaration')
          this.statement(node.declaration, scope, self, depth);
        return undefined;
      case 'ExportDefaultDeclaration':
        if (node.declaration.type === 'CallExpression' || node.declaration.type === 'ObjectExpression')
          this.value(node.declaration, scope, self, depth);
        return undefined;
      case 'VariableDeclaration':
        for (const one of node.declarations) {
          const value = one.init ? this.value(one.init, scope, self, depth) : unknown;
          if (one.id.type === 'Identifier') scope.names.set(one.id.name, value);
          else if (one.id.type === 'ObjectPattern') this.destructure(one.id, value, scope);
        }
        return undefined;
      case 'ExpressionStatement':
        this.value(node.expression, scope, self, depth);
        return undefined;
      case 'ReturnStatement':
        return node.argument ? this.value(node.argument, scope, self, depth) : unknown;
      case 'IfStatement':
        // either branch may be deployed
        return (
          this.statement(node.consequent, scope, self, depth + 1) ??
          (node.alternate ? this.statement(node.alternate, scope, self, depth + 1) : undefined)
        );
      case 'BlockStatement':
        return this.block(node.body, scope, self, depth + 1);
      case 'TryStatement':
        return this.block(node.block.body, scope, self, depth + 1);
      case 'ForOfStatement': {
        const list = this.value(node.right, scope, self, depth);
        const name = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : undefined;
        for (const item of list.kind === 'list' ? list.items.slice(0, 100) : []) {
          const inner: Scope = { source: scope.source, names: new Map(), above: scope };
          if (name?.type === 'Identifier') inner.names.set(name.name, item);
          else if (name?.type === 'ObjectPattern') this.destructure(name, item, inner);
          this.statement(node.body, inner, self, depth + 1);
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }

  destructure(pattern: Extract<Node, { type: 'ObjectPattern' }>, value: Known, scope: Scope): void {
    for (const property of pattern.properties) {
      if (property.type !== 'Property') continue;
      const key = keyOf(property.key);
      const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
      if (key !== undefined && target.type === 'Identifier')
        scope.names.set(target.name, this.member(value, key, undefined));
    }
  }

  value(node: Expression | Argument, scope: Scope, self: Construct | undefined, depth: number): Known {
    if (++this.steps > enough || depth > 24) return unknown;
    const at = (): Evidence => placeIn(scope.source, node.start);
    switch (node.type) {
      case 'Literal':
        return node.value === null || typeof node.value === 'object'
          ? unknown
          : { kind: 'text', text: String(node.value), at: at() };
      case 'TemplateLiteral': {
        let text = '';
        for (const [index, quasi] of node.quasis.entries()) {
          text += quasi.value.cooked ?? '';
          const part = node.expressions[index];
          if (!part) continue;
          const value = this.value(part, scope, self, depth + 1);
          if (value.kind !== 'text') return unknown;
          text += value.text;
          if (text.length > longestText) return unknown;
        }
        return { kind: 'text', text, at: at() };
      }
      case 'BinaryExpression': {
        if (node.operator !== '+') return unknown;
        const left = this.value(node.left, scope, self, depth + 1);
        const right = this.value(node.right, scope, self, depth + 1);
        return left.kind === 'text' && right.kind === 'text' && left.text.length + right.text.length <= longestText
          ? { kind: 'text', text: left.text + right.text, at: at() }
          : unknown;
      }
      case 'LogicalExpression': {
        const left = this.value(node.left, scope, self, depth + 1);
        return left.kind === 'unknown' || node.operator === '&&'
          ? this.value(node.right, scope, self, depth + 1)
          : left;
      }
      case 'ConditionalExpression': {
        const value = this.value(node.consequent, scope, self, depth + 1);
        return value.kind === 'unknown' ? this.value(node.alternate, scope, self, depth + 1) : value;
      }
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
      case 'ChainExpression':
        return this.value(node.expression, scope, self, depth + 1);
      case 'AwaitExpression':
        return this.value(node.argument, scope, self, depth + 1);
      case 'ThisExpression':
        return self ?? unknown;
      case 'Identifier':
        if (node.name === '__dirname') return { kind: 'text', text: folderOf(scope.source.file), at: at() };
        return lookup(scope, node.name) ?? this.imported(node.name);
      case 'MemberExpression': {
        const owner = this.value(node.object, scope, self, depth + 1);
        const key = node.computed
          ? textOf(this.value(node.property, scope, self, depth + 1))
          : node.property.type === 'Identifier'
            ? node.property.name
            : undefined;
        return key === undefined ? unknown : this.member(owner, key, at());
      }
      case 'ArrayExpression':
        return {
          kind: 'list',
          items: node.elements.flatMap(item =>
            item && item.type !== 'SpreadElement' ? [this.value(item, scope, self, depth + 1)] : [],
          ),
        };
      case 'ObjectExpression': {
        const entries = new Map<string, Known>();
        for (const property of node.properties) {
          if (property.type === 'SpreadElement') {
            const spread = this.value(property.argument, scope, self, depth + 1);
            for (const [key, value] of spread.kind === 'record' ? spread.entries : []) entries.set(key, value);
            continue;
          }
          const key = keyOf(property.key);
          if (key === undefined) continue;
          const value = this.value(property.value, scope, self, depth + 1);
          // the place of a variable is the line that gives it, not the line that its value comes from
          entries.set(key, value.kind === 'text' ? { ...value, at: placeIn(scope.source, property.start) } : value);
        }
        return { kind: 'record', entries };
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return { kind: 'callable', node, scope, self };
      case 'AssignmentExpression': {
        const value = this.value(node.right, scope, self, depth + 1);
        if (node.left.type === 'MemberExpression' && !node.left.computed && node.left.property.type === 'Identifier') {
          const owner = this.value(node.left.object, scope, self, depth + 1);
          if (owner.kind === 'construct') owner.fields.set(node.left.property.name, value);
        } else if (node.left.type === 'Identifier') scope.names.set(node.left.name, value);
        return value;
      }
      case 'NewExpression': {
        const type = nameOfExpression(node.callee);
        const args = node.arguments.map(argument => this.value(argument, scope, self, depth + 1));
        const info = this.classes.get(type.split('.').at(-1) ?? type);
        return info ? this.instantiate(info, args, args.at(-1) ?? unknown, at(), depth) : this.make(type, args, at());
      }
      case 'CallExpression':
        return this.callExpression(node, scope, self, depth, at());
      default:
        return unknown;
    }
  }

  /** A constant that another file exports under this name. */
  imported(name: string): Known {
    for (const scope of this.globals.values()) {
      const value = scope.names.get(name);
      if (value) return value;
    }
    return unknown;
  }

  member(owner: Known, key: string, at: Evidence | undefined): Known {
    if (owner.kind === 'record') return owner.entries.get(key) ?? unknown;
    if (owner.kind !== 'construct') return unknown;
    const field = owner.fields.get(key);
    if (field) return field;
    const method = owner.cls?.node.body.body.find(one => one.type === 'MethodDefinition' && keyOf(one.key) === key);
    const scope = owner.cls ? this.globals.get(owner.cls.source.file) : undefined;
    if (method?.type === 'MethodDefinition' && method.value.type === 'FunctionExpression' && scope)
      return { kind: 'callable', node: method.value, scope, self: owner };
    if (
      /^(tableName|queueName|topicName|bucketName|streamName|eventBusName|functionName|databaseName|clusterName|name|queueUrl|queueArn|topicArn|streamArn)$/.test(
        key,
      )
    ) {
      const given = this.member(owner.props, key.replace(/(Url|Arn)$/, 'Name'), at);
      // without a given name the cloud makes one from the id; the id is as good to tell two apart
      return given.kind === 'text' ? given : { kind: 'text', text: owner.id, at: at ?? owner.at };
    }
    return unknown;
  }

  callExpression(
    node: Extract<Expression, { type: 'CallExpression' }>,
    scope: Scope,
    self: Construct | undefined,
    depth: number,
    at: Evidence,
  ): Known {
    const callee = nameOfExpression(node.callee);
    const args = node.arguments.map(argument => this.value(argument, scope, self, depth + 1));
    const last = callee.split('.').at(-1) ?? '';
    if (last === 'super') return unknown;
    if (last === 'join' || (last === 'resolve' && /path|^resolve/.test(callee))) return joinedText(args, at);
    if (/(^|\.)(fromAsset|fromDockerBuild|fromAssetImage|fromImageAsset)$/.test(callee))
      return {
        kind: 'construct',
        type: 'Asset',
        id: '',
        props: args[1] ?? unknown,
        fields: new Map([['path', args[0] ?? unknown]]),
        at,
        added: new Map(),
      };
    if (last === '$config' || last === 'defineConfig') {
      const [config] = args;
      const run = config?.kind === 'record' ? config.entries.get('run') : undefined;
      return run?.kind === 'callable' ? this.call(run, [], depth + 1) : unknown;
    }
    const target =
      node.callee.type === 'MemberExpression' ? this.value(node.callee.object, scope, self, depth + 1) : undefined;
    if (target?.kind === 'list' && (last === 'forEach' || last === 'map')) {
      const [visit] = args;
      return {
        kind: 'list',
        items:
          visit?.kind === 'callable' ? target.items.slice(0, 100).map(item => this.call(visit, [item], depth + 1)) : [],
      };
    }
    if (target?.kind === 'construct' && last === 'addEnvironment') {
      const name = textOf(args[0]);
      const value = args[1];
      if (name !== undefined && value) target.added.set(name, value.kind === 'text' ? { ...value, at } : value);
      return unknown;
    }
    if (
      target?.kind === 'construct' &&
      (last === 'addEventSource' || last === 'addSubscription' || last === 'addTarget')
    ) {
      const [given] = args;
      const inner = given?.kind === 'construct' ? given.args?.[0] : undefined;
      if (inner)
        this.flows.push(last === 'addEventSource' ? { from: inner, to: target, at } : { from: target, to: inner, at });
      return unknown;
    }
    if (
      target?.kind === 'construct' &&
      (last === 'addContainer' || last === 'addRoutes' || last === 'route' || last === 'subscribe')
    ) {
      this.make(last, [unknown, ...args], at);
      return unknown;
    }
    if (node.callee.type === 'Super') return unknown;
    const called = this.value(node.callee, scope, self, depth + 1);
    return called.kind === 'callable' ? this.call(called, args, depth + 1) : unknown;
  }

  call(callable: Callable, args: readonly Known[], depth: number): Known {
    if (depth > 24) return unknown;
    const { node, scope, self } = callable;
    const inner: Scope = { source: scope.source, names: new Map(), above: scope };
    this.bind(node.params, args, inner);
    if (!node.body) return unknown;
    if (node.body.type !== 'BlockStatement') return this.value(node.body, inner, self, depth + 1);
    return this.block(node.body.body, inner, self, depth + 1) ?? unknown;
  }

  bind(params: readonly Node[], args: readonly Known[], scope: Scope): void {
    params.forEach((param, index) => {
      const pattern = param.type === 'TSParameterProperty' ? param.parameter : param;
      const target = pattern.type === 'AssignmentPattern' ? pattern.left : pattern;
      const value = args[index] ?? unknown;
      if (target.type === 'Identifier') scope.names.set(target.name, value);
      else if (target.type === 'ObjectPattern') this.destructure(target, value, scope);
    });
  }

  instantiate(info: ClassInfo, args: readonly Known[], props: Known, at: Evidence, depth: number): Known {
    this.started.add(info.node);
    const instance: Construct = {
      kind: 'construct',
      type: info.node.id?.name ?? '',
      id: textOf(args[1]) ?? '',
      props,
      fields: new Map(),
      at,
      cls: info,
      added: new Map(),
    };
    const scope = this.globals.get(info.source.file);
    if (!scope || depth > 24) return instance;
    const base = info.node.superClass ? nameOfExpression(info.node.superClass) : '';
    const baseInfo = this.classes.get(base.split('.').at(-1) ?? '');
    for (const member of info.node.body.body) {
      if (member.type === 'PropertyDefinition' && member.value) {
        const key = keyOf(member.key);
        if (key !== undefined)
          instance.fields.set(
            key,
            this.value(member.value, { source: info.source, names: new Map(), above: scope }, instance, depth + 1),
          );
      }
    }
    const made = info.node.body.body.find(
      member => member.type === 'MethodDefinition' && member.kind === 'constructor',
    );
    if (made?.type === 'MethodDefinition' && made.value.body) {
      const inner: Scope = { source: info.source, names: new Map(), above: scope };
      this.bind(made.value.params, args, inner);
      for (const [index, param] of made.value.params.entries())
        if (param.type === 'TSParameterProperty' && param.parameter.type === 'Identifier')
          instance.fields.set(param.parameter.name, args[index] ?? unknown);
      const first = made.value.body.body.find(
        statement =>
          statement.type === 'ExpressionStatement' &&
          statement.expression.type === 'CallExpression' &&
          statement.expression.callee.type === 'Super',
      );
      // a class of ours that extends a function construct gives its props to `super`
      if (first?.type === 'ExpressionStatement' && first.expression.type === 'CallExpression') {
        const given = first.expression.arguments.map(argument => this.value(argument, inner, instance, depth + 1));
        if (baseInfo) {
          const below = this.instantiate(baseInfo, given, given.at(-1) ?? unknown, at, depth + 1);
          if (below.kind === 'construct') for (const [key, value] of below.fields) instance.fields.set(key, value);
        } else if (/Function$|Service$/.test(base)) this.make(base, given, at);
      }
      this.block(made.value.body.body, inner, instance, depth + 1);
    }
    return instance;
  }

  make(type: string, args: readonly Known[], at: Evidence): Construct {
    const id = textOf(args[1]) ?? textOf(args[0]) ?? '';
    const props = args.findLast(argument => argument.kind === 'record') ?? unknown;
    const construct: Construct = { kind: 'construct', type, id, props, fields: new Map(), at, added: new Map(), args };
    this.made.push(construct);
    return construct;
  }

  /** `new Rule(…, { targets: [new SqsQueue(queue)] })`, `new Function(…, { events: [new SqsEventSource(queue)] })`. */
  flowsIn(construct: Construct): void {
    for (const key of ['targets', 'events']) {
      const list = this.member(construct.props, key, undefined);
      for (const item of list.kind === 'list' ? list.items : []) {
        const inner = item.kind === 'construct' ? item.args?.[0] : undefined;
        if (!inner) continue;
        const [from, to] = key === 'events' ? [inner, construct] : [construct, inner];
        this.flows.push({ from, to, at: construct.at });
      }
    }
  }

  /** What reaches a construct, and what reaches it by way of a queue. */
  triggersOf(construct: Construct): Trigger[] {
    return this.flows.flatMap(({ from, to, at }): Trigger[] => {
      if (to !== construct || from.kind !== 'construct') return [];
      const own = this.messagesOf(from, at);
      const queue = /(^|\.)Queue$/.test(from.type) ? textOf(this.member(from, 'queueName', at)) : undefined;
      return queue === undefined ? own : [...own, ...this.triggersOf(from).map(t => ({ ...t, queue }))];
    });
  }

  messagesOf(from: Construct, at: Evidence): Trigger[] {
    const kind = /(?:^|\.)(Queue|Topic|Stream|Rule)$/.exec(from.type)?.[1];
    if (kind === undefined) return [];
    if (kind !== 'Rule') {
      const name = textOf(this.member(from, `${kind.toLowerCase()}Name`, at));
      const by = kind === 'Queue' ? 'sqs' : kind === 'Topic' ? 'sns' : 'kinesis';
      return name === undefined ? [] : [{ kind: 'consume', by, name, at }];
    }
    const pattern = this.member(from.props, 'eventPattern', at);
    const texts = (key: string): readonly (string | undefined)[] => {
      const list = this.member(pattern, key, at);
      const all = list.kind === 'list' ? list.items.flatMap(i => textOf(i) ?? []) : [];
      return all.length > 0 ? all : [undefined];
    };
    return texts('source').flatMap(name =>
      texts('detailType').flatMap((key): Trigger[] =>
        (name === undefined && key === undefined) || name?.startsWith('aws.') === true
          ? []
          : [
              {
                kind: 'consume',
                by: 'eventbridge',
                ...(name === undefined ? {} : { name }),
                ...(key === undefined ? {} : { key }),
                at,
              },
            ],
      ),
    );
  }

  unitOf(construct: Construct): Omit<CloudUnit, 'triggers'>[] {
    const { props, type, at } = construct;
    if (props.kind !== 'record') return [];
    const options = props.entries.get('taskImageOptions');
    const holder = options?.kind === 'record' ? options : props;
    const image = holder.entries.get('image') ?? props.entries.get('code');
    const name = textOf(props.entries.get('functionName')) ?? construct.id;
    const variables = this.variablesOf(construct, holder);
    const asset = image?.kind === 'construct' && image.type === 'Asset' ? textOf(image.fields.get('path')) : undefined;
    const handler = textOf(props.entries.get('handler'));
    if (image?.kind === 'construct' && holder.entries.has('image') && asset !== undefined)
      return [{ name, code: clean(asset), kind: 'container', variables, at }];
    const entry = textOf(props.entries.get('entry'));
    if (entry !== undefined && /Function$/.test(type))
      return [
        { name, code: clean(entry), kind: 'function', ...(handler === undefined ? {} : { handler }), variables, at },
      ];
    if (asset !== undefined && /Function$/.test(type))
      return [
        { name, code: clean(asset), kind: 'function', ...(handler === undefined ? {} : { handler }), variables, at },
      ];
    // SST names the file in the handler
    if (handler?.includes('/') && /Function$|^sst\.aws\.|route|subscribe|Cron|addRoutes/.test(type))
      return [{ name, code: clean(handler.replace(/\.[^./]+$/, '')), kind: 'function', handler, variables, at }];
    const routes = props.entries.get('routes');
    if (routes?.kind !== 'record') return [];
    const defaults = props.entries.get('defaults');
    const shared = defaults?.kind === 'record' ? defaults.entries.get('function') : undefined;
    return [...routes.entries].flatMap(([route, value]) => {
      const own = value.kind === 'record' ? (value.entries.get('function') ?? value) : value;
      const path = textOf(own) ?? (own.kind === 'record' ? textOf(own.entries.get('handler')) : undefined);
      return path?.includes('/')
        ? [
            {
              name: route,
              code: clean(path.replace(/\.[^./]+$/, '')),
              kind: 'function' as const,
              handler: path,
              variables: shared?.kind === 'record' ? this.variablesOf(construct, shared) : [],
              at,
            },
          ]
        : [];
    });
  }

  variablesOf(construct: Construct, holder: Fields): CloudUnit['variables'] {
    const environment = holder.entries.get('environment');
    const entries = [...(environment?.kind === 'record' ? environment.entries : []), ...construct.added];
    return entries.map(([name, value]) => ({
      name,
      value: textOf(value) ?? null,
      at: value.kind === 'text' ? value.at : construct.at,
    }));
  }
}

function declarationOf(statement: Statement): Node | null | undefined {
  return statement.type === 'ExportNamedDeclaration'
    ? statement.declaration
    : statement.type === 'ExportDefaultDeclaration'
      ? statement.declaration
      : statement;
}

function nameOfExpression(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'Super') return 'super';
  if (node.type === 'MemberExpression')
    return `${nameOfExpression(node.object)}.${node.property.type === 'Identifier' ? node.property.name : ''}`;
  return node.type === 'ThisExpression' ? 'this' : '';
}

function keyOf(key: PropertyKey): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

function lookup(scope: Scope, name: string): Known | undefined {
  for (let current: Scope | undefined = scope; current; current = current.above) {
    const value = current.names.get(name);
    if (value) return value;
  }
  return undefined;
}

const textOf = (value: Known | undefined): string | undefined => (value?.kind === 'text' ? value.text : undefined);
const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');

/** `join(__dirname, '..', 'src')`, from the root of the repository. */
function joinedText(args: readonly Known[], at: Evidence): Known {
  const parts = args.map(textOf);
  return parts.some(part => part === undefined) ? unknown : { kind: 'text', text: parts.join('/'), at };
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/') || '.';
}

function placeIn(source: Source, offset: number): Evidence {
  let low = 0;
  let high = source.lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { file: source.file, line: low + 1, column: offset - (source.lines[low] ?? 0) + 1 };
}
