/**
 * What a text must be to become a key's policy.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Context } from "../../../service/context.ts";
import { onKey } from "../access.ts";
import { policyInvalid, policyLocksOut, policyPrincipalInvalid, policyTooLarge } from "../errors.ts";
import type { Key } from "../key/row.ts";
import { POLICY_BYTES_MAX } from "../limits.ts";

interface Wanted {
  readonly key: Key;
  /** Whether the caller may lock itself out. */
  readonly bypass: boolean | undefined;
}

/**
 * The policy as it is kept; the usual one where none is given. Who puts another has to keep the right to change it.
 * @throws {AwsError} `MalformedPolicyDocumentException`, `LimitExceededException`
 */
export async function requirePolicy(
  text: string | undefined,
  { key, bypass }: Wanted,
  context: Context,
): Promise<PinnedPolicy> {
  const document = text ?? defaultPolicy(key);
  if (Buffer.byteLength(document) > POLICY_BYTES_MAX) throw policyTooLarge(POLICY_BYTES_MAX);
  const problem = validatePolicy(document, "resource");
  if (problem) throw policyInvalid(problem.message);
  const pinned = await context.directory.pinPrincipals(document, {
    tx: context.tx,
    account: key.account,
    partition: key.partition,
  });
  if (pinned.kind === "unknown") throw policyPrincipalInvalid();
  // the usual policy never locks out the account
  if (text !== undefined && bypass !== true && !(await maySucceed({ ...key, policy: pinned }, context)))
    throw policyLocksOut();
  return pinned;
}

/** The account keeps the key within its own policies' reach. */
function defaultPolicy({ account, partition }: Key): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}

async function maySucceed(key: Key, context: Context): Promise<boolean> {
  const keys = { "kms:BypassPolicyLockoutSafetyCheck": "false" };
  const { decision } = await context.decide(await onKey("PutKeyPolicy", key, context, { keys }));
  return decision === "allow";
}
