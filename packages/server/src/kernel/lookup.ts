/**
 * What a table has under `name`, which somebody else chose: `undefined` where it has nothing of its own. In brackets,
 * `constructor`, `toString` and their like are found in each object.
 */
export const findOwn = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
