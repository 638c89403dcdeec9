/**
 * The header that follows a request through services. Only what has been through a function is followed: that is how a
 * function is found out that calls itself by way of a queue, a topic or a bucket.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
import type { RequestFacts } from "../service/context.ts";

export const TRACE_HEADER = "x-amzn-trace-id";

export function followedTrace({ headers }: Pick<RequestFacts, "headers">): string | undefined {
  const trace = headers[TRACE_HEADER];
  return trace?.includes("Lineage=") === true ? trace : undefined;
}
