/** Attributes of users as updates name them: by a path, with a value that may be anything. */
import type { UserAttributes } from "../user-row.ts";
import { ENTERPRISE, type Extension } from "../user-row.ts";

/** `undefined`: no such attribute, or no such value for it. */
export type Edited = { readonly ok: UserAttributes } | { readonly wrong: "path" | "value" };

const TEXTS = [
  "UserName",
  "DisplayName",
  "NickName",
  "ProfileUrl",
  "UserType",
  "Title",
  "PreferredLanguage",
  "Locale",
  "Timezone",
  "Website",
  "Birthdate",
] as const;

const NAME_TEXTS = [
  "Formatted",
  "FamilyName",
  "GivenName",
  "MiddleName",
  "HonorificPrefix",
  "HonorificSuffix",
] as const;

const TEXT_CHARACTERS_MAX = 1024;
const PHOTOS_MAX = 3;

type Fields = Readonly<Record<string, unknown>>;

/** What a value of an attribute with parts is read as; the parts are in any case of their first letter. */
const LISTS = {
  Emails: { max: 1, read: (of: Fields) => ({ ...typed(of), ...text(of, "Value") }) },
  PhoneNumbers: { max: 1, read: (of: Fields) => ({ ...typed(of), ...text(of, "Value") }) },
  Roles: { max: 1, read: (of: Fields) => ({ ...typed(of), ...text(of, "Value") }) },
  Addresses: {
    max: 1,
    read: (of: Fields) => ({
      ...typed(of),
      ...text(of, "StreetAddress"),
      ...text(of, "Locality"),
      ...text(of, "Region"),
      ...text(of, "PostalCode"),
      ...text(of, "Country"),
      ...text(of, "Formatted"),
    }),
  },
  Photos: {
    max: PHOTOS_MAX,
    read: (of: Fields) => ({ ...typed(of), Value: text(of, "Value").Value ?? "", ...text(of, "Display") }),
  },
} as const;

const typed = (of: Fields) => ({
  ...text(of, "Type"),
  ...(typeof of["Primary"] === "boolean" && { Primary: of["Primary"] }),
});

function text<Name extends string>(of: Fields, name: Name): { readonly [K in Name]?: string } {
  const value = of[name];
  const part: { [K in Name]?: string } = {};
  if (typeof value === "string") part[name] = value;
  return part;
}

/** The attributes with one of them set, or taken away where there is no value. */
export function edited(attributes: UserAttributes, path: string, value: unknown): Edited {
  if (path.startsWith(`${ENTERPRISE}.`)) return editedExtension(attributes, path.slice(ENTERPRISE.length + 1), value);
  const [first = "", second, ...more] = path.split(".").map(capitalized);
  if (more.length > 0) return { wrong: "path" };
  if (second !== undefined) return first === "Name" ? editedName(attributes, second, value) : { wrong: "path" };
  if (first === "Name") return editedWholeName(attributes, value);
  const name = TEXTS.find((each) => each === first);
  if (name === undefined) return editedList(attributes, first, value);
  if (isAbsent(value)) return { ok: { ...attributes, [name]: name === "UserName" ? "" : undefined } };
  return isText(value) ? { ok: { ...attributes, [name]: value } } : { wrong: "value" };
}

function editedName(attributes: UserAttributes, part: string, value: unknown): Edited {
  const name = NAME_TEXTS.find((each) => each === part);
  if (name === undefined) return { wrong: "path" };
  if (!isAbsent(value) && !isText(value)) return { wrong: "value" };
  return { ok: { ...attributes, Name: { ...attributes.Name, [name]: value ?? undefined } } };
}

function editedWholeName(attributes: UserAttributes, value: unknown): Edited {
  if (isAbsent(value)) return { ok: { ...attributes, Name: undefined } };
  const fields = fieldsOf(value);
  if (!fields || !Object.values(fields).every(isText)) return { wrong: "value" };
  const parts = Object.entries(fields).filter(([name]) => NAME_TEXTS.some((each) => each === name));
  const Name: Readonly<Record<string, string>> = Object.fromEntries(
    parts.flatMap(([name, part]) => (isText(part) ? [[name, part]] : [])),
  );
  return { ok: { ...attributes, Name } };
}

function editedList(attributes: UserAttributes, first: string, value: unknown): Edited {
  if (!isList(first)) return { wrong: "path" };
  if (isAbsent(value)) return { ok: { ...attributes, [first]: undefined } };
  const { max, read } = LISTS[first];
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  const entries = values.map(fieldsOf).filter((fields) => fields !== undefined);
  if (entries.length === 0 || entries.length !== values.length || entries.length > max) return { wrong: "value" };
  const texts = entries.flatMap((entry) => Object.values(entry).filter((part) => typeof part !== "boolean"));
  return texts.every(isText) ? { ok: { ...attributes, [first]: entries.map(read) } } : { wrong: "value" };
}

const isList = (name: string): name is keyof typeof LISTS => Object.hasOwn(LISTS, name);

function editedExtension(attributes: UserAttributes, path: string, value: unknown): Edited {
  const [name = "", ...more] = path.split(".");
  if (more.length > 0) return { wrong: "path" };
  const { [name]: _, ...others } = attributes.Extensions?.[ENTERPRISE] ?? {};
  const added = isAbsent(value) ? {} : readExtension({ [name]: value });
  if (!added) return { wrong: "value" };
  return { ok: { ...attributes, Extensions: { ...attributes.Extensions, [ENTERPRISE]: { ...others, ...added } } } };
}

/** The attributes of an extension; `undefined` where it is not made of texts. */
export function readExtension(value: unknown): Extension | undefined {
  if (!isRecord(value)) return undefined;
  const extension: Extension = {};
  for (const [name, each] of Object.entries(value)) {
    const nested = isRecord(each) ? readTexts(each) : undefined;
    if (nested) extension[name] = nested;
    else if (isText(each)) extension[name] = each;
    else return undefined;
  }
  return extension;
}

function readTexts(fields: Fields): Record<string, string> | undefined {
  const texts: Record<string, string> = {};
  for (const [name, each] of Object.entries(fields)) {
    if (!isText(each)) return undefined;
    texts[name] = each;
  }
  return texts;
}

function fieldsOf(value: unknown): Fields | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [capitalized(name), each]));
}

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= TEXT_CHARACTERS_MAX;

const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

const capitalized = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
