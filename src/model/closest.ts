/** Of several, those that share the longest path with a file; all of them must agree to count. */
export function closest<T extends { readonly file: string }>(list: readonly T[], file: string): readonly T[] {
  if (list.length < 2) return list;
  const score = (f: string): number => {
    const a = f.split('/');
    const b = file.split('/');
    let n = 0;
    while (n < a.length && n < b.length && a[n] === b[n]) n++;
    return n;
  };
  const best = Math.max(...list.map(x => score(x.file)));
  const near = list.filter(x => score(x.file) === best);
  return near.length > 4 ? [] : near;
}
