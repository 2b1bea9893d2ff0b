import type { Expression, PropertyKey, Statement } from 'oxc-parser';
import type { Evidence } from '../model/system.ts';
import { parse } from './parse.ts';
import type { Entry, Value } from './yaml.ts';

/** What a configuration file in JavaScript or TypeScript exports, as far as it is literal; the rest is null. */
export function exportedLiteral(file: string, text: string): Value | undefined {
  const program = parse(file, text, { sourceType: 'unambiguous', preserveParens: false })?.program;
  if (!program) return undefined;
  const names = new Map<string, Expression>();
  for (const statement of program.body) {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const one of declaration.declarations)
      if (one.id.type === 'Identifier' && one.init) names.set(one.id.name, one.init);
  }
  const exported = program.body.map(exportOf).find(one => one !== undefined);
  return exported && valueOfNode(exported, { file, names, placeOf: placesIn(file, text), left: enough }, 0);
}

function exportOf(statement: Statement): Expression | undefined {
  if (statement.type === 'ExportDefaultDeclaration') {
    const { declaration } = statement;
    const isExpression = declaration.type === 'ObjectExpression' || declaration.type === 'Identifier';
    return isExpression || declaration.type === 'TSAsExpression' || declaration.type === 'TSSatisfiesExpression'
      ? declaration
      : undefined;
  }
  if (statement.type === 'TSExportAssignment') return statement.expression;
  const isAssignment = statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression';
  return isAssignment && statement.expression.type === 'AssignmentExpression' ? statement.expression.right : undefined;
}

/** A name that stands for two that stand for two each is as large as the memory. */
const enough = 100_000;

interface Source {
  readonly file: string;
  readonly names: ReadonlyMap<string, Expression>;
  readonly placeOf: (offset: number) => Evidence;
  /** How many more values are read. */
  left: number;
}

function valueOfNode(node: Expression, source: Source, depth: number): Value {
  const at = source.placeOf(node.start);
  const nothing: Value = { kind: 'scalar', text: null, at };
  if (depth > 20 || source.left-- < 0) return nothing;
  switch (node.type) {
    case 'Literal':
      return node.value === null || typeof node.value === 'object'
        ? nothing
        : { kind: 'scalar', text: String(node.value), at };
    case 'TemplateLiteral': {
      const parts = node.expressions.map(part => valueOfNode(part, source, depth + 1));
      const isKnown = parts.every(part => part.kind === 'scalar' && part.text !== null);
      const text = node.quasis.map((quasi, index) => {
        const part = parts[index];
        return (quasi.value.cooked ?? '') + (part?.kind === 'scalar' ? (part.text ?? '') : '');
      });
      return isKnown ? { kind: 'scalar', text: text.join(''), at } : nothing;
    }
    case 'Identifier': {
      const named = source.names.get(node.name);
      return named ? valueOfNode(named, source, depth + 1) : nothing;
    }
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return valueOfNode(node.expression, source, depth + 1);
    case 'ArrayExpression':
      return {
        kind: 'list',
        at,
        items: node.elements.flatMap(item =>
          item && item.type !== 'SpreadElement' ? [valueOfNode(item, source, depth + 1)] : [],
        ),
      };
    case 'ObjectExpression': {
      const entries = new Map<string, Entry>();
      for (const property of node.properties) {
        if (property.type === 'SpreadElement') {
          const spread = valueOfNode(property.argument, source, depth + 1);
          for (const [key, entry] of spread.kind === 'map' ? spread.entries : []) entries.set(key, entry);
          continue;
        }
        const key = keyOf(property.key);
        if (key !== undefined)
          entries.set(key, {
            key,
            value: valueOfNode(property.value, source, depth + 1),
            at: source.placeOf(property.start),
          });
      }
      return { kind: 'map', at, entries };
    }
    default:
      return nothing;
  }
}

function keyOf(key: PropertyKey): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}

function placesIn(file: string, text: string): (offset: number) => Evidence {
  const starts = [0];
  for (let next = text.indexOf('\n'); next >= 0; next = text.indexOf('\n', next + 1)) starts.push(next + 1);
  return offset => {
    let low = 0;
    let high = starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { file, line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
