import type { CallSite, Site, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';

const id = 'dapr';

/** Dapr by its SDK: applications that are asked by name, and topics that its sidecars carry. */
export const dapr: Technology = {
  id,
  packages: ['@dapr/dapr', 'dapr-client'],
  entrances: ['DaprClient', 'DaprServer'],
  call(c) {
    if (c.on?.t === 'handle') return onHandle(c, c.on);
    if (c.on || !c.isNew || !/^Dapr(?:Client|Server)$/.test(c.name)) return undefined;
    const port = get(c.args[0], 'serverPort');
    if (c.name === 'DaprServer' && port) c.ev.exchange(c, id, { kind: 'listen', by: 'http', port });
    return handle('client');
  },
  member(m) {
    if (m.on.t !== 'handle') return undefined;
    if (m.name === 'client') return handle('client');
    return /^(?:invoker|pubsub)$/.test(m.name) ? handle(m.name) : undefined;
  },
  typed(t) {
    return /^Dapr(?:Client|Server)$/.test(t.path) ? handle('client') : undefined;
  },
};

function handle(kind: string): Handle {
  return { t: 'handle', tech: id, kind };
}

function onHandle(c: CallSite, on: Handle): Value | undefined {
  const [first, second, third] = c.args;
  if (on.kind === 'pubsub') {
    const kind = /^publish(?:Bulk)?$/.test(c.name) ? 'publish' : /^subscribe/.test(c.name) ? 'consume' : undefined;
    if (kind) c.ev.exchange(c, id, { kind, by: id, ...(second ? { name: second } : {}) });
    return kind === 'publish' ? unknown : undefined;
  }
  if (on.kind !== 'invoker') return undefined;
  if (c.name === 'invoke')
    c.ev.exchange(c, id, {
      kind: 'call',
      by: 'http',
      method: methodOf(third),
      ...(first ? { name: first } : {}),
      ...(second ? { url: pathOf(second, c) } : {}),
    });
  if (c.name === 'listen' && first)
    c.ev.exchange(c, id, {
      kind: 'serve',
      by: 'http',
      method: methodOf(get(third, 'method')),
      path: pathOf(first, c),
    });
  return undefined;
}

function pathOf(method: Value, { origin }: Site): Value {
  return textOf(['/', ...partsOf(method)], origin);
}

/** `HttpMethod.POST` or a word; GET where nothing is said. */
function methodOf(method: Value | undefined): Value {
  const word = method?.t === 'ext' ? method.path.split('.').at(-1) : (literal(method) ?? (method ? undefined : 'GET'));
  return word === undefined ? unknown : text(word.toUpperCase());
}
