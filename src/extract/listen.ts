import type { CallSite } from '../model/technology.ts';
import { each, get, type Value } from '../model/value.ts';

/** Where a server listens: `(port, host?, callback?)` or `({ port, host })`. */
export function listening(c: CallSite, args: readonly Value[], by = 'http'): void {
  const [first] = args;
  const port = each(first).some(v => v.t === 'obj') ? get(first, 'port') : first;
  if (port && port.t !== 'fn') c.ev.exchange(c, by, { kind: 'listen', by, port });
}
