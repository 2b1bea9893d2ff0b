import type { GatewayRoute } from './gateway-route.ts';

/** A block that is open, with what it matches. */
interface Block {
  readonly words: readonly string[];
  readonly host?: string;
  readonly path?: string;
  strip: boolean;
}

/** The routes of a Caddyfile: what its sites hand on, by the paths of what it stands in. */
export function caddyRoutes(file: string, text: string): GatewayRoute[] {
  const routes: GatewayRoute[] = [];
  const blocks: Block[] = [];
  const named = new Map<string, readonly string[]>();
  const pathsOf = (word: string | undefined): readonly string[] | undefined =>
    word?.startsWith('/') ? [word] : word?.startsWith('@') ? (named.get(word) ?? []) : undefined;
  text.split('\n').forEach((whole, index) => {
    const line = whole.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') return;
    const opens = /\{$/.test(line) && !/\{\$?[\w.:-]*\}$/.test(line);
    const words = filled(line.replace(/\s*\{$/, m => (opens ? '' : m))).split(/\s+/);
    const [first = '', second] = words;
    if (line === '}') {
      blocks.pop();
      return;
    }
    if (first.startsWith('@')) {
      if (second === 'path' || second?.startsWith('/')) named.set(first, words.slice(second === 'path' ? 2 : 1));
      else if (!named.has(first)) named.set(first, []);
    }
    const inMatcher = blocks.at(-1)?.words[0];
    if (inMatcher?.startsWith('@') && first === 'path') named.set(inMatcher, words.slice(1));
    if (first === 'uri' && second === 'strip_prefix') {
      const around = blocks.findLast(b => b.path !== undefined);
      if (around) around.strip = true;
    }
    const isProxy = first === 'reverse_proxy' || (first === 'to' && blocks.at(-1)?.words[0] === 'reverse_proxy');
    const proxy = first === 'to' ? (blocks.at(-1)?.words ?? []) : words;
    if (isProxy) {
      const own = pathsOf(proxy[1]);
      const around = blocks.findLast(b => b.path !== undefined);
      const servers = (
        first === 'to' ? words.slice(1) : own || proxy[1] === '*' ? words.slice(2) : words.slice(1)
      ).filter(w => /[\w}]/.test(w));
      const host = blocks.find(b => b.host !== undefined)?.host;
      const [to] = servers;
      if (to !== undefined)
        for (const path of own ?? [around?.path ?? '/'])
          routes.push({
            ...(host === undefined ? {} : { host }),
            path: path.replace(/\*$/, ''),
            to: /^\w+:\/\//.test(to) ? to : `http://${to}`,
            ...(around?.strip && !own ? { rewrite: '' } : {}),
            at: { file, line: index + 1, column: whole.length - whole.trimStart().length + 1 },
          });
    }
    if (!opens) return;
    if (blocks.length === 0) {
      const host = hostOf(first);
      blocks.push({ words, strip: false, ...(host === undefined ? {} : { host }) });
      return;
    }
    const [path] = /^(?:handle|handle_path|route)$/.test(first) ? (pathsOf(second) ?? []) : [];
    blocks.push({ words, strip: first === 'handle_path', ...(path === undefined ? {} : { path }) });
  });
  return routes;
}

/** `{$NAME:value}` is the value, `{$NAME}` a variable. */
function filled(line: string): string {
  return line.replace(/\{\$(\w+)(?::([^}]*))?\}/g, (_, name: string, value?: string) => value ?? `\${${name}}`);
}

/** The host of a site; none for a port alone and for any host. */
function hostOf(address: string): string | undefined {
  const host = address
    .replace(/^\w+:\/\//, '')
    .replace(/[:/].*$/, '')
    .replace(/,$/, '');
  return host === '' || host === '*' || host.startsWith('(') || host.startsWith('$') ? undefined : host;
}
