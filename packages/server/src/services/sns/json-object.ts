/** Texts that should be JSON objects. */
import { parseBounded } from "../../kernel/bounded-json.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;

/** `undefined` where the text is none. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(parseBounded(text));
  } catch {
    return undefined;
  }
}
