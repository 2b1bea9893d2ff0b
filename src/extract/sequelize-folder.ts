import { folderOf } from '../model/modules.ts';
import type { MemberSite, Site } from '../model/technology.ts';
import { each, type Handle, type ObjectValue, type Value } from '../model/value.ts';
import { connectionHandle, connectionOf, defaultStore, modelOf } from './sequelize-model.ts';

/** What a file of the folder exports: a function that defines a model, or the model. */
interface Found {
  readonly file: string;
  readonly make?: Value;
  readonly model: Value;
}

const folders = new WeakMap<object, Map<string, Map<string, Found>>>();

const source = /\.[cm]?[jt]s$/;
const notModel = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]s$/;

/**
 * `models/index.js` as Sequelize's own tool writes it: all files beside it are loaded, and what each defines is put
 * under its name into one object. https://github.com/sequelize/cli
 */
export function modelFromFolder(m: MemberSite, db: ObjectValue): Value | undefined {
  const { file } = db.origin;
  const code = m.ev.code(file);
  if (!code?.specifiers.some(s => /^(?:node:)?(?:fs|path|glob|fast-glob|require-all|require-directory)$/.test(s.s)))
    return undefined;
  const models = modelsBeside(m, file, db);
  if (m.name === 'sequelize' && models.size > 0) return connectionHandle(defaultStore(m));
  const found = models.get(m.name);
  if (!found) return undefined;
  // asked for again, so that whoever asks reaches the definition
  if (found.make) m.ev.invoke(found.make, argumentsOf(m, db), m);
  associate(m, found, db);
  return found.model;
}

function modelsBeside(m: MemberSite, file: string, db: ObjectValue): Map<string, Found> {
  const known = folders.get(m.ev) ?? new Map<string, Map<string, Found>>();
  folders.set(m.ev, known);
  const before = known.get(file);
  if (before) return before;
  const models = new Map<string, Found>();
  known.set(file, models);
  for (const other of m.ev.filesIn(folderOf(file))) {
    if (other === file || !source.test(other) || notModel.test(other) || /(^|\/)index\.[jt]s$/.test(other)) continue;
    const site: Site = { ev: m.ev, act: m.act, origin: { file: other, at: 0 } };
    for (const f of definedIn(site, other, db)) models.set(nameOf(site, f.model), f);
  }
  for (const f of models.values()) associate({ ev: m.ev, act: m.act, origin: { file: f.file, at: 0 } }, f, db);
  return models;
}

function definedIn(site: Site, file: string, db: ObjectValue): Found[] {
  return ['=', 'default']
    .flatMap(name => each(site.ev.exported(file, name)))
    .flatMap((v): Found[] => {
      if (v.t === 'fn')
        return each(site.ev.invoke(v, argumentsOf(site, db), site)).flatMap(model =>
          modelOf(site, model) ? [{ file, make: v, model }] : [],
        );
      return modelOf(site, v) ? [{ file, model: v }] : [];
    })
    .slice(0, 1);
}

function argumentsOf(site: Site, db: ObjectValue): Value[] {
  const connection: Handle = connectionOf(site, db.get('sequelize')) ?? connectionHandle(defaultStore(site));
  return [connection, { t: 'ext', pkg: 'sequelize', path: 'DataTypes' }];
}

function nameOf(site: Site, v: Value): string {
  return modelOf(site, v)?.name ?? (v.t === 'class' ? v.decl.name : '');
}

/** `static associate(models)` of a class, or `Order.associate = models => …` of what `define` gave. */
function associate(site: Site, f: Found, db: ObjectValue): void {
  if (f.model.t === 'class') {
    site.ev.invoke(site.ev.property(f.model, 'associate', site), [db], site);
    return;
  }
  const code = site.ev.code(f.file);
  if (!code) return;
  for (const fills of code.fills.values()) {
    for (const fill of fills) {
      const unit = fill.key === 'associate' ? code.units[fill.unit] : undefined;
      if (unit) site.ev.invoke(site.ev.eval(fill.v, site.ev.genericActivation(code, unit)), [db], site);
    }
  }
}
