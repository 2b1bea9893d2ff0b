import type { CallSite, Site } from '../model/technology.ts';
import { type ClassValue, get, type Handle, unknown, type Value } from '../model/value.ts';
import { dialectOf, runSql } from './run-sql.ts';
import { declaredEntity, defaultStore, entityOf } from './typeorm-entity.ts';
import { onEntity, repository } from './typeorm-repository.ts';

export const repositoryTypes = new Set([
  'Repository',
  'TreeRepository',
  'MongoRepository',
  'AbstractRepository',
  'TypeOrmCrudService',
]);

/** The package's class that a class or instance extends. */
export function rootOf(site: Site, v: Value): string | undefined {
  if (v.t !== 'inst' && v.t !== 'class') return undefined;
  const { root } = site.ev.lineage(v.t === 'inst' ? v.cls : v);
  return root?.t === 'ext' ? exportOf(root.path) : undefined;
}

/** A class of one's own that extends a repository, a manager or a data source, as the handle that it stands for. */
export function standsFor(site: Site, v: Value): Handle | undefined {
  const root = rootOf(site, v);
  if (root === undefined || (v.t !== 'inst' && v.t !== 'class')) return undefined;
  if (root === 'DataSource' || root === 'Connection') return kind(site, 'connection');
  if (root === 'EntityManager') return kind(site, 'manager');
  if (!repositoryTypes.has(root)) return undefined;
  const args = v.t === 'inst' ? site.ev.rootArgs(v) : undefined;
  const [first, manager] = args ?? [];
  if (first?.t === 'handle' && first.kind === 'repository') return first;
  const entity = [first, ...entitiesNamed(site, v.t === 'inst' ? v.cls : v)].find(
    e => e && (e.t === 'class' || e.t === 'handle') && entityOf(site, e),
  );
  const store = manager?.t === 'handle' && manager.store ? manager.store : defaultStore(site, entity);
  return repository(site, store, entity);
}

/** Entities in decorators (`@EntityRepository(User)`) and type arguments (`extends Repository<User>`) of a repository. */
function entitiesNamed(site: Site, cls: ClassValue): Value[] {
  const { classes } = site.ev.lineage(cls);
  const found: Value[] = [];
  for (const level of classes)
    for (const d of site.ev.decorators(level.decl.decorators, level.scope)) found.push(...d.args);
  for (const level of classes) {
    const top = site.ev.moduleActivation(level.code);
    for (const t of level.decl.supTypes ?? []) found.push(site.ev.classOf(t, top));
  }
  return found.filter(v => v.t === 'class' && declaredEntity(site, v) !== undefined).concat(found);
}

/** `User.find()` and `user.save()` of classes that extend BaseEntity. */
export function onActiveRecord(c: CallSite, on: Value & { t: 'inst' | 'class' }): Value | undefined {
  const cls = on.t === 'inst' ? on.cls : on;
  const e = declaredEntity(c, cls);
  if (!e) return undefined;
  const store = defaultStore(c, cls);
  if (c.name === 'getRepository') return repository(c, store, cls);
  if (c.name === 'useDataSource' || c.name === 'useConnection') return unknown;
  if (c.name === 'query') {
    runSql(c, 'typeorm', store, c.args[0], dialectOf(undefined));
    return unknown;
  }
  return onEntity(c, store, e, on.t === 'inst' ? [] : c.args);
}

/** `repository.extend({ … })`: its functions run with the repository as `this`. */
export function ownMember(on: Handle, name: string): Value | undefined {
  const found = get(on.extra?.own, name);
  return found?.t === 'fn' ? { ...found, self: on } : found;
}

/** Something of the connection that this process opens. */
export function kind(site: Site, of: string, name?: Value): Handle {
  return { t: 'handle', tech: 'typeorm', kind: of, store: defaultStore(site, undefined, name) };
}

export function exportOf(path: string): string {
  return path
    .replace(/^\/[^.]*\.?/, '')
    .replace(/^default\.?/, '')
    .replace(/\.(?:super|extended)$/, '');
}
