import type { ConfiguredRoute } from './gateway-route.ts';

/** The routes of HAProxy: backends by the paths of their conditions, and those that take the rest. */
export function haproxyRoutes(file: string, text: string): ConfiguredRoute[] {
  const servers = new Map<string, string>();
  const paths = new Map<string, string[]>();
  const used: { readonly backend: string; readonly paths: readonly string[]; readonly line: number }[] = [];
  let section = '';
  text.split('\n').forEach((whole, index) => {
    const words = whole.replace(/#.*$/, '').trim().split(/\s+/);
    const [first = '', second = '', third = ''] = words;
    if (/^(?:backend|frontend|listen|defaults|global)$/.test(first)) section = `${first} ${second}`;
    else if (first === 'server' && section.startsWith('backend ') && !servers.has(section.slice(8)))
      servers.set(section.slice(8), third);
    else if (first === 'acl' && /^path(?:_beg|_dir)?$/.test(third))
      paths.set(second, [...(paths.get(second) ?? []), ...words.slice(3).filter(w => w.startsWith('/'))]);
    else if (first === 'use_backend' && third === 'if') {
      const inline = /\{\s*path(?:_beg|_dir)?\s+([^}]*)\}/.exec(whole)?.[1]?.split(/\s+/) ?? [];
      const all = [...inline, ...words.slice(3).flatMap(w => paths.get(w) ?? [])].filter(w => w.startsWith('/'));
      used.push({ backend: second, paths: all, line: index + 1 });
    } else if (first === 'default_backend') used.push({ backend: second, paths: ['/'], line: index + 1 });
  });
  return used.flatMap(({ backend, paths: all, line }) => {
    const server = servers.get(backend);
    return server === undefined
      ? []
      : all.map(path => ({ path, to: `http://${server}`, at: { file, line, column: 1 } }));
  });
}
