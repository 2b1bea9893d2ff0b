import { plain } from './purpose.ts';
import { baseOf, folderOf } from './survey.ts';
import type { Group } from './unit.ts';

const generic = new Set([
  '.',
  'src',
  'source',
  'app',
  'code',
  'codes',
  'lib',
  'html',
  'function',
  'functions',
  'lambda',
  'package',
  'packages',
]);

/** The name a maintainer would use: the folder's, or where that says nothing the one it is deployed under. Unique. */
export function namesOf(groups: readonly Group[]): Map<Group, string> {
  const names = new Map(groups.map(group => [group, firstName(group)]));
  for (const longer of [longName, (group: Group): string => (group.root === '.' ? firstName(group) : group.root)]) {
    const counts = new Map<string, number>();
    for (const name of names.values()) counts.set(plain(name), (counts.get(plain(name)) ?? 0) + 1);
    for (const group of groups)
      if ((counts.get(plain(names.get(group) ?? '')) ?? 0) > 1) names.set(group, longer(group));
  }
  return names;
}

function firstName(group: Group): string {
  const configured = group.units.find(unit => unit.kind === 'configuration');
  if (configured) return configured.name;
  const folder = baseOf(group.root);
  const numbered = /^\d+[-_.]+(.+)$/s.exec(folder)?.[1];
  const deployed = [
    ...new Set(
      group.units
        .filter(unit => ['compose', 'kubernetes', 'cdk', 'serverless', 'nx', 'nest'].includes(unit.kind))
        .map(unit => unit.name),
    ),
  ];
  if (!generic.has(folder.toLowerCase()) && numbered === undefined) return folder;
  if (deployed.length === 1 && deployed[0]) return deployed[0];
  if (numbered !== undefined) return numbered;
  const parent = baseOf(folderOf(group.root));
  if (group.root !== '.' && !generic.has(parent)) return parent;
  if (group.root !== '.' && deployed.length > 1) return folder;
  return deployed[0] ?? group.units[0]?.name ?? group.root;
}

function longName(group: Group): string {
  const parents = folderOf(group.root)
    .split('/')
    .filter(segment => !['.', 'services', 'apps', 'packages', 'src', 'microservices'].includes(segment));
  return [parents.at(-1), baseOf(group.root)].filter(Boolean).join('/');
}
