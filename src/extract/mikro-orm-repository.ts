import type { Site } from '../model/technology.ts';
import { type ClassValue, each, get, type Handle, type StoreRef, unknown, type Value } from '../model/value.ts';
import { defaultStore, type Entity, entityOf } from './mikro-orm-entity.ts';

/** Something of the connection that this process opens. */
export function handle(site: Site, kind: string, name?: Value): Handle {
  return { t: 'handle', tech: 'mikro-orm', kind, store: defaultStore(site, name) };
}

export function modelOf(e: Entity | undefined): { table?: Value; model?: Value; name?: string } {
  return e ? { table: e.table, model: e.value, name: e.name } : {};
}

/** A repository of an entity; where the entity names its own repository class, an instance of that. */
export function repository(
  site: Site,
  entity: Value | undefined,
  name?: Value,
  store: StoreRef = defaultStore(site, name, entity),
): Value {
  const cls = each(entity).find((v): v is ClassValue => v.t === 'class');
  const schemas = each(entity).flatMap(v => (v.t === 'handle' && v.extra?.repository ? [v.extra.repository] : []));
  const decorated = (cls ? site.ev.decorators(cls.decl.decorators, cls.scope) : []).flatMap(d =>
    d.name === 'Entity' ? (get(d.args[0], 'repository') ?? get(d.args[0], 'customRepository') ?? []) : [],
  );
  for (const own of [...schemas, ...decorated]) {
    const made = site.ev.invoke(own, [], site);
    if (made.t === 'class') return { t: 'inst', cls: made };
  }
  return { t: 'handle', tech: 'mikro-orm', kind: 'repository', store, ...modelOf(entityOf(site, entity)) };
}

/** A class of one's own that extends a repository, an entity manager or a migration. */
export function standsFor(site: Site, v: Value): Handle | undefined {
  if (v.t !== 'inst' && v.t !== 'class') return undefined;
  const cls = v.t === 'inst' ? v.cls : v;
  const { classes, root } = site.ev.lineage(cls);
  const path = root?.t === 'ext' ? root.path.replace(/^.*\./, '') : '';
  if (path === 'Migration') return handle(site, 'migration');
  if (path.endsWith('EntityManager')) return handle(site, 'em');
  if (!path.endsWith('Repository')) return undefined;
  const named = classes.flatMap(level =>
    (level.decl.supTypes ?? []).map(t => site.ev.classOf(t, site.ev.moduleActivation(level.code))),
  );
  const e = named.map(n => entityOf(site, n)).find(x => x !== undefined) ?? entityWith(site, cls);
  return { ...handle(site, 'repository'), ...modelOf(e) };
}

/** The entity whose `repository` option names the class; it is registered when its code is looked at. */
function entityWith(site: Site, cls: ClassValue): Entity | undefined {
  return site.ev
    .registeredKeys('mikro-orm-entity')
    .flatMap(key => entityOf(site, site.ev.registered('mikro-orm-entity', key)[0]?.value) ?? [])
    .find(e => {
      const of = e.value.t === 'class' ? repository(site, e.value) : unknown;
      return of.t === 'inst' && of.cls.decl === cls.decl;
    });
}
