import type { Expression, ObjectExpression } from 'oxc-parser';
import type { Evidence } from '../model/system.ts';
import { parse } from './parse.ts';

/** One process of a pm2 ecosystem file, as far as it is literal. */
export interface Pm2App {
  readonly name: string;
  readonly script: string;
  readonly args: string;
  readonly cwd?: string;
  readonly env: readonly {
    readonly name: string;
    readonly value: string | null;
    readonly stage: string;
    readonly at: Evidence;
  }[];
  readonly at: Evidence;
}

export function parsePm2(file: string, text: string): readonly Pm2App[] {
  const source = file.endsWith('.json') ? `module.exports = ${text}` : text;
  const options = { sourceType: 'unambiguous', preserveParens: false } as const;
  const program = parse(file.replace(/\.json$/, '.js'), source, options)?.program;
  const place = (offset: number): Evidence => {
    const before = source.slice(0, offset).split('\n');
    return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  for (const statement of program?.body ?? []) {
    const exported =
      statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression'
        ? statement.expression.right
        : statement.type === 'ExportDefaultDeclaration' && statement.declaration.type === 'ObjectExpression'
          ? statement.declaration
          : undefined;
    const apps = exported?.type === 'ObjectExpression' ? entryOf(exported, 'apps') : exported;
    if (apps?.type === 'ArrayExpression')
      return apps.elements.flatMap(element => (element?.type === 'ObjectExpression' ? appOf(element, place) : []));
  }
  return [];
}

function appOf(node: ObjectExpression, place: (offset: number) => Evidence): Pm2App[] {
  const script = textOf(entryOf(node, 'script'));
  if (script === undefined) return [];
  const args = entryOf(node, 'args');
  const cwd = textOf(entryOf(node, 'cwd'));
  const env = node.properties.flatMap(property => {
    const stage = property.type === 'Property' ? keyOf(property.key) : undefined;
    if (
      property.type !== 'Property' ||
      stage === undefined ||
      !/^env(_|$)/.test(stage) ||
      property.value.type !== 'ObjectExpression'
    )
      return [];
    return property.value.properties.flatMap(one => {
      const name = one.type === 'Property' ? keyOf(one.key) : undefined;
      return one.type === 'Property' && name !== undefined
        ? [{ name, value: textOf(one.value) ?? null, stage: stage.slice(4), at: place(one.start) }]
        : [];
    });
  });
  const words =
    args?.type === 'ArrayExpression'
      ? args.elements.flatMap(item => (item && item.type !== 'SpreadElement' ? (textOf(item) ?? []) : [])).join(' ')
      : textOf(args);
  return [
    {
      name: textOf(entryOf(node, 'name')) ?? script,
      script,
      args: words ?? '',
      ...(cwd === undefined ? {} : { cwd }),
      env,
      at: place(node.start),
    },
  ];
}

function entryOf(node: ObjectExpression, wanted: string): Expression | undefined {
  for (const property of node.properties)
    if (property.type === 'Property' && keyOf(property.key) === wanted) return property.value;
  return undefined;
}

const keyOf = (key: { readonly type: string }): string | undefined =>
  'name' in key && typeof key.name === 'string'
    ? key.name
    : 'value' in key && typeof key.value === 'string'
      ? key.value
      : undefined;

function textOf(node: Expression | undefined): string | undefined {
  if (node?.type === 'Literal')
    return typeof node.value === 'string' || typeof node.value === 'number' ? String(node.value) : undefined;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}
