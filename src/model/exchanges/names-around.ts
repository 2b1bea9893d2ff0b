const written = /([\w$-]+)['"]?\s*(?::\s*[\w.<>[\]]+\s*)?[:=]\s*(?:[\w.[\]'"]+\s*(?:\|\||\?\?)\s*)*$/;

/** The names under which a text stands in the code: of its variable or key, and of the object that it is in. */
export function namesAround(text: string, at: number): string[] {
  const names: string[] = [];
  let end = at;
  for (let n = 0; n < 3; n++) {
    const name = written.exec(text.slice(Math.max(0, end - 200), end))?.[1];
    if (name !== undefined) names.push(name);
    const open = enclosing(text, end);
    if (open === undefined) break;
    end = open;
  }
  return names;
}

/** The brace that is open at a place. */
function enclosing(text: string, at: number): number | undefined {
  let depth = 0;
  for (let i = at - 1; i >= 0 && i > at - 4000; i--) {
    if (text[i] === '}') depth++;
    if (text[i] === '{' && depth-- === 0) return i;
  }
  return undefined;
}
