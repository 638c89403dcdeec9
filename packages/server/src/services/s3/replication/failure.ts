/**
 * Why a version has no copy.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";

export type FailureReason =
  | "AssumeRoleNotPermitted"
  | "DstBucketNotFound"
  | "DstBucketObjectLockConfigMissing"
  | "DstBucketUnversioned"
  | "DstDelObjNotPermitted"
  | "DstKmsKeyInvalidState"
  | "DstKmsKeyNotFound"
  | "DstPutObjNotPermitted"
  | "DstPutAclNotPermitted"
  | "DstPutTaggingNotPermitted"
  | "SrcGetAclNotPermitted"
  | "SrcGetObjNotPermitted"
  | "SrcGetTaggingNotPermitted"
  | "SrcKmsKeyInvalidState"
  | "SrcKmsKeyNotFound";

/** Ends the attempt to make a copy: no error that anybody is answered. */
export class ReplicationFailure extends Error {
  override readonly name = "ReplicationFailure";
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super(reason);
    this.reason = reason;
  }
}

/** @throws {ReplicationFailure} where whom the context acts as may not. */
export async function requireRight(access: Access, reason: FailureReason, acting: Context): Promise<void> {
  if ((await acting.decide(access)).decision === "deny") throw new ReplicationFailure(reason);
}

interface KeyReasons {
  readonly denied: FailureReason;
  readonly missing: FailureReason;
  readonly unusable: FailureReason;
}

/** What KMS answers, or with a reason why not. @throws {ReplicationFailure} */
export async function withKey<T>(reasons: KeyReasons, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code.startsWith("AccessDenied")) throw new ReplicationFailure(reasons.denied);
    throw new ReplicationFailure(error.code.includes("NotFound") ? reasons.missing : reasons.unusable);
  }
}
