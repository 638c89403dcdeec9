/** The role that S3 makes copies as. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { arn } from "../kit.ts";
import { roleSession } from "../../../service/role-session.ts";
import { ReplicationFailure } from "./failure.ts";

/** The context of work by the role. @throws {ReplicationFailure} where S3 may not assume it. */
export async function actingAs(roleArn: string, { name, owner }: Bucket, context: Context): Promise<Context> {
  const use = { service: "s3.amazonaws.com", sessionName: "s3-replication", sourceArn: arn(context, name) };
  try {
    return context.as(await roleSession({ ...use, roleArn, account: owner }, context));
  } catch (error) {
    throw error instanceof AwsError ? new ReplicationFailure("AssumeRoleNotPermitted") : error;
  }
}
