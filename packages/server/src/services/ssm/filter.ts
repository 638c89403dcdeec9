/**
 * Which parameters a list is asked for.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
import { findOwn } from "../../kernel/lookup.ts";
import {
  filterKeyInvalid,
  filterOptionInvalid,
  filterPathReserved,
  filterTwice,
  filterValueInvalid,
  filterValuesMissing,
  pathInvalid,
} from "./errors.ts";
import { keyOf } from "./parameter-name.ts";
import type { Parameter } from "./parameter-row.ts";

export interface StringFilter {
  readonly Key: string;
  readonly Option?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

export type Matches = (parameter: Parameter) => boolean;

/** How the operation's filters are named. */
export interface FilterRules {
  readonly keys: readonly string[];
  /** As AWS lists them. */
  readonly listed: string;
}

const TYPES = ["String", "StringList", "SecureString"];
const TIERS = ["Standard", "Advanced", "Intelligent-Tiering"];

/** All of them have to match. @throws {AwsError} `InvalidFilterKey`, `InvalidFilterOption`, `InvalidFilterValue` */
export function requireFilters(filters: readonly StringFilter[], { keys, listed }: FilterRules): Matches {
  const seen = new Set<string>();
  const all = filters.map((filter) => {
    const { Key: key } = filter;
    if (!keys.includes(key.startsWith("tag:") ? "tag" : key)) throw filterKeyInvalid(key, listed);
    if (seen.has(key)) throw filterTwice(key);
    seen.add(key);
    return matcherOf(filter);
  });
  return (parameter) => all.every((matches) => matches(parameter));
}

function matcherOf(filter: StringFilter): Matches {
  const { Key: key, Values: values } = filter;
  if (key.startsWith("tag:")) return tagMatcher(key.slice("tag:".length), filter);
  if (values === undefined || values.length === 0) throw filterValuesMissing(key);
  switch (key) {
    case "Path":
      return pathMatcher({ ...filter, Values: values });
    case "Name":
      return nameMatcher({ ...filter, Values: values });
    case "Type":
      requireValues(values, filter.Option === "BeginsWith" ? [] : TYPES);
      return textMatcher(filter, values, ({ type }) => type);
    case "Tier":
      requireValues(values, TIERS);
      return textMatcher(filter, values, ({ tier }) => tier);
    case "DataType":
      return textMatcher(filter, values, ({ dataType }) => dataType);
    default:
      return textMatcher(filter, values, ({ keyId }) => keyId);
  }
}

interface FullFilter extends StringFilter {
  readonly Values: readonly string[];
}

function tagMatcher(tag: string, { Option: option = "Equals", Values: values = [] }: StringFilter): Matches {
  if (option !== "Equals" && option !== "BeginsWith") throw filterOptionInvalid(option, "BeginsWith, Equals");
  return ({ tags }) => {
    const text = findOwn(tags, tag);
    if (text === undefined || values.length === 0) return text !== undefined;
    return values.some((value) => (option === "Equals" ? text === value : text.startsWith(value)));
  };
}

function requireValues(values: readonly string[], valid: readonly string[]): void {
  const other = valid.length === 0 ? undefined : values.find((value) => !valid.includes(value));
  if (other !== undefined) throw filterValueInvalid(other, valid.join(", "));
}

function textMatcher(
  { Option: option = "Equals" }: StringFilter,
  values: readonly string[],
  textOf: (parameter: Parameter) => string | undefined,
): Matches {
  if (option !== "Equals" && option !== "BeginsWith") throw filterOptionInvalid(option, "BeginsWith, Equals");
  return (parameter) => {
    const text = textOf(parameter);
    if (text === undefined) return false;
    return values.some((value) => (option === "Equals" ? text === value : text.startsWith(value)));
  };
}

/** A slash at the beginning may be left out. */
function nameMatcher({ Option: option = "Equals", Values: values }: FullFilter): Matches {
  if (option === "Contains") return ({ key }) => values.some((value) => key.includes(value));
  if (option !== "Equals" && option !== "BeginsWith") throw filterOptionInvalid(option, "BeginsWith, Equals");
  const keys = values.map(keyOf);
  return ({ key }) => keys.some((value) => (option === "Equals" ? key === value : key.startsWith(value)));
}

function pathMatcher({ Option: option = "OneLevel", Values: values }: FullFilter): Matches {
  if (option !== "OneLevel" && option !== "Recursive") throw filterOptionInvalid(option, "Recursive, OneLevel");
  for (const value of values) requirePath(value);
  const prefixes = values.map((value) => (value.endsWith("/") ? value : `${value}/`));
  return ({ key }) =>
    prefixes.some(
      (prefix) => key.startsWith(prefix) && (option === "Recursive" || !key.slice(prefix.length).includes("/")),
    );
}

function requirePath(path: string): void {
  if (/^\/(aws|ssm)/i.test(path)) throw filterPathReserved();
  if (!isPath(path)) throw pathInvalid();
}

/** `/`, `/a/b`, `/a/b/`. */
export const isPath = (path: string): boolean => /^\/$|^(\/[\w.-]+)+\/?$/.test(path);
