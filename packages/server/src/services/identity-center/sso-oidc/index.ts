import { defineService } from "../../../service/service.ts";
import { clients } from "../client-row.ts";
import { deviceRequests, dropDeviceRequest } from "../device-row.ts";
import { createTokenWithIam } from "./application-token.ts";
import { endSession, FORGET_SESSION } from "../portal-session.ts";
import { FORGET_CLIENT, registerClient } from "./client.ts";
import { FORGET_DEVICE, startDeviceAuthorization } from "./device.ts";
import type { SsoOidcSdk } from "./kit.ts";
import { createToken } from "./token.ts";

export const ssoOidc = defineService<SsoOidcSdk>("sso-oidc", {
  operations: [registerClient, startDeviceAuthorization, createToken, createTokenWithIam],
  jobs: {
    [FORGET_CLIENT]: async ({ tx }, id) => tx.delete(clients, id),
    [FORGET_SESSION]: async (context, id) => endSession(context, id),
    [FORGET_DEVICE]: async ({ tx }, codeHash) => {
      const device = await tx.get(deviceRequests, codeHash);
      if (device) dropDeviceRequest(device, tx);
    },
  },
});
