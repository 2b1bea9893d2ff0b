import type { Node } from 'oxc-parser';
import { nameOf } from './syntax.ts';

const stage = /^(node_?env|env|environment|stage|app_?env|deployment_?env|mode)$|_(env|stage)$|(node|app)env$/i;
const stageName = /^(dev|develop|development|local|localhost|test|testing|e2e|ci|staging|stage|sandbox)$/i;
const outsideName =
  /^(is|in|on|use|for)?_?(dev|develop|development|local|localhost|test|testing|e2e|ci)(_?(mode|env|environment|config|options|settings))?$/i;
const productionName = /^(is|in|on)_?(prod|production)(_?(mode|env|environment))?$|^prod(uction)?$/i;

/** Whether something is sure not to happen in production, going by what it stands in. */
export function isOutsideProduction(node: Node, above: readonly Node[]): boolean {
  return above.some((outer, index) => {
    const inner = above[index + 1] ?? node;
    switch (outer.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        return (
          (inner === outer.consequent && inProduction(outer.test) === false) ||
          (inner === outer.alternate && inProduction(outer.test) === true)
        );
      case 'LogicalExpression':
        return (
          inner === outer.right &&
          ((outer.operator === '&&' && inProduction(outer.left) === false) ||
            (outer.operator === '||' && inProduction(outer.left) === true))
        );
      case 'SwitchCase':
        return outer.test !== null && outer.test !== inner && stageName.test(nameOf(outer.test) ?? '');
      case 'BlockStatement':
        return outer.body
          .slice(
            0,
            Math.max(
              0,
              outer.body.findIndex(statement => statement === inner),
            ),
          )
          .some(
            statement =>
              statement.type === 'IfStatement' && inProduction(statement.test) === true && isEnd(statement.consequent),
          );
      case 'Property':
      case 'VariableDeclarator':
      case 'FunctionDeclaration':
      case 'MethodDefinition':
        return outsideName.test(nameOf(outer) ?? '');
      default:
        return false;
    }
  });
}

/** The conditions under which a node is reached. */
export function conditionsOf(node: Node, above: readonly Node[]): Node[] {
  return above.flatMap((outer, index) => {
    const inner = above[index + 1] ?? node;
    if (outer.type === 'IfStatement' || outer.type === 'ConditionalExpression')
      return inner === outer.test ? [] : [outer.test];
    return outer.type === 'LogicalExpression' && inner === outer.right ? [outer.left] : [];
  });
}

/** What a condition is in production: undefined where it does not tell. */
function inProduction(test: Node): boolean | undefined {
  switch (test.type) {
    case 'UnaryExpression': {
      const inner = test.operator === '!' ? inProduction(test.argument) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case 'LogicalExpression': {
      const sides = [inProduction(test.left), inProduction(test.right)];
      const strong = test.operator === '||';
      if (sides.includes(strong)) return strong;
      return sides.includes(undefined) ? undefined : !strong;
    }
    case 'BinaryExpression': {
      const equal = /^===?$/.test(test.operator) ? true : /^!==?$/.test(test.operator) ? false : undefined;
      const [side, other] = test.left.type === 'Literal' ? [test.right, test.left] : [test.left, test.right];
      const word = other.type === 'Literal' ? nameOf(other) : undefined;
      if (equal === undefined || word === undefined || !stage.test(nameOf(side) ?? '')) return undefined;
      return /^prod/i.test(word) ? equal : stageName.test(word) ? !equal : undefined;
    }
    case 'CallExpression': {
      // `pattern.test(text)` asks of no stage
      const name = nameOf(test.callee) ?? '';
      return /^is/i.test(name) ? named(name) : undefined;
    }
    case 'Identifier':
    case 'MemberExpression':
      return named(nameOf(test));
    default:
      return undefined;
  }
}

function named(name: string | undefined): boolean | undefined {
  if (name === undefined) return undefined;
  return productionName.test(name) ? true : outsideName.test(name) ? false : undefined;
}

function isEnd(statement: Node): boolean {
  if (statement.type === 'ReturnStatement' || statement.type === 'ThrowStatement') return true;
  const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : undefined;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}
