import { technologiesFor } from '../src/extract/index.ts';
import { readModule } from '../src/extract/module.ts';
import { readOutline } from '../src/extract/outline.ts';
import { Evaluator } from '../src/model/evaluate.ts';
import { ModuleResolver, ModuleStore } from '../src/model/modules.ts';
import { packagesOf } from '../src/model/sources.ts';
import { treeOf } from '../src/model/tree.ts';
import { signature } from '../src/model/unions.ts';
import { type Activation, literal, type Origin, type Use } from '../src/model/value.ts';

/**
 * What all code of a few files does to data, one line each, as `write mongoose orders` with `via join` where it is
 * not a query and `?` for a table that is not known. Every function of every file counts as called.
 */
export function usesOf(files: Readonly<Record<string, string>>): string[] {
  return usesIn(files).map(show).sort();
}

export function usesIn(files: Readonly<Record<string, string>>): Use[] {
  const tree = treeOf(files);
  const resolver = new ModuleResolver(tree, packagesOf(tree));
  const modules = new ModuleStore(tree, readModule, readOutline);
  const ev = new Evaluator(modules, resolver, technologiesFor(tree));
  const seen = new Set<Activation>();
  const queue: Activation[] = [];
  for (const file of tree.files) {
    const code = modules.get(file);
    if (!code) continue;
    ev.collectProviders(code);
    for (const unit of code.units) queue.push(ev.genericActivation(code, unit));
    for (const cls of code.classes) {
      const scope = code.units[cls.scope];
      if (scope) ev.declare({ t: 'class', code, decl: cls, scope: ev.genericActivation(code, scope) });
    }
  }
  for (let a = queue.pop(); a; a = queue.pop()) {
    if (seen.has(a)) continue;
    seen.add(a);
    ev.visit(a);
    queue.push(...a.reaches.keys());
  }
  const all = [...seen].flatMap(a => a.uses);
  const sure = new Set(all.filter(u => !u.guessed).map(u => `${u.origin.file}:${u.origin.at}`));
  const uses = all.filter(u => !u.guessed || !sure.has(`${u.origin.file}:${u.origin.at}`));
  const known = uses.filter(
    u =>
      u.table === undefined ||
      literal(u.table) !== undefined ||
      !uses.some(
        k =>
          k !== u &&
          literal(k.table) !== undefined &&
          (isSame(k.origin, u.origin) || (!u.call && isSame(k.call, u.origin))),
      ),
  );
  return [...new Map(known.map(u => [`${show(u)} ${u.origin.file}:${u.origin.at}`, u])).values()];
}

function isSame(a: Origin | undefined, b: Origin): boolean {
  return a?.file === b.file && a.at === b.at;
}

function show(u: Use): string {
  const ref =
    u.table?.t === 'text'
      ? u.table.parts
          .map(p =>
            p === null ? '?' : typeof p === 'string' ? p : p.def ? (literal(p.def) ?? signature(p.def)) : `$${p.key}`,
          )
          .join('')
      : undefined;
  const table = u.op === 'connect' || u.op === 'run-migrations' ? [] : [ref ?? '?'];
  const schema = literal(u.schema);
  return [
    u.op,
    u.tech,
    ...table,
    ...(schema === undefined ? [] : [`in ${schema}`]),
    ...(u.via === 'query' ? [] : [`via ${u.via}`]),
    ...(u.guessed ? ['guessed'] : []),
  ].join(' ');
}
