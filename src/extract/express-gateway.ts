import type { Evidence } from '../model/system.ts';
import { entriesAt, parseYaml, textAt, textsAt } from './yaml.ts';

/** The addresses that a file of Express Gateway hands requests on to. */
export function gatewayEndpoints(path: string, text: string): { name: string; url: string; at: Evidence }[] {
  if (!/^serviceEndpoints:/m.test(text)) return [];
  return parseYaml(path, text).documents.flatMap(document =>
    entriesAt(document, 'serviceEndpoints').flatMap(({ key, value, at }) =>
      [textAt(value, 'url'), ...textsAt(value, 'urls')].flatMap(url =>
        url === undefined ? [] : [{ name: key, url, at }],
      ),
    ),
  );
}
