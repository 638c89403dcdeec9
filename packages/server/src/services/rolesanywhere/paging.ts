/** The one way of paging: `nextToken` and `pageSize` in, `nextToken` out. */
import { page } from "../../kernel/page.ts";
import type { Key, Table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { invalidNextToken, invalidPageSize } from "./errors.ts";
import { PAGE_ROWS_MAX, PAGE_ROWS_USUAL } from "./limits.ts";

interface Paging {
  readonly nextToken?: string | undefined;
  readonly pageSize?: number | undefined;
}

/** Of the calling account, in the region of the call. @throws {AwsError} `ValidationException` */
export async function list<Row>(from: Table<Row>, { nextToken: token, pageSize: limit }: Paging, context: Context) {
  if (limit !== undefined && limit < 1) throw invalidPageSize();
  const prefix: Key = [context.account, context.region];
  const { rows, next } = await page(context.tx, from, {
    prefix,
    token,
    limit,
    max: PAGE_ROWS_MAX,
    usual: PAGE_ROWS_USUAL,
    invalidToken: invalidNextToken,
  });
  return { rows, rest: next === undefined ? {} : { nextToken: next } };
}
