import { plural, underscored } from '../extract/plural.ts';

/** How a table came by its name, and how far into the code that shows. */
export interface Naming {
  readonly step: string;
  readonly at: number;
  /** True where pieces were put together, which stand elsewhere. */
  readonly isTogether?: boolean;
}

/**
 * From the code that a name stands in or was made of. `text` is what the analysis took the code for, with an ellipsis
 * for what is read from elsewhere.
 */
export function namingOf(code: string, name: string, text: string, tech: string): Naming {
  if (isIn(literalAt(code), name)) return { step: `written ${name}`, at: 0 };
  const model = modelAt(code, name);
  const explicit = model === undefined ? undefined : explicitName(code, name);
  if (explicit) return explicit;
  if (model === undefined) return { step: `comes out as ${text}`, at: 0, isTogether: true };
  const rule = ruleFrom(model, name);
  const from = /^["'`]/.test(code) ? model : `the model ${model}`;
  return { step: `made by ${tech} of ${from}${rule === undefined ? '' : `, ${rule}`}`, at: 0 };
}

/** Where a file keeps a name in a constant: what is put into a statement does not tell where it was written. */
export function constantOf(text: string, name: string): number | undefined {
  const letters = name.replace(/[^\w]/g, '\\$&');
  const constant = new RegExp(`[=:]\\s*["'\`]["\`[]?(?:\\w+\\.)?${letters}["\`\\]]?["'\`]`, 'i').exec(text);
  return constant === null ? undefined : constant.index + constant[0].search(/["'`]/);
}

function literalAt(code: string): string {
  const [, quoted, bare = ''] = /^(?:["'`]([^"'`\n]*)["'`]|["'`[]?([\w$.-]+))/.exec(code) ?? [];
  return quoted ?? bare;
}

const definition =
  /^(?:(?:(?:export|default|abstract)\s+)*class\s+(\w+)|[\w$.]+(?:<[^()]*>)?\(\s*["'`]([\w-]+)["'`]|["'`]([\w-]+)["'`]|(\w+)\s*\{)/;

/** A class, the first argument of what defines a model, a block of a schema, or a type whose name the table has. */
function modelAt(code: string, name: string): string | undefined {
  const [, ofClass, ofCall, quoted, block] = definition.exec(code) ?? [];
  const words = code.slice(0, 160).match(/[A-Za-z_]\w*/g) ?? [];
  return (
    ofClass ?? ofCall ?? quoted ?? block ?? words.find(word => word !== name && ruleFrom(word, name) !== undefined)
  );
}

const option = /(?:@@map\(\s*(?:name:\s*)?|\b(?:collection|tableName|table|name)\s*:\s*)["'`]([^"'`\n]+)["'`]/g;

/** Where a model says what its table is called, other than by its own name. */
function explicitName(code: string, name: string): Naming | undefined {
  const found = [...code.slice(0, 3000).matchAll(option)].find(
    ([, said = '']) => said.toLowerCase() === name.toLowerCase(),
  );
  return found && { step: `written ${found[0]}${found[0].includes('(') ? ')' : ''}`, at: found.index };
}

/** Mappers make names of tables from names of models; by which rule shows when both are compared. */
function ruleFrom(model: string, name: string): string | undefined {
  const low = model.toLowerCase();
  const snake = underscored(model);
  const rules: readonly (readonly [string, string])[] = [
    [low, 'in lower case'],
    [plural(low), 'in the plural'],
    [snake, 'in snake case'],
    [plural(snake), 'in snake case and in the plural'],
    [`${low}s`, 'in the plural'],
  ];
  return rules.find(([made]) => made.toLowerCase() === name.toLowerCase())?.[1];
}

function isIn(written: string, name: string): boolean {
  return written.toLowerCase().includes(name.toLowerCase());
}
