import type { ClassSite, Site, Technology } from '../model/technology.ts';
import { partsOf, textOf } from '../model/texts.ts';
import { each, get, text, unknown, type Value } from '../model/value.ts';
import { subscribed } from './amqp.ts';
import { routerOf, versionsIn } from './nest-app.ts';
import { injectedClient, patternOf } from './nest-microservices.ts';

const id = 'nest-routes';
const methods = new Map(
  Object.entries({
    Get: 'GET',
    Post: 'POST',
    Put: 'PUT',
    Patch: 'PATCH',
    Delete: 'DELETE',
    Head: 'HEAD',
    Options: 'OPTIONS',
    All: 'ANY',
  }),
);

/** What Nest's controllers answer to: routes, patterns of messages, events, methods of gRPC. */
export const nestRoutes: Technology = {
  id,
  packages: [],
  decorates: ['@nestjs/common'],
  entrances: ['Controller', 'Inject'],
  declaredLater: true,
  declared(d) {
    if (d.path === 'Controller' || d.path === 'Injectable') controller(d);
  },
  injected(i) {
    if (i.path !== 'Inject') return undefined;
    const [token] = i.args;
    const made = token ? i.ev.token(token, i.act, i.origin) : unknown;
    if (made.t === 'handle') return made;
    return injectedClient(i.type?.n.split('.').at(-1) ?? '', token);
  },
};

function controller(d: ClassSite): void {
  const { cls, ev } = d;
  const fields = cls.code.units[cls.decl.fields];
  // what the class answers to is said by whoever uses the class, not by whoever loads its file
  const act = fields ? ev.genericActivation(cls.code, fields) : d.act;
  const [given] = d.args;
  const prefix = get(given, 'path') ?? given;
  const router = d.path === 'Controller' ? routerOf({ ...d, act }, cls) : undefined;
  for (const one of ev.decorators(cls.decl.decorators, cls.scope)) {
    const [, generated] = /^(\w+)ControllerMethods$/.exec(one.name) ?? [];
    if (generated !== undefined) grpc({ ev, act, origin: { file: cls.code.file, at: one.at } }, text(generated));
  }
  for (const member of cls.decl.members)
    for (const one of ev.decorators(member.decorators, act)) {
      const site: Site = { ev, act, origin: { file: cls.code.file, at: one.at } };
      const [first] = one.args;
      const method = methods.get(one.name);
      if (method !== undefined) {
        const own = ev.decorators(member.decorators, act).find(x => x.name === 'Version');
        const version = versionsIn(own?.args[0] ?? get(given, 'version'));
        for (const p of choices(prefix))
          for (const q of choices(first))
            ev.exchange(site, id, {
              kind: 'serve',
              by: 'http',
              method: text(method),
              path: pathOf(p, q),
              ...(router ? { client: router } : {}),
              ...(version ? { version } : {}),
            });
      } else if (one.name === 'MessagePattern')
        ev.exchange(site, id, { kind: 'serve', by: 'nest', name: patternOf(first) });
      else if (one.name === 'EventPattern')
        ev.exchange(site, id, { kind: 'consume', by: 'nest', name: patternOf(first) });
      else if (one.name === 'RabbitSubscribe' || one.name === 'RabbitRPC') subscribed(site, first);
      else if (one.pkg === '' || one.name === 'SetMetadata') {
        const options = one.args.find(isSubscription);
        if (options) subscribed(site, options);
      } else if (one.name === 'GrpcMethod' || one.name === 'GrpcStreamMethod') grpc(site, first ?? text(cls.decl.name));
    }
}

/** A decorator of one's own whose handlers are found when the program starts: what it is given is RabbitMQ's. */
function isSubscription(v: Value): boolean {
  return get(v, 'exchange') !== undefined && (get(v, 'routingKey') !== undefined || get(v, 'queue') !== undefined);
}

function grpc(site: Site, name: Value): void {
  site.ev.exchange(site, id, { kind: 'serve', by: 'grpc', name });
}

function choices(v: Value | undefined): readonly (Value | undefined)[] {
  const all = each(v)
    .flatMap(one => (one.t === 'arr' ? one.items : [one]))
    .filter(one => one.t === 'text');
  return all.length > 0 ? all : [undefined];
}

function pathOf(prefix: Value | undefined, path: Value | undefined): Value {
  return textOf(['/', ...(prefix ? partsOf(prefix) : []), '/', ...(path ? partsOf(path) : [])]);
}
