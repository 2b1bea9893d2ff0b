import { nextBasePath, nextRoutes } from '../../extract/next-routes.ts';
import { text } from '../value.ts';
import type { ExchangesFound, ServiceExchange } from './found.ts';

/** Routes that a framework finds by where files are, for the service of their folder. */
export function fileRoutes({ tree, discovery, sources }: ExchangesFound): ServiceExchange[] {
  const apps = discovery.services.flatMap(service => {
    const folder = service.root === '.' ? '' : `${service.root}/`;
    const configuration = ['js', 'mjs', 'cjs', 'ts', 'mts'].find(ending => tree.has(`${folder}next.config.${ending}`));
    const manifest = tree.read(`${folder}package.json`) ?? '';
    if (service.role === 'library' || (!configuration && !/"next"\s*:/.test(manifest))) return [];
    const before = nextBasePath(configuration ? (tree.read(`${folder}next.config.${configuration}`) ?? '') : '');
    return before === undefined ? [] : [{ service, folder, before }];
  });
  if (apps.length === 0) return [];
  return sources.files.flatMap(file => {
    if (!/(?:^|\/)(?:route\.[jt]sx?$|pages\/api[/.])/.test(file) || !sources.isProduction(file)) return [];
    const owner = sources.ownerOf(file);
    const app = apps.find(a => a.service === owner || (owner === undefined && a.folder === ''));
    if (!app) return [];
    return nextRoutes(file.slice(app.folder.length), tree.read(file) ?? '').map(({ method, path, at }) => {
      const origin = { file, at };
      const route = { method: text(method), path: text(`${app.before}${path}`), client: text('Next.js') };
      return {
        service: app.service,
        exchange: { kind: 'serve', tech: 'next-routes', by: 'http', ...route, origin },
        from: origin,
      };
    });
  });
}
