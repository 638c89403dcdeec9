/**
 * A function that makes of a batch of events what the target gets.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-enrichment.html
 */
import type { Principal } from "../../identity/principal.ts";
import type { Context } from "../../service/context.ts";
import { parsedJson } from "./filter.ts";
import { invokeFunction } from "./function.ts";
import { rendered } from "./input-template.ts";
import type { Pipe } from "./pipe-row.ts";

/** The events that go on; none where the function gave nothing. @throws {AwsError} where the function failed */
export async function enriched(
  events: readonly unknown[],
  { pipe, enrichment, as }: { readonly pipe: Pipe; readonly enrichment: string; readonly as: Principal },
  context: Context,
): Promise<readonly unknown[]> {
  const rendering = { pipe, nowMs: context.now().getTime() };
  const batch = events.map((event) => rendered(pipe.enrichmentTemplate, event, rendering));
  const text = await invokeFunction({ arn: enrichment, payload: batch, waits: true, as }, context);
  const answer = parsedJson(text);
  if (Array.isArray(answer)) return answer;
  return isNothing(answer) ? [] : [answer];
}

const isNothing = (answer: unknown): boolean =>
  answer === undefined ||
  answer === null ||
  answer === "" ||
  (typeof answer === "object" && Object.keys(answer).length === 0);
