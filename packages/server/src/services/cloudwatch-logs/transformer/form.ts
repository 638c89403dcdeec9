/** Processors that came as a text, and not by an operation of the model, which would have looked at them. */
import { findOwn } from "../../../kernel/lookup.ts";
import { isFields } from "./path.ts";
import type { Config } from "./transform.ts";

const BOOLEANS: ReadonlySet<string> = new Set(["overwriteIfExists", "flatten"]);
const LISTS: ReadonlySet<string> = new Set(["withKeys", "columns", "matchPatterns"]);
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["value", "to", "nonMatchValue", "keyPrefix"]);
const TEXT_MAX = 512;
const PROCESSORS_MAX = 20;
const ENTRIES_MAX = 10;

/** What cannot be left out, of the processor or of each of its entries. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  grok: ["match"],
  addKeys: ["key", "value"],
  copyValue: ["source", "target"],
  moveKeys: ["source", "target"],
  renameKeys: ["key", "renameTo"],
  splitString: ["source", "delimiter"],
  substituteString: ["source", "from", "to"],
  typeConverter: ["key", "type"],
  deleteKeys: ["withKeys"],
  lowerCaseString: ["withKeys"],
  trimString: ["withKeys"],
  upperCaseString: ["withKeys"],
  listToMap: ["source", "key"],
  dateTimeConverter: ["source", "target", "matchPatterns"],
};

const WITH_ENTRIES: ReadonlySet<string> = new Set(
  Object.entries(REQUIRED).flatMap(([name, members]) =>
    /^(add|copy|move|rename|split|substitute|type)/.test(name) && members.length > 1 ? [name] : [],
  ),
);

/** Whether a processor can be made of each. */
export const areProcessors = (value: unknown): value is Config =>
  Array.isArray(value) && value.length > 0 && value.length <= PROCESSORS_MAX && value.every(isProcessor);

function isProcessor(value: unknown): boolean {
  if (!isFields(value)) return false;
  return Object.entries(value).every(([name, config]) => isConfig(name, config));
}

function isConfig(name: string, config: unknown): boolean {
  if (!isFields(config)) return false;
  const required = findOwn(REQUIRED, name) ?? [];
  if (!WITH_ENTRIES.has(name)) return isSound(config, required);
  const { entries } = config;
  const isList = Array.isArray(entries) && entries.length > 0 && entries.length <= ENTRIES_MAX;
  return isList && entries.every((entry: unknown) => isFields(entry) && isSound(entry, required));
}

const isSound = (fields: Readonly<Record<string, unknown>>, required: readonly string[]): boolean =>
  required.every((name) => fields[name] !== undefined) &&
  Object.entries(fields).every(([name, value]) => isMember(name, value));

function isMember(name: string, value: unknown): boolean {
  if (BOOLEANS.has(name)) return typeof value === "boolean";
  if (LISTS.has(name)) return Array.isArray(value) && value.every((one) => isText(one, false));
  return isText(value, MAY_BE_EMPTY.has(name));
}

const isText = (value: unknown, mayBeEmpty: boolean): boolean =>
  typeof value === "string" && value.length <= TEXT_MAX && (mayBeEmpty || value !== "");
