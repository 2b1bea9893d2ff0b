import { annotationFor } from '../annotations.ts';
import { hole, type Settings } from '../settings.ts';
import type { Confidence, Edge, Evidence, Site, Topic, Unresolved } from '../system.ts';
import type { Value } from '../value.ts';
import {
  distinctPlaces,
  type ExchangesFound,
  placeKey,
  placesOf,
  type ServiceExchange,
  textsOf,
  topicName,
} from './found.ts';
import type { Handlers } from './handlers.ts';
import { distinctSites, type Leaving, type Sites } from './sites.ts';

/** What a message is addressed by, or what somebody wants to be told of. */
interface Label {
  readonly by: string;
  /** Topic, subject, channel, exchange or pattern. */
  readonly name?: string;
  readonly key?: string;
  readonly queue?: string;
  readonly group?: string;
}

interface Side extends Label {
  readonly service: string;
  readonly confidence: Confidence;
  readonly evidence: readonly Evidence[];
  readonly site: Site;
  readonly ifHeard?: boolean;
}

/** Who tells whom: publishers and consumers that mean the same topic of a broker of the same kind. */
export class Topics {
  readonly #in: ExchangesFound;
  readonly #handlers: Handlers;
  readonly #binds: readonly (Label & { readonly from: string })[];
  readonly #sites: Sites;
  readonly #leaving: Leaving;
  readonly #published: Side[] = [];
  readonly #wanted: Side[] = [];
  readonly #open: { readonly place: string; readonly unresolved: Unresolved }[] = [];
  readonly #settled = new Set<string>();

  constructor(found: ExchangesFound, handlers: Handlers, sites: Sites, leaving: Leaving) {
    this.#in = found;
    this.#leaving = leaving;
    this.#sites = sites;
    this.#handlers = handlers;
    this.#binds = found.exchanges.flatMap(x => {
      const settings = found.settings.get(x.service.id);
      return x.exchange.kind === 'bind' && settings
        ? labelsOf(x, settings).map(label => ({ ...label, from: x.service.id }))
        : [];
    });
  }

  get unresolved(): Unresolved[] {
    return this.#open.flatMap(o => (this.#settled.has(o.place) ? [] : [o.unresolved]));
  }

  add(x: ServiceExchange): void {
    const settings = this.#in.settings.get(x.service.id);
    if (!settings) return;
    const { exchange, service } = x;
    const evidence = placesOf(x, this.#in.lines);
    const said = labelsOf(x, settings);
    const ways = this.#waysOf(x, settings);
    const labels = said.flatMap(label => (ways.length === 0 ? [label] : ways.map(way => ({ ...label, ...way }))));
    const [here] = evidence;
    const annotation =
      labels.length === 0 && here
        ? this.#in.annotations.settling(exchange.kind === 'publish' ? 'publishes' : 'consumes', here)
        : undefined;
    if (annotation) labels.push({ by: exchange.by, name: annotation.value });
    // a queue without a name to which nothing known is bound tells nothing
    const isTold = labels.some(l => !isAnonymous(l.queue) || this.#bindsOf(l, service.id).length > 0);
    if (!isTold && here && exchange.ifHeard !== true)
      this.#open.push({
        place: placeKey(x),
        unresolved: {
          service: service.id,
          kind: 'topic',
          what: `what ${service.id} ${exchange.kind === 'publish' ? 'publishes to' : 'consumes from'} ${exchange.by}`,
          evidence: here,
          hint: annotationFor(exchange.kind === 'publish' ? 'publishes' : 'consumes', '<topic>', here.file),
        },
      });
    else {
      this.#settled.add(placeKey(x));
      this.#leaving.stays(x);
    }
    const site = this.#sites.of(x, settings);
    if (!isTold) this.#leaving.add(x, site);
    for (const label of labels) {
      // nobody publishes to a wildcard: it stands for what is not known of the name
      const isPartly = exchange.kind === 'publish' && [label.name, label.key, label.queue].some(t => t?.includes('*'));
      const { group, ...rest } = label;
      const side: Side = {
        ...rest,
        service: service.id,
        confidence: isPartly ? 'likely' : 'certain',
        evidence,
        site: group === undefined ? site : { ...site, group },
        ...(exchange.ifHeard ? { ifHeard: true } : {}),
      };
      if (exchange.kind === 'publish') this.#published.push(side);
      else this.#wanted.push(...this.#bound(side));
    }
  }

  /** How a message goes out of a client that was asked for by name, and how a framework's handlers are told. */
  #waysOf(x: ServiceExchange, settings: Settings): readonly { by: string; queue?: string; group?: string }[] {
    if (x.exchange.by !== 'nest') return [];
    const ways =
      x.exchange.kind === 'publish' ? this.#handlers.clientsOf(x, settings) : this.#handlers.listensOn(x.service);
    const all = ways.flatMap(({ by, queues, groups }) => {
      const [group] = groups?.size === 1 ? groups : [];
      const way = { by, ...(group === undefined ? {} : { group }) };
      return queues.size > 0 ? [...queues].map(queue => ({ ...way, queue })) : [way];
    });
    return [...new Map(all.map(w => [JSON.stringify(w), w])).values()];
  }

  /** What is put into a queue reaches who takes from it. */
  #bound(side: Side): Side[] {
    const through = this.#bindsOf(side, side.service).map(({ name, key }): Side => {
      const { queue: _, ...rest } = side;
      return { ...rest, ...(name === undefined ? {} : { name }), ...(key === undefined ? {} : { key }) };
    });
    return isAnonymous(side.queue) ? through : [side, ...through];
  }

  /** A queue without a name is another one for each service. */
  #bindsOf(label: Label, service: string): readonly Label[] {
    return this.#binds.filter(
      b =>
        b.name !== undefined &&
        b.by === label.by &&
        b.queue !== undefined &&
        b.queue === label.queue &&
        (!isAnonymous(b.queue) || b.from === service),
    );
  }

  join(): { topics: Topic[]; edges: Edge[] } {
    const topics = new Map<string, Topic>();
    const edges: Edge[] = [];
    const connect = (kind: 'publishes' | 'consumes', side: Side, label: Label): void => {
      const id = idOf(label);
      const known = topics.get(id);
      topics.set(id, {
        id,
        broker: label.by,
        name: id.slice(label.by.length + 1),
        evidence: distinctPlaces([...(known?.evidence ?? []), ...side.evidence.slice(0, 1)]),
      });
      const edge = edges.find(e => e.kind === kind && e.from === side.service && e.to === id);
      if (edge)
        edges[edges.indexOf(edge)] = {
          ...edge,
          evidence: distinctPlaces([...edge.evidence, ...side.evidence]),
          sites: distinctSites([...(edge.sites ?? []), side.site]),
        };
      else
        edges.push({
          kind,
          from: side.service,
          to: id,
          confidence: side.confidence,
          evidence: side.evidence,
          sites: [side.site],
        });
    };
    const heard = new Set<Side>();
    const told = this.#published.filter(p => p.ifHeard !== true || this.#wanted.some(w => meets(p, w)));
    for (const p of told) {
      connect('publishes', p, p);
      for (const w of this.#wanted) {
        if (!meets(p, w)) continue;
        heard.add(w);
        connect('consumes', w, p);
      }
    }
    for (const w of this.#wanted) if (!heard.has(w) && !this.#isHeardOtherwise(w, heard)) connect('consumes', w, w);
    // a queue that is only the way by which an exchange is heard is no topic
    const throughExchange = new Set(
      this.#wanted.flatMap(w => (w.queue === undefined ? w.evidence.map(e => `${w.service} ${e.file}:${e.line}`) : [])),
    );
    const idle = new Set(
      this.#wanted
        .filter(
          w =>
            !heard.has(w) &&
            w.queue !== undefined &&
            w.evidence.some(e => throughExchange.has(`${w.service} ${e.file}:${e.line}`)),
        )
        .map(idOf),
    );
    const published = new Set(told.map(idOf));
    return {
      topics: [...topics.values()].filter(t => !idle.has(t.id) || published.has(t.id)),
      edges: edges.filter(e => !idle.has(e.to) || published.has(e.to)),
    };
  }

  /** A handler of a framework that listens in several ways is told in one of them: by a broker rather than by a socket. */
  #isHeardOtherwise(w: Side, heard: ReadonlySet<Side>): boolean {
    const place = ({ service, site }: Side): string => `${service} ${site.at.file}:${site.at.line}`;
    return this.#wanted.some(
      o =>
        o.by !== w.by &&
        o.name === w.name &&
        (heard.has(o) || (w.by === 'tcp' && o.by !== 'tcp')) &&
        place(o) === place(w),
    );
  }
}

/** Every label that an exchange may have, of those that are known. */
function labelsOf(x: ServiceExchange, settings: Settings): Label[] {
  const { by, name, key, queue } = x.exchange;
  const names = knownTexts(name, settings).map(n => topicName(by, n));
  const keys = knownTexts(key, settings);
  const queues = knownTexts(queue, settings);
  if (names.length === 0 && queues.length === 0) return [];
  return orNone(names).flatMap(n =>
    orNone(keys).flatMap(k =>
      orNone(queues).map(q => ({
        by,
        ...(n === undefined ? {} : { name: n }),
        ...(k === undefined ? {} : { key: k }),
        ...(q === undefined ? {} : { queue: q }),
      })),
    ),
  );
}

function orNone(list: readonly string[]): readonly (string | undefined)[] {
  return list.length > 0 ? list : [undefined];
}

/** The texts that are known; of one with a hole, what a wildcard says of it. */
function knownTexts(v: Value | undefined, settings: Settings): string[] {
  const texts = textsOf(v, settings).map(t => t.text);
  const known = texts.filter(t => !t.includes(hole) && t !== '');
  const partly = texts.filter(t => t.includes(hole) && /[\w-]{3,}/.test(t)).map(t => t.replaceAll(hole, '*'));
  return [...new Set(known.length > 0 ? known : partly)];
}

function meets(p: Label, w: Label): boolean {
  if (p.by !== w.by && p.by !== 'nest' && w.by !== 'nest') return false;
  if (p.queue !== undefined && w.queue !== undefined && p.queue !== w.queue) return false;
  if (p.name !== undefined && w.name !== undefined)
    return isAlike(p.name, w.name) && (p.key === undefined || w.key === undefined || isAlike(p.key, w.key));
  return p.queue !== undefined && p.queue === w.queue;
}

/** With each of them a pattern takes longer, by the length of the name. */
const mostWildcards = 6;
const longestName = 300;

/** Equal, or covered by the other's wildcards: `*` and `#` of AMQP, `*` and `>` of NATS, `+` and `#` of MQTT, `**` of Moleculer. */
function isAlike(a: string, b: string): boolean {
  if (a === b) return true;
  return isCovered(a, b) || isCovered(b, a);
}

function isCovered(name: string, pattern: string): boolean {
  const wildcards = pattern.match(/[*#>+]/g)?.length ?? 0;
  if (wildcards === 0 || wildcards > mostWildcards || name.length > longestName) return false;
  const source = pattern
    .split(/(\*\*|[*#>+])/)
    .map(p =>
      p === '#' || p === '>' || p === '**'
        ? '.*'
        : p === '*' || p === '+'
          ? '[^./]+'
          : p.replace(/[\\^$.|?()[\]{}]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`).test(name);
}

function isAnonymous(queue: string | undefined): boolean {
  return queue?.startsWith('?') === true;
}

function idOf(label: Label): string {
  const place =
    label.name === undefined
      ? (label.queue ?? '')
      : label.key === undefined || label.key === ''
        ? label.queue === undefined
          ? label.name
          : `${label.queue}/${label.name}`
        : `${label.name}/${label.key}`;
  return `${label.by}:${place}`;
}
