import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';
import {
  type Annotation,
  type AnnotationKind,
  type Annotations,
  annotationKinds,
  annotationMarker,
} from '../model/annotations.ts';
import { placeOf } from '../yaml-value.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Finding } from './rule.ts';

const shapes = {
  datastore: { pattern: /^[\w-]+:[^/\s]+(\/\S+)?$/, example: 'postgres:orders-db/orders' },
  table: { pattern: /^\S+$/, example: 'order_lines' },
  calls: { pattern: /^\S+$/, example: 'orders' },
  publishes: { pattern: /^\S+$/, example: 'order-placed' },
  consumes: { pattern: /^\S+$/, example: 'order-placed' },
} as const satisfies Record<AnnotationKind, { pattern: RegExp; example: string }>;

/** An annotation that is not understood would settle nothing, which must not look like having settled something. */
export function verifyAnnotations({ all }: Annotations): void {
  for (const annotation of all) verify(annotation);
}

function verify({ kind, value, at }: Annotation): void {
  const known = annotationKinds.find(one => one === kind);
  if (known === undefined) {
    const meant = didYouMean(kind, annotationKinds);
    const hint = meant === undefined ? `known kinds: ${annotationKinds.join(', ')}` : `did you mean ${meant}?`;
    const what = kind === '' ? 'an annotation of no kind' : `${kind} is not a kind of annotation`;
    throw new UserError('LT-009', `${placeOf(at)}: ${what}`, { hint });
  }
  const [blank] = /<[^<>]*>/.exec(value) ?? [];
  if (blank !== undefined) {
    throw new UserError('LT-009', `${placeOf(at)}: ${blank} is still to be filled in`, { hint: exampleOf(known) });
  }
  if (!shapes[known].pattern.test(value)) {
    const what = value === '' ? `no ${kind} is named` : `${value} is not the name of a ${kind}`;
    throw new UserError('LT-009', `${placeOf(at)}: ${what}`, { hint: exampleOf(known) });
  }
}

function exampleOf(kind: AnnotationKind): string {
  return `as ${annotationMarker} ${kind} ${shapes[kind].example}`;
}

const documentation = 'https://github.com/lintel-dev/lintel/blob/main/docs/configuration.md#annotations';

/** What settles nothing should go: it is known otherwise, or no longer there. */
export function unusedAnnotations(unused: readonly Annotation[]): Finding[] {
  return unused.map(({ kind, value, at }) => ({
    rule: 'lintel/unused-annotation',
    severity: 'warn',
    message: `${annotationMarker} ${kind} ${value} settles nothing: all here is known without it, or uses no data`,
    at,
    related: [],
    confidence: 'certain',
    fingerprint: fingerprintOf('lintel/unused-annotation', [at.file, kind, value]),
    url: documentation,
    fix: 'delete the comment, or move it to the place that lintel graph shows as unresolved',
  }));
}
