/**
 * Where asynchronous invocations go when they have ended: destinations for either outcome, and the queue or topic for
 * dead letters.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { functionArn, type FunctionPlace } from "../function/name.ts";
import type { Target } from "../function/row.ts";
import { wholeArn } from "../function/row.ts";
import type { InvokeConfig } from "./invoke-config-row.ts";
import { putRecord } from "./record-bucket.ts";
import type { Ran } from "../invocation/run.ts";
import { withLineage } from "../invocation/trace.ts";

export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

export interface Outcome {
  readonly place: FunctionPlace;
  readonly target: Target;
  readonly config: InvokeConfig | undefined;
  readonly requestId: string;
  readonly traceId: string;
  readonly payload: Uint8Array;
  readonly condition: Condition;
  readonly ran?: Ran;
  readonly attempts: number;
}

export async function sendOutcome(outcome: Outcome, context: Context): Promise<void> {
  const { config, target, condition } = outcome;
  const isSuccess = condition === "Success";
  const to = isSuccess ? config?.onSuccess : config?.onFailure;
  if (to !== undefined) await sendRecord(outcome, to, context);
  const { deadLetterArn } = target.configuration;
  if (!isSuccess && deadLetterArn !== undefined) await bury(outcome, deadLetterArn, context);
}

/** With the rights of the function's role; one that ran is a pass of the loop that there may be. */
const bySender = ({ target: { function: of, configuration }, traceId, ran }: Outcome, to: Arn) => ({
  to,
  trace: ran === undefined ? traceId : withLineage(traceId, { ...of, recursion: "Allow" }),
  role: asArn(configuration.role),
  source: { arn: wholeArn(of), account: of.account },
});

function asArn(text: string): Arn {
  const parts = parseArn(text);
  return formatArn(parts ?? { partition: "", service: "", region: "", account: "", resource: text });
}

async function sendRecord(outcome: Outcome, destination: string, context: Context): Promise<void> {
  const to = asArn(destination);
  const record = recordOf(outcome, context);
  const parts = parseArn(to);
  if (parts?.service === "s3") {
    const { requestId: id, target } = outcome;
    return putRecord({ id, bucket: parts.resource, text: JSON.stringify(record), target }, context);
  }
  const delivery = bySender(outcome, to);
  const { account, region } = outcome.place;
  if (parts?.service !== "events") {
    const content = { kind: "message", text: JSON.stringify(record) } as const;
    return context.deliver({ ...delivery, content }, { account, region });
  }
  const detailType = `Lambda Function Invocation Result - ${outcome.condition === "Success" ? "Success" : "Failure"}`;
  const resources = [to, functionArn(outcome.place, outcome.place.qualifier ?? "$LATEST")];
  const content = { kind: "event", source: "lambda", detailType, resources, detail: record } as const;
  return context.deliver({ ...delivery, content }, { account, region });
}

function recordOf({ place, target, requestId, payload, condition, ran, attempts }: Outcome, context: Context) {
  const ended = ran?.kind === "ended" ? ran : undefined;
  return {
    version: "1.0",
    timestamp: context.now().toISOString(),
    requestContext: {
      requestId,
      functionArn: functionArn(place, place.qualifier ?? "$LATEST"),
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: jsonOf(payload),
    ...(ended && {
      responseContext: {
        statusCode: 200,
        executedVersion: target.configuration.version,
        ...(ended.failed && { functionError: "Unhandled" }),
      },
      responsePayload: jsonOf(ended.payload),
    }),
  };
}

/** What is no JSON stands as text. */
function jsonOf(payload: Uint8Array): unknown {
  const text = Buffer.from(payload).toString("utf8");
  try {
    return text === "" ? {} : parseBounded(text);
  } catch {
    return text;
  }
}

const ERROR_CHARACTERS_MAX = 1024;

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq (attributes) */
async function bury(outcome: Outcome, queue: string, context: Context): Promise<void> {
  const { requestId, payload, ran, place } = outcome;
  const ended = ran?.kind === "ended" ? ran : undefined;
  const told = ended === undefined ? undefined : jsonOf(ended.payload);
  const message = isFields(told) && typeof told["errorMessage"] === "string" ? told["errorMessage"] : outcome.condition;
  const content = {
    kind: "message",
    text: Buffer.from(payload).toString("utf8") || "{}",
    attributes: {
      RequestID: { type: "String", value: requestId },
      ErrorCode: { type: "Number", value: ended === undefined ? "429" : "200" },
      ErrorMessage: { type: "String", value: message.slice(0, ERROR_CHARACTERS_MAX) },
    },
  } as const;
  await context.deliver(
    { ...bySender(outcome, asArn(queue)), content },
    { account: place.account, region: place.region },
  );
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
