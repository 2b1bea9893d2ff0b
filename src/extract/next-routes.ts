export interface FileRoute {
  readonly method: string;
  readonly path: string;
  /** Where the file says so. */
  readonly at: number;
}

const methods = 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS';
const declared = new RegExp(`^export\\s+(?:async\\s+)?(?:function\\s*\\*?|const|let|var)\\s+(${methods})\\b`, 'gm');
const listed = /^export\s*\{([^}]*)\}/gm;
const named = new RegExp(`(?:^|,|\\bas\\s)\\s*(${methods})\\s*(?=,|$)`, 'g');

/** Routes that Next.js finds by where a file is, below the folder of an application: handlers in `app`, all of `pages/api`. */
export function nextRoutes(file: string, text: string): readonly FileRoute[] {
  const inApp = /^(?:src\/)?app\/((?:.*\/)?)route\.[jt]sx?$/.exec(file)?.[1];
  if (inApp !== undefined) {
    const path = pathOf(inApp.split('/').filter(part => part !== '' && !/^(?:\([^.)][^)]*\)|@.*)$/.test(part)));
    return path === undefined ? [] : methodsIn(text).map(({ method, at }) => ({ method, path, at }));
  }
  const inPages = /^(?:src\/)?pages\/(api(?:\/.*)?)\.[jt]sx?$/.exec(file)?.[1];
  const at = text.search(/^export\s+default\b|^export\s*\{[^}]*\bdefault\b|^module\.exports\b/m);
  const path = inPages === undefined ? undefined : pathOf(inPages.replace(/\/index$/, '').split('/'));
  return path === undefined || at < 0 ? [] : [{ method: 'ANY', path, at }];
}

/** What an application's configuration puts before all its paths; undefined where that cannot be told. */
export function nextBasePath(configuration: string): string | undefined {
  if (/\bpageExtensions\b/.test(configuration)) return undefined;
  if (!/\bbasePath\b/.test(configuration)) return '';
  return /\bbasePath\s*:\s*(['"])([^'"]*)\1/.exec(configuration)?.[2];
}

function methodsIn(text: string): { method: string; at: number }[] {
  const found = [...text.matchAll(declared)].map(m => ({ method: m[1] ?? '', at: m.index }));
  for (const list of text.matchAll(listed))
    for (const one of (list[1] ?? '').matchAll(named)) found.push({ method: one[1] ?? '', at: list.index });
  return found;
}

/** Undefined for folders that are no part of a path: private ones and those that show a page within another. */
function pathOf(parts: readonly string[]): string | undefined {
  if (parts.some(part => part.startsWith('_') || /^\(\.+\)/.test(part))) return undefined;
  return `/${parts.map(part => part.replace(/^\[\[?\.\.\.[^\]]*\]\]?$/, '*').replace(/^\[([^\]]+)\]$/, ':$1')).join('/')}`;
}
