import type { CallSite, Technology } from '../model/technology.ts';
import { unknown, type Value } from '../model/value.ts';

const mapping = new Set(['map', 'mapAsync', 'mapArray', 'mapArrayAsync']);
const makers = new Set([
  'plainToInstance',
  'plainToClass',
  'plainToInstanceFromExist',
  'plainToClassFromExist',
  'deserialize',
  'deserializeArray',
]);

/** Libraries that make an instance of a class out of plain data: what is saved later is known by its class. */
export const mappers: Technology = {
  id: 'mappers',
  auxiliary: true,
  packages: ['@automapper/core', '@automapper/nestjs', '@automapper/classes', 'class-transformer'],
  call(c) {
    if (c.on) return mapped(c);
    const [cls, plain] = c.args;
    if (!makers.has(c.name) || cls?.t !== 'class') return undefined;
    // what it was made of still tells what is in it: settings are checked this way
    if (plain?.t === 'obj') return { t: 'union', of: [plain, { t: 'inst', cls }] };
    return c.name === 'deserializeArray' || plain?.t === 'arr'
      ? { t: 'arr', items: [{ t: 'inst', cls }] }
      : { t: 'inst', cls };
  },
  typed(t) {
    return t.path === 'Mapper' ? { t: 'handle', tech: 'mappers', kind: 'mapper' } : undefined;
  },
  injected(i) {
    return i.path === 'InjectMapper' ? { t: 'handle', tech: 'mappers', kind: 'mapper' } : undefined;
  },
};

/** `mapper.mapAsync(order, OrderDto, Order)` */
function mapped(c: CallSite): Value | undefined {
  if (!mapping.has(c.name)) return undefined;
  const to = c.args.findLast(a => a.t === 'class');
  if (to?.t !== 'class') return unknown;
  return c.name.startsWith('mapArray') ? { t: 'arr', items: [{ t: 'inst', cls: to }] } : { t: 'inst', cls: to };
}
