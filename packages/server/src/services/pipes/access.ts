/**
 * The questions that EventBridge Pipes' operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgepipes.html
 */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { passedRole } from "../../service/passed-role.ts";
import type { OperationName } from "../../service/sdk.ts";
import { pipeArn, PRINCIPAL, type PipesSdk } from "./kit.ts";
import { pipes } from "./pipe-row.ts";

type Action = OperationName<PipesSdk>;

export async function onPipe(
  action: Action,
  name: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const pipe = await context.tx.get(pipes, name);
  return { action: `pipes:${action}`, resource: pipeArn(context, name), resourceTags: pipe?.tags, ...more };
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html */
export const onPassedRole = (roleArn: string): Access => passedRole(roleArn, PRINCIPAL);
