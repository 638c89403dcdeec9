/**
 * Processors that change fields. What they are told of and is not there, they leave alone.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-JSONMutate.html,
 * CloudWatch-Logs-Transformation-StringMutate.html, CloudWatch-Logs-Transformation-Datatype.html
 */
import type { ListToMap, Processor, TypeConverterEntry } from "@aws-sdk/client-cloudwatch-logs";
import type { Validated } from "../../../service/sdk.ts";
import { substitutionInvalid } from "../errors.ts";
import type { CompileRegex } from "../regex.ts";
import type { Draft, Step } from "./parser.ts";
import { deleteField, fieldAt, isFields, setField, setOwn, type Fields } from "./path.ts";

type Config<Name extends keyof Processor> = NonNullable<Validated<Processor>[Name]>;

/** Of each entry by itself. */
const each =
  <Entry>(entries: readonly Entry[], work: (fields: Fields, entry: Entry) => void): Step =>
  ({ fields }) => {
    for (const entry of entries) work(fields, entry);
    return true;
  };

/** The same, where an entry adds to an event; an event that gets too large is not transformed. */
const adding =
  <Entry>(entries: readonly Entry[], added: (draft: Draft, entry: Entry) => Added): Step =>
  (draft) => {
    for (const entry of entries) {
      const { path, value, overwrite } = added(draft, entry);
      draft.room -= JSON.stringify(value ?? "").length;
      if (draft.room < 0) return false;
      putUnless(draft.fields, path, { value, overwrite });
    }
    return true;
  };

interface Added {
  readonly path: string;
  readonly value: unknown;
  readonly overwrite: boolean | undefined;
}

function putUnless(
  fields: Fields,
  path: string,
  { value, overwrite = false }: { value: unknown; overwrite?: boolean | undefined },
) {
  if (value !== undefined && (overwrite || fieldAt(fields, path) === undefined)) setField(fields, path, value);
}

export const addKeys = ({ entries }: Config<"addKeys">): Step =>
  adding(entries, (_draft, { key: path, value, overwriteIfExists: overwrite }) => ({ path, value, overwrite }));

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

export const deleteKeys = ({ withKeys }: Config<"deleteKeys">): Step => each(withKeys, deleteField);

export const copyValue = ({ entries }: Config<"copyValue">): Step =>
  adding(entries, ({ fields, metadata }, { source, target: path, overwriteIfExists: overwrite }) => ({
    path,
    value: metadata[source] ?? structuredClone(fieldAt(fields, source)),
    overwrite,
  }));

/** A field that is moved goes into an object, under its own name. */
export const moveKeys = ({ entries }: Config<"moveKeys">): Step =>
  each(entries, (fields, { source, target, overwriteIfExists }) => {
    const name = source.split(".").at(-1) ?? source;
    move(fields, { from: source, to: `${target}.${name}`, overwriteIfExists });
  });

export const renameKeys = ({ entries }: Config<"renameKeys">): Step =>
  each(entries, (fields, { key, renameTo, overwriteIfExists }) =>
    move(fields, { from: key, to: renameTo, overwriteIfExists }),
  );

interface Move {
  readonly from: string;
  readonly to: string;
  readonly overwriteIfExists: boolean | undefined;
}

function move(fields: Fields, { from, to, overwriteIfExists: overwrite = false }: Move): void {
  const value = fieldAt(fields, from);
  if (value === undefined || (!overwrite && fieldAt(fields, to) !== undefined)) return;
  deleteField(fields, from);
  setField(fields, to, value);
}

/** A list of objects becomes an object, by one of their fields. */
export const listToMap = (config: Validated<ListToMap>): Step =>
  each([config], (fields, { source, key, valueKey, target, flatten = false, flattenedElement = "first" }) => {
    const list = fieldAt(fields, source);
    if (!Array.isArray(list)) return;
    const mapped: Fields = {};
    for (const [name, values] of grouped(list.filter(isFields), key, valueKey)) {
      setOwn(mapped, name, flatten ? values.at(flattenedElement === "first" ? 0 : -1) : values);
    }
    if (target !== undefined) setField(fields, target, mapped);
    else for (const [name, value] of Object.entries(mapped)) setOwn(fields, name, value);
  });

function grouped(items: readonly Fields[], key: string, valueKey: string | undefined): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const item of items) {
    const name = textOf(fieldAt(item, key));
    const value = valueKey === undefined ? item : fieldAt(item, valueKey);
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}

const ofTexts = (keys: readonly string[], change: (text: string) => string): Step =>
  each(keys, (fields, key) => {
    const value = fieldAt(fields, key);
    if (typeof value === "string") setField(fields, key, change(value));
  });

export const lowerCaseString = ({ withKeys }: Config<"lowerCaseString">): Step =>
  ofTexts(withKeys, (text) => text.toLowerCase());

export const upperCaseString = ({ withKeys }: Config<"upperCaseString">): Step =>
  ofTexts(withKeys, (text) => text.toUpperCase());

export const trimString = ({ withKeys }: Config<"trimString">): Step => ofTexts(withKeys, (text) => text.trim());

export const splitString = ({ entries }: Config<"splitString">): Step =>
  each(entries, (fields, { source, delimiter }) => {
    const value = fieldAt(fields, source);
    if (typeof value === "string") setField(fields, source, value.split(delimiter));
  });

export function substituteString({ entries }: Config<"substituteString">, compile: CompileRegex): Step {
  const compiled = entries.map(({ source, from, to }) => {
    const invalid = () => substitutionInvalid(from);
    const groups = compile(`(?:${from})|`, { invalid }).find("")?.groups.length ?? 0;
    if (!isReplacement(to, groups)) throw substitutionInvalid(to);
    return { source, to: unescaped(to), regex: compile(from, { invalid }) };
  });
  return each(compiled, (fields, { source, regex, to }) => {
    const value = fieldAt(fields, source);
    if (typeof value === "string") setField(fields, source, regex.replaceAll(value, to));
  });
}

/** Dollars name groups that there are; what is meant as itself stands behind a backslash. */
const isReplacement = (to: string, groups: number): boolean =>
  [...to.matchAll(/\\(.?)|\$(\d*)/gs)].every(([, escaped, digits]) =>
    digits === undefined ? escaped !== "" : digits !== "" && Number(digits) <= groups,
  );

/** As the compiler of expressions takes it, for which two dollars are one. */
const unescaped = (to: string): string =>
  to.replaceAll(/\\(.)/gs, (_whole, sign: string) => (sign === "$" ? "$$" : sign));

type Type = Validated<TypeConverterEntry>["type"];

/** What cannot be converted stays as it is. */
export const typeConverter = ({ entries }: Config<"typeConverter">): Step =>
  each(entries, (fields, { key, type }) => {
    const value = fieldAt(fields, key);
    const converted = value === undefined ? undefined : convert(value, type);
    if (converted !== undefined) setField(fields, key, converted);
  });

function convert(value: unknown, type: Type): unknown {
  if (type === "string") return textOf(value);
  const text = String(value).trim();
  if (type === "boolean") return text === "true" || (text === "false" ? false : undefined);
  const number = text === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) return undefined;
  return type === "integer" ? Math.trunc(number) : number;
}
