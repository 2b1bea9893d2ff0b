import type { CallSite, Technology } from '../model/technology.ts';
import { each, type Handle, text, unknown, type Value } from '../model/value.ts';
import { limitsOf } from './http-call.ts';

const id = 'grpc';

/** gRPC of packages that are read from `.proto` files when the program runs. */
export const grpc: Technology = {
  id,
  packages: ['@grpc/grpc-js', 'grpc'],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on) return undefined;
    if (c.isNew && /(^|\.)Server$/.test(c.path) && !c.path.includes('()'))
      return { t: 'handle', tech: id, kind: 'server' };
    if (!c.isNew || !c.path.includes('loadPackageDefinition()')) return undefined;
    const [address] = c.args;
    return { t: 'handle', tech: id, kind: 'stub', name: c.name, ...(address ? { address } : {}) };
  },
  typed(t) {
    return t.path === 'Server' ? { t: 'handle', tech: id, kind: 'server' } : undefined;
  },
};

function onHandle(c: CallSite, on: Handle): Value | undefined {
  if (on.kind === 'stub') {
    const { name = '', address } = on;
    if (/^(?:close|getChannel|waitForReady)$/.test(c.name)) return undefined;
    c.ev.exchange(c, id, {
      kind: 'call',
      by: 'grpc',
      name: text(name),
      method: text(c.name),
      ...(address ? { url: address } : {}),
      ...limitsOf(c.args.slice(1).filter(a => a.t !== 'fn')),
    });
    for (const f of c.args.flatMap(each)) if (f.t === 'fn') c.ev.invoke(f, [], c);
    return unknown;
  }
  const [first] = c.args;
  if (c.name === 'addService' && first?.t === 'ext') {
    const name =
      first.path
        .replace(/\.service$/, '')
        .split('.')
        .at(-1) ?? '';
    c.ev.exchange(c, id, { kind: 'serve', by: 'grpc', name: text(name) });
  }
  if ((c.name === 'bindAsync' || c.name === 'bind') && first)
    c.ev.exchange(c, id, { kind: 'listen', by: 'grpc', url: first });
  return undefined;
}
