/** Lists of secrets, page by page. */
import type { SortByType, SortOrderType } from "@aws-sdk/client-secrets-manager";
import { decodeToken, encodeToken, pageOf, type Page } from "../../kernel/page.ts";
import type { Key } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { tokenInvalid } from "./errors.ts";
import { secrets, secretsByAge, type Secret } from "./secret-row.ts";

export interface Listing {
  readonly token?: string | undefined;
  readonly limit?: number | undefined;
  readonly size: { readonly usual: number; readonly max: number };
  readonly matches: (secret: Secret) => boolean;
  /** Whether those on their way out are listed too. */
  readonly leaving: boolean;
  readonly by?: SortByType | undefined;
  readonly order?: SortOrderType | undefined;
}

const ROWS = 200;

/** The oldest first, where nothing else is asked for. @throws {AwsError} `InvalidNextTokenException` */
export async function secretsInOrder(listing: Listing, context: Context): Promise<Page<Secret>> {
  const { by = "created-date", order } = listing;
  const limit = Math.min(listing.limit ?? listing.size.usual, listing.size.max);
  const isDescending = order === "desc";
  if (by === "created-date") return byAge({ ...listing, limit, isDescending }, context);
  const all: Secret[] = [];
  for await (const secret of listed({ ...listing, isDescending }, undefined, context)) all.push(secret);
  const orderOf = (secret: Secret) => [sortText(secret, by), secret.name];
  const { token } = listing;
  return pageOf(all, { token, limit, orderOf, descending: isDescending, invalidToken: tokenInvalid });
}

const TIME_DIGITS = 16;

function sortText({ name, changedAtMs, accessedAtMs = 0 }: Secret, by: SortByType): string {
  if (by === "name") return name;
  return String(by === "last-changed-date" ? changedAtMs : accessedAtMs).padStart(TIME_DIGITS, "0");
}

interface Walk extends Listing {
  readonly isDescending: boolean;
}

async function byAge(walk: Walk & { readonly limit: number }, context: Context): Promise<Page<Secret>> {
  const after = walk.token === undefined ? undefined : decodeToken(walk.token, tokenInvalid);
  const rows: Secret[] = [];
  for await (const secret of listed(walk, after, context)) {
    const last = rows.at(-1);
    if (rows.length === walk.limit && last !== undefined) {
      return { rows, next: encodeToken(secretsByAge.keyOf(last)) };
    }
    rows.push(secret);
  }
  return { rows };
}

async function* listed(walk: Walk, from: Key | undefined, { tx }: Context): AsyncGenerator<Secret> {
  const { isDescending: reverse, leaving, matches } = walk;
  for (let key = from; ;) {
    const bound = reverse ? { before: key } : { after: key };
    const rows = await tx.scan(secretsByAge, { ...bound, reverse, limit: ROWS });
    for (const { name } of rows) {
      const secret = await tx.get(secrets, name);
      if (secret !== undefined && (leaving || secret.deletion === undefined) && matches(secret)) yield secret;
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    key = secretsByAge.keyOf(last);
  }
}
