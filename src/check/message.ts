const limit = 119;

/** The first wording that fits under 120 characters; the last is cut where none does. */
export function fitting(...wordings: readonly string[]): string {
  const last = wordings.at(-1) ?? '';
  return wordings.find(wording => wording.length <= limit) ?? `${last.slice(0, limit - 1)}…`;
}

/** `billing, orders and stock`; where there are more than `most`, `billing, orders and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length > most) return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
