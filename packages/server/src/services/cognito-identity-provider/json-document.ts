/** Members of documents that have no model. */

const memberIn = (document: unknown, [first, ...rest]: readonly string[]): unknown => {
  if (first === undefined) return document;
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, first)) return undefined;
  return memberIn(Object.entries(document).find(([name]) => name === first)?.[1], rest);
};

export function truthIn(document: unknown, ...path: readonly string[]): boolean {
  return memberIn(document, path) === true;
}

/** Whether there is such a member, be it nothing. */
export const hasMember = (document: unknown, ...path: readonly string[]): boolean =>
  memberIn(document, path) !== undefined;

/** The members of an object by name; `undefined` where it is none. */
export function membersIn(document: unknown, ...path: readonly string[]): Record<string, unknown> | undefined {
  const value = memberIn(document, path);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}

export function textIn(document: unknown, ...path: readonly string[]): string | undefined {
  const value = memberIn(document, path);
  return typeof value === "string" ? value : undefined;
}

/** Members as texts, those that are something: whatever is no text becomes one. */
export const textsOf = (members: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );

/** The texts of a list. */
export function textsIn(document: unknown, ...path: readonly string[]): string[] {
  const value = memberIn(document, path);
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** A member in base64url. */
export function bytesIn(document: unknown, ...path: readonly string[]): Uint8Array | undefined {
  const text = textIn(document, ...path);
  return text === undefined ? undefined : Buffer.from(text, "base64url");
}

/** A document that came as text; `undefined` where it is none. */
export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
