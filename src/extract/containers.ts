import type { Technology } from '../model/technology.ts';
import { each, unknown } from '../model/value.ts';
import { listening } from './listen.ts';
import { appSet } from './nest-app.ts';
import { startedWith } from './nest-microservices.ts';

/** Containers that are asked for a class or a token, and give what stands behind it. */
export const containers: Technology = {
  id: 'containers',
  auxiliary: true,
  packages: ['tsyringe', 'typedi', 'inversify', 'inversify-binding-decorators', '@nestjs/core', '@adonisjs/fold'],
  call(c) {
    if (c.pkg === '@nestjs/core' && /^(?:createMicroservice|connectMicroservice)$/.test(c.name)) startedWith(c);
    if (c.pkg === '@nestjs/core') appSet(c);
    if (c.pkg === '@nestjs/core' && c.name === 'listen') listening(c, c.args);
    const [token] = c.args;
    const isAsked =
      c.on?.t === 'handle' ||
      /(?:^|[.()])(?:container|Container|Ioc|create|createChildContainer|createApplicationContext|createMicroservice)(?:\(\))?\.(?:get|resolve|use)$/.test(
        c.path,
      );
    if (!isAsked || !token || !['get', 'resolve', 'create', 'resolveAsync', 'getAsync', 'use', 'make'].includes(c.name))
      return undefined;
    const found = each(token)
      .map(t => c.ev.token(t, c.act, c.origin))
      .find(v => v.t !== 'unknown');
    return found?.t === 'fn'
      ? c.ev.invoke(found, [{ t: 'handle', tech: 'containers', kind: 'container' }], c)
      : (found ?? unknown);
  },
  typed(t) {
    return ['ModuleRef', 'DependencyContainer', 'Container', 'IocContract', 'Ioc'].includes(t.path)
      ? { t: 'handle', tech: 'containers', kind: 'container' }
      : undefined;
  },
};
