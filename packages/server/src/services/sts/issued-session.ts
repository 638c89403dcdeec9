/** Temporary credentials: what a session's principal carries, and the form in which it is given out. */
import type { AccountPrincipal, Session } from "../../identity/principal.ts";
import type { AccountId } from "../../kernel/arn.ts";
import { newAccessKeyId, newSecretAccessKey } from "../../kernel/ids.ts";
import { sealSession } from "../../kernel/session-token.ts";
import type { Context } from "../../service/context.ts";
import { tokenSizeTooLarge } from "./errors.ts";
import { SESSION_TOKEN_BYTES_MAX } from "./limits.ts";

/** A session that begins now; whole seconds, as AWS gives them. */
export function sessionOf(
  context: Pick<Context, "now">,
  durationSeconds: number,
  facts: Partial<Omit<Session, "issuedAtMs" | "expiresAtMs">> = {},
): Session {
  const issuedAtMs = Math.floor(context.now().getTime() / 1000) * 1000;
  return {
    issuedAtMs,
    expiresAtMs: issuedAtMs + durationSeconds * 1000,
    tags: {},
    transitiveTagKeys: [],
    policies: [],
    policyArns: [],
    chained: false,
    ...facts,
  };
}

export const newTemporaryKeyId = (account: AccountId): string => newAccessKeyId("temporaryKey", account);

/** The principal's credentials, as every operation of STS answers with them. */
export function issue(
  { keys }: Pick<Context, "keys">,
  principal: AccountPrincipal & { readonly session: Session },
  tokenSizeMin = 0,
) {
  if (tokenSizeMin > SESSION_TOKEN_BYTES_MAX) throw tokenSizeTooLarge(SESSION_TOKEN_BYTES_MAX);
  const { accessKeyId, session } = principal;
  const secretAccessKey = newSecretAccessKey();
  const token = sealSession(keys, { accessKeyId, secretAccessKey, principal }, tokenSizeMin);
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: token,
      Expiration: new Date(session.expiresAtMs),
    },
    SessionTokenSize: token.length,
    SessionTokenUtilization: Math.ceil((token.length * 100) / SESSION_TOKEN_BYTES_MAX),
  };
}
