/** Who asked for a report: nobody else is given it. */
import type { Principal } from "../../../identity/principal.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Table } from "../../../kernel/table.ts";
import { callerName } from "../../../service/caller.ts";
import type { Context } from "../../../service/context.ts";
import { jobNotFound } from "../errors.ts";
import { LAST_ACCESSED_JOB_DAYS } from "../limits.ts";

interface Report {
  readonly requester: string;
  readonly createdAtMs: number;
}

/**
 * A user, or one session of a role.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html
 */
export const requesterOf = (principal: Principal): string =>
  "userId" in principal ? principal.userId : callerName(principal);

/** @throws {AwsError} `NoSuchEntity` for one that was never made, is too old, or was asked for by somebody else. */
export async function requireReport<R extends Report>(reports: Table<R>, jobId: string, context: Context): Promise<R> {
  const report = await context.tx.get(reports, jobId);
  const goodUntilMs = (report?.createdAtMs ?? 0) + LAST_ACCESSED_JOB_DAYS * DAY_MS;
  if (report?.requester !== requesterOf(context.principal) || context.now().getTime() > goodUntilMs)
    throw jobNotFound(jobId);
  return report;
}
