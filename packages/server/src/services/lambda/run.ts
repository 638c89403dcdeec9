/** One invocation of a function, by whatever way it was asked for. */
import type { Context } from "../../service/context.ts";
import type { InvocationOrder, Invoked } from "../../service/function-host.ts";
import { reservedSum } from "./concurrency-row.ts";
import { codeUnusable, runtimeUnavailable } from "./errors.ts";
import { functionArn } from "./function-name.ts";
import { wholeArn, type Target } from "./function-row.ts";
import { withLineage } from "./trace.ts";
import { setUpInstance } from "./instance-setup.ts";
import { CONCURRENT_EXECUTIONS } from "./limits.ts";
import { runsHere } from "./runtime-name.ts";

export interface Run {
  readonly target: Target;
  /** As it was asked for; without: the function as a whole. */
  readonly qualifier: string | undefined;
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly clientContext?: string | undefined;
  readonly traceId?: string | undefined;
  readonly tail?: boolean | undefined;
  readonly onPiece?: InvocationOrder["onPiece"];
}

export type Ran =
  | Extract<Invoked, { readonly kind: "ended" }>
  | { readonly kind: "throttled"; readonly reserved: boolean };

/** Takes as long as the function: outside of transactions. */
export async function run(asked: Run, context: Context): Promise<Ran> {
  const { target, payload, tail = false, onPiece } = asked;
  const { runtime } = target.configuration;
  if (!runsHere(runtime))
    throw runtimeUnavailable(`${runtime} does not run here: Node.js, Python and provided runtimes do`);
  const order = await orderOf(asked, "on-demand", context);
  const invoked = await context.functions.invoke({ ...order, payload, tail, onPiece });
  if (invoked.kind === "ended") return invoked;
  if (invoked.kind === "unrunnable")
    throw invoked.lacks === "code" ? codeUnusable() : runtimeUnavailable(invoked.reason);
  return { kind: "throttled", reserved: target.function.reservedConcurrency !== undefined };
}

/** Has an instance ready. Takes time: outside of transactions. */
export async function warm(target: Target, context: Context): Promise<void> {
  const order = await orderOf({ target, qualifier: undefined, requestId: "" }, "provisioned-concurrency", context);
  await context.functions.warm(order);
}

type Order = Omit<InvocationOrder, "payload" | "tail" | "onPiece">;

async function orderOf(
  { target, qualifier, requestId, clientContext, traceId }: Omit<Run, "payload">,
  initialization: "on-demand" | "provisioned-concurrency",
  context: Context,
): Promise<Order> {
  const { function: of, configuration } = target;
  const { logging, version } = configuration;
  return {
    pool: poolOf(target),
    group: wholeArn(of),
    concurrency: await concurrencyOf(target, context),
    requestId,
    functionArn: functionArn(of, qualifier),
    version,
    timeoutMs: configuration.timeoutSeconds * 1000,
    memoryMb: configuration.memoryMb,
    logFormat: logging.format,
    systemLogLevel: systemLevelOf(logging.systemLevel),
    clientContext,
    traceId: traceId && withLineage(traceId, of),
    setUp: () => setUpInstance(target, initialization, context),
  };
}

/** Instances of one revision are interchangeable. */
const poolOf = ({ function: { id }, configuration }: Target): string =>
  `${id} ${configuration.version} ${configuration.revisionId}`;

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
async function concurrencyOf({ function: of }: Target, context: Context): Promise<InvocationOrder["concurrency"]> {
  const { reservedConcurrency, account, region } = of;
  if (reservedConcurrency !== undefined) return { of: wholeArn(of), max: reservedConcurrency };
  const reserved = await reservedSum(context.tx.in({ account, region }));
  return { of: `${account} ${region}`, max: CONCURRENT_EXECUTIONS - reserved };
}

const systemLevelOf = (level: string | undefined): InvocationOrder["systemLogLevel"] =>
  level === "DEBUG" || level === "WARN" ? level : "INFO";
