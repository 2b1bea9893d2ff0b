import { areOne, isDeployed, type Saying, sayings } from '../../src/model/query.ts';
import type { Address, System } from '../../src/model/system.ts';

/** A call between services of one's own whose address is known. */
export interface AddressedCall extends Saying {
  readonly to: string;
  readonly address: Address;
}

/** Calls of one's own services by address. A page in a browser asks by paths; a guess blames nobody. */
export function addressedCalls(system: System): AddressedCall[] {
  return sayings(system).flatMap(saying => {
    const { service, kind, to, site, confidence } = saying;
    const isBetween = kind === 'calls' && to !== undefined && isDeployed(system, to) && !areOne(system, service, to);
    return isBetween && site.address && confidence !== 'guess' ? [{ ...saying, to, address: site.address }] : [];
  });
}

/** The host and the port of an address, as they are written. */
export function hostAndPort(text: string): { readonly host: string; readonly port?: string } {
  const [, host = '', port] = /^(?:[a-z][\w+.-]*:)?(?:\/\/)?(\[[^\]]*\]|[^/:?#]*)(?::([^/?#]*))?/i.exec(text) ?? [];
  return { host, ...(port ? { port } : {}) };
}

/** A name for the machine itself: in a container, for that container alone. */
export function isThisMachine(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|\[::1?\])$/i.test(host);
}
