declare global {
  interface JSON {
    /** Source: https://github.com/tc39/proposal-json-parse-with-source */
    rawJSON(text: string): unknown;
  }
}

/** A number for `JSON.stringify` that is written as AWS writes doubles, whole or not: `30.0`. */
export function jsonDouble(number: number): unknown {
  if (!Number.isFinite(number)) return String(number);
  return Number.isSafeInteger(number) ? JSON.rawJSON(number.toFixed(1)) : number;
}
