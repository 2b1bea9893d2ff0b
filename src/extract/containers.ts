import type { Technology } from '../model/technology.ts';
import { each, unknown } from '../model/value.ts';

/** Containers that are asked for a class or a token, and give what stands behind it. */
export const containers: Technology = {
  id: 'containers',
  auxiliary: true,
  packages: ['tsyringe', 'typedi', 'inversify', 'inversify-binding-decorators', '@nestjs/core'],
  call(c) {
    const [token] = c.args;
    const isAsked = c.on?.t === 'handle' ? true : /(?:^|[.()])(?:container|Container|create|createChildContainer|createApplicationContext|createMicroservice)(?:\(\))?\.(?:get|resolve)$/.test(c.path);
    if (!isAsked || !token || !['get', 'resolve', 'create', 'resolveAsync', 'getAsync'].includes(c.name)) return undefined;
    const found = each(token).map(t => c.ev.token(t, c.act, c.origin)).find(v => v.t !== 'unknown');
    return found ?? unknown;
  },
  typed(t) {
    return t.path === 'ModuleRef' || t.path === 'DependencyContainer' || t.path === 'Container' ? { t: 'handle', tech: 'containers', kind: 'container' } : undefined;
  },
};
