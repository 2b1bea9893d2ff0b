import { partsOf, textOf } from '../model/texts.ts';
import type { Part, Value } from '../model/value.ts';

/** The name at the end of a URL, an ARN or a path of resources. */
export function lastPart(place: Value): Value {
  if (place.t === 'union') return { t: 'union', of: place.of.map(lastPart) };
  if (place.t !== 'text') return place;
  const parts = [...partsOf(place)];
  const at = parts.findLastIndex(p => typeof p === 'string' && /[/:]/.test(p));
  const cut = parts[at];
  if (typeof cut !== 'string') return place;
  const tail = cut.slice(Math.max(cut.lastIndexOf('/'), cut.lastIndexOf(':')) + 1);
  const rest: Part[] = [...(tail === '' ? [] : [tail]), ...parts.slice(at + 1)];
  return textOf(rest, place.origin);
}
