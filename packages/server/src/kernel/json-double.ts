declare global {
  interface JSON {
    /** Source: https://github.com/tc39/proposal-json-parse-with-source */
    rawJSON(text: string): unknown;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown,
    ): unknown;
  }
}

/** A number for `JSON.stringify` that is written as AWS writes doubles, whole or not: `30.0`. */
export function jsonDouble(number: number): unknown {
  if (!Number.isFinite(number)) return String(number);
  return Number.isSafeInteger(number) ? JSON.rawJSON(number.toFixed(1)) : number;
}

/** The value of a JSON text, whose numbers `JSON.stringify` writes as they stand there. */
export const parseAsWritten = (text: string): unknown =>
  JSON.parse(text, (_key, value, { source }) => (typeof value === "number" ? JSON.rawJSON(source) : value));
