import type { Config } from '../config.ts';

/** The name behind a host that only the network of the users knows; any other host is its own name. */
export function hostBehind(
  hosts: Config['hosts'],
  host: string | undefined,
  port: string | undefined,
): string | undefined {
  if (host === undefined) return undefined;
  const wanted = [`${host}:${port ?? ''}`, host].map(name => name.toLowerCase());
  const found = Object.entries(hosts).find(([name]) => wanted.includes(name.toLowerCase()));
  return found?.[1] ?? host;
}
