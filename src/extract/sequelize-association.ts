import { folderOf } from '../model/modules.ts';
import type { CallSite, Site } from '../model/technology.ts';
import { type ClassValue, each, get, type Handle, literal, text, unknown, type Value } from '../model/value.ts';
import { plural, singular } from './plural.ts';
import { defaultStore, modelNamed, modelOf, placeOf } from './sequelize-model.ts';

export type Kind = 'belongsTo' | 'hasOne' | 'hasMany' | 'belongsToMany';

export interface Association {
  readonly kind: Kind;
  readonly as: string;
  readonly target: Handle;
  readonly through?: Handle;
}

const kinds: readonly Kind[] = ['belongsTo', 'hasOne', 'hasMany', 'belongsToMany'];

export function kindOf(name: string): Kind | undefined {
  return kinds.find(k => k === name);
}

/** `Order.belongsTo(User, { as })`: a foreign key in one of the two tables, or a table between them. */
export function associate(c: CallSite, source: Handle, kind: Kind): Value {
  const [other, options] = c.args;
  const target = modelOf(c, other);
  if (!target) return unknown;
  const through = kind === 'belongsToMany' ? throughOf(c, source, get(options, 'through')) : undefined;
  return remember(
    c,
    source,
    {
      kind,
      target,
      as: literal(get(options, 'as')) ?? literal(get(get(options, 'as'), 'plural')) ?? aliasOf(target, kind),
      ...(through ? { through } : {}),
    },
    isConstrained(options),
  );
}

function remember(site: Site, source: Handle, a: Association, constrained: boolean): Value {
  const handle: Handle = {
    ...a.target,
    kind: 'association',
    name: a.as,
    model: a.target,
    extra: { kind: text(a.kind), ...(a.through ? { through: a.through } : {}) },
  };
  site.ev.register(site, 'sequelize-association', keyOf(source), handle);
  declareAssociation(site, source, a, constrained);
  return handle;
}

function declareAssociation(site: Site, source: Handle, a: Association, constrained: boolean): void {
  const store = source.store ?? defaultStore(site);
  const key = (of: Handle, to: Handle): void => {
    site.ev.use(site, 'sequelize', {
      op: 'declare',
      store,
      ...placeOf(to),
      from: of.table ?? unknown,
      via: 'foreign-key',
    });
  };
  if (a.through) site.ev.use(site, 'sequelize', { op: 'declare', store, ...placeOf(a.through) });
  if (!constrained) return;
  if (a.through) {
    key(a.through, source);
    key(a.through, a.target);
  } else if (a.kind === 'belongsTo') key(source, a.target);
  else key(a.target, source);
}

export function isConstrained(options: Value | undefined): boolean {
  const given = get(options, 'constraints');
  return !(given?.t === 'bool' && given.v === false);
}

/** `through: 'order_items'`, a model, or `{ model }`. */
export function throughOf(site: Site, source: Handle, given: Value | undefined): Handle | undefined {
  const inner = get(given, 'model') ?? given;
  const model = modelOf(site, inner);
  if (model) return model;
  const name = literal(inner);
  if (name === undefined) return undefined;
  const known = site.ev.registered('sequelize-model', name)[0]?.value;
  if (known?.t === 'handle') return known;
  return {
    t: 'handle',
    tech: 'sequelize',
    kind: 'model',
    ...(source.store ? { store: source.store } : {}),
    table: text(name, site.origin),
    name,
    extra: { key: text(`name:${name}`) },
  };
}

export function aliasOf(target: Handle, kind: Kind): string {
  const name = target.name ?? '';
  return kind === 'hasMany' || kind === 'belongsToMany' ? plural(name) : singular(name);
}

function keyOf(model: Handle): string {
  return literal(model.extra?.key) ?? model.name ?? '';
}

export function associationsOf(site: Site, model: Handle): readonly Association[] {
  lookBeside(site, model);
  const said = site.ev.registered('sequelize-association', keyOf(model)).flatMap((r): Association[] => {
    const h = r.value;
    if (h.t !== 'handle') return [];
    const kind = kindOf(literal(h.extra?.kind) ?? '');
    const target = h.model;
    const through = h.extra?.through;
    return kind && target?.t === 'handle'
      ? [{ kind, as: h.name ?? '', target, ...(through?.t === 'handle' ? { through } : {}) }]
      : [];
  });
  return model.model?.t === 'class' ? [...said, ...decoratedAssociations(site, model, model.model)] : said;
}

/** Associations stand in the file of the model, in an index or in a file of their own beside it; they may not have been looked at yet. */
function lookBeside(site: Site, model: Handle): void {
  const file = keyOf(model).replace(/[#:]\d+$/, '');
  const folder = folderOf(file);
  for (const path of [
    file,
    ...['index', 'associations', 'associate', 'relations', 'relationships', 'init-models'].flatMap(n => [
      `${folder}/${n}.js`,
      `${folder}/${n}.ts`,
    ]),
  ]) {
    const code = site.ev.code(path);
    if (code) site.ev.visit(site.ev.moduleActivation(code));
  }
}

/** sequelize-typescript: `@BelongsTo(() => User) user: User`. */
export function decoratedAssociations(site: Site, model: Handle, cls: ClassValue): readonly Association[] {
  return site.ev.lineage(cls).classes.flatMap(level =>
    level.decl.members.flatMap(m =>
      (m.decorators ? site.ev.decorators(m.decorators, level.scope) : []).flatMap((d): Association[] => {
        const kind = kindOf(d.name.replace(/^./, first => first.toLowerCase()));
        const target = kind ? modelOf(site, called(site, d.args[0])) : undefined;
        if (!kind || !target) return [];
        const options = d.args.find(a => a.t === 'obj');
        const through =
          kind === 'belongsToMany'
            ? throughOf(site, model, called(site, d.args[1]) ?? get(options, 'through'))
            : undefined;
        return [{ kind, as: literal(get(options, 'as')) ?? m.name, target, ...(through ? { through } : {}) }];
      }),
    ),
  );
}

/** Foreign keys and tables between two, of a decorated class. */
export function declareDecorated(site: Site, model: Handle, cls: ClassValue): void {
  const store = model.store ?? defaultStore(site);
  for (const a of decoratedAssociations(site, model, cls)) declareAssociation(site, model, a, true);
  for (const level of site.ev.lineage(cls).classes) {
    for (const m of level.decl.members) {
      for (const d of m.decorators ? site.ev.decorators(m.decorators, level.scope) : []) {
        const target = d.name === 'ForeignKey' ? modelOf(site, called(site, d.args[0])) : undefined;
        if (target)
          site.ev.use(site, 'sequelize', {
            op: 'declare',
            store,
            ...placeOf(target),
            from: model.table ?? unknown,
            via: 'foreign-key',
          });
      }
    }
  }
}

function called(site: Site, v: Value | undefined): Value | undefined {
  return each(v).some(f => f.t === 'fn') ? site.ev.invoke(v, [], site) : v;
}

/** `include: [Order, { model: User, include: […] }, 'customer', { all: true }]` */
export function include(c: Site, model: Handle, given: Value | undefined, depth = 0): void {
  if (depth > 6) return;
  for (const one of each(given)) {
    if (one.t === 'arr') for (const item of one.items) include(c, model, item, depth + 1);
    else includeOne(c, model, one, depth);
  }
}

function includeOne(c: Site, model: Handle, one: Value, depth: number): void {
  const store = model.store ?? defaultStore(c);
  const all = one.t === 'obj' ? one.get('all') : undefined;
  if (all) {
    for (const a of associationsOf(c, model)) read(c, store, a.target, a.through);
    return;
  }
  const asked = one.t === 'obj' ? (one.get('association') ?? one.get('model')) : one;
  const named = literal(asked);
  const association = asked?.t === 'handle' && asked.kind === 'association' ? asked : undefined;
  const direct = association?.model?.t === 'handle' ? association.model : modelOf(c, asked);
  const alias = named ?? literal(get(one, 'as')) ?? association?.name;
  const known = associationsOf(c, model).find(
    a =>
      (alias === undefined ? a.target.table === direct?.table : a.as === alias) ||
      (direct !== undefined && keyOf(a.target) === keyOf(direct)),
  );
  const target = direct ?? known?.target ?? (named === undefined ? undefined : associated(c, model, named));
  if (!target) return;
  const through =
    known?.through ?? (association?.extra?.through?.t === 'handle' ? association.extra.through : undefined);
  read(c, store, target, through);
  if (one.t === 'obj') include(c, target, one.get('include'), depth + 1);
}

/** An alias of which nothing is registered yet is most often a model's name. */
function associated(c: Site, model: Handle, alias: string): Handle | undefined {
  const names = [alias, singular(alias), singular(alias).replace(/^./, s => s.toUpperCase())];
  const found = names.find(n => c.ev.registered('sequelize-model', n).length > 0);
  return found === undefined ? undefined : modelNamed(c, text(found), model.store ?? defaultStore(c));
}

function read(c: Site, store: NonNullable<Handle['store']>, target: Handle, through: Handle | undefined): void {
  if (through) c.ev.use(c, 'sequelize', { op: 'read', store, ...placeOf(through), via: 'relation' });
  c.ev.use(c, 'sequelize', { op: 'read', store, ...placeOf(target), via: 'relation' });
}

/** `order.getItems()`, `order.addItem(…)`: methods that associations give to instances. */
export function onMixin(c: CallSite, model: Handle): Value | undefined {
  const [, verb = '', name = ''] = /^(get|count|has|set|add|remove|create)([A-Z]\w*)$/.exec(c.name) ?? [];
  if (verb === '') return undefined;
  const a = associationsOf(c, model).find(x =>
    [x.as, plural(x.as), singular(x.as)].some(n => n.toLowerCase() === name.toLowerCase()),
  );
  if (!a) return undefined;
  const store = model.store ?? defaultStore(c);
  if (verb === 'get' || verb === 'count' || verb === 'has') {
    read(c, store, a.target, a.through);
    const inst: Value =
      a.target.model?.t === 'class' ? { t: 'inst', cls: a.target.model } : { ...a.target, kind: 'instance' };
    return verb !== 'get'
      ? unknown
      : a.kind === 'hasMany' || a.kind === 'belongsToMany'
        ? { t: 'arr', items: [inst] }
        : inst;
  }
  const changed = a.through ?? (a.kind === 'belongsTo' ? model : a.target);
  c.ev.use(c, 'sequelize', { op: 'write', store, ...placeOf(changed), via: a.through ? 'relation' : 'query' });
  if (verb === 'create' && changed !== a.target) c.ev.use(c, 'sequelize', { op: 'write', store, ...placeOf(a.target) });
  return unknown;
}
