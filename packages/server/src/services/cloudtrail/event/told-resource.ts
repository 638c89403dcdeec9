/** The resources that an event tells of. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (resources) */
import type { TrailEvent } from "./event.ts";
import type { Json } from "./identity.ts";
import { isRefused } from "./recipient.ts";
import type { EventResource } from "./resource.ts";

/** Only some services do. */
const TELLING = new Set(["kms", "sts", "s3", "lambda", "sqs", "sns", "dynamodb", "secrets-manager"]);

const OBJECT = "AWS::S3::Object";

export function toldResources(event: TrailEvent): readonly Json[] | undefined {
  const { call, dataType, resources } = event;
  const [first] = resources;
  if (first === undefined || (call.own === undefined && !TELLING.has(call.service))) return undefined;
  const told = resources.map((resource) => shown(resource, event));
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
  const isOfAll = dataType === OBJECT && first.type === "AWS::S3::Bucket";
  return isOfAll ? [{ type: OBJECT, ARNPrefix: `${first.arn}/` }, ...told] : told;
}

function shown({ type, arn, account }: EventResource, event: TrailEvent): Json {
  if (type === OBJECT) return { type, ARN: arn };
  return { accountId: isHidden(account, event) ? "" : account, type, ARN: arn };
}

/**
 * Who was refused the data of others does not learn whose they are.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
const isHidden = (owner: string, { call, dataType, recipient }: TrailEvent): boolean =>
  dataType !== undefined && owner !== recipient && isRefused(call);
