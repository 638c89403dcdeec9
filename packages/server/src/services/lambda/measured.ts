/** Lambda's own metrics. Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
import type { Context } from "../../service/context.ts";
import type { FunctionPlace } from "./function-name.ts";
import type { Target } from "./function-row.ts";
import type { Ran } from "./run.ts";

/** The same outside of transactions, once it has ended. */
export async function measured(running: Promise<Ran>, target: Target, context: Context): Promise<Ran> {
  const ran = await running;
  measureRun(target, ran, context);
  return ran;
}

type Happening =
  | { readonly name: "AsyncEventsReceived" | "AsyncEventsDropped" | "DestinationDeliveryFailures"; readonly value: 1 }
  | { readonly name: "AsyncEventAge"; readonly value: number };

/** What becomes of asynchronous invocations. */
export function measureEvent(
  { name: FunctionName, account, region }: Pick<FunctionPlace, "name" | "account" | "region">,
  { name, value }: Happening,
  context: Context,
): void {
  const unit = name === "AsyncEventAge" ? "Milliseconds" : "Count";
  const dimensions = { FunctionName };
  context.measure({ namespace: "AWS/Lambda", name, dimensions, unit, value }, { account, region });
}

export function measureRun({ function: of, alias, configuration }: Target, ran: Ran, context: Context): void {
  const place = { account: of.account, region: of.region };
  const version = alias?.alias ?? (configuration.version === "$LATEST" ? undefined : configuration.version);
  const own = { FunctionName: of.name };
  const all = version === undefined ? [own] : [own, { ...own, Resource: `${of.name}:${version}` }];
  for (const dimensions of all) {
    const count = (name: string, value: number) =>
      context.measure({ namespace: "AWS/Lambda", name, dimensions, unit: "Count", value }, place);
    if (ran.kind === "throttled") count("Throttles", 1);
    else {
      count("Invocations", 1);
      count("Errors", ran.failed ? 1 : 0);
      count("ConcurrentExecutions", ran.together);
      const duration = { name: "Duration", unit: "Milliseconds", value: ran.durationMs } as const;
      context.measure({ namespace: "AWS/Lambda", dimensions, ...duration }, place);
    }
  }
}
