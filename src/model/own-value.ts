/** What a record itself holds under a name that comes from a repository: `constructor` and `__proto__` are names too. */
export function ownValue<Value>(record: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}
