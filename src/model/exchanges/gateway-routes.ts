import type { Environment } from '../discovery.ts';
import { hole } from '../settings.ts';
import type { Evidence, GatewayRoute } from '../system.ts';
import { addressOf, isLocal } from './address.ts';
import { type ExchangesFound, type ServiceExchange, textsOf } from './found.ts';
import type { Places } from './places.ts';

/** Whom gateways hand requests on to, and whether something is there. */
export class GatewayRoutes {
  readonly #in: ExchangesFound;
  readonly #places: Places;
  readonly #all = new Map<string, GatewayRoute>();
  /** Names are looked for in many files, so each only once. */
  readonly #told = new Map<string, boolean>();

  constructor(found: ExchangesFound, places: Places) {
    this.#in = found;
    this.#places = places;
  }

  get all(): GatewayRoute[] {
    return [...this.#all.values()];
  }

  /** A route of a gateway's configuration. */
  add(
    service: string | undefined,
    path: string | undefined,
    url: string,
    at: Evidence,
    environment?: Environment,
  ): void {
    const host = url.replace(/^\w+:\/\//, '').includes('//') ? undefined : addressOf(url, true)?.host;
    if (host === undefined || !/^[a-z0-9][\w-]*(\.|$)/i.test(host) || isLocal(host) || /^(?:unix|[\d.]+)$/.test(host))
      return;
    const isThere = this.#isThere(host, service, environment);
    const key = `${service ?? ''}\n${path ?? ''}\n${host}\n${at.file}:${at.line}`;
    const known = this.#all.get(key);
    if (known?.isThere === true) return;
    this.#all.set(key, {
      ...(service === undefined ? {} : { service }),
      ...(path === undefined ? {} : { path }),
      host,
      ...(isThere === undefined ? {} : { isThere }),
      at,
    });
  }

  /** A proxy in code; a default is replaced where it is deployed. */
  addCall(x: ServiceExchange): void {
    const settings = this.#in.settings.get(x.service.id);
    if (!settings || x.exchange.tech !== 'proxies') return;
    const at = this.#in.lines.at(x.from);
    for (const said of textsOf(x.exchange.url, settings)) {
      const isDefault = !said.given && settings.trace(x.exchange.url, said.environment).some(s => s.kind === 'default');
      if (!isDefault && !said.text.includes(hole)) this.add(x.service.id, undefined, said.text, at, said.environment);
    }
  }

  /** True and false where a manifest tells; undefined where the name may be told outside the repository. */
  #isThere(host: string, service: string | undefined, environment: Environment | undefined): boolean | undefined {
    const { discovery } = this.#in;
    const [label = ''] = host.toLowerCase().split('.');
    const name = /\.svc(\.|$)|\.cluster\.local$/.test(host) ? label : host.toLowerCase();
    if (discovery.names.has(name)) return true;
    if (name.includes('.')) return undefined;
    const from = discovery.services.find(s => s.id === service) ?? discovery.services[0];
    const places = from ? this.#places.at(name, undefined, environment, from) : [];
    if (places.some(p => p.confidence === 'certain')) return true;
    return this.#isTold(name) ? undefined : false;
  }

  /** Whether any file but code and prose gives something this name: an upstream, a chart, a script, Terraform. */
  #isTold(name: string): boolean {
    const known = this.#told.get(name);
    if (known !== undefined) return known;
    const { tree } = this.#in;
    const word = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const gives = new RegExp(
      [
        `upstream\\s+${word}\\s*\\{`,
        `(?:name|hostname|alias|container_name|id)["']?\\s*[:=]\\s*["']?${word}["']?\\s*(?:$|[,}])`,
        `--(?:name|hostname|network-alias|link|add-host)[= ]["']?(?:[\\w.-]+:)?${word}\\b`,
        `^\\s*-\\s*["']?(?:[\\w.-]+:)?${word}["']?\\s*$`,
        `(?:resource|module)\\s+"[^"]*"\\s+"${word}"`,
        `^\\s*["']?${word}["']?\\s*:\\s*$`,
      ].join('|'),
      'im',
    );
    const isTold = tree.files.some(file => {
      if (
        !/\.(ya?ml|conf|template|tf|hcl|sh|json|toml|nomad|tpl|bat|ps1|env)$|(^|\/)(Makefile|Vagrantfile|justfile|Tiltfile)$/i.test(
          file,
        )
      )
        return false;
      if (/(^|\/)(node_modules|package-lock\.json|pnpm-lock\.yaml)/.test(file)) return false;
      const text = tree.read(file);
      // other routes to it do not make it be there
      return text?.toLowerCase().includes(name) === true && !/^kind:\s*Ingress\b/m.test(text) && gives.test(text);
    });
    this.#told.set(name, isTold);
    return isTold;
  }
}
