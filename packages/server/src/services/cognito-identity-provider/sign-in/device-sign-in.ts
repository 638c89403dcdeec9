/** A remembered device shows its secret, as users show their password. */
import type { Context } from "../../../service/context.ts";
import { validityOf } from "../client/client-row.ts";
import { requireDevice } from "../device/device-row.ts";
import { invalidParameter, invalidSession, wrongPassword } from "../errors.ts";
import { dropChallenge, putUnder, type Challenge } from "./challenge-row.ts";
import type { Entrant, Step } from "./sign-in.ts";
import { requireResponse, type Responses } from "./srp-sign-in.ts";
import { startExchange, verifyProof } from "./srp.ts";

interface OnDevice {
  readonly entrant: Entrant;
  readonly challenge: Challenge;
}

export async function answerDevice(
  { entrant, challenge }: OnDevice,
  responses: Responses,
  context: Context,
): Promise<Step> {
  const { pool, client, user, typed } = entrant;
  const deviceKey = requireResponse(responses, "DEVICE_KEY");
  const device = await requireDevice(user, deviceKey, context.tx);
  if (device.verifier === undefined || deviceKey !== challenge.deviceKey) throw invalidSession();
  const exchange = startExchange(device.verifier, requireResponse(responses, "SRP_A"), context);
  if (!exchange) throw invalidParameter("Invalid SRP_A value.");
  dropChallenge(challenge, context);
  const expiresMs = context.now().getTime() + validityOf(client).authSessionMs;
  const next = {
    poolId: pool.id,
    clientId: client.id,
    user: user.key,
    sub: user.sub,
    typed,
    deviceKey,
    factored: true,
  };
  putUnder(
    exchange.secretBlock,
    { ...next, name: "DEVICE_PASSWORD_VERIFIER", expiresMs, failures: 0, srp: exchange },
    context,
  );
  return {
    ChallengeName: "DEVICE_PASSWORD_VERIFIER",
    ChallengeParameters: {
      SALT: device.verifier.salt,
      SECRET_BLOCK: exchange.secretBlock,
      SRP_B: exchange.b,
      DEVICE_KEY: deviceKey,
      USERNAME: user.username,
    },
  };
}

/** @throws {AwsError} `NotAuthorizedException` */
export async function proveDevice(
  { entrant, challenge }: OnDevice,
  responses: Responses,
  context: Context,
): Promise<Entrant> {
  const device = await requireDevice(entrant.user, requireResponse(responses, "DEVICE_KEY"), context.tx);
  if (device.verifier === undefined || !challenge.srp || device.key !== challenge.deviceKey) throw invalidSession();
  const proof = {
    realm: device.groupKey,
    name: device.key,
    timestamp: requireResponse(responses, "TIMESTAMP"),
    secretBlock: requireResponse(responses, "PASSWORD_CLAIM_SECRET_BLOCK"),
    signature: requireResponse(responses, "PASSWORD_CLAIM_SIGNATURE"),
  };
  if (!verifyProof(device.verifier, challenge.srp, proof, context)) throw wrongPassword();
  dropChallenge(challenge, context);
  return entrant;
}
