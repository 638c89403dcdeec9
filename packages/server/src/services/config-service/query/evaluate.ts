/** A query over documents. A list matches where one of its members does. */
import { memberOf } from "../managed/rule-kind.ts";
import type { Column, Condition, Query, Scalar } from "./parse.ts";

type Document = Readonly<Record<string, unknown>>;

/** All values at the end of a path, those in lists each by itself. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((member: unknown) => valuesAt(member, path));
  const [first, ...rest] = path;
  if (first === undefined) return value === undefined ? [] : [value];
  return valuesAt(memberOf(value, first), rest);
}

const at = (document: Document, path: string): readonly unknown[] => valuesAt(document, path.split("."));

function holds(condition: Condition, document: Document): boolean {
  switch (condition.kind) {
    case "and":
      return condition.all.every((one) => holds(one, document));
    case "or":
      return condition.all.some((one) => holds(one, document));
    case "not":
      return !holds(condition.one, document);
    case "null":
      return at(document, condition.path).every((value) => value === null);
    case "in":
      return at(document, condition.path).some((value) => condition.values.some((one) => compare(value, one) === 0));
    case "between":
      return at(document, condition.path).some(
        (value) => (compare(value, condition.from) ?? -1) >= 0 && (compare(value, condition.to) ?? 1) <= 0,
      );
    case "like":
      return at(document, condition.path).some((value) => isScalar(value) && isLike(String(value), condition.pattern));
    case "compare":
      return at(document, condition.path).some((value) => matches(value, condition.sign, condition.value));
  }
}

function matches(value: unknown, sign: string, wanted: Scalar): boolean {
  const order = compare(value, wanted);
  switch (sign) {
    case "=":
      return order === 0;
    case "<":
      return order !== undefined && order < 0;
    case "<=":
      return order !== undefined && order <= 0;
    case ">":
      return order !== undefined && order > 0;
    case ">=":
      return order !== undefined && order >= 0;
    default:
      return order !== 0;
  }
}

/** What a user's object says of itself as a text is not to be asked for. */
const isScalar = (value: unknown): boolean => typeof value !== "object" || value === null;

/** `undefined`: they cannot be compared. */
function compare(value: unknown, wanted: Scalar): number | undefined {
  if (typeof value === "number" && typeof wanted === "number") return value - wanted;
  if (typeof value === "boolean" || typeof wanted === "boolean")
    return isScalar(value) && String(value) === String(wanted) ? 0 : undefined;
  if (typeof value !== "string") return undefined;
  const text = String(wanted);
  return value === text ? 0 : value < text ? -1 : 1;
}

/** `%` stands for any text, `_` for a character. Looked for part by part, in one pass. */
function isLike(text: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split("%");
  const whole = text.toLowerCase();
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const start = isLast && index > 0 ? Math.max(whole.length - part.length, from) : placeOf(whole, part, from);
    if (start < 0 || !fits(whole, part, start) || (index === 0 && start > 0)) return false;
    from = start + part.length;
  }
  return parts.length > 1 || from === whole.length;
}

const fits = (text: string, part: string, start: number): boolean =>
  start + part.length <= text.length &&
  part.split("").every((character, offset) => character === "_" || character === text[start + offset]);

function placeOf(text: string, part: string, from: number): number {
  for (let start = from; start + part.length <= text.length; start++) if (fits(text, part, start)) return start;
  return -1;
}

/** The rows of the answer, in order. */
export function answerOf({ columns, where, groupBy, orderBy }: Query, documents: readonly Document[]): object[] {
  const found = documents.filter((document) => where === undefined || holds(where, document));
  const isSummed = groupBy.length > 0 || columns.some(({ sum }) => sum !== undefined);
  const rows = isSummed
    ? groupsOf(found, groupBy).map((group) => ({ group, row: rowOf(columns, group) }))
    : found.map((document) => ({ group: [document], row: rowOf(columns, [document]) }));
  for (const { path, descending } of orderBy.toReversed()) {
    rows.sort((left, right) => orderOf(keyOf(left, path), keyOf(right, path)) * (descending ? -1 : 1));
  }
  return rows.map(({ row }) => row);
}

interface Answered {
  readonly group: readonly Document[];
  readonly row: Document;
}

const keyOf = ({ group: [first], row }: Answered, path: string): unknown =>
  Object.hasOwn(row, path) ? row[path] : first && at(first, path)[0];

function orderOf(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [one, other] = [String(left), String(right)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function groupsOf(documents: readonly Document[], paths: readonly string[]): readonly (readonly Document[])[] {
  if (paths.length === 0) return [documents];
  const keyed = Map.groupBy(documents, (document) => JSON.stringify(paths.map((path) => at(document, path))));
  return [...keyed.values()];
}

/** Nested as the document is. */
function rowOf(columns: readonly Column[], group: readonly Document[]): Document {
  const [first] = group;
  const row: Record<string, unknown> = {};
  for (const { name, path, sum } of columns) {
    if (sum !== undefined) row[name] = summed(sum, path, group);
    else if (path === "*") Object.assign(row, first && scalarsOf(first));
    else if (first !== undefined) place(row, name.split("."), valueAt(first, path));
  }
  return row;
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html#query-limitations (SELECT *) */
const STAR = new Set([
  "accountId",
  "arn",
  "availabilityZone",
  "awsRegion",
  "configurationItemCaptureTime",
  "resourceCreationTime",
  "resourceId",
  "resourceName",
  "resourceType",
  "version",
]);

const scalarsOf = (document: Document): object =>
  Object.fromEntries(Object.entries(document).filter(([name]) => STAR.has(name)));

function valueAt(document: Document, path: string): unknown {
  const values = at(document, path);
  return values.length > 1 ? values : values[0];
}

function place(into: Record<string, unknown>, [first = "", ...rest]: readonly string[], value: unknown): void {
  if (value === undefined) return;
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const inner = { ...membersOf(into[first]) };
  place(inner, rest, value);
  into[first] = inner;
}

const membersOf = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});

function summed(sum: NonNullable<Column["sum"]>, path: string, group: readonly Document[]): number | undefined {
  if (sum === "COUNT") {
    return path === "*" ? group.length : group.filter((document) => at(document, path).length > 0).length;
  }
  const numbers = group.flatMap((document) => at(document, path)).filter((value) => typeof value === "number");
  if (numbers.length === 0) return undefined;
  const total = numbers.reduce((all, number) => all + number, 0);
  if (sum === "SUM") return total;
  if (sum === "AVG") return total / numbers.length;
  const further = sum === "MAX" ? Math.max : Math.min;
  return numbers.reduce((one, other) => further(one, other));
}
