import type { Config } from '../../config.ts';
import type { Annotations } from '../annotations.ts';
import type { DiscoveredService, Discovery, Environment } from '../discovery.ts';
import type { Lines } from '../lines.ts';
import type { ModuleResolver } from '../modules.ts';
import type { Setting, Settings } from '../settings.ts';
import type { Sources } from '../sources.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Edge, Endpoint, Evidence, GatewayRoute, Outbound, Topic, Unresolved } from '../system.ts';
import type { SourceTree } from '../tree.ts';
import { type Exchange, each, type Origin, type Value } from '../value.ts';

/** What a service's code says to others, by itself or by way of a library. */
export interface ServiceExchange {
  readonly service: DiscoveredService;
  readonly exchange: Exchange;
  /** The place in the service's own code. */
  readonly from: Origin;
  /** What stands around it, of calls and messages. */
  readonly around?: Surroundings;
}

export interface ExchangesFound {
  readonly tree: SourceTree;
  readonly config: Config;
  readonly discovery: Discovery;
  readonly sources: Sources;
  readonly resolver: ModuleResolver;
  readonly settings: ReadonlyMap<string, Settings>;
  readonly lines: Lines;
  readonly annotations: Annotations;
  readonly exchanges: readonly ServiceExchange[];
}

/** What services say to each other, as parts of the System. */
export interface Joined {
  readonly edges: readonly Edge[];
  readonly topics: readonly Topic[];
  readonly endpoints: readonly Endpoint[];
  /** Services that answer, or may answer, to more than their endpoints tell. */
  readonly open: ReadonlySet<string>;
  readonly outbound: readonly Outbound[];
  readonly routes: readonly GatewayRoute[];
  readonly unresolved: readonly Unresolved[];
}

export interface Said extends Setting {
  readonly environment: Environment | undefined;
}

/** Each text that a value may be for a service, in each of its environments. */
export function textsOf(v: Value | undefined, settings: Settings): Said[] {
  const found = new Map<string, Said>();
  for (const one of each(v))
    for (const environment of settings.environments) {
      const said = settings.resolve(one, environment, undefined);
      if (!said) continue;
      const key = `${said.text}\n${said.holes.join()}\n${environment?.project ?? ''}`;
      if (!found.has(key)) found.set(key, { ...said, environment });
    }
  return [...found.values()];
}

/** The name of the variable or key that a hole stands for. */
export function nameOfHole(name: string): string {
  return name.slice(Math.max(name.lastIndexOf(' '), name.lastIndexOf('?')) + 1).replace(/[${}]/g, '');
}

export function placesOf(x: ServiceExchange, lines: Lines): Evidence[] {
  const from = lines.at(x.from);
  const there = lines.at(x.exchange.origin);
  return from.file === there.file && from.line === there.line ? [from] : [from, there];
}

/** The name of a topic or a queue of a cloud, which code may know by its ARN or its URL. */
export function topicName(by: string, name: string): string {
  return /^(?:sqs|sns|kinesis|pubsub)$/.test(by)
    ? name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1)
    : name;
}

/** Lines, each once, as many as anybody reads. */
export function distinctPlaces(list: readonly Evidence[]): Evidence[] {
  return [...new Map(list.map(e => [`${e.file}:${e.line}`, e])).values()].slice(0, 20);
}

/** The same for what one line of code does for one service, whatever it is given. */
export function placeKey({ service, exchange }: ServiceExchange): string {
  return `${service.id} ${exchange.kind} ${exchange.origin.file}:${exchange.origin.at}`;
}
