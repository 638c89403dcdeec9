/**
 * Users whom external providers vouch for: made when they first come, and brought up to date each time.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation.html
 */
import type { Context } from "../../../service/context.ts";
import { requireWritable } from "../client/client-attributes.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { attributesRequired, userDisabled, userExists } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import { askAfter, askBefore } from "../sign-in/sign-in-trigger.ts";
import { requireConforming, requireMutable } from "../user/attribute.ts";
import { groups, members, memberships } from "../user/group-row.ts";
import { admitted, tellConfirmed } from "../user/sign-up-trigger.ts";
import { firstGeneration, fold, putUser, users, type Attributes, type User } from "../user/user-row.ts";
import {
  dropIdentity,
  findFederated,
  isIdentity,
  putIdentity,
  SUBJECT,
  type IdentityName,
} from "./federated-identity-row.ts";
import type { Provider } from "./identity-provider-row.ts";
import { inboundClaims } from "./inbound-federation.ts";
import type { Vouched } from "./oidc-sign-in.ts";

interface Coming extends ClientInPool {
  readonly provider: Provider;
  readonly vouched: Vouched;
}

/** The user, put. @throws {AwsError} what functions refuse with, and what does not fit the pool */
export async function federatedUser(coming: Coming, context: Context): Promise<User> {
  const { pool, client, provider } = coming;
  const claims = inboundClaims(coming, context);
  const attributes = mappedAttributes(provider, claims);
  // whether an address is verified no client writes, but a provider may know
  requireWritable(
    client,
    Object.keys(attributes).filter((name) => !name.endsWith("_verified")),
  );
  requireConforming(pool, attributes);
  const known = await findKnown(coming, context);
  if (known === undefined) return join(coming, attributes, context);
  const user = settled(coming, known, context);
  if (!user.enabled) throw userDisabled();
  askBefore({ pool, client, user, typed: user.username }, context);
  requireMutable(pool, user.attributes, Object.keys(attributes));
  const changed = { ...user, attributes: { ...user.attributes, ...attributes }, changedMs: context.now().getTime() };
  await putUser(pool, changed, context.tx);
  askAfter({ pool, client, user: changed, newDeviceUsed: false }, context);
  return changed;
}

/** By what the provider calls the user, or by any other attribute that an administrator has linked. */
async function findKnown({ pool, provider, vouched }: Coming, { tx }: Context): Promise<Known | undefined> {
  const names = [[SUBJECT, vouched.subject], ...Object.entries(vouched.claims)] as const;
  for (const [attribute = "", value = ""] of names) {
    const name = { provider: provider.name, attribute, value };
    const user = await findFederated(pool, name, tx);
    if (user !== undefined) return { user, name };
  }
  return undefined;
}

interface Known {
  readonly user: User;
  /** By which they were found. */
  readonly name: IdentityName;
}

/**
 * An identity of a SAML provider that was linked by an attribute is the subject's from its first use on.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
 */
function settled({ provider, vouched }: Coming, { user, name }: Known, { tx }: Context): User {
  if (provider.type !== "SAML" || name.attribute === SUBJECT) return user;
  dropIdentity(user, name, tx);
  putIdentity(user, { ...name, attribute: SUBJECT, value: vouched.subject }, tx);
  const identities = (user.identities ?? []).map((identity) =>
    isIdentity(identity, name) ? { ...identity, userId: vouched.subject } : identity,
  );
  return { ...user, identities };
}

/** What a provider does not say stays as it is. */
const mappedAttributes = ({ mapping }: Provider, claims: Readonly<Record<string, string>>): Attributes =>
  Object.fromEntries(
    Object.entries(mapping).flatMap(([attribute, claim]) => {
      const value = claims[claim];
      return attribute === "username" || value === undefined ? [] : [[attribute, value]];
    }),
  );

/** `Provider_subject`. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html */
async function join(coming: Coming, attributes: Attributes, context: Context): Promise<User> {
  const { pool, client, provider, vouched } = coming;
  const { tx } = context;
  const username = `${provider.name}_${fold(pool, vouched.subject)}`;
  const key = fold(pool, username);
  if (await tx.get(users, pool.id, key)) throw userExists();
  requireAll(pool, attributes);
  const nowMs = context.now().getTime();
  const sub = context.lasting(`the sub of ${username}`, context.newId());
  const { subject: userId, issuer = null } = vouched;
  const identity = { userId, providerName: provider.name, providerType: provider.type, issuer, primary: true };
  const begun: User = {
    poolId: pool.id,
    key,
    username,
    sub,
    status: "EXTERNAL_PROVIDER",
    enabled: true,
    attributes: { ...unverified(attributes), ...attributes },
    factors: [],
    generation: firstGeneration(sub),
    identities: [{ ...identity, dateCreated: String(nowMs) }],
    createdMs: nowMs,
    changedMs: nowMs,
  };
  const asked = { pool, clientId: client.id };
  const said = admitted({ ...asked, user: begun, source: "ExternalProvider" }, context);
  const user: User = { ...said, status: "EXTERNAL_PROVIDER" };
  await putUser(pool, user, tx);
  putIdentity(user, { provider: provider.name, attribute: SUBJECT, value: vouched.subject }, tx);
  await joinGroup(pool, provider, user, context);
  tellConfirmed({ ...asked, user, source: "ConfirmSignUp" }, context);
  return user;
}

/** What a provider says is unverified where it does not say more. Source: the guide above */
const unverified = (attributes: Attributes): Attributes => ({
  ...(attributes["email"] !== undefined && { email_verified: "false" }),
  ...(attributes["phone_number"] !== undefined && { phone_number_verified: "false" }),
});

function requireAll({ schema }: Pool, attributes: Attributes): void {
  const missing = schema
    .filter(({ Name = "", Required }) => Required === true && Name !== "sub" && (attributes[Name] ?? "") === "")
    .map(({ Name = "" }) => Name);
  if (missing.length > 0) throw attributesRequired(missing);
}

/** All users of a provider are in a group of its name. */
async function joinGroup({ id: poolId }: Pool, provider: Provider, { key }: User, context: Context): Promise<void> {
  const { tx } = context;
  const name = `${poolId}_${provider.name}`;
  const nowMs = context.now().getTime();
  const description = `Autogenerated group for users who sign in using ${provider.name}`;
  if ((await tx.get(groups, poolId, name)) === undefined)
    tx.put(groups, { poolId, name, description, createdMs: nowMs, changedMs: nowMs });
  const membership = { poolId, group: name, user: key };
  tx.put(members, membership);
  tx.put(memberships, membership);
}
