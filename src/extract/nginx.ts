/** What comes for a path goes to a server. Hosts and ports may hold `${VARIABLE}`s of a template. */
export interface NginxRoute {
  readonly path: string;
  /** The address as it is written, with the name of an upstream replaced by its first server. */
  readonly to: string;
  /** Offset of the line that says so. */
  readonly at: number;
}

const variable = /set\s+\$(\w+)\s+["']?([^\s;"'][^;"']{0,500})(?:["']\s*)?;/g;
const upstream = /upstream\s+([\w.-]+)\s*\{([^{}]*)\}/g;
const location = /location\s+(?:(?:=|~\*?|\^~)\s*)?(\S+)\s*\{/g;
const pass = /(?:proxy_pass|grpc_pass)\s+([^\s;][^;]{0,500});/g;

/** The routes of an nginx file, in order. Comments are no routes. */
export function nginxRoutes(text: string): NginxRoute[] {
  const bare = text.replace(/#[^\n]*/g, comment => ' '.repeat(comment.length));
  const servers = new Map<string, string>();
  for (const [, name = '', body = ''] of bare.matchAll(upstream)) {
    const server = /server\s+([^\s;]+)/.exec(body)?.[1];
    if (server !== undefined) servers.set(name, server);
  }
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of bare.matchAll(variable)) values.set(name, value.trim());
  const locations = [...bare.matchAll(location)];
  return [...bare.matchAll(pass)].map((found): NginxRoute => {
    const given = (found[1] ?? '').trim().replace(/\$(\w+)/g, (whole, name: string) => values.get(name) ?? whole);
    const [, scheme = 'http://', host = '', rest = ''] = /^(\w+:\/\/)?([^/:]+)(.*)$/s.exec(given) ?? [];
    const path = locations.findLast(one => one.index < found.index)?.[1] ?? '/';
    return {
      path,
      to: `${scheme}${servers.get(host) ?? host}${servers.has(host) ? rest.replace(/^:\d+/, '') : rest}`,
      at: found.index,
    };
  });
}
