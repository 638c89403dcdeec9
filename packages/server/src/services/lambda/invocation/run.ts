/** One invocation of a function, by whatever way it was asked for. */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Scope } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { InvocationOrder, Invoked } from "../../../service/function-host.ts";
import { reservedSum } from "../concurrency/row.ts";
import { codeUnusable, runtimeUnavailable } from "../errors.ts";
import { functionArn, LATEST } from "../function/name.ts";
import { wholeArn, type Target } from "../function/row.ts";
import { withLineage } from "./trace.ts";
import { setUpInstance } from "../instance/setup.ts";
import { CONCURRENT_EXECUTIONS } from "../limits.ts";
import { provisionedSum, readyFor } from "../concurrency/provision-row.ts";
import { runsHere } from "../function/runtime-name.ts";

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
  | (Extract<Invoked, { readonly kind: "ended" }> & { readonly room?: Room })
  | { readonly kind: "throttled"; readonly reserved: boolean };

/** What is called with nothing gets an object with nothing in it. */
const NO_EVENT = Buffer.from("{}");

/** Takes as long as the function: outside of transactions. */
export async function run(asked: Run, context: Context): Promise<Ran> {
  const { target, payload, tail = false, onPiece } = asked;
  const { runtime } = target.configuration;
  if (!runsHere(runtime))
    throw runtimeUnavailable(`${runtime} does not run here: Node.js, Python and provided runtimes do`);
  const given = payload.byteLength === 0 ? NO_EVENT : payload;
  for (const room of await roomsFor(target, context)) {
    const order = orderOf(asked, room, context);
    const invoked = await context.functions.invoke({ ...order, payload: given, tail, onPiece });
    if (invoked.kind === "ended") return { ...invoked, room };
    if (invoked.kind === "unrunnable")
      throw invoked.lacks === "code" ? codeUnusable() : runtimeUnavailable(invoked.reason);
  }
  return { kind: "throttled", reserved: target.function.reservedConcurrency !== undefined };
}

/** Has an instance ready, and says whether it is. Takes time: outside of transactions. */
export async function warm(target: Target, context: Context): Promise<boolean> {
  const room: Room = { kind: "provisioned", concurrency: { of: "", max: 1 } };
  try {
    return await context.functions.warm(orderOf({ target, qualifier: undefined, requestId: "" }, room, context));
  } catch (error) {
    // the role is not to be had
    if (error instanceof AwsError) return false;
    throw error;
  }
}

/** Concurrency that an invocation may take; `spilled`: since all that is kept ready is taken. */
interface Room {
  readonly kind: "unreserved" | "reserved" | "provisioned";
  readonly concurrency: InvocationOrder["concurrency"];
  readonly spilled?: true;
}

type Order = Omit<InvocationOrder, "payload" | "tail" | "onPiece">;

function orderOf(
  { target, qualifier, requestId, clientContext, traceId }: Omit<Run, "payload">,
  { kind, concurrency }: Room,
  context: Context,
): Order {
  const { function: of, configuration } = target;
  const { logging, version } = configuration;
  return {
    pool: poolOf(target),
    group: wholeArn(of),
    account: sharedBy(of),
    concurrency,
    requestId,
    functionArn: functionArn(of, qualifier),
    version,
    timeoutMs: configuration.timeoutSeconds * 1000,
    memoryMb: configuration.memoryMb,
    logFormat: logging.format,
    systemLogLevel: systemLevelOf(logging.systemLevel),
    clientContext,
    traceId: traceId && withLineage(traceId, of),
    setUp: () => setUpInstance(target, kind === "provisioned" ? "provisioned-concurrency" : "on-demand", context),
  };
}

/** Instances of one generation are interchangeable. */
const poolOf = ({ function: { id }, configuration }: Target): string =>
  `${id} ${configuration.version} ${configuration.generation}`;

/**
 * What is kept ready for a version comes first; of reserved concurrency that is taken off for all others.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html#reserved-and-provisioned
 */
async function roomsFor(target: Target, context: Context): Promise<readonly Room[]> {
  const { function: of, configuration } = target;
  const { name, reservedConcurrency, account, region } = of;
  const tx = context.tx.in({ account, region });
  const onDemand: Room =
    reservedConcurrency === undefined
      ? {
          kind: "unreserved",
          concurrency: { of: sharedBy(of), max: CONCURRENT_EXECUTIONS - (await reservedSum(tx)) },
        }
      : {
          kind: "reserved",
          concurrency: { of: wholeArn(of), max: reservedConcurrency - (await provisionedSum(name, tx)) },
        };
  const ready = configuration.version === LATEST ? undefined : await readyFor(target, tx);
  if (ready === undefined) return [onDemand];
  const own = { of: functionArn(of, ready.qualifier), max: ready.requested };
  return [
    { kind: "provisioned", concurrency: own },
    { ...onDemand, spilled: true },
  ];
}

/** What functions without concurrency of their own share the account's by. */
export const sharedBy = ({ account, region }: Scope): string => `${account} ${region}`;

const systemLevelOf = (level: string | undefined): InvocationOrder["systemLogLevel"] =>
  level === "DEBUG" || level === "WARN" ? level : "INFO";
