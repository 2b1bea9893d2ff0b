import type { Evidence } from '../model/system.ts';
import { at, itemsAt, parseYaml, textAt } from './yaml.ts';

/** A path that an ingress leads to a service of its cluster. */
export interface IngressRoute {
  readonly host?: string;
  readonly path: string;
  readonly service: string;
  readonly at: Evidence;
}

/** The routes of the ingresses in a manifest, of the older and the newer form. */
export function ingressRoutes(path: string, text: string): IngressRoute[] {
  if (!/^[ \t]*kind:\s*Ingress\s*$/m.test(text) || text.includes('{{')) return [];
  return parseYaml(path, text).documents.flatMap(document =>
    textAt(document, 'kind') === 'Ingress'
      ? itemsAt(document, 'spec', 'rules').flatMap(rule => {
          const host = textAt(rule, 'host');
          return itemsAt(rule, 'http', 'paths').flatMap((one): IngressRoute[] => {
            const service = textAt(one, 'backend', 'service', 'name') ?? textAt(one, 'backend', 'serviceName');
            return service === undefined
              ? []
              : [
                  {
                    ...(host ? { host } : {}),
                    path: textAt(one, 'path') ?? '/',
                    service,
                    at: at(one, 'backend')?.at ?? one.at,
                  },
                ];
          });
        })
      : [],
  );
}
