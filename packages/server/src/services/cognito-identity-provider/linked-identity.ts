/** Identities of external providers that a user is known by. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html */
import type { Context } from "../../service/context.ts";
import { aliasExists, invalidParameter, providerNotFound, tooMany, userNotFound } from "./errors.ts";
import { providers } from "./identity-provider-row.ts";
import { operation } from "./kit.ts";
import { askOfPool, requirePool, type Pool } from "./pool-row.ts";
import { putUser, requireUser, users, type User } from "./user-row.ts";

const IDENTITIES_MAX = 5;
const ROWS_AT_ONCE = 1000;

/** What names an identity, or a user of the pool itself (`Cognito`). */
interface Named {
  readonly ProviderName?: string | undefined;
  readonly ProviderAttributeName?: string | undefined;
  readonly ProviderAttributeValue?: string | undefined;
}

export const adminLinkProviderForUser = operation("AdminLinkProviderForUser", {
  authorize: ({ UserPoolId }, context) => askOfPool("AdminLinkProviderForUser", UserPoolId, context),

  async handle({ UserPoolId, DestinationUser, SourceUser }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, DestinationUser.ProviderAttributeValue ?? "", context.tx);
    const { ProviderName: providerName = "", ProviderAttributeValue: userId = "" } = SourceUser;
    const provider = await context.tx.get(providers, pool.id, providerName);
    if (!provider) throw providerNotFound(providerName);
    if (await findLinked(pool, SourceUser, context)) throw aliasExists("identity");
    const identities = user.identities ?? [];
    if (identities.length >= IDENTITIES_MAX) throw tooMany("A user is linked to at most five identities.");
    const linked = { providerName, providerType: provider.type, userId, dateCreated: String(context.now().getTime()) };
    await putUser(pool, { ...user, identities: [...identities, linked] }, context.tx);
    return {};
  },
});

export const adminDisableProviderForUser = operation("AdminDisableProviderForUser", {
  authorize: ({ UserPoolId }, context) => askOfPool("AdminDisableProviderForUser", UserPoolId, context),

  async handle({ UserPoolId, User: named }, context) {
    const pool = await requirePool(UserPoolId, context);
    if (named.ProviderName === "Cognito") {
      if (named.ProviderAttributeName !== "Cognito_Subject") {
        throw invalidParameter("ProviderAttributeName must be Cognito_Subject for users of the pool.");
      }
      const user = await requireUser(pool, named.ProviderAttributeValue ?? "", context.tx);
      const { password: _, ...rest } = user;
      context.tx.put(users, rest);
      return {};
    }
    const user = await findLinked(pool, named, context);
    if (!user) throw userNotFound();
    const identities = (user.identities ?? []).filter((identity) => !isNamed(identity, named));
    await putUser(pool, { ...user, identities }, context.tx);
    return {};
  },
});

const isNamed = (identity: { readonly providerName: string; readonly userId: string }, named: Named): boolean =>
  identity.providerName === named.ProviderName && identity.userId === named.ProviderAttributeValue;

async function findLinked(pool: Pool, named: Named, { tx }: Context): Promise<User | undefined> {
  for (let rows = await tx.scan(users, { prefix: [pool.id], limit: ROWS_AT_ONCE }); rows.length > 0;) {
    const found = rows.find(({ identities = [] }) => identities.some((identity) => isNamed(identity, named)));
    const last = rows.at(-1);
    if (found !== undefined || last === undefined || rows.length < ROWS_AT_ONCE) return found;
    rows = await tx.scan(users, { prefix: [pool.id], after: users.keyOf(last), limit: ROWS_AT_ONCE });
  }
  return undefined;
}
