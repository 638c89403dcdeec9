/** Devices without a browser. Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html */
import { newSecretBytes } from "../../../kernel/ids.ts";
import { hashOf } from "../authorization-row.ts";
import { putDeviceRequest } from "../device-row.ts";
import { instanceAt, portalUrl } from "../portal-address.ts";
import { DEVICE_CODE, requireClient, requireGrant } from "./client.ts";
import { invalidRequest } from "./errors.ts";
import { operation } from "./kit.ts";
import { DEVICE_SECONDS, POLL_SECONDS } from "./limits.ts";

export const FORGET_DEVICE = "forget-device";

/** Letters that nobody takes for others, and that make no words. Source: https://www.rfc-editor.org/rfc/rfc8628#section-6.1 */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

/** How long after its end a device still hears that it has come too late. */
const REMEMBERED_MS = 3_600_000;

export const startDeviceAuthorization = operation("StartDeviceAuthorization", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const client = await requireClient(input, context);
    requireGrant(client, DEVICE_CODE);
    const instance = await instanceAt(input.startUrl, context.tx);
    if (!instance) throw invalidRequest("Invalid start URL provided");
    const deviceCode = Buffer.from(newSecretBytes(32)).toString("base64url");
    const userCode = newUserCode();
    const codeHash = hashOf(deviceCode);
    const expiresAtMs = context.now().getTime() + DEVICE_SECONDS * 1000;
    putDeviceRequest(
      {
        codeHash,
        userCode,
        clientId: client.id,
        instanceId: instance.id,
        expiresAtMs,
        intervalSeconds: POLL_SECONDS,
        polls: 0,
        state: { kind: "pending" },
      },
      context.tx,
    );
    context.at(expiresAtMs + REMEMBERED_MS, FORGET_DEVICE, codeHash);
    const verificationUri = portalUrl(instance, context.request.endpoint, "/start/device");
    return {
      deviceCode,
      userCode,
      verificationUri,
      verificationUriComplete: `${verificationUri}?user_code=${userCode}`,
      expiresIn: DEVICE_SECONDS,
      interval: POLL_SECONDS,
    };
  },
});

function newUserCode(): string {
  const letters = [...newSecretBytes(8)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
