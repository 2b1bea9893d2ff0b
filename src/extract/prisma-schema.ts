/** What a schema of Prisma declares. A schema of several files is read file by file; the caller puts them together. */
export interface PrismaSchema {
  /** As written: `postgresql`, `mysql`, `sqlserver`, `mongodb` … */
  readonly provider?: string;
  readonly url?: { readonly env?: string; readonly value?: string };
  readonly datasourceLine?: number;
  /** Where the client is written, as written; absent where it goes to node_modules. */
  readonly generatorOutput?: string;
  readonly models: readonly PrismaModel[];
}

/** A model or view, with the table or collection it stands for. */
export interface PrismaModel {
  readonly name: string;
  /** Of `@@map`, else the name. */
  readonly table: string;
  readonly schema?: string;
  readonly line: number;
  readonly column: number;
  readonly relations: readonly PrismaRelation[];
}

/** A field whose type is another model. */
export interface PrismaRelation {
  readonly field: string;
  readonly model: string;
  readonly line: number;
  readonly column: number;
  /** The columns of this model that refer to the other: those of the foreign key; empty on the other side. */
  readonly fields: readonly string[];
}

/** The property of the client: `OrderLine` → `orderLine`. */
export function prismaClientAccessor(modelName: string): string {
  return modelName.charAt(0).toLowerCase() + modelName.slice(1);
}

/** Never fails: what it does not understand it passes over. */
export function readPrismaSchema(text: string): PrismaSchema {
  const blocks = blocksOf(withoutComments(text));
  const datasource = blocks.find(block => block.kind === 'datasource');
  const models = blocks.filter(
    block =>
      (block.kind === 'model' || block.kind === 'view') && !block.lines.some(line => /^@@ignore\b/.test(line.text)),
  );
  const names = new Set(
    blocks.filter(block => block.kind === 'model' || block.kind === 'view').map(block => block.name),
  );
  const provider = datasource && stringOf(settingOf(datasource, 'provider') ?? '');
  const url = datasource && urlOf(settingOf(datasource, 'url') ?? '');
  const output = outputOf(blocks);
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(url === undefined ? {} : { url }),
    ...(datasource === undefined ? {} : { datasourceLine: datasource.line }),
    ...(output === undefined ? {} : { generatorOutput: output }),
    models: models.map(block => modelOf(block, names)),
  };
}

interface Line {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

interface Block extends Omit<Line, 'text'> {
  readonly kind: string;
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Blanks in place of comments, so that lines and columns stay true. A string may hold two slashes. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, found =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
}

const opening = /^([ \t\uFEFF]*(model|view|datasource|generator|enum|type)[ \t]+)(\w+)[ \t]*\{/;

function blocksOf(text: string): Block[] {
  const blocks: (Block & { lines: Line[] })[] = [];
  let open: (Block & { lines: Line[] }) | undefined;
  for (const line of linesOf(text)) {
    const [all = '', before = '', kind = '', name = ''] = opening.exec(line.text) ?? [];
    if (all !== '') {
      open = { kind, name, line: line.line, column: before.length + 1, lines: [] };
      blocks.push(open);
    }
    const rest = all === '' ? line.text : line.text.slice(all.length);
    const closes = isClosing(rest);
    const body = closes ? rest.slice(0, rest.lastIndexOf('}')) : rest;
    if (open && body.trim() !== '')
      open.lines.push({ text: body.trim(), line: line.line, column: all.length + body.search(/\S/) + 1 });
    if (closes) open = undefined;
  }
  return blocks;
}

/** A brace in a string, as in `@default("{}")`, closes nothing. */
function isClosing(text: string): boolean {
  return text.replace(/"(?:[^"\\]|\\[\s\S]?)*"?/g, '').includes('}');
}

/** Attributes may run over several lines: a line goes on while its parentheses or brackets are open. */
function linesOf(text: string): Line[] {
  const lines: { text: string; line: number; column: number }[] = [];
  let depth = 0;
  text.split(/\r?\n/).forEach((line, index) => {
    const last = lines.at(-1);
    if (depth > 0 && last && !opening.test(line)) last.text += ` ${line.trim()}`;
    else {
      lines.push({ text: line, line: index + 1, column: 1 });
      depth = 0;
    }
    depth = Math.max(0, depth + depthOf(line));
  });
  return lines;
}

function depthOf(line: string): number {
  const signs = line.replace(/"(?:[^"\\]|\\[\s\S]?)*"?/g, '');
  return (signs.match(/[([]/g)?.length ?? 0) - (signs.match(/[)\]]/g)?.length ?? 0);
}

function settingOf(block: Block, name: string): string | undefined {
  return block.lines.map(line => /^(\w+)\s*=\s*([\s\S]*)$/.exec(line.text)).find(found => found?.[1] === name)?.[2];
}

function stringOf(value: string): string | undefined {
  const text = /^\[?\s*"((?:[^"\\]|\\.)*)"/.exec(value)?.[1];
  return text?.replace(/\\(.)/g, '$1');
}

function urlOf(value: string): PrismaSchema['url'] {
  const env = /^env\(\s*"([^"]*)"\s*\)/.exec(value)?.[1];
  if (env !== undefined) return { env };
  const text = stringOf(value);
  return text === undefined ? undefined : { value: text };
}

/** Of the generator that writes a client; others write diagrams and types. */
function outputOf(blocks: readonly Block[]): string | undefined {
  const clients = blocks.filter(
    block => block.kind === 'generator' && /client/.test(stringOf(settingOf(block, 'provider') ?? '') ?? ''),
  );
  return clients.map(block => stringOf(settingOf(block, 'output') ?? '')).find(output => output !== undefined);
}

function modelOf(block: Block, names: ReadonlySet<string>): PrismaModel {
  const schema = attributeOf(block, 'schema');
  return {
    name: block.name,
    table: attributeOf(block, 'map') ?? block.name,
    ...(schema === undefined ? {} : { schema }),
    line: block.line,
    column: block.column,
    relations: block.lines.flatMap(line => relationOf(line, names)),
  };
}

/** `@@map("orders")`, `@@map(name: "orders")` */
function attributeOf(block: Block, name: string): string | undefined {
  const pattern = new RegExp(String.raw`@@${name}\s*\(\s*(?:name\s*:\s*)?"((?:[^"\\]|\\.)*)"`);
  return block.lines.map(line => pattern.exec(line.text)?.[1]).find(value => value !== undefined);
}

/** `user User? @relation("name", fields: [userId], references: [id])`, `lines OrderLine[]` */
function relationOf({ text, line, column }: Line, names: ReadonlySet<string>): PrismaRelation[] {
  const [, field = '', model = '', rest = ''] = /^(\w+)\s+(\w+)(?:\[\]|\?|!)*(.*)$/s.exec(text) ?? [];
  if (/@ignore\b/.test(rest)) return [];
  const relation = /@relation\s*\(([\s\S]*)$/.exec(rest)?.[1]?.replace(/\)[^)]*$/, '');
  // The other model may stand in another file of the schema.
  if (!names.has(model) && relation === undefined) return [];
  const fields = /\bfields\s*:\s*\[([^[\]]*)\]/.exec(relation ?? '')?.[1] ?? '';
  return [{ field, model, line, column, fields: fields.split(',').flatMap(one => one.trim() || []) }];
}
