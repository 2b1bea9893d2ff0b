import type { Site } from '../model/technology.ts';
import { each, get, type StoreRef, type Value } from '../model/value.ts';

/** The collections that the stages of a MongoDB aggregation read and write beside the one it runs on. */
export function runPipeline(
  site: Site,
  tech: string,
  store: StoreRef,
  pipeline: Value | undefined,
  how: { readonly query?: number; readonly guessed?: boolean } = {},
  depth = 0,
): void {
  if (depth > 4) return;
  for (const list of each(pipeline)) {
    for (const stage of list.t === 'arr' ? list.items.flatMap(each) : []) {
      for (const key of ['$lookup', '$graphLookup', '$unionWith'] as const) {
        const spec = get(stage, key);
        const table =
          key === '$unionWith' ? (get(spec, 'coll') ?? each(spec).find(v => v.t === 'text')) : get(spec, 'from');
        if (table)
          site.ev.use(site, tech, { op: 'read', store, table, via: key === '$unionWith' ? 'query' : 'join', ...how });
        runPipeline(site, tech, store, get(spec, 'pipeline'), how, depth + 1);
      }
      const facet = get(stage, '$facet');
      for (const name of facet?.t === 'obj' ? facet.keys() : [])
        runPipeline(site, tech, store, get(facet, name), how, depth + 1);
      for (const key of ['$out', '$merge'] as const) {
        const spec = get(stage, key);
        const into = key === '$merge' ? (get(spec, 'into') ?? spec) : spec;
        const table = get(into, 'coll') ?? each(into).find(v => v.t === 'text');
        const database = get(into, 'db');
        if (table) site.ev.use(site, tech, { op: 'write', store, table, ...(database ? { database } : {}), ...how });
      }
    }
  }
}
