/** An event as a rule sees it: its fields, whatever its format. */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import { parsePath, valueAt } from "../../../kernel/json-path.ts";
import type { Definition, Filter } from "./definition.ts";

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Field = string | number | undefined;

/** Who contributed what, by one event; `undefined`: the event is none of the rule's. */
export interface Contribution {
  readonly keys: readonly string[];
  readonly value: number;
}

export function contributionOf(definition: Definition, message: string): Contribution | undefined {
  const fieldOf = reader(definition, message);
  if (fieldOf === undefined || !definition.filters.every((filter) => passes(filter, fieldOf(filter.match)))) {
    return undefined;
  }
  const keys = definition.keys.map(fieldOf);
  const value = definition.summed === undefined ? 1 : numberOf(fieldOf(definition.summed));
  if (value === undefined || keys.includes(undefined)) return undefined;
  return { keys: keys.map(String), value };
}

function reader({ format, places }: Definition, message: string): ((name: string) => Field) | undefined {
  if (format === "CLF") {
    const fields = fieldsOfLine(message);
    return (name) => fields[(places.get(name) ?? Number(name)) - 1];
  }
  const root = parseJson(message);
  return root === undefined ? undefined : (path) => scalar(valueAt(root, parsePath(path) ?? []));
}

function parseJson(message: string): unknown {
  if (!/^\s*\{/.test(message)) return undefined;
  try {
    return parseBounded(message);
  } catch {
    return undefined;
  }
}

const scalar = (value: unknown): Field => {
  if (typeof value === "string" || typeof value === "number") return value;
  return typeof value === "boolean" ? String(value) : undefined;
};

/** What stands in quotes or in brackets is one field. A bracket that is never closed is looked at no further than this. */
const FIELD = /"((?:[^"\\]|\\.)*)"|\[([^\]]{0,1000})\]|(\S+)/g;

const fieldsOfLine = (line: string): readonly string[] =>
  [...line.matchAll(FIELD)].map(([, quoted, bracketed, bare]) => quoted ?? bracketed ?? bare ?? "");

function numberOf(field: Field): number | undefined {
  const number = typeof field === "string" && field.trim() === "" ? Number.NaN : Number(field);
  return Number.isFinite(number) ? number : undefined;
}

function passes({ operator, operand }: Filter, field: Field): boolean {
  if (operator === "IsPresent") return (field !== undefined) === operand;
  if (field === undefined) return false;
  if (typeof operand === "object") return passesTexts(operator, operand, String(field));
  const number = numberOf(field);
  return number !== undefined && passesNumber(operator, Number(operand), number);
}

function passesTexts(operator: Filter["operator"], texts: readonly string[], field: string): boolean {
  if (operator === "StartsWith") return texts.some((text) => field.startsWith(text));
  return texts.includes(field) === (operator === "In");
}

function passesNumber(operator: Filter["operator"], operand: number, number: number): boolean {
  if (operator === "GreaterThan") return number > operand;
  if (operator === "LessThan") return number < operand;
  return (number === operand) === (operator === "EqualTo");
}
