import { page } from "../../../kernel/page.ts";
import type { Key, Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { invalidToken } from "./errors.ts";

interface Paging {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_ListUsers.html (MaxResults) */
const PAGE_ROWS_MAX = 100;

/** One page, and what of it is to be spread into the output. */
export async function list<Row>(
  from: Table<Row>,
  prefix: Key,
  { NextToken: token, MaxResults: limit }: Paging,
  context: Pick<Context, "tx" | "requestId">,
): Promise<{ readonly rows: readonly Row[]; readonly rest: { readonly NextToken?: string } }> {
  const invalid = () => invalidToken(context);
  const { rows, next } = await page(context.tx, from, {
    prefix,
    token,
    limit,
    max: PAGE_ROWS_MAX,
    invalidToken: invalid,
  });
  return { rows, rest: next === undefined ? {} : { NextToken: next } };
}
