/**
 * How much an account lets be retrieved in a region.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/data-retrieval-policy.html
 */
import { DAY_MS, HOUR_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onRetrievalPolicy } from "../access.ts";
import { invalidValue, missing, retrievalDenied } from "../errors.ts";
import { operation } from "../kit.ts";
import { FREE_BYTES_PER_DAY, RETRIEVAL_MS } from "../limits.ts";
import { placeOf } from "../place.ts";
import { retrievals } from "./row.ts";
import { everyRow } from "../../../kernel/every-row.ts";

type RetrievalPolicy =
  | { readonly strategy: "None" }
  | { readonly strategy: "FreeTier" }
  | { readonly strategy: "BytesPerHour"; readonly bytesPerHour: number };

/** One row. */
const policies = table<RetrievalPolicy>("glacier.retrieval-policy", "region", () => []);

export const setDataRetrievalPolicy = operation("SetDataRetrievalPolicy", {
  authorize: (input, context) => onRetrievalPolicy("SetDataRetrievalPolicy", input, context),

  async handle(input, context) {
    const policy = parsePolicy(input.Policy?.Rules);
    placeOf(input, context).tx.put(policies, policy);
    return {};
  },
});

interface Rule {
  readonly Strategy?: string | undefined;
  readonly BytesPerHour?: number | undefined;
}

/** @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException` */
function parsePolicy(rules: readonly Rule[] | undefined): RetrievalPolicy {
  const [rule, ...more] = rules ?? [];
  if (rule === undefined) throw missing("Rules");
  if (more.length > 0) throw invalidValue("Rules", `${more.length + 1} rules`);
  const { Strategy: strategy, BytesPerHour: bytesPerHour } = rule;
  if (strategy === undefined) throw missing("Strategy");
  if (strategy === "BytesPerHour") {
    if (bytesPerHour === undefined) throw missing("BytesPerHour");
    if (bytesPerHour < 1) throw invalidValue("BytesPerHour", String(bytesPerHour));
    return { strategy, bytesPerHour };
  }
  if (strategy !== "FreeTier" && strategy !== "None") throw invalidValue("Strategy", strategy);
  if (bytesPerHour !== undefined) throw invalidValue("BytesPerHour", String(bytesPerHour));
  return { strategy };
}

export const getDataRetrievalPolicy = operation("GetDataRetrievalPolicy", {
  authorize: (input, context) => onRetrievalPolicy("GetDataRetrievalPolicy", input, context),

  async handle(input, context) {
    const policy = await policyIn(placeOf(input, context).tx);
    const limit = policy.strategy === "BytesPerHour" ? { BytesPerHour: policy.bytesPerHour } : {};
    return { Policy: { Rules: [{ Strategy: policy.strategy, ...limit }] } };
  },
});

const policyIn = async (tx: Transaction): Promise<RetrievalPolicy> => (await tx.get(policies)) ?? { strategy: "None" };

/**
 * Holds one more standard retrieval to the policy. AWS does not say how it reckons the rate of a job: here a job's bytes
 * are spread over the hours that it takes.
 *
 * @throws {AwsError} `PolicyEnforcedException`
 */
export async function requireAllowance(bytes: number, tx: Transaction, context: Context): Promise<void> {
  const policy = await policyIn(tx);
  const nowMs = context.now().getTime();
  if (policy.strategy === "FreeTier") {
    const sinceMidnight = await bytesSince(Math.floor(nowMs / DAY_MS) * DAY_MS, tx);
    if (sinceMidnight + bytes > FREE_BYTES_PER_DAY) throw retrievalDenied();
  }
  if (policy.strategy === "BytesPerHour") {
    const underWay = await bytesSince(nowMs - RETRIEVAL_MS.Standard + 1, tx);
    const hours = RETRIEVAL_MS.Standard / HOUR_MS;
    if ((underWay + bytes) / hours > policy.bytesPerHour) throw retrievalDenied();
  }
}

async function bytesSince(fromMs: number, tx: Transaction): Promise<number> {
  let sum = 0;
  for await (const { bytes } of everyRow(tx, retrievals, { from: [fromMs] })) sum += bytes;
  return sum;
}
