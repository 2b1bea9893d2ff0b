import type { ConfiguredRoute } from './gateway-route.ts';

/** A line of a Caddyfile and the block that it opens. */
interface Directive {
  readonly words: readonly string[];
  readonly line: number;
  readonly column: number;
  readonly inner: Directive[];
}

/** What a block is for: its paths, or all of them, and whether what was matched is taken off. */
interface Around {
  readonly host?: string;
  readonly paths: readonly string[];
  readonly isStripped: boolean;
  /** Paths of named matchers; none where one asks for more than a path. */
  readonly matchers: ReadonlyMap<string, readonly string[]>;
}

/** The routes of a Caddyfile: what its sites hand on, by the paths of what it stands in. */
export function caddyRoutes(file: string, text: string): ConfiguredRoute[] {
  const top = directivesIn(text);
  const [address] = top;
  // a file of one site may do without its braces
  const isOneSite = address !== undefined && top.some(d => d.words[0] === 'reverse_proxy');
  const sites = isOneSite ? [{ ...address, inner: top.slice(1) }] : top;
  return sites.flatMap(site => {
    const host = hostOf(site.words[0] ?? '');
    const around: Around = {
      ...(host === undefined ? {} : { host }),
      paths: ['/'],
      isStripped: false,
      matchers: matchersIn(site),
    };
    return site.inner.flatMap(d => routesIn(d, around, file));
  });
}

function directivesIn(text: string): Directive[] {
  const top: Directive[] = [];
  const open = [top];
  text.split('\n').forEach((whole, index) => {
    const line = whole.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') return;
    if (line === '}') {
      if (open.length > 1) open.pop();
      return;
    }
    const isOpening = /(^|\s)\{$/.test(line);
    const words = filled(isOpening ? line.slice(0, -1).trim() : line).split(/\s+/);
    const directive = { words, line: index + 1, column: whole.length - whole.trimStart().length + 1, inner: [] };
    open.at(-1)?.push(directive);
    if (isOpening) open.push(directive.inner);
  });
  return top;
}

/** `{$NAME:value}` is the value, `{$NAME}` a variable. */
function filled(line: string): string {
  return line.replace(/\{\$(\w+)(?::([^}]*))?\}/g, (_, name: string, value?: string) => value ?? `\${${name}}`);
}

/** The host of a site; none for a port alone and for any host. */
function hostOf(address: string): string | undefined {
  const host = /^(?:\w+:\/\/)?([^:/,]*)/.exec(address)?.[1] ?? '';
  return host === '' || /^[*($]/.test(host) ? undefined : host;
}

function matchersIn(site: Directive): ReadonlyMap<string, readonly string[]> {
  return new Map(
    site.inner.flatMap(({ words, inner }) => {
      const [name = '', kind = '', ...rest] = words;
      if (!name.startsWith('@')) return [];
      const [only, ...more] = inner;
      if (kind === '' && only?.words[0] === 'path' && more.length === 0) return [[name, only.words.slice(1)] as const];
      return [[name, kind === 'path' ? rest : kind.startsWith('/') ? [kind] : []] as const];
    }),
  );
}

/** The paths that a directive is for, where its first word says. */
function pathsFor(word: string | undefined, { matchers }: Around): readonly string[] | undefined {
  if (word?.startsWith('@')) return matchers.get(word) ?? [];
  return word?.startsWith('/') ? [word] : undefined;
}

function routesIn(d: Directive, around: Around, file: string): ConfiguredRoute[] {
  const [name, first] = d.words;
  if (name === 'handle' || name === 'handle_path' || name === 'route') {
    const isStripped =
      name === 'handle_path' || d.inner.some(i => i.words[0] === 'uri' && i.words[1] === 'strip_prefix');
    const own = pathsFor(first, around);
    const inside: Around = own ? { ...around, paths: own, isStripped } : around;
    return d.inner.flatMap(i => routesIn(i, inside, file));
  }
  if (name !== 'reverse_proxy') return [];
  const own = pathsFor(first, around);
  const [to] = [
    ...d.words.slice(own || first === '*' ? 2 : 1),
    ...d.inner.flatMap(i => (i.words[0] === 'to' ? i.words.slice(1) : [])),
  ];
  if (to === undefined) return [];
  return (own ?? around.paths).map(path => ({
    ...(around.host === undefined ? {} : { host: around.host }),
    path: path.replace(/\*$/, ''),
    to: /^\w+:\/\//.test(to) ? to : `http://${to}`,
    ...(around.isStripped && !own ? { rewrite: '' } : {}),
    at: { file, line: d.line, column: d.column },
  }));
}
