import { folderOf, join } from '../model/modules.ts';
import type { CallSite, Site } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { each, get, type Handle, text, unknown, type Value } from '../model/value.ts';
import { engineIn } from './engine-option.ts';
import { defaultStore } from './mikro-orm-entity.ts';
import { isTold, openConnection } from './open-connection.ts';

export function engineOfPackage(pkg: string | undefined): string | undefined {
  const name = pkg?.replace('@mikro-orm/', '') ?? '';
  return /^(postgresql|mysql|mariadb|sqlite|better-sqlite|libsql|mongodb|mssql)$/.test(name)
    ? engineIn(text(name.replace('better-sqlite', 'sqlite')))
    : undefined;
}

/** A configuration that remembers which driver's `defineConfig` made it. */
export function withEngine(options: Value | undefined, engine: string | undefined): Value {
  const one = each(options).find(v => v.t === 'obj');
  if (one?.t !== 'obj' || engine === undefined) return options ?? unknown;
  return { ...one, get: key => (key === 'type' ? (one.get('type') ?? text(engine)) : one.get(key)) };
}

/** `MikroORM.init(options)` */
export function connect(c: CallSite, options: Value | undefined, name?: Value, given?: Value): Handle {
  const driver = get(options, 'driver') ?? given;
  const said = engineIn(get(options, 'type'));
  const engine =
    said !== 'unknown'
      ? said
      : (engineOfPackage(driver?.t === 'ext' ? driver.pkg : undefined) ?? engineOfPackage(c.pkg) ?? 'unknown');
  const opened = openConnection({
    tech: 'mikro-orm',
    engine,
    origin: c.origin,
    options,
    databaseKeys: ['dbName'],
    name: name ?? get(options, 'contextName'),
  });
  const isPlaced = isTold(opened.url) || isTold(opened.host) || isTold(opened.database);
  const store = isPlaced ? opened : { ...opened, host: textOf([null], c.origin) };
  c.ev.use(c, 'mikro-orm', { op: 'connect', store });
  return { t: 'handle', tech: 'mikro-orm', kind: 'orm', store: isPlaced ? store : defaultStore(c, store.name) };
}

/** `mikro-orm.config.ts`, from the folder of the caller upwards. */
export function configured(c: Site): Value | undefined {
  for (let dir = folderOf(c.origin.file); ; dir = folderOf(dir)) {
    for (const path of ['mikro-orm.config', 'src/mikro-orm.config', 'mikro-orm.config/index']) {
      const found = c.ev.load(join(dir, 'package.json'), `./${path}`);
      const options = found.t === 'module' ? c.ev.property(found, 'default', c) : found;
      const made = each(options).some(v => v.t === 'fn') ? c.ev.invoke(options, [], c) : options;
      if (each(made).some(v => v.t === 'obj')) return made;
    }
    if (dir === '') return undefined;
  }
}
