import { hole } from '../settings.ts';

/** The parts of an address of a service. A part that is not known holds the mark of a hole. */
export interface Address {
  /** Absent where the address is a path only. */
  readonly host?: string;
  readonly port?: string;
  readonly path: string;
}

const absolute = /^(?:[a-z][\w+.-]*:)?\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/:?#]*)(?::([^/?#]*))?([^?#]*)/i;
const hostAndPort = /^([\w-][\w.-]*|\uFFFC):(\d+|\uFFFC)(\/[^?#]*)?$/;
const bareHost = /^([a-z][\w-]*(?:\.[\w-]+)*)(\/[^?#]*)?$/i;

/** Takes an address apart; `isBare` where a name alone is a host. */
export function addressOf(text: string, isBare = false): Address | undefined {
  const trimmed = text.trim();
  const url = absolute.exec(trimmed) ?? hostAndPort.exec(trimmed) ?? (isBare ? bareHost.exec(trimmed) : null);
  if (url && isBare && bareHost.test(trimmed)) return { host: url[1] ?? '', path: url[2] ?? '' };
  if (url) {
    const [, host = '', port, path = ''] = url;
    return { host, ...(port === undefined || port === '' ? {} : { port }), path };
  }
  if (trimmed.startsWith('/')) return { path: trimmed.split(/[?#]/)[0] ?? '' };
  // `${BASE}/orders`: where it leads is not known, what it asks for is
  if (trimmed.startsWith(hole)) return { host: hole, path: trimmed.slice(hole.length).split(/[?#]/)[0] ?? '' };
  return undefined;
}

const local =
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|\[::1?\]|host\.docker\.internal|docker\.for\.mac\.localhost|172\.17\.0\.1)$/i;

/** The machine itself, or the one that its container runs on. */
export function isLocal(host: string): boolean {
  return local.test(host);
}
