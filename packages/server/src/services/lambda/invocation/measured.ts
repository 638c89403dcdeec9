/** Lambda's own metrics. Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
import type { Scope } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { MeasureUnit } from "../../../service/measure.ts";
import type { FunctionPlace } from "../function/name.ts";
import type { Target } from "../function/row.ts";
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
  const version = alias?.alias ?? (configuration.version === "$LATEST" ? undefined : configuration.version);
  const own = { FunctionName: of.name };
  const ofVersion = version === undefined ? undefined : { ...own, Resource: `${of.name}:${version}` };
  const tell = tellerOf(of, context);
  for (const dimensions of [ACROSS_ALL, own, ...(ofVersion === undefined ? [] : [ofVersion])]) {
    if (ran.kind === "throttled") tell(dimensions, "Throttles", 1);
    else {
      tell(dimensions, "Invocations", 1);
      tell(dimensions, "Errors", ran.failed ? 1 : 0);
      const { ofAccount, ofGroup } = ran.together;
      tell(dimensions, "ConcurrentExecutions", dimensions === ACROSS_ALL ? ofAccount : ofGroup);
      tell(dimensions, "Duration", ran.durationMs, "Milliseconds");
    }
  }
  if (ran.kind === "ended") measureConcurrency(ran, ofVersion, tell);
}

/** Of the account and region. */
const ACROSS_ALL = {};

type Tell = (dimensions: Readonly<Record<string, string>>, name: string, value: number, unit?: MeasureUnit) => void;

const tellerOf =
  ({ account, region }: Scope, context: Context): Tell =>
  (dimensions, name, value, unit = "Count") =>
    context.measure({ namespace: "AWS/Lambda", name, dimensions, unit, value }, { account, region });

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html */
function measureConcurrency(
  { room, together: { sharing } }: Extract<Ran, { readonly kind: "ended" }>,
  ofVersion: Readonly<Record<string, string>> | undefined,
  tell: Tell,
): void {
  if (room === undefined) return;
  if (room.kind === "unreserved") tell(ACROSS_ALL, "UnreservedConcurrentExecutions", sharing);
  if (ofVersion === undefined) return;
  if (room.spilled) tell(ofVersion, "ProvisionedConcurrencySpilloverInvocations", 1);
  if (room.kind !== "provisioned") return;
  tell(ofVersion, "ProvisionedConcurrencyInvocations", 1);
  tell(ofVersion, "ProvisionedConcurrentExecutions", sharing);
  tell(ofVersion, "ProvisionedConcurrencyUtilization", sharing / room.concurrency.max, "None");
}
