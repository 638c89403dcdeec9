/**
 * The root user of a member account, taken on for one task.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html
 */
import type { Root } from "../../identity/principal.ts";
import { formatArn, parseAccountId, parseArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { callerName } from "../../service/caller.ts";
import type { Context } from "../../service/context.ts";
import { arnInvalid, notAuthorized, taskPolicyInvalid } from "./errors.ts";
import { issue, newTemporaryKeyId, sessionOf } from "./issued-session.ts";
import { operation } from "./kit.ts";
import { ASSUMED_ROOT_SECONDS_MAX } from "./limits.ts";
import { requireOwnKeysOrRole } from "./session-rights.ts";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html */
const TASK_POLICIES: ReadonlySet<string> = new Set([
  "root-task/IAMAuditRootUserCredentials",
  "root-task/IAMCreateRootUserPassword",
  "root-task/IAMDeleteRootUserCredentials",
  "root-task/S3UnlockBucketPolicy",
  "root-task/SQSUnlockQueuePolicy",
]);

export const assumeRoot = operation("AssumeRoot", {
  authorize({ TargetPrincipal, TaskPolicyArn }, context) {
    requireOwnKeysOrRole(context, "AssumeRoot");
    const { arn } = requireMember(TargetPrincipal, context);
    // the call is judged by the caller's own side: a member's root has no policy that could trust it
    return { action: "sts:AssumeRoot", resource: arn, keys: { "sts:TaskPolicyArn": TaskPolicyArn.arn } };
  },

  async handle(input, context) {
    const { TargetPrincipal, TaskPolicyArn, DurationSeconds = ASSUMED_ROOT_SECONDS_MAX } = input;
    const { principal, directory, tx, account: manager } = context;
    const { account, arn } = requireMember(TargetPrincipal, context);
    const mayAssume = principal.type !== "root" && (await directory.canAssumeRoot({ manager, member: account }, tx));
    if (!mayAssume) throw notAuthorized(callerName(principal), "sts:AssumeRoot", arn);
    const session = sessionOf(context, DurationSeconds, { policyArns: [requireTask(TaskPolicyArn.arn)] });
    const accessKeyId = newTemporaryKeyId(account);
    const root: Root & { readonly session: typeof session } = {
      type: "root",
      account,
      arn,
      userId: account,
      accessKeyId,
      session,
    };
    return issue(context, root, input.MinimumSessionTokenSize);
  },
});

/** @throws {AwsError} `ValidationError` where `target` is neither an account id nor a root user's ARN. */
function requireMember(target: string, { partition }: Context): { readonly account: AccountId; readonly arn: Arn } {
  const parts = parseArn(target);
  const account = parseAccountId(parts?.resource === "root" ? parts.account : target);
  if (account === undefined) throw arnInvalid(target);
  return { account, arn: formatArn({ partition, service: "iam", region: "", account, resource: "root" }) };
}

/** @throws {AwsError} `ValidationError` */
function requireTask(arn: string | undefined): string {
  const parts = parseArn(arn ?? "");
  const isTask = parts?.account === "aws" && TASK_POLICIES.has(parts.resource.replace("policy/", ""));
  if (arn === undefined || !isTask) throw taskPolicyInvalid(arn ?? "");
  return arn;
}
