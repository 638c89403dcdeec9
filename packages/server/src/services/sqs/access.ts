/**
 * The questions that SQS's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
import { parseAccountId, parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { queueNotFound } from "./errors.ts";
import { queueArn, type SqsSdk } from "./kit.ts";
import type { OperationName } from "../../service/sdk.ts";
import { placeOf, queueOf, findQueue, type Queue } from "./queue/row.ts";

type Action = OperationName<SqsSdk>;

/**
 * A question about a queue that its policy may answer too, also for those of other accounts, and for nobody in particular:
 * what asks it is open.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-basic-examples-of-sqs-policies.html (anonymous users)
 */
export async function onQueue(
  action: Action,
  url: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const place = placeOf(url, context);
  const queue = await queueOf(place);
  // services hear that a queue is gone. Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/s3 ("The destination queue does not exist")
  if (queue === undefined && context.principal.type === "service") throw queueNotFound();
  const policy = queue?.policy;
  return {
    action: `sqs:${action}`,
    resource: queueArn(place, place.name),
    owner: place.account,
    resourcePolicy: policy && { name: `queue policy of ${place.name}`, document: policy.document },
    resourceTags: queue?.tags,
    ...more,
  };
}

/**
 * The same for what no policy lets other accounts do.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-customer-managed-policy-examples.html (limitations)
 */
export async function onOwnQueue(
  action: Action,
  url: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const access = await onQueue(action, url, context, more);
  if (access.owner === callerOf(context)) return access;
  return { ...access, resourcePolicy: undefined };
}

/** The same for a queue that is named by its ARN. */
export async function onQueueArn(action: Action, arn: string, context: Context): Promise<Access> {
  const parts = parseArn(arn);
  const queue: Queue | undefined = await findQueue(arn, context);
  return {
    action: `sqs:${action}`,
    resource: parts
      ? queueArn({ ...context, partition: context.partition, ...ownerOf(parts.account, context) }, parts.resource)
      : "*",
    owner: ownerOf(parts?.account ?? "", context).account,
    resourceTags: queue?.tags,
  };
}

const ownerOf = (account: string, context: Context) => ({
  region: context.region,
  account: parseAccountId(account) ?? context.account,
});

const callerOf = ({ principal }: Context) => ("account" in principal ? principal.account : undefined);
