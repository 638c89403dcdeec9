/** Identities as the pool's owner sees them, and `GetId`, by which users get theirs. */
import { page } from "../../kernel/page.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { identityNotFound, invalidNextToken } from "./errors.ts";
import { identityOf } from "./identity-link.ts";
import { dropIdentity, findIdentity, formatIdentity, identities } from "./identity-row.ts";
import { operation, streaming } from "./kit.ts";
import { PAGE_ROWS_MAX } from "./limits.ts";
import { verifyLogins } from "./login.ts";
import { onPool, poolArn, pools, requireOwnPool, requirePool } from "./pool-row.ts";

/** Differs: the account that may be named is not looked at; a pool's id says whose it is. */
export const getId = streaming("GetId", {
  callers: "open",
  authorize: () => [],

  async receive({ IdentityPoolId, Logins }, context) {
    return verifyLogins(await requirePool(IdentityPoolId, context.tx), Logins, context);
  },

  async handle({ IdentityPoolId }, context, logins) {
    const pool = await requirePool(IdentityPoolId, context.tx);
    const { id } = await identityOf(pool, logins, context);
    return { IdentityId: id };
  },
});

export const describeIdentity = operation("DescribeIdentity", {
  authorize: async ({ IdentityId: id }, context) =>
    onIdentities("DescribeIdentity", await ownPoolOf(id, context), context),

  async handle({ IdentityId: id }, context) {
    const identity = await findIdentity(id, context.tx);
    if (identity === undefined || (await ownPoolOf(id, context)) === undefined) throw identityNotFound(id);
    return formatIdentity(identity);
  },
});

export const listIdentities = operation("ListIdentities", {
  authorize: ({ IdentityPoolId }, context) => onPool("ListIdentities", IdentityPoolId, context),

  async handle({ IdentityPoolId, MaxResults: limit, NextToken: token, HideDisabled }, { tx }) {
    await requireOwnPool(IdentityPoolId, tx);
    const asked = { prefix: [IdentityPoolId], token, limit, max: PAGE_ROWS_MAX, invalidToken: invalidNextToken };
    const { rows, next } = await page(tx, identities, asked);
    const shown = rows.filter(({ standing }) => HideDisabled !== true || standing !== "disabled");
    return { IdentityPoolId, Identities: shown.map(formatIdentity), ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteIdentities = operation("DeleteIdentities", {
  async authorize({ IdentityIdsToDelete }, context) {
    const found = await Promise.all(IdentityIdsToDelete.map((id) => ownPoolOf(id, context)));
    const own = [...new Set(found.filter((id) => id !== undefined))];
    if (own.length === 0) return onIdentities("DeleteIdentities", undefined, context);
    return own.map((poolId) => onIdentities("DeleteIdentities", poolId, context));
  },

  async handle({ IdentityIdsToDelete }, context) {
    const { tx } = context;
    const others: string[] = [];
    for (const id of new Set(IdentityIdsToDelete)) {
      const identity = await findIdentity(id, tx);
      if (identity === undefined) continue;
      if ((await ownPoolOf(id, context)) === undefined) others.push(id);
      else dropIdentity(identity, tx);
    }
    return { UnprocessedIdentityIds: others.map((IdentityId) => ({ IdentityId, ErrorCode: "AccessDenied" as const })) };
  },
});

/** The pool of an identity, where it is the caller's. */
async function ownPoolOf(id: string, { tx }: Pick<Context, "tx">): Promise<string | undefined> {
  const identity = await findIdentity(id, tx);
  return identity && (await tx.get(pools, identity.poolId))?.id;
}

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitoidentity.html (no resource; IdentityPoolArn) */
const onIdentities = (action: string, poolId: string | undefined, context: Context): Access => ({
  action: `cognito-identity:${action}`,
  resource: "*",
  keys: { "cognito-identity:IdentityPoolArn": poolId && poolArn(context, poolId) },
});
