/**
 * Tokens of other issuers that an application may bring for a user.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/using-apps-with-trusted-token-issuer.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { findInstance, type Instance } from "../instance-row.ts";
import { beginSession, type SignedIn } from "../portal-session.ts";
import type { Application } from "../sso-admin/application-row.ts";
import { issuers, type TrustedTokenIssuer } from "../sso-admin/trusted-token-issuer.ts";
import { findUserBy, type User } from "../user-row.ts";
import { invalidGrant } from "./errors.ts";

/** What an issuer that is trusted says of somebody. */
export interface Vouched {
  readonly instance: Instance;
  /** What the user has in the identity store, and what of the token has to equal it. */
  readonly attribute: "UserName" | "Email";
  readonly value: string;
}

/** @throws {AwsError} `InvalidGrantException` where none of the application's issuers has signed it for an audience that will do */
export async function verifyAssertion(
  assertion: string,
  { grants, instanceId }: Application,
  context: Context,
): Promise<Vouched> {
  const grant = grants["urn:ietf:params:oauth:grant-type:jwt-bearer"]?.JwtBearer;
  const instance = await findInstance(instanceId, context.tx);
  for (const {
    TrustedTokenIssuerArn: arn = "",
    AuthorizedAudiences: audiences = [],
  } of grant?.AuthorizedTokenIssuers ?? []) {
    const issuer = await context.tx.get(issuers, instanceId, arn.slice(arn.lastIndexOf("/") + 1));
    const meant = issuer && (await vouchedBy(issuer, { assertion, audiences }, context));
    if (instance && meant) return { instance, ...meant };
  }
  throw invalidGrant("Invalid assertion provided");
}

interface Brought {
  readonly assertion: string;
  readonly audiences: readonly string[];
}

/** Whom the token means, where it is the issuer's and for one of the audiences. */
async function vouchedBy(
  issuer: TrustedTokenIssuer,
  { assertion, audiences }: Brought,
  { federation, tx }: Context,
): Promise<Omit<Vouched, "instance"> | undefined> {
  const expected = { issuer: issuer.jwt.IssuerUrl.replace(/^https?:\/\//, ""), thumbprints: [] };
  const verdict = await federation.verifyToken(assertion, expected, tx);
  if (verdict.verdict !== "verified") return undefined;
  const { claims, audiences: given } = verdict.identity;
  if (!given.some((audience) => audiences.includes(audience))) return undefined;
  const value = claimAt(claims, issuer);
  const attribute = findOwn(ATTRIBUTES, issuer.jwt.IdentityStoreAttributePath.toLowerCase());
  return attribute === undefined || value === undefined ? undefined : { attribute, value };
}

/** External ids are only known where users are provisioned by SCIM. */
const ATTRIBUTES: Readonly<Record<string, Vouched["attribute"] | undefined>> = {
  username: "UserName",
  "emails.value": "Email",
};

function claimAt(claims: Readonly<Record<string, unknown>>, { jwt }: TrustedTokenIssuer): string | undefined {
  let value: unknown = claims;
  for (const part of jwt.ClaimAttributePath.split(".")) {
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    value = isRecord ? Object.entries(value ?? {}).find(([name]) => name === part)?.[1] : undefined;
  }
  return typeof value === "string" ? value : undefined;
}

/** The user whom the token means gets a session of its own. */
export async function signInVouched({ instance, attribute, value }: Vouched, context: Context): Promise<SignedIn> {
  const user: User | undefined = await findUserBy(attribute, value, { storeId: instance.storeId, tx: context.tx });
  if (!user) throw invalidGrant("Invalid assertion provided");
  return { instance, user, session: beginSession(instance, user, context) };
}
