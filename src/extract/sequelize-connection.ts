import type { CallSite, Site } from '../model/technology.ts';
import { textOf } from '../model/texts.ts';
import { each, get, type Handle, literal, type StoreRef, text, unknown, type Value } from '../model/value.ts';
import { engineIn } from './engine-option.ts';
import { injectedArgs } from './mongoose.ts';
import { isTold, openConnection } from './open-connection.ts';
import { connectionHandle, defaultStore, isTrue, keyOfStore, modelOf, placeOf } from './sequelize-model.ts';

/** `new Sequelize(url, options)`, `new Sequelize(database, user, password, options)`, `new Sequelize(options)`. */
export function connect(c: Site, args: readonly Value[], name?: Value): Handle {
  const [first, second, third, fourth] = args;
  const isUrl = args.length <= 2 && each(first).some(v => v.t === 'text');
  const isObject = (v: Value | undefined): boolean => each(v).some(x => x.t === 'obj');
  const options =
    isUrl || (args.length === 2 && isObject(second)) ? second : args.length >= 3 || !isObject(first) ? fourth : first;
  const opened = openConnection({
    tech: 'sequelize',
    engine: engineIn(get(options, 'dialect')),
    origin: c.origin,
    url: isUrl ? first : undefined,
    options: writer(options),
    ...(name && literal(name) !== undefined ? { name } : {}),
  });
  const parts =
    isUrl || options === first || options === second
      ? {}
      : {
          ...(isGiven(first) ? { database: first } : {}),
          ...(isGiven(second) ? { user: second } : {}),
          ...(isGiven(third) ? { password: third } : {}),
        };
  const isPlaced =
    isTold(opened.url) ||
    isTold(opened.host) ||
    isTold(opened.database) ||
    Object.keys(parts).length > 0 ||
    get(options, 'storage') !== undefined;
  const storage = get(options, 'storage');
  const store: StoreRef & { kind: 'open' } = {
    ...opened,
    ...parts,
    ...(storage && !opened.database ? { database: storage } : {}),
    ...(isPlaced ? {} : { host: textOf([null], c.origin) }),
  };
  c.ev.use(c, 'sequelize', { op: 'connect', store });
  addModels(c, store, get(options, 'models'));
  const define = get(options, 'define');
  if (define) c.ev.register(c, 'sequelize-define', '', define);
  // opened by code that was not told what to open: another look at the same code knows more
  return connectionHandle(isPlaced || store.engine !== 'unknown' ? store : defaultStore(c, store.name), define);
}

function isGiven(v: Value | undefined): v is Value {
  return v !== undefined && (v.t === 'text' || v.t === 'union');
}

/** `replication: { write, read }` */
function writer(options: Value | undefined): Value | undefined {
  const write = get(get(options, 'replication'), 'write');
  if (write?.t !== 'obj' || options?.t !== 'obj') return options;
  return { ...options, get: key => write.get(key) ?? options.get(key) };
}

/** `SequelizeModule.forRoot(options)`, `forRootAsync({ useFactory })`. */
export function connectModule(c: CallSite, isAsync: boolean): Value {
  const [first] = c.args;
  if (!isAsync) {
    opens(c, first, get(first, 'name'));
    return unknown;
  }
  const factory = get(first, 'useFactory');
  const maker = get(first, 'useClass') ?? get(first, 'useExisting');
  const inst = maker?.t === 'class' ? c.ev.token(maker, c.act, c.origin) : maker;
  const made = factory
    ? c.ev.invoke(factory, injectedArgs(c, first), c)
    : inst
      ? c.ev.invoke(c.ev.property(inst, 'createSequelizeOptions', c), [], c)
      : unknown;
  opens(c, made, get(first, 'name') ?? get(made, 'name'));
  return unknown;
}

function opens(c: CallSite, options: Value | undefined, name: Value | undefined): void {
  const uri = get(options, 'uri');
  const { store } = connect(c, uri ? [uri, options ?? unknown] : options ? [options] : [], name);
  const given = get(options, 'synchronize');
  const off = given?.t === 'bool' && given.v === false;
  if (store && isTrue(get(options, 'autoLoadModels')) && !off) synchronize(c, store);
}

/** Classes that a connection is given: its `sync` makes their tables. */
export function addModels(c: Site, store: StoreRef, listed: Value | undefined): void {
  if (store.kind !== 'open') return;
  for (const v of each(listed).flatMap(l => (l.t === 'arr' ? l.items : []))) {
    const model = v.t === 'class' ? modelOf(c, v) : undefined;
    if (model)
      c.ev.register(
        {
          act: c.act,
          origin: model.model?.t === 'class' ? { file: model.model.code.file, at: model.model.decl.at } : c.origin,
        },
        'sequelize-of',
        keyOfStore(store),
        model,
      );
  }
}

/** `sequelize.sync()` makes the tables of all models of the connection, of those defined before and after. */
export function synchronize(c: Site, store: StoreRef): void {
  c.ev.use(c, 'sequelize', { op: 'schema', store });
  if (store.kind !== 'open') return;
  const key = keyOfStore(store);
  c.ev.register(c, 'sequelize-synced', key, text(key));
  for (const r of c.ev.registered('sequelize-of', key))
    if (r.value.t === 'handle') c.ev.use(c, 'sequelize', { op: 'schema', store, ...placeOf(r.value) });
}
