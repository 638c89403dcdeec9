declare global {
  interface JSON {
    /** Source: https://github.com/tc39/proposal-json-parse-with-source */
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): boolean;
  }
}

/** A number for `JSON.stringify` that is written as AWS writes doubles, whole or not: `30.0`. */
export function jsonDouble(number: number): unknown {
  if (!Number.isFinite(number)) return String(number);
  return Number.isSafeInteger(number) ? JSON.rawJSON(number.toFixed(1)) : number;
}

/** The value of a JSON text, whose numbers `JSON.stringify` writes as they stand there. */
export function parseAsWritten(text: string): unknown {
  return JSON.parse(text, (...[, value, context]: readonly unknown[]) =>
    typeof value === "number" && hasSource(context) ? JSON.rawJSON(context.source) : value,
  );
}

/** A number as it is written, such as the long ones of `parseExactly`. */
export const isAsWritten = (value: unknown): value is { readonly rawJSON: string } => JSON.isRawJSON(value);

/** Whether there are as many digits together as may be too many for a number of ours. */
export const hasLongNumber = (text: string): boolean => /\d{16}/.test(text);

/** The same, but only of whole numbers that are too long for a number of ours: all else are values as usual. */
export function parseExactly(text: string): unknown {
  if (!hasLongNumber(text)) return JSON.parse(text);
  return JSON.parse(text, (...[, value, context]: readonly unknown[]) =>
    typeof value === "number" && !Number.isSafeInteger(value) && hasSource(context) && /^-?\d+$/.test(context.source)
      ? JSON.rawJSON(context.source)
      : value,
  );
}

/** Source: https://github.com/tc39/proposal-json-parse-with-source */
const hasSource = (context: unknown): context is { readonly source: string } =>
  typeof context === "object" && context !== null && "source" in context && typeof context.source === "string";
