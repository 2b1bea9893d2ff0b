import { type Config, missing } from './config.ts';
import { didYouMean } from './did-you-mean.ts';
import { ownValue } from './model/own-value.ts';
import type { System } from './model/system.ts';
import type { SourceTree } from './model/tree.ts';

/** A rule or a folder that does not exist would be checked by nobody, which must not look like a pass. */
export function verifyNames(config: Config, tree: SourceTree, rules: readonly string[]): void {
  for (const rule of Object.keys(config.rules)) {
    const at = ownValue(config.rulePlaces, rule);
    if (at && !rules.includes(rule))
      throw missing(at, `rule ${rule} does not exist`, hintFor(rule, rules, 'lintel explain lists the rules'));
  }
  for (const { id, path, at } of config.services) {
    if (path !== undefined && path !== '.' && !tree.files.some(file => file.startsWith(`${path}/`))) {
      throw missing(at, `services.${id}.path ${path} holds no file`, 'paths are relative to the folder of lintel.yaml');
    }
  }
}

/** Called once the services are known. */
export function verifyServices(config: Config, system: System): void {
  const known = system.services.map(({ id }) => id);
  for (const { id, at } of config.services) {
    if (!known.includes(id))
      throw missing(
        at,
        `${id} is not a service of this repository`,
        hintFor(id, known, 'lintel graph lists the services'),
      );
  }
}

/** A host that leads nowhere would join nothing. `servers` are the names of the servers that the manifests start. */
export function verifyHosts(config: Config, system: System, servers: readonly string[]): void {
  const known = [
    ...system.services.map(({ id }) => id),
    ...system.datastores.flatMap(({ server }) => server ?? []),
    ...servers,
  ];
  for (const [host, target] of Object.entries(config.hosts)) {
    const at = ownValue(config.hostPlaces, host);
    if (at && !known.includes(target))
      throw missing(
        at,
        `hosts.${host}: ${target} is neither a service nor a database server of this repository`,
        hintFor(target, known, 'lintel graph lists the services and datastores'),
      );
  }
}

function hintFor(word: string, names: readonly string[], otherwise: string): string {
  const meant = didYouMean(word, names);
  return meant === undefined ? otherwise : `did you mean ${meant}?`;
}
