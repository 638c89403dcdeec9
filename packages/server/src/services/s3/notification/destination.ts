/**
 * Whether destinations take what a bucket sends: queues and topics get a test, functions are asked without being run.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html (s3:TestEvent)
 */
import { parseArn } from "../../../kernel/arn.ts";
import { refusalOf, type AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { arn as arnOf } from "../kit.ts";
import { destinationsInvalid } from "./errors.ts";
import { hostIdOf, requestIdOf } from "./request-id.ts";
import type { NotificationRule } from "./rule.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type SnsSdk = typeof import("@aws-sdk/client-sns");
type LambdaSdk = typeof import("@aws-sdk/client-lambda");

/** @throws {AwsError} `InvalidArgument`, naming all that do not */
export async function requireDestinations(
  rules: readonly NotificationRule[],
  bucket: Bucket,
  context: Context,
): Promise<void> {
  const refused: { readonly arn: string; readonly why: string }[] = [];
  for (const rule of rules) {
    const failure = await refusalOf(() => sendTest(rule, bucket, context));
    if (failure) refused.push(shown(rule, failure));
  }
  if (refused.length > 0) throw destinationsInvalid(refused);
}

async function sendTest({ kind, arn }: NotificationRule, bucket: Bucket, context: Context): Promise<void> {
  const from = {
    as: { type: "service", service: "s3.amazonaws.com" },
    source: { arn: arnOf(context, bucket.name), account: bucket.owner },
    account: bucket.owner,
    region: bucket.region,
  } as const;
  const text = testEvent(bucket, context);
  switch (kind) {
    case "queue": {
      const { region = "", account = "", resource = "" } = parseArn(arn) ?? {};
      const input = { QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${resource}`, MessageBody: text };
      await context.call<SqsSdk, "SendMessage">({ service: "sqs", operation: "SendMessage", input, ...from });
      return;
    }
    case "topic": {
      const input = { TopicArn: arn, Subject: "Amazon S3 Notification", Message: text };
      await context.call<SnsSdk, "Publish">({ service: "sns", operation: "Publish", input, ...from });
      return;
    }
    case "function": {
      const input = { FunctionName: arn, InvocationType: "DryRun" as const };
      await context.call<LambdaSdk, "Invoke">({ service: "lambda", operation: "Invoke", input, ...from });
    }
  }
}

function testEvent({ name }: Bucket, context: Context): string {
  const RequestId = requestIdOf(context);
  const Time = context.now().toISOString();
  return JSON.stringify({
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time,
    Bucket: name,
    RequestId,
    HostId: hostIdOf(RequestId),
  });
}

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/s3 (recorded answers) */
function shown({ kind, arn }: NotificationRule, { code }: AwsError): { readonly arn: string; readonly why: string } {
  if (kind === "function") return { arn: `${arn}, null`, why: `Not authorized to invoke function [${arn}]` };
  const isForbidden = code.startsWith("AccessDenied") || code.startsWith("AuthorizationError");
  const why = isForbidden
    ? `Permissions on the destination ${kind} do not allow S3 to publish notifications from this bucket`
    : `The destination ${kind} does not exist`;
  return { arn, why };
}
