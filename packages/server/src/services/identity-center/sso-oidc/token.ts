/** Tokens for clients. Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html */
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf, OutputOf } from "../../../service/sdk.ts";
import { hashOf } from "../authorization-row.ts";
import type { Client } from "../client-row.ts";
import { deviceRequests, dropDeviceRequest, putDeviceRequest } from "../device-row.ts";
import { sealToken, type SignedIn } from "../portal-session.ts";
import { DEVICE_CODE, requireClient, requireGrant } from "./client.ts";
import {
  accessDenied,
  authorizationPending,
  expiredToken,
  invalidGrant,
  invalidRequest,
  slowDown,
  unsupportedGrantType,
} from "./errors.ts";
import { operation, type SsoOidcSdk } from "./kit.ts";
import { redeemCode, redeemRefreshToken, requireSession } from "./redemption.ts";
import { POLLS_AT_ONCE, SCOPED_TOKEN_MS, SLOWER_BY_SECONDS } from "./limits.ts";

type Input = InputOf<SsoOidcSdk, "CreateToken">;
type Output = OutputOf<SsoOidcSdk, "CreateToken">;

export const createToken = operation("CreateToken", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const client = await requireClient(input, context);
    const redeem = findOwn(GRANTS, input.grantType);
    if (!redeem) throw unsupportedGrantType();
    requireGrant(client, input.grantType);
    return issue(client, await redeem(input, client, context), context);
  },
});

type Redeem = (input: Input, client: Client, context: Context) => Promise<SignedIn>;

const GRANTS: Readonly<Record<string, Redeem | undefined>> = {
  [DEVICE_CODE]: redeemDeviceCode,
  authorization_code: redeemCode,
  refresh_token: redeemRefreshToken,
};

/** A device that asks too often is told so, and has to wait longer from then on. */
async function redeemDeviceCode({ deviceCode }: Input, client: Client, context: Context): Promise<SignedIn> {
  const { tx } = context;
  if (deviceCode === undefined) throw invalidRequest("Missing deviceCode");
  const device = await tx.get(deviceRequests, hashOf(deviceCode));
  if (device?.clientId !== client.id) throw invalidGrant("Invalid device code provided");
  const nowMs = context.now().getTime();
  if (device.expiresAtMs <= nowMs) throw expiredToken();
  const { state, polledAtMs = 0, polls, intervalSeconds } = device;
  if (state.kind === "allowed") {
    dropDeviceRequest(device, tx);
    return requireSession(state.sessionId, context);
  }
  if (state.kind === "denied") throw accessDenied();
  const isEarly = polls >= POLLS_AT_ONCE && nowMs - polledAtMs < intervalSeconds * 1000;
  const interval = isEarly ? intervalSeconds + SLOWER_BY_SECONDS : intervalSeconds;
  putDeviceRequest({ ...device, polls: polls + 1, polledAtMs: nowMs, intervalSeconds: interval }, tx);
  throw new MarkingRefusal(isEarly ? slowDown() : authorizationPending());
}

function issue({ id: clientId, scopes }: Client, { session }: SignedIn, context: Context): Output {
  const nowMs = context.now().getTime();
  const isScoped = scopes.length > 0;
  const expiresAtMs = isScoped ? Math.min(nowMs + SCOPED_TOKEN_MS, session.expiresAtMs) : session.expiresAtMs;
  const facts = { sessionId: session.id, clientId, scopes };
  return {
    accessToken: sealToken({ kind: "access", expiresAtMs, ...facts }, context),
    tokenType: "Bearer",
    expiresIn: Math.floor((expiresAtMs - nowMs) / 1000),
    ...(isScoped && {
      refreshToken: sealToken({ kind: "refresh", expiresAtMs: session.expiresAtMs, ...facts }, context),
    }),
  };
}
