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

/**
 * That the role may not read the queue, whatever it lacks.
 * Source: https://github.com/terraform-aws-modules/terraform-aws-eventbridge/pull/133 (a pipe's state reason, as a client met it)
 */
const UNREADABLE =
  "Input parameter is invalid from the request due to : The provided customer role does not have permissions to call ReceiveMessage on SQS";

/** Why the pipe cannot begin, if it cannot: its role, or its source. */
export async function hindrance(pipe: Pipe, context: Context): Promise<string | undefined> {
  try {
    const as = await sessionOf(pipe, context);
    return await hindranceOfSource(pipe, as, context);
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

/** @throws {AwsError} SQS's own */
async function hindranceOfSource(pipe: Pipe, as: RoleSession, context: Context): Promise<string | undefined> {
  try {
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
    if (error instanceof AwsError && error.code.startsWith("AccessDenied")) return UNREADABLE;
    throw error;
  }
}
