import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';
import { ownValue } from '../model/own-value.ts';
import type { Claim, Provenance, Step } from '../model/provenance.ts';
import { datastoreOf, serviceOf, tableOf } from '../model/query.ts';
import type { Datastore, OwnershipReason, System, Table } from '../model/system.ts';

const reasons = {
  migrates: 'it migrates the table',
  'only-writer': 'it is the only service that writes the table',
  'only-user': 'it is the only service that uses the table',
  'main-writer': 'it does most of the writing',
  'named-after': 'the datastore is named after it',
  configuration: 'lintel.yaml says so',
} as const satisfies Record<OwnershipReason, string>;

/** Why the System says what it says about a service, datastore or table, by its id or the end of it. */
export function renderWhy(system: System, provenance: Provenance, name: string): string {
  const id = claimNamed(system, name);
  return page(titleOf(system, id), [...ownershipOf(system, id), ...(ownValue(provenance, id) ?? [])]);
}

/** `lines` will do for `postgres:orders-db/orders#lines` where no other claim ends like that. */
function claimNamed({ services, datastores, tables }: System, name: string): string {
  const ids = [...services, ...datastores, ...tables].map(({ id }) => id);
  if (ids.includes(name)) return name;
  const [found, ...more] = ids.filter(id => ['#', '/', ':'].some(before => id.endsWith(before + name)));
  if (found !== undefined && more.length === 0) return found;
  const meant = didYouMean(name, ids);
  if (found !== undefined) {
    throw new UserError('LT-007', `${name} may be any of ${[found, ...more].join(', ')}`, {
      hint: 'name the whole id',
    });
  }
  throw new UserError('LT-007', `no service, datastore or table is called ${name}`, {
    hint: meant === undefined ? 'lintel graph lists them' : `did you mean ${meant}?`,
  });
}

function titleOf(system: System, id: string): string {
  const service = serviceOf(system, id);
  if (service) return `${id} is a ${service.role} in ${service.root}`;
  const table = tableOf(system, id);
  if (table) return `${id} is a table of ${table.store}, ${owner(table)}${because(table)}`;
  const store = datastoreOf(system, id);
  return store ? `${id} is a ${store.engine} datastore, ${owner(store)}` : id;
}

function owner({ owner: id }: Datastore | Table): string {
  if (id === undefined) return 'used by nobody';
  return id === null ? 'shared, no owner' : `owned by ${id}`;
}

function because({ ownedBecause }: Table): string {
  return ownedBecause === undefined ? '' : `, because ${reasons[ownedBecause]}`;
}

function ownershipOf(system: System, id: string): Claim[] {
  const evidence = tableOf(system, id)?.ownerEvidence ?? [];
  return evidence.length === 0
    ? []
    : [{ said: 'the ownership shows in', steps: evidence.map(at => ({ step: '', evidence: at })) }];
}

function page(title: string, claims: readonly Claim[]): string {
  return `${title}\n${claims.map(({ said, steps }) => `  ${said}\n${steps.map(line).join('')}`).join('')}`;
}

function line({ step, evidence }: Step): string {
  const place = evidence === undefined ? [] : [`${evidence.file}:${evidence.line}:${evidence.column}`];
  return `    ${[...place, ...(step === '' ? [] : [step])].join('  ')}\n`;
}
