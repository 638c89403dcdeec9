import { defineService } from "../../../service/service.ts";
import { authorizations } from "../authorization-row.ts";
import { endSession, FORGET_SESSION } from "../portal-session.ts";
import { listAccountRoles, listAccounts } from "./account.ts";
import { FORGET_AUTHORIZATION } from "./authorize.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { SsoSdk } from "./kit.ts";
import { logout } from "./logout.ts";
import { getRoleCredentials } from "./role-credentials.ts";
import { portalSite } from "./site.ts";

export const sso = defineService<SsoSdk>("sso", {
  operations: [listAccounts, listAccountRoles, getRoleCredentials, logout],
  site: portalSite,
  jobs: {
    [FORGET_SESSION]: async (context, id) => endSession(context, id),
    [FORGET_AUTHORIZATION]: async ({ tx }, hash) => tx.delete(authorizations, hash),
  },
  unmodelledErrors: UNMODELLED_ERRORS,
});
