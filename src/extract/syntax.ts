import { type Node, parseSync } from 'oxc-parser';
import { languageOf } from './module.ts';

/** Calls `visit` for every node of a file's code, with the nodes that it stands in, the outermost first. */
export function everyNode(file: string, text: string, visit: (node: Node, above: readonly Node[]) => void): void {
  const { program } = parseSync(file, text, {
    lang: languageOf(file),
    sourceType: 'unambiguous',
    preserveParens: false,
  });
  const above: Node[] = [];
  const enter = (node: Node): void => {
    visit(node, above);
    above.push(node);
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) enter(child);
    above.pop();
  };
  enter(program);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The name of a property, member or variable, where it is written out. */
export function nameOf(node: Node): string | undefined {
  switch (node.type) {
    case 'Identifier':
    case 'PrivateIdentifier':
      return node.name;
    case 'Literal':
      return typeof node.value === 'string' ? node.value : undefined;
    case 'MemberExpression':
      return node.computed && node.property.type !== 'Literal' ? undefined : nameOf(node.property);
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return node.computed && node.key.type !== 'Literal' ? undefined : nameOf(node.key);
    case 'VariableDeclarator':
      return nameOf(node.id);
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.id ? nameOf(node.id) : undefined;
    case 'AssignmentExpression':
      return nameOf(node.left);
    default:
      return undefined;
  }
}

/** The value of a literal; undefined for anything that has to be worked out. */
export function literalOf(node: Node): string | number | boolean | undefined {
  if (node.type !== 'Literal') return undefined;
  const { value } = node;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
