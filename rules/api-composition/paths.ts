import { didYouMean } from '../../src/did-you-mean.ts';
import type { Endpoint } from '../../src/model/system.ts';

export function partsOf(path: string): string[] {
  return path.split('/').filter(part => part !== '');
}

/** Whether an endpoint may answer a request. A part that is not known may be any number of parts. */
export function isAnswering(endpoint: Endpoint, method: string, path: string): boolean {
  return hasMethod(endpoint, method) && isFor(endpoint, path);
}

/** The same, whatever the method. */
export function isFor({ path: pattern }: Endpoint, path: string): boolean {
  return isFitting(partsOf(pattern), partsOf(path));
}

/** Whether the path of an endpoint ends what is asked for, or is ended by it: a prefix was not read, or is taken away on the way. */
export function isEnding(pattern: string, path: string): boolean {
  const [asked, offered] = [partsOf(path), partsOf(pattern)];
  const length = Math.min(asked.length, offered.length);
  if (asked.length === offered.length || length === 0) return false;
  const ends = asked.slice(-length);
  const pairs = offered.slice(-length).map((part, at) => [part, ends[at] ?? ''] as const);
  return pairs.every(([a, b]) => isFittingPart(a, b)) && pairs.some(([a, b]) => isWord(a) && isWord(b));
}

/** The endpoint that was most likely meant: of the same path, else of one that differs in how a word is spelled. */
export function nearestOf(endpoints: readonly Endpoint[], method: string, path: string): Endpoint | undefined {
  const asked = partsOf(path);
  const samePath = endpoints.find(endpoint => isFor(endpoint, path));
  if (samePath) return samePath;
  const near = endpoints.flatMap(endpoint => {
    const [word, instead, ...others] = differing(partsOf(endpoint.path), asked);
    const isLike = word !== undefined && instead !== undefined && didYouMean(instead, [word]) !== undefined;
    return isLike && others.length === 0 ? [endpoint] : [];
  });
  return near.find(endpoint => hasMethod(endpoint, method)) ?? near[0];
}

/** Whether an endpoint stands beside what is asked for: below the same resource, under another last word. */
export function isBeside(pattern: string, path: string): boolean {
  const [asked, offered] = [partsOf(path), partsOf(pattern)];
  const [word, instead, ...others] = differing(offered, asked);
  const isLast = word === offered.at(-1) && instead === asked.at(-1);
  return others.length === 0 && isLast && offered.slice(0, -1).some(part => isWord(part) && !isCommon.test(part));
}

/** Words that stand before every path of a service and say nothing of what is asked for. */
const isCommon = /^(?:api|rest|v\d+|internal|public|private|external)$/i;

/** The words in which two paths of one length differ, each followed by the other; a part that is no word makes them strangers. */
function differing(pattern: readonly string[], path: readonly string[]): string[] {
  if (pattern.length !== path.length) return [];
  return pattern.flatMap((part, at) => {
    const asked = path[at] ?? '';
    if (isFittingPart(part, asked)) return [];
    return isWord(part) && isWord(asked) ? [part, asked] : [part, asked, part];
  });
}

function hasMethod({ method }: Endpoint, asked: string): boolean {
  return method === 'ANY' || method === 'ALL' || method === asked || (method === 'GET' && asked === 'HEAD');
}

function isWord(part: string): boolean {
  return /^[\w.~-]+$/.test(part);
}

function isFitting(pattern: readonly string[], path: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  const [asked, ...further] = path;
  if (part === undefined) return path.every(isUnknown);
  if (isMany(part)) return isFitting(rest, path) || (asked !== undefined && isFitting(pattern, further));
  if (asked === undefined) return /\?$/.test(part) && isFitting(rest, path);
  if (isUnknown(asked)) return isFitting(rest, path) || isFitting(pattern, further) || isFitting(rest, further);
  return isFittingPart(part, asked) && isFitting(rest, further);
}

/** A wildcard, a group or a pattern of its own stands for any number of parts. */
function isMany(part: string): boolean {
  return /[*+()]|\{.*[*?].*\}|^\{\*/.test(part);
}

function isUnknown(part: string): boolean {
  return part.includes(':any');
}

function isFittingPart(part: string, asked: string): boolean {
  return (
    /^[:{]/.test(part) ||
    part.includes(':') ||
    isUnknown(asked) ||
    /^\{.*\}$/.test(asked) ||
    part.toLowerCase() === asked.toLowerCase()
  );
}
