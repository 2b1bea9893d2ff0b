import type { CallSite, Technology } from '../model/technology.ts';
import { get, type Handle, literal, type ObjectValue, unknown, type Value } from '../model/value.ts';
import { variable, withDefault } from './schemas.ts';

/** Convict: a tree of settings, each with a default and the variable that overrides it. */
export const convict: Technology = {
  id: 'convict',
  auxiliary: true,
  packages: ['convict'],
  call(c) {
    if (c.on?.t === 'handle') return onConvict(c, c.on);
    if (c.path !== '' && c.path !== 'default') return undefined;
    return { t: 'handle', tech: 'convict', kind: 'settings', model: c.args[0] ?? unknown };
  },
};

function onConvict(c: CallSite, on: Handle): Value | undefined {
  const key = literal(c.args[0]);
  switch (c.name) {
    case 'get':
    case 'default': {
      const node = (key === undefined ? [] : key.split('.')).reduce<Value | undefined>((v, k) => get(v, k), on.model);
      return settingOf(c, node);
    }
    case 'getProperties':
      return settingOf(c, on.model);
    case 'has':
    case 'toString':
      return undefined;
    default:
      return on;
  }
}

function settingOf(c: CallSite, node: Value | undefined): Value {
  if (node?.t !== 'obj') return node ?? unknown;
  const name = literal(get(node, 'env'));
  const keys = node.keys();
  if (keys.includes('default') || keys.includes('format') || name !== undefined) {
    const def = get(node, 'default');
    return name === undefined
      ? (def ?? unknown)
      : withDefault(variable(name, node.origin), def && def.t !== 'bool' ? def : undefined);
  }
  const inner: ObjectValue = {
    t: 'obj',
    sig: `settings:${node.sig}`,
    origin: node.origin,
    get: key => (keys.includes(key) ? settingOf(c, get(node, key)) : undefined),
    keys: () => keys,
  };
  return inner;
}

/** nconf: the environment first, then defaults; `a:b` of a setting is `a__b` of a variable. */
export const nconf: Technology = {
  id: 'nconf',
  auxiliary: true,
  packages: ['nconf'],
  call(c) {
    const name = c.path.replace(/^.*\./, '');
    const [first] = c.args;
    if (name === 'defaults' || name === 'overrides') {
      const values = get(first, 'store') ?? first;
      for (const key of values?.t === 'obj' ? values.keys() : [])
        c.ev.register(c, 'nconf', key, get(values, key) ?? unknown);
    }
    const key = literal(first);
    if ((name !== 'get' && name !== 'required') || key === undefined) return undefined;
    const [top = '', ...rest] = key.split(':');
    const own = c.ev
      .registered('nconf', top)
      .map(r => rest.reduce<Value | undefined>((v, k) => get(v, k), r.value))
      .find(v => v !== undefined && v.t !== 'unknown');
    return own?.t === 'obj' ? own : variable(key.replaceAll(':', '__'), c.origin, own);
  },
};
