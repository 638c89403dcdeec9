import { defineService } from "../../service/service.ts";
import { getAccessKeyInfo } from "./access-key.ts";
import { assumeRole } from "./assumed-role.ts";
import { assumeRoot } from "./assumed-root.ts";
import { decodeAuthorizationMessage } from "./authorization-message.ts";
import { getCallerIdentity } from "./caller-identity.ts";
import { getDelegatedAccessToken } from "./delegated-token.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import { getFederationToken } from "./federated-user.ts";
import type { StsSdk } from "./kit.ts";
import { assumeRoleWithSaml } from "./saml.ts";
import { getSessionToken } from "./session-token.ts";
import { assumeRoleWithWebIdentity } from "./web-identity.ts";
import { FORGET_ASSERTION, forgetAssertion } from "./used-assertion.ts";
import { getWebIdentityToken } from "./web-identity-token.ts";

export const sts = defineService<StsSdk>("sts", {
  timeUnitMs: 1000,
  operations: [
    assumeRole,
    assumeRoleWithSaml,
    assumeRoleWithWebIdentity,
    assumeRoot,
    decodeAuthorizationMessage,
    getAccessKeyInfo,
    getCallerIdentity,
    getDelegatedAccessToken,
    getFederationToken,
    getSessionToken,
    getWebIdentityToken,
  ],
  jobs: { [FORGET_ASSERTION]: forgetAssertion },
  unmodelledErrors: UNMODELLED_ERRORS,
});
