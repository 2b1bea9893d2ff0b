import type { Discovery } from './discovery.ts';
import type { Evaluator } from './evaluate.ts';
import type { Lines } from './lines.ts';
import { isRecord, join, jsonIn, type ModuleResolver } from './modules.ts';
import type { Sources } from './sources.ts';
import type { Edge, Evidence } from './system.ts';
import type { SourceTree } from './tree.ts';
import { each, type Value } from './value.ts';

/** One service that loads source of another. Types are no dependency at run time; the entry of a package is its client. */
export function sourceImports(
  tree: SourceTree,
  discovery: Discovery,
  sources: Sources,
  resolver: ModuleResolver,
  ev: Evaluator,
  lines: Lines,
): Edge[] {
  const found = new Map<string, { edge: Omit<Edge, 'evidence' | 'names'>; evidence: Evidence[]; names: Set<string> }>();
  const deployed = new Set(discovery.services.filter(s => s.role !== 'library'));
  for (const [file, targets] of sources.loads) {
    const from = sources.ownerOf(file);
    if (!from || !deployed.has(from) || !sources.isProduction(file)) continue;
    const foreign = targets.filter(t => {
      const to = sources.ownerOf(t);
      return (
        to !== undefined &&
        to !== from &&
        deployed.has(to) &&
        !to.root.startsWith(`${from.root}/`) &&
        !from.root.startsWith(`${to.root}/`)
      );
    });
    if (foreign.length === 0) continue;
    const code = ev.code(file);
    for (const s of code?.specifiers ?? []) {
      if (s.typeOnly) continue;
      const target = resolver.resolve(file, s.s);
      if (!target || !('file' in target) || !foreign.includes(target.file)) continue;
      const to = sources.ownerOf(target.file);
      if (!to) continue;
      const taken = [...(code?.imports.values() ?? [])].filter(i => i.specifier === s.s && !i.typeOnly);
      const byName =
        to.packageName !== undefined &&
        (s.s === to.packageName ||
          (s.s.startsWith(`${to.packageName}/`) &&
            exportsSubpath(tree, to.root, s.s.slice(to.packageName.length + 1))));
      const values =
        taken.length > 0 ? taken.map(i => ev.exported(target.file, i.name)) : [ev.exported(target.file, '=')];
      const imported = values.some(isModel) ? 'model' : byName ? 'client' : 'source';
      const key = `${from.id}\n${to.id}\n${imported}`;
      const known = found.get(key) ?? {
        edge: { kind: 'imports' as const, from: from.id, to: to.id, confidence: 'certain' as const, imported },
        evidence: [],
        names: new Set<string>(),
      };
      known.evidence.push(lines.at({ file, at: s.at }));
      for (const i of taken)
        known.names.add(i.name === 'default' || i.name === '*' || i.name === '=' ? i.local : i.name);
      found.set(key, known);
    }
  }
  return [...found.values()].map(({ edge, evidence, names }) => ({ ...edge, evidence, names: [...names].sort() }));

  function isModel(v: Value): boolean {
    return each(v).some(
      one =>
        (one.t === 'handle' && one.table !== undefined) ||
        (one.t === 'class' &&
          ev
            .lineage(one)
            .classes.some(c =>
              ev
                .decorators(c.decl.decorators, c.scope)
                .some(d => d.name === 'Entity' || (d.name === 'Schema' && d.pkg === '@nestjs/mongoose')),
            )),
    );
  }
}

/** What a package names in `exports` is meant to be used by others. */
function exportsSubpath(tree: SourceTree, root: string, subpath: string): boolean {
  const json = jsonIn(tree, join(root === '.' ? '' : root, 'package.json'));
  const map = isRecord(json) ? json['exports'] : undefined;
  return isRecord(map) && Object.keys(map).some(key => key === `./${subpath}`);
}
