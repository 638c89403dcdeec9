/** Passkeys that users register. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html */
import type { WebAuthnCredentialDescription } from "@aws-sdk/client-cognito-identity-provider";
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import {
  credentialNotSupported,
  invalidToken,
  passkeyChallengeNotFound,
  passkeyNotFound,
  passkeyOriginForbidden,
  relyingPartyMismatch,
  tooMany,
} from "../errors.ts";
import { bytesIn, textIn, textsIn } from "../json-document.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { requireHolder } from "../token/access-token.ts";
import type { User } from "../user/user-row.ts";
import { ALGORITHMS, isFor, isPageOf, parseAuthenticatorData, parseClientData, publicKeyOf } from "./authenticator.ts";
import { readCbor } from "./cbor.ts";
import {
  passkeys,
  passkeysOf,
  PASSKEYS_PER_USER_MAX,
  registrations,
  requireRelyingParty,
  requiresVerification,
  type Passkey,
} from "./passkey-row.ts";

const CHALLENGE_BYTES = 32;
const REGISTRATION_MINUTES = 5;

export const newChallenge = (): string => Buffer.from(newSecretBytes(CHALLENGE_BYTES)).toString("base64url");

export const startWebAuthnRegistration = operation("StartWebAuthnRegistration", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    const rpId = await requireRelyingParty(pool, context.tx);
    const challenge = newChallenge();
    const expiresMs = context.now().getTime() + REGISTRATION_MINUTES * MINUTE_MS;
    context.tx.put(registrations, { poolId: pool.id, user: user.key, challenge, expiresMs });
    const known = await passkeysOf(user, context.tx);
    return {
      CredentialCreationOptions: {
        rp: { id: rpId, name: rpId },
        user: { id: Buffer.from(user.sub).toString("base64url"), name: user.username, displayName: user.username },
        challenge,
        pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
        timeout: REGISTRATION_MINUTES * MINUTE_MS,
        excludeCredentials: known.map(({ id, transports }) => ({
          type: "public-key",
          id,
          transports: transports.slice(),
        })),
        authenticatorSelection: {
          requireResidentKey: true,
          residentKey: "required",
          userVerification: requiresVerification(pool) ? "required" : "preferred",
        },
      },
    };
  },
});

export const completeWebAuthnRegistration = operation("CompleteWebAuthnRegistration", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, Credential: document }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    const rpId = await requireRelyingParty(pool, context.tx);
    const challenge = await takeRegistration(user, context);
    const said = parseClientData(bytesIn(document, "response", "clientDataJSON") ?? new Uint8Array());
    if (said?.type !== "webauthn.create" || said.challenge !== challenge) throw passkeyChallengeNotFound();
    if (!isPageOf(rpId, said.origin)) throw passkeyOriginForbidden();
    const made = madeCredential(document);
    if (!isFor(rpId, made.authenticator)) throw relyingPartyMismatch();
    if (requiresVerification(pool) && !made.authenticator.userVerified) throw credentialNotSupported();
    const present = await passkeysOf(user, context.tx);
    if (present.length >= PASSKEYS_PER_USER_MAX) throw tooMany("Exceeded the number of passkeys per user.");
    context.tx.put(passkeys, {
      poolId: pool.id,
      user: user.key,
      id: made.id,
      publicKey: made.publicKey,
      signCount: made.authenticator.signCount,
      rpId,
      name: `Passkey ${present.length + 1}`,
      attachment: textIn(document, "authenticatorAttachment"),
      transports: textsIn(document, "response", "transports"),
      createdMs: context.now().getTime(),
    });
    return {};
  },
});

async function takeRegistration({ poolId, key }: User, context: Context): Promise<string> {
  const { tx } = context;
  const begun = await tx.get(registrations, poolId, key);
  if (!begun || context.now().getTime() >= begun.expiresMs) throw passkeyChallengeNotFound();
  tx.delete(registrations, poolId, key);
  return begun.challenge;
}

/** The credential in an attestation. Who made the authenticator is not asked. */
function madeCredential(document: unknown) {
  const attestation = readCbor(bytesIn(document, "response", "attestationObject") ?? new Uint8Array())?.value;
  const bytes = attestation instanceof Map ? attestation.get("authData") : undefined;
  const authenticator = bytes instanceof Uint8Array ? parseAuthenticatorData(bytes) : undefined;
  const { credential } = authenticator ?? {};
  const publicKey = credential && publicKeyOf(credential.key);
  if (!authenticator?.userPresent || !credential || !publicKey) throw credentialNotSupported();
  return { authenticator, publicKey, id: Buffer.from(credential.id).toString("base64url") };
}

/** Source: the model */
const PAGE_ROWS_MAX = 20;

export const listWebAuthnCredentials = operation("ListWebAuthnCredentials", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, MaxResults, NextToken: token }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    const limit = MaxResults === 0 ? undefined : MaxResults;
    const asked = { prefix: [pool.id, user.key], token, limit, max: PAGE_ROWS_MAX, invalidToken };
    const { rows, next } = await page(context.tx, passkeys, asked);
    return { Credentials: rows.map(format), ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteWebAuthnCredential = operation("DeleteWebAuthnCredential", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, CredentialId }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    if (!(await context.tx.get(passkeys, pool.id, user.key, CredentialId))) throw passkeyNotFound();
    context.tx.delete(passkeys, pool.id, user.key, CredentialId);
    return {};
  },
});

const format = ({ id, name, rpId, attachment, transports, createdMs }: Passkey): WebAuthnCredentialDescription => ({
  CredentialId: id,
  FriendlyCredentialName: name,
  RelyingPartyId: rpId,
  ...(attachment !== undefined && { AuthenticatorAttachment: attachment }),
  AuthenticatorTransports: transports.slice(),
  CreatedAt: new Date(createdMs),
});
