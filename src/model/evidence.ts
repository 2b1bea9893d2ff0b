import type { Confidence, Edge, Evidence } from './system.ts';

const strength = { certain: 2, likely: 1, guess: 0 } as const satisfies Record<Confidence, number>;

export function weakest(first: Confidence, ...others: readonly Confidence[]): Confidence {
  return others.reduce((least, next) => (strength[next] < strength[least] ? next : least), first);
}

export function strongest(claims: readonly Confidence[]): Confidence {
  return claims.reduce<Confidence>((most, next) => (strength[next] > strength[most] ? next : most), 'guess');
}

/** Where something better than a guess is known, guesses add nothing. */
export function withoutGuesses(edges: readonly Edge[]): readonly Edge[] {
  const known = edges.filter(edge => edge.confidence !== 'guess');
  return known.length > 0 ? known : edges;
}

export function compareEvidence(a: Evidence, b: Evidence): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** The places of several claims, in order, each once. */
export function placesOf(claims: readonly { readonly evidence: readonly Evidence[] }[]): Evidence[] {
  const places = claims.flatMap(claim => claim.evidence).toSorted(compareEvidence);
  return places.filter((place, at) => at === 0 || compareEvidence(place, places[at - 1] ?? place) !== 0);
}

const code = /\.[cm]?[jt]sx?$/;

/** Whether a place is in code, and not in a manifest or an environment file. */
export function isInCode(place: Evidence): boolean {
  return code.test(place.file);
}
