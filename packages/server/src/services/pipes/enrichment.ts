/**
 * A function, or an API destination, that makes of events what the target gets.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-enrichment.html
 */
import type { Principal } from "../../identity/principal.ts";
import type { ErrandContext } from "../../service/errand.ts";
import { requested } from "./destination.ts";
import { exactJson } from "./filter.ts";
import { invokeFunction } from "./function.ts";
import { rendered } from "./input-template.ts";
import type { Pipe } from "./pipe-row.ts";
import { enrichmentKindOf } from "./resource-kind.ts";

/** The events that go on; none where nothing was answered. @throws {AwsError} where the enrichment failed */
export async function enriched(
  events: readonly unknown[],
  { pipe, enrichment, as }: { readonly pipe: Pipe; readonly enrichment: string; readonly as: Principal },
  context: ErrandContext,
): Promise<readonly unknown[]> {
  const rendering = { pipe, nowMs: context.now().getTime() };
  const given = events.map((event) => ({ event, input: rendered(pipe.enrichmentTemplate, event, rendering) }));
  if (enrichmentKindOf(enrichment) === "function") {
    const payload = given.map(({ input }) => input);
    return answered(await invokeFunction({ arn: enrichment, payload, waits: true, as }, context));
  }
  // destinations take no batches
  // Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
  const made: unknown[] = [];
  for (const { event, input } of given) {
    const asked = { arn: enrichment, pipe, parameters: pipe.enrichmentHttp, event, input };
    made.push(...answered(await requested(asked, context)));
  }
  return made;
}

function answered(text: string): readonly unknown[] {
  const answer = exactJson(text);
  if (Array.isArray(answer)) return answer;
  return isNothing(answer) ? [] : [answer];
}

const isNothing = (answer: unknown): boolean =>
  answer === undefined ||
  answer === null ||
  answer === "" ||
  (typeof answer === "object" && Object.keys(answer).length === 0);
