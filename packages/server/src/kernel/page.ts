import type { AwsError } from "./aws-error.ts";
import type { Key, Table, Transaction } from "./table.ts";

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Present where there is more. */
  readonly next?: string;
}

export interface PageRequest {
  readonly prefix?: Key | undefined;
  readonly startsWith?: string | undefined;
  readonly token?: string | undefined;
  readonly limit?: number | undefined;
  /** From the last key to the first. */
  readonly descending?: boolean | undefined;
  /** The largest page the service gives. */
  readonly max: number;
  /** The size of a page asked for without a limit; `max` where it is left out. */
  readonly usual?: number;
  /** What this service answers to a token that it never gave. */
  readonly invalidToken: () => AwsError;
}

/**
 * One page of `from`, in key order or against it. A token is the last key given, so a page stays where it was
 * when rows are put or deleted around it.
 *
 * @throws {AwsError} `request.invalidToken()`
 */
export async function page<Row>(tx: Transaction, from: Table<Row>, request: PageRequest): Promise<Page<Row>> {
  const limit = Math.min(request.limit ?? request.usual ?? request.max, request.max);
  const after = request.token === undefined ? undefined : decodeToken(request.token, request.invalidToken);
  const { prefix, startsWith, descending = false } = request;
  const bounds = descending ? { before: after, reverse: true } : { after };
  const rows = await tx.scan(from, { limit: limit + 1, prefix, startsWith, ...bounds });
  if (rows.length <= limit) return { rows };
  const given = rows.slice(0, limit);
  const last = given.at(-1);
  return last === undefined ? { rows: given } : { rows: given, next: encodeToken(from.keyOf(last)) };
}

/** How rows that are all at hand are paged. */
export interface PageOfRequest<Row> extends Pick<PageRequest, "token" | "invalidToken"> {
  readonly limit: number;
  /** The texts by which a row is ordered, together its own alone. */
  readonly orderOf: (row: Row) => readonly string[];
  readonly descending?: boolean | undefined;
}

/**
 * One page of rows that are all at hand, in the order that `orderOf` gives; tokens as those of `page`.
 *
 * @throws {AwsError} `request.invalidToken()`
 */
export function pageOf<Row>(all: readonly Row[], request: PageOfRequest<Row>): Page<Row> {
  const { token, limit, orderOf, descending = false, invalidToken } = request;
  const compare = (one: readonly string[], other: readonly string[]): number =>
    descending ? compareTexts(other, one) : compareTexts(one, other);
  const after = token === undefined ? undefined : decodeToken(token, invalidToken).map(String);
  const rows = all
    .filter((row) => after === undefined || compare(orderOf(row), after) > 0)
    .toSorted((one, other) => compare(orderOf(one), orderOf(other)));
  const given = rows.slice(0, limit);
  const last = given.at(-1);
  return rows.length <= limit || last === undefined
    ? { rows: given }
    : { rows: given, next: encodeToken(orderOf(last)) };
}

function compareTexts(one: readonly string[], other: readonly string[]): number {
  for (const [at, text] of one.entries()) {
    const against = other[at] ?? "";
    if (text !== against) return text < against ? -1 : 1;
  }
  return 0;
}

/** A key as an opaque page token. */
export function encodeToken(key: Key): string {
  return Buffer.from(JSON.stringify(key), "utf8").toString("base64url");
}

/** @throws {AwsError} `invalid()` where `token` is not one that `encodeToken` gave. */
export function decodeToken(token: string, invalid: () => AwsError): Key {
  const parts = readJson(Buffer.from(token, "base64url").toString("utf8"));
  if (!Array.isArray(parts) || !parts.every(isKeyPart)) throw invalid();
  return parts;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a key that went through JSON has such a part: never bytes. */
const isKeyPart = (part: unknown): part is string | number | boolean =>
  typeof part === "string" || typeof part === "boolean" || Number.isSafeInteger(part);
