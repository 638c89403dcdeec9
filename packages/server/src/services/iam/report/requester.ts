/** Who asked for a report: nobody else is given it. */
import type { Principal } from "../../../identity/principal.ts";
import { callerName } from "../../../service/caller.ts";

/**
 * A user, or one session of a role.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
export const requesterOf = (principal: Principal): string =>
  "userId" in principal ? principal.userId : callerName(principal);
