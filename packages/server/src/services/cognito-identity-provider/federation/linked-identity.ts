/** Identities of external providers that a user is known by. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html */
import { aliasExists, invalidParameter, providerNotFound, tooMany, userNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { askOfPool, requirePool } from "../pool/pool-row.ts";
import { withoutPassword } from "../user/password.ts";
import { putUser, requireUser, users } from "../user/user-row.ts";
import { dropIdentity, findFederated, isIdentity, putIdentity, SUBJECT } from "./federated-identity-row.ts";
import { providers } from "./identity-provider-row.ts";

const IDENTITIES_MAX = 5;

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
    const name = nameOf(SourceUser);
    const { provider: providerName, value: userId } = name;
    const provider = await context.tx.get(providers, pool.id, providerName);
    if (!provider) throw providerNotFound(providerName);
    if (await findFederated(pool, name, context.tx)) throw aliasExists("identity");
    const identities = user.identities ?? [];
    if (identities.length >= IDENTITIES_MAX) throw tooMany("A user is linked to at most five identities.");
    const linked = {
      providerName,
      providerType: provider.type,
      userId,
      issuer: null,
      primary: false,
      dateCreated: String(context.now().getTime()),
    };
    await putUser(pool, { ...user, identities: [...identities, linked] }, context.tx);
    putIdentity(user, name, context.tx);
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
      context.tx.put(users, withoutPassword(user, context));
      return {};
    }
    const name = nameOf(named);
    const user = await findFederated(pool, name, context.tx);
    if (!user) throw userNotFound();
    const identities = (user.identities ?? []).filter((identity) => !isIdentity(identity, name));
    await putUser(pool, { ...user, identities }, context.tx);
    dropIdentity(user, name, context.tx);
    return {};
  },
});

/** Left out, it is what the provider calls the user. */
const nameOf = ({ ProviderName = "", ProviderAttributeName = SUBJECT, ProviderAttributeValue = "" }: Named) => ({
  provider: ProviderName,
  attribute: ProviderAttributeName,
  value: ProviderAttributeValue,
});
