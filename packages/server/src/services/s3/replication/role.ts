/** The role that S3 makes copies as. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
import type { RoleSession } from "../../../identity/principal.ts";
import { assert } from "../../../kernel/assert.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { unsealSession } from "../../../kernel/session-token.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket-row.ts";
import { arn } from "../kit.ts";
import { ReplicationFailure } from "./failure.ts";

type StsSdk = typeof import("@aws-sdk/client-sts");

const SESSION_NAME = "s3-replication";

/** The context of work by the role. @throws {ReplicationFailure} where S3 may not assume it. */
export async function actingAs(role: string, bucket: Bucket, context: Context): Promise<Context> {
  const { Credentials } = await assumeRole(role, bucket, context);
  const session = unsealSession<RoleSession>(context.keys, Credentials?.SessionToken ?? "");
  assert(session !== undefined, "a role that is assumed gives a session");
  return context.as(session.principal);
}

async function assumeRole(RoleArn: string, { name, owner, region }: Bucket, context: Context) {
  try {
    return await context.call<StsSdk, "AssumeRole">({
      service: "sts",
      operation: "AssumeRole",
      input: { RoleArn, RoleSessionName: SESSION_NAME },
      as: { type: "service", service: "s3.amazonaws.com" },
      source: { arn: arn(context, name), account: owner },
      account: owner,
      region,
    });
  } catch (error) {
    throw error instanceof AwsError ? new ReplicationFailure("AssumeRoleNotPermitted") : error;
  }
}
