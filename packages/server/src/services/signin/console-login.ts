/**
 * Sign-ins as CloudTrail tells them.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
 */
import type { AccountPrincipal } from "../../identity/principal.ts";
import type { AccountId } from "../../kernel/arn.ts";
import type { SiteEvent } from "../../service/site.ts";

const OPERATION = "ConsoleLogin";

export const consoleLogin = (principal: AccountPrincipal): SiteEvent => ({
  operation: OPERATION,
  account: principal.account,
  who: principal,
});

/** People mistake one field for another: a name that nobody has may be a password. */
const HIDDEN_NAME = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** `userName`: `undefined` where there is no such user. */
export const failedLogin = (account: AccountId, userName: string | undefined): SiteEvent => ({
  operation: OPERATION,
  account,
  who: { type: "unknown", userName: userName ?? HIDDEN_NAME },
  error: {
    code: "Failure",
    message: userName === undefined ? "No username found in supplied account" : "Failed authentication",
  },
});
