import type { Environment } from '../discovery.ts';
import { isExampleEnvFile } from '../services/env-files.ts';
import { hole, type Settings } from '../settings.ts';
import type { Address, Evidence } from '../system.ts';
import { each, type Value } from '../value.ts';
import { addressOf, isLocal } from './address.ts';
import { type ExchangesFound, type ServiceExchange, textsOf } from './found.ts';

/** How services know whom they call. */
export class Addresses {
  readonly #in: ExchangesFound;
  readonly #clients: ReadonlyMap<string, readonly ServiceExchange[]>;

  constructor(found: ExchangesFound) {
    this.#in = found;
    this.#clients = Map.groupBy(
      found.exchanges.filter(({ exchange: { kind, by } }) => kind === 'client' && /^(?:tcp|grpc|http)$/.test(by)),
      x => x.service.id,
    );
  }

  /** The address of a call, or of the client that makes it. */
  of(x: ServiceExchange, settings: Settings): Address | undefined {
    const { exchange } = x;
    if (exchange.url ?? exchange.host) return this.#known(x, settings);
    if (exchange.client === undefined) return undefined;
    const wanted = new Set(textsOf(exchange.client, settings).map(t => t.text));
    const [client, ...others] = (this.#clients.get(x.service.id) ?? []).filter(c =>
      textsOf(c.exchange.name, settings).some(t => wanted.has(t.text)),
    );
    return client && others.length === 0 ? this.#known(client, settings) : undefined;
  }

  #known({ exchange }: ServiceExchange, settings: Settings): Address | undefined {
    const ways = each(exchange.url ?? exchange.host);
    const port = exchange.url ? undefined : exchange.port;
    const found = ways.flatMap(way => this.#way(way, port, exchange.by !== 'http', settings) ?? []);
    const [first] = found;
    // where it is chosen among several, one from outside, it is not written into the code
    const isChosen = exchange.chosen === true || (ways.length > 1 && ways.some(way => readsVariable(way, settings)));
    return first?.by === 'written' && isChosen ? undefined : first;
  }

  /** One address, in the first of the environments in which it is known. */
  #way(host: Value, port: Value | undefined, isBare: boolean, settings: Settings): Address | undefined {
    const [said] = textsOf(host, settings).filter(s => s.text !== '' && s.text !== hole);
    if (!said) return undefined;
    const [at] = port ? textsOf(port, settings).filter(s => s.environment === said.environment) : [];
    const parts = [host, ...(port ? [port] : [])];
    const steps = parts.flatMap(part => settings.trace(part, said.environment));
    const text = `${said.text}${at && !said.text.includes('//') ? `:${at.text}` : ''}`
      .replace(/\/\/[^/@]*@/, '//')
      .replaceAll(hole, ':any');
    const given = steps.find(s => s.kind === 'given');
    if (given?.kind === 'given') return { by: 'given', text, variable: given.name, at: given.at };
    if (said.holes.length > 0 && addressOf(said.text, isBare)?.host?.includes(hole) !== false) return undefined;
    const fallback = steps.find(s => s.kind === 'default');
    if (fallback?.kind === 'default') {
      const unsetIn = isLocalIn(said.text, isBare) ? this.#unset(parts, isBare, settings) : [];
      return {
        by: 'default',
        text,
        variable: fallback.name,
        at: this.#in.lines.at(fallback.at),
        ...(unsetIn.length > 0 ? { unsetIn } : {}),
      };
    }
    const written = steps.find(s => s.kind === 'written');
    return written?.kind === 'written' ? { by: 'written', text, at: this.#in.lines.at(written.at) } : undefined;
  }

  /** The manifests that start a service with nothing but its own default; none where any may give it another address. */
  #unset([host, ...rest]: readonly Value[], isBare: boolean, settings: Settings): readonly Evidence[] {
    const { service, environments } = settings;
    const started = environments.filter(e => e !== undefined && /^(?:compose|kubernetes|serverless)$/.test(e.kind));
    const isOnHost = service.hosts.some(h => isLocal(h.name)) || environments.some(e => e?.kind === 'pm2');
    if (started.length === 0 || isOnHost || environments.some(e => e?.open === true || e?.kind === 'cdk')) return [];
    const stays = environments.filter(isMeant).every(environment => {
      const said = settings.resolve(host, environment, undefined);
      const isOwn = [host, ...rest].every(v => settings.resolve(v, environment, undefined)?.given === false);
      const isLaptop = environment?.kind === 'dotenv';
      return said !== undefined && isLocalIn(said.text, isBare) && (isOwn || isLaptop);
    });
    return stays ? service.evidence.filter(e => started.some(one => one && isOf(e, one))) : [];
  }
}

/** An example of an env file is not read by anything. */
function isMeant(environment: Environment | undefined): boolean {
  return environment?.kind !== 'dotenv' || !isExampleEnvFile(environment.id.slice('dotenv:'.length));
}

/** Whether a place is in the file or the folder of an environment. */
function isOf({ file }: Evidence, { id }: Environment): boolean {
  const path = id.slice(id.indexOf(':') + 1).split('#')[0] ?? '';
  return file === path || path === '.' || file.startsWith(`${path}/`);
}

function isLocalIn(text: string, isBare: boolean): boolean {
  const host = addressOf(text, isBare)?.host ?? text;
  return isLocal(host);
}

function readsVariable(v: Value, settings: Settings): boolean {
  return settings.environments.some(environment => settings.trace(v, environment).some(s => s.kind === 'read'));
}
