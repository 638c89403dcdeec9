import { asRegion, parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { functionEventOf, type Envelope } from "../message/notification.ts";
import { SERVICE, sourceOf, type Publication } from "../message/publication.ts";
import type { Subscription } from "../subscription/row.ts";
import type { Topic } from "../topic/row.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");

export async function toFunction(
  publication: Publication,
  subscription: Subscription,
  context: Context,
): Promise<object> {
  const envelope = await publication.envelopeFor(subscription);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_delivery_lambda)
  return { lambdaRequestId: await invoke(envelope, { subscription, topic: publication.topic }, context) };
}

interface Invoked {
  readonly subscription: Subscription;
  readonly topic: Topic;
}

/** Without waiting for what it gives: the id of the request. @throws {AwsError} what Lambda answers */
export async function invoke(envelope: Envelope, { subscription, topic }: Invoked, context: Context): Promise<string> {
  let id = "";
  const Payload = Buffer.from(functionEventOf(envelope, subscription), "utf8");
  await context.call<LambdaSdk, "Invoke">({
    service: "lambda",
    operation: "Invoke",
    input: { FunctionName: subscription.endpoint, InvocationType: "Event", Payload },
    as: SERVICE,
    source: sourceOf(topic),
    account: topic.account,
    region: asRegion(parseArn(subscription.endpoint)?.region ?? topic.region),
    tellId: (requestId) => void (id = requestId),
  });
  return id;
}
