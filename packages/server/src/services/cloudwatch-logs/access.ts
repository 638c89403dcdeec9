/**
 * The questions that CloudWatch Logs asks of IAM. The ARN of a group has more behind it in all of them but those about tags.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format
 */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { findGroup, namedGroup, type GroupReference, type NamedGroup } from "./group-row.ts";
import { arn, groupArn } from "./kit.ts";
import { policyOn } from "./resource-policy.ts";

/** A question about a group, whatever of it. */
export const onGroup = (
  action: string,
  reference: GroupReference,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> => ask(action, namedGroup(reference, context), { context, stream: "", more });

/** The same of a group whose name is known. */
export const onNamedGroup = (
  action: string,
  named: NamedGroup,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> => ask(action, named, { context, stream: "", more });

export interface StreamReference extends GroupReference {
  readonly logStreamName: string;
}

export const onStream = (action: string, reference: StreamReference, context: Context): Promise<Access> =>
  ask(action, namedGroup(reference, context), { context, stream: reference.logStreamName, more: {} });

interface Asking {
  readonly context: Context;
  readonly stream: string;
  readonly more: Partial<Access>;
}

async function ask(action: string, named: NamedGroup, { context, stream, more }: Asking): Promise<Access> {
  const group = await findGroup(named, context);
  return {
    action: `logs:${action}`,
    resource: arn(named, `log-group:${named.name}:log-stream:${stream}`),
    owner: named.account,
    resourcePolicy: await policyOn(groupArn(named, named.name), named, context),
    resourceTags: group?.tags,
    ...more,
  };
}

/** Who wants to see what is masked has to be let, whether anything is or not. */
export const unmasking = (unmask: boolean | undefined, access: Access): readonly Access[] =>
  unmask === true ? [access, { ...access, action: "logs:Unmask" }] : [access];

/** A question about groups in general. */
export const onAllGroups = (action: string, context: Context): Access => ({
  action: `logs:${action}`,
  resource: arn(context, "log-group::log-stream:"),
});
