/** Whether two values say the same, whatever they are made of. */

/** The first place where they differ, with both values; `undefined` where they do not. */
export function differenceOf(expected: unknown, actual: unknown): string | undefined {
  return compare(normal(expected), normal(actual), "");
}

function compare(expected: unknown, actual: unknown, path: string): string | undefined {
  if (expected === actual) return undefined;
  if (!isEntries(expected) || !isEntries(actual)) return `${path || "."}: ${brief(expected)} became ${brief(actual)}`;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const found = compare(expected[name], actual[name], `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isEntries = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const brief = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 90);

/** Absent members left out, dates and bytes as text, lists and objects as entries. */
function normal(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return { list: value.length, ...Object.fromEntries(value.map(normal).entries()) };
  if (!isEntries(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [name, normal(item)]);
  return Object.fromEntries(entries.filter(([name, item]) => item !== undefined && name !== "$metadata"));
}
