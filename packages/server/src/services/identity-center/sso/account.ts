/** What a user sees of accounts. Source: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_ListAccounts.html */
import type { AccountInfo } from "@aws-sdk/client-sso";
import type { AccountId } from "../../../kernel/arn.ts";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import type { Instance } from "../instance-row.ts";
import { linkedSession } from "../linked-session.ts";
import { accountRolesOf } from "./access.ts";
import { requireBearer } from "./bearer.ts";
import { invalidNextToken } from "./errors.ts";
import { operation } from "./kit.ts";

export const listAccounts = operation("ListAccounts", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const signedIn = await requireBearer(input, context);
    const all = await accountRolesOf(signedIn, context);
    const accounts = [...new Set(all.map(({ account }) => account))];
    const { rows, rest } = pageOf(accounts, input, (account) => account);
    return { accountList: await describe(rows, signedIn.instance, context), ...rest };
  },
});

export const listAccountRoles = operation("ListAccountRoles", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const signedIn = await requireBearer(input, context);
    const all = await accountRolesOf(signedIn, context, input.accountId);
    const { rows, rest } = pageOf(all, input, ({ permissionSet }) => permissionSet.name);
    const roleList = rows.map(({ account, permissionSet }) => ({ roleName: permissionSet.name, accountId: account }));
    return { roleList, ...rest };
  },
});

interface Paging {
  readonly nextToken?: string | undefined;
  readonly maxResults?: number | undefined;
}

const PAGE_ROWS_MAX = 100;

function pageOf<Row>(
  all: readonly Row[],
  { nextToken, maxResults = PAGE_ROWS_MAX }: Paging,
  keyOf: (row: Row) => string,
) {
  const after = nextToken === undefined ? "" : String(decodeToken(nextToken, invalidNextToken)[0]);
  const left = all.filter((row) => keyOf(row) > after);
  const rows = left.slice(0, maxResults);
  const last = rows.at(-1);
  const isEnd = last === undefined || left.length <= maxResults;
  return { rows, rest: isEnd ? {} : { nextToken: encodeToken([keyOf(last)]) } };
}

/** Names and addresses are Organizations' to tell; an account in none goes by its id. */
export async function describe(
  accounts: readonly AccountId[],
  instance: Instance,
  context: Context,
): Promise<AccountInfo[]> {
  if (instance.kind === "account" || accounts.length === 0) {
    return accounts.map((accountId) => ({ accountId, accountName: accountId }));
  }
  const as = await linkedSession(instance.account, context);
  const described: AccountInfo[] = [];
  for (const accountId of accounts) {
    const { Account } = await context.call<typeof import("@aws-sdk/client-organizations"), "DescribeAccount">({
      service: "organizations",
      operation: "DescribeAccount",
      input: { AccountId: accountId },
      as,
      account: instance.account,
    });
    described.push({ accountId, accountName: Account?.Name, emailAddress: Account?.Email });
  }
  return described;
}
