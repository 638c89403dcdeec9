/**
 * What Organizations records of what it finishes in the background, in the management account.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html#Log-entries-create-account
 */
import type { Context } from "../../../service/context.ts";

interface Outcome {
  readonly accountId: string;
  /** `undefined`: it succeeded. */
  readonly failureReason?: string | undefined;
  readonly requestedAtMs: number;
}

const BY = "organizations.amazonaws.com";

/** The account's name is not told. */
export const recordCreation = (id: string, outcome: Outcome, context: Context): void =>
  context.recordOwn({
    name: "CreateAccountResult",
    by: BY,
    details: { createAccountStatus: { id, accountName: "****", ...statusOf(outcome, context) } },
  });

export const recordClosure = (outcome: Outcome, context: Context): void =>
  context.recordOwn({
    name: "CloseAccountResult",
    by: BY,
    details: { closeAccountStatus: statusOf(outcome, context) },
  });

function statusOf({ accountId, failureReason, requestedAtMs }: Outcome, context: Context): object {
  const times = {
    requestedTimestamp: new Date(requestedAtMs).toISOString(),
    completedTimestamp: context.now().toISOString(),
  };
  if (failureReason !== undefined) return { state: "FAILED", ...times, failureReason };
  return { state: "SUCCEEDED", accountId, ...times };
}
