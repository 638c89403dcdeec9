/** Signing in with a passkey. */
import type { Context } from "../../../service/context.ts";
import { wrongPasskey } from "../errors.ts";
import {
  isFor,
  isPageOf,
  isSignedWith,
  parseAuthenticatorData,
  parseClientData,
  type AuthenticatorData,
} from "../factor/authenticator.ts";
import {
  passkeys,
  isTwoFactors,
  passkeysOf,
  requireRelyingParty,
  requiresVerification,
  type Passkey,
} from "../factor/passkey-row.ts";
import { newChallenge } from "../factor/passkey.ts";
import { bytesIn, parseDocument, textIn } from "../json-document.ts";
import { dropChallenge, type Challenge } from "./challenge-row.ts";
import { ask, type Entrant, type Step } from "./sign-in.ts";
import { requireResponse, type Responses } from "./srp-sign-in.ts";

const TIMEOUT_MS = 180_000;

export async function askPasskey(entrant: Entrant, context: Context): Promise<Step> {
  const { pool, user } = entrant;
  const rpId = await requireRelyingParty(pool, context.tx);
  const challenge = newChallenge();
  const known = await passkeysOf(user, context.tx);
  const options = {
    challenge,
    timeout: TIMEOUT_MS,
    rpId,
    allowCredentials: known.map(({ id, transports }) => ({ type: "public-key", id, transports })),
    userVerification: requiresVerification(pool) ? "required" : "preferred",
  };
  const parameters = { CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) };
  return ask(entrant, { name: "WEB_AUTHN", webAuthn: challenge }, parameters, context);
}

interface Shown {
  readonly entrant: Entrant;
  readonly challenge: Challenge;
  readonly responses: Responses;
}

/**
 * With the user verified by it a passkey is two factors, where the pool says so and the user has not said otherwise.
 * @throws {AwsError} `NotAuthorizedException` where the passkey is not the user's, or signed something else
 */
export async function provePasskey({ entrant, challenge, responses }: Shown, context: Context): Promise<Entrant> {
  const { pool, user } = entrant;
  const rpId = await requireRelyingParty(pool, context.tx);
  const document = parseDocument(requireResponse(responses, "CREDENTIAL"));
  const passkey = await context.tx.get(passkeys, pool.id, user.key, textIn(document, "id") ?? "");
  const part = (name: string): Uint8Array => bytesIn(document, "response", name) ?? new Uint8Array();
  const clientDataJson = part("clientDataJSON");
  const authenticatorData = part("authenticatorData");
  const data = parseAuthenticatorData(authenticatorData);
  if (!passkey || !data || !isAnswer(clientDataJson, challenge, rpId)) throw wrongPasskey();
  const isVerified = data.userVerified || !requiresVerification(pool);
  const isSigned = isSignedWith(passkey.publicKey, { authenticatorData, clientDataJson, signature: part("signature") });
  if (!isFor(rpId, data) || !data.userPresent || !isVerified || !isFresh(passkey, data) || !isSigned)
    throw wrongPasskey();
  dropChallenge(challenge, context);
  context.tx.put(passkeys, { ...passkey, signCount: data.signCount });
  return { ...entrant, factored: data.userVerified && isFactor(entrant) };
}

const isFactor = ({ pool, user }: Entrant): boolean => isTwoFactors(pool) && user.passkeyFactor !== false;

function isAnswer(clientDataJson: Uint8Array, { webAuthn }: Challenge, rpId: string): boolean {
  const said = parseClientData(clientDataJson);
  return said?.type === "webauthn.get" && said.challenge === webAuthn && isPageOf(rpId, said.origin);
}

/** A counter that does not count up is that of a copy. */
const isFresh = ({ signCount: before }: Passkey, { signCount }: AuthenticatorData): boolean =>
  signCount === 0 ? before === 0 : signCount > before;
