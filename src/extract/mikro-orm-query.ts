import type { CallSite } from '../model/technology.ts';
import { type Handle, literal, type StoreRef, unknown, type Value } from '../model/value.ts';
import { type Entity, entityOf, placeOf, relationOf } from './mikro-orm-entity.ts';
import { modelOf } from './mikro-orm-repository.ts';

export function startQuery(c: CallSite, store: StoreRef, e: Entity | undefined): Handle {
  const use = c.ev.use(c, 'mikro-orm', {
    op: 'read',
    store,
    ...(e ? placeOf(e) : { table: unknown }),
    query: c.ev.query(),
  });
  return { t: 'handle', tech: 'mikro-orm', kind: 'query', store, use, ...modelOf(e) };
}

export function onQuery(c: CallSite, on: Handle, store: StoreRef): Value | undefined {
  const [first, second] = c.args;
  const e = entityOf(c, on.model);
  switch (c.name) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'truncate':
      if (on.use) on.use.op = 'write';
      return on;
    case 'join':
    case 'leftJoin':
    case 'innerJoin':
    case 'joinAndSelect':
    case 'leftJoinAndSelect':
    case 'innerJoinAndSelect': {
      const joined = joinedWith(c, on, e, first);
      if (!joined) return on;
      const { use, query } = { use: on.use, query: on.use?.query };
      c.ev.use(c, 'mikro-orm', {
        op: 'read',
        store,
        ...placeOf(joined),
        via: 'join',
        ...(query === undefined ? {} : { query }),
      });
      return {
        ...on,
        ...(use ? { use } : {}),
        extra: {
          ...on.extra,
          ...(literal(second) === undefined ? {} : { [`alias ${literal(second)}`]: joined.value }),
        },
      };
    }
    case 'getResult':
    case 'getResultList':
      return e?.value.t === 'class' ? { t: 'arr', items: [{ t: 'inst', cls: e.value }] } : unknown;
    case 'getSingleResult':
      return e?.value.t === 'class' ? { t: 'inst', cls: e.value } : unknown;
    case 'execute':
    case 'getCount':
    case 'getKnexQuery':
      return unknown;
    default:
      return on;
  }
}

/** `qb.leftJoin('o.customer', 'c')` follows a relation of the entity or of an alias before; else an entity is joined. */
function joinedWith(c: CallSite, on: Handle, main: Entity | undefined, target: Value | undefined): Entity | undefined {
  const path = literal(target)?.split('.');
  if (!path) return entityOf(c, target);
  const [alias = '', name = ''] = path.length > 1 ? path : ['', path[0] ?? ''];
  return relationOf(c, entityOf(c, on.extra?.[`alias ${alias}`]) ?? main, name)?.target;
}
