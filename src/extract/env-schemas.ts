import type { CallSite, Technology } from '../model/technology.ts';
import { each, get, type Handle, literal, unknown, type Value } from '../model/value.ts';
import {
  applied,
  fieldSchema,
  merged,
  objectOf,
  objectSchema,
  plainDefault,
  schemaTech,
  variable,
  withDefault,
} from './schemas.ts';
import { functionsOf } from './sql-driver.ts';

const objects = /^(?:object|strictObject|looseObject|interface|record|type)$/;

/**
 * Libraries that check the environment against a schema: a field of the result is a variable, the default of its
 * schema is the default of the variable.
 */
export const envSchemas: Technology = {
  id: schemaTech,
  auxiliary: true,
  packages: [
    'zod',
    'joi',
    '@hapi/joi',
    'yup',
    'valibot',
    'envalid',
    'envsafe',
    'znv',
    'zod-config',
    '@t3-oss/env-core',
    '@t3-oss/env-nextjs',
    '@t3-oss/env-nuxt',
    'env-var',
    'env-schema',
    '@fastify/env',
  ],
  call(c) {
    if (c.on) return c.on.t === 'handle' ? onSchema(c, c.on) : undefined;
    const path = c.path
      .replace(/^\/[^.]*\.?/, '')
      .replace(/^default\.?/, '')
      .replace(/^[zv]\.(?=.)/, '');
    switch (c.pkg) {
      case 'zod':
      case 'joi':
      case '@hapi/joi':
      case 'yup':
      case 'valibot':
        return ofLibrary(c, path, c.pkg);
      case 'envalid':
        if (/^(?:cleanEnv|customCleanEnv)$/.test(path)) return specified(c, c.args[0], c.args[1]);
        return path === 'makeValidator' || path === 'makeExactValidator' || path === 'makeStructuredValidator'
          ? { t: 'handle', tech: schemaTech, kind: 'validator' }
          : validator(c);
      case 'envsafe':
        return path === 'envsafe' ? specified(c, get(c.args[1], 'env') ?? { t: 'env' }, c.args[0]) : validator(c);
      case 'znv':
        return path === 'parseEnv' ? specified(c, c.args[0], c.args[1]) : validator(c);
      case 'env-var':
        return path === 'get'
          ? read(c)
          : path === 'from'
            ? { t: 'handle', tech: schemaTech, kind: 'reader' }
            : undefined;
      case 'env-schema':
        return jsonSchema(c, get(c.args[0], 'schema'));
      default:
        return path === 'createEnv' ? created(c) : undefined;
    }
  },
  member(m) {
    const { on } = m;
    if (on.t !== 'handle' || on.kind !== 'object' || on.name === 'yup') return undefined;
    return m.name === 'shape' || m.name === 'entries' ? (on.model ?? unknown) : undefined;
  },
};

function ofLibrary(c: CallSite, path: string, library: string): Value | undefined {
  const [first, second] = c.args;
  const name = path.replace(/^.*\./, '');
  if (objects.test(name)) return objectSchema(first, library);
  if (/^(?:parse|safeParse|parseAsync|safeParseAsync|attempt|validate|validateSync)$/.test(name) && path === name) {
    // of the schema and the value, each library puts another first
    const [schema, input] = first?.t === 'handle' ? [first, second] : [second, first];
    return result(c, name, library, applied(c, schema, input));
  }
  if (
    /^(?:preprocess|lazy|pipe|optional|nullable|nullish|union|intersection|coerce|fallback|readonly|brand|promise|alternatives|forward)$/.test(
      name,
    )
  ) {
    const inner = [...c.args, c.ev.invoke(name === 'lazy' ? first : undefined, [], c)]
      .flatMap(a => (a.t === 'arr' ? a.items : [a]))
      .flatMap(each)
      .find(a => a.t === 'handle' && a.tech === schemaTech);
    if (inner?.t !== 'handle') return fieldSchema();
    const def =
      name === 'optional' || name === 'nullable' || name === 'nullish' || name === 'fallback'
        ? plainDefault(c, second)
        : undefined;
    return def ? { ...inner, table: def } : inner;
  }
  return path === '' || path.endsWith('()') ? undefined : fieldSchema();
}

function onSchema(c: CallSite, on: Handle): Value | undefined {
  const [first] = c.args;
  switch (on.kind) {
    case 'validator':
      return validator(c);
    case 'reader':
      return c.name === 'get' ? read(c) : on;
    case 'variable':
      if (c.name === 'default') return { ...on, table: withDefault(on.table, first) };
      return /^as/.test(c.name) ? (on.table ?? unknown) : on;
    default:
  }
  for (const f of functionsOf(c.args)) c.ev.invoke(f, [], c);
  switch (c.name) {
    case 'default':
    case 'prefault':
    case 'catch':
    case 'failover':
    case 'ensure': {
      const def = plainDefault(c, first);
      return def ? { ...on, table: def } : on;
    }
    case 'extend':
    case 'safeExtend':
    case 'keys':
    case 'append':
    case 'shape':
    case 'augment':
    case 'setKey':
      return { ...on, model: merged([on.model ?? unknown, ...each(first)]) };
    case 'merge':
    case 'and':
    case 'concat':
      return {
        ...on,
        model: merged([
          on.model ?? unknown,
          ...each(first).flatMap(o => (o.t === 'handle' && o.model ? [o.model] : [])),
        ]),
      };
    case 'parse':
    case 'parseAsync':
    case 'safeParse':
    case 'safeParseAsync':
    case 'spa':
    case 'validate':
    case 'validateSync':
    case 'validateAsync':
    case 'cast':
      return result(c, c.name, on.name ?? '', applied(c, on, first));
    case 'describe':
    case 'toJSONSchema':
      return c.args.length > 0 ? on : undefined;
    case 'pipe':
      return on;
    default:
      return on;
  }
}

/** Some give the value itself, some an object that holds it. */
function result(c: CallSite, name: string, library: string, value: Value): Value {
  if (value.t === 'unknown') return value;
  const key = /^(?:safeParse|spa)/.test(name)
    ? library === 'valibot'
      ? 'output'
      : 'data'
    : /joi/.test(library) && name === 'validate'
      ? 'value'
      : undefined;
  return key === undefined
    ? value
    : objectOf(c.origin, `result:${key}:${c.origin.file}:${c.origin.at}:${c.act.id}`, { [key]: value });
}

/** `str({ default: 'x' })`; what holds only while developing holds where nothing else is said. */
function validator(c: CallSite): Handle {
  const options = c.args.find(a => get(a, 'default') ?? get(a, 'devDefault') ?? get(a, 'testDefault'));
  return fieldSchema(plainDefault(c, get(options, 'default') ?? get(options, 'devDefault')));
}

function specified(c: CallSite, source: Value | undefined, specs: Value | undefined): Value {
  return applied(c, objectSchema(specs, c.pkg ?? ''), source ?? { t: 'env' });
}

function read(c: CallSite): Value {
  const key = literal(c.args[0]);
  if (key === undefined) return { t: 'env' };
  return { t: 'handle', tech: schemaTech, kind: 'variable', name: key, table: variable(key, c.origin) };
}

/** `createEnv({ server, client, shared, runtimeEnv })` */
function created(c: CallSite): Value {
  const [options] = c.args;
  const extended = get(options, 'extends');
  const bases = extended?.t === 'arr' ? extended.items : [];
  const shape = merged(['shared', 'client', 'server'].flatMap(k => each(get(options, k))));
  const source = get(options, 'runtimeEnv') ?? get(options, 'runtimeEnvStrict') ?? { t: 'env' };
  const own = applied(
    c,
    objectSchema(shape, 't3'),
    source.t === 'obj' ? merged([objectOf(c.origin, 'none', {}), source]) : source,
  );
  const partial = get(options, 'experimental__runtimeEnv');
  const environment = partial ? applied(c, objectSchema(shape, 't3'), { t: 'env' }) : own;
  return merged([...bases, environment]);
}

/** Properties of a JSON schema, as Fastify's plugin takes it. */
function jsonSchema(c: CallSite, schema: Value | undefined): Value {
  const properties = get(schema, 'properties');
  if (properties?.t !== 'obj') return { t: 'env' };
  const fields = Object.fromEntries(
    properties.keys().map(k => [k, fieldSchema(plainDefault(c, get(properties.get(k), 'default')))]),
  );
  return applied(c, objectSchema(objectOf(properties.origin, `json:${properties.sig}`, fields), 'json'), { t: 'env' });
}
