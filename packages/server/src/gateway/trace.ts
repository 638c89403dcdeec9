/**
 * The header that follows a request through services, by which a function is found out that calls itself by way of a
 * queue, a topic or a bucket.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html,
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_publish_sqs_from_sns_with_xray_propagation)
 */
import type { RequestFacts } from "../service/context.ts";

export const TRACE_HEADER = "x-amzn-trace-id";

export function followedTrace({ headers }: Pick<RequestFacts, "headers">): string | undefined {
  const trace = headers[TRACE_HEADER];
  return trace?.includes("Root=") === true ? trace : undefined;
}
