/** A pipe does all that it does with the rights of its role. */
import { AwsError } from "../../kernel/aws-error.ts";
import type { RoleSession } from "../../identity/principal.ts";
import { roleSession } from "../../service/role-session.ts";
import type { Context } from "../../service/context.ts";
import { PRINCIPAL } from "./kit.ts";
import { arnOf, type Pipe } from "./pipe-row.ts";
import { queueAt } from "./source.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");

/** @throws {AwsError} `AccessDenied` where the role does not trust the service */
export const sessionOf = (pipe: Pipe, context: Context): Promise<RoleSession> =>
  roleSession(
    {
      roleArn: pipe.roleArn,
      service: PRINCIPAL,
      sessionName: pipe.revision.replaceAll("-", ""),
      account: pipe.account,
      sourceArn: arnOf(pipe),
    },
    context,
  );

/** Why the pipe cannot begin, if it cannot: its role, or its source. */
export async function hindrance(pipe: Pipe, context: Context): Promise<string | undefined> {
  try {
    const as = await sessionOf(pipe, context);
    const { region, QueueUrl } = queueAt(pipe.source);
    await context.call<SqsSdk, "GetQueueAttributes">({
      service: "sqs",
      operation: "GetQueueAttributes",
      input: { QueueUrl, AttributeNames: ["QueueArn"] },
      as,
      region,
    });
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}
