/** Smaller settings of functions, and what an account has. */
import { everyRow } from "../../kernel/every-row.ts";
import type { Table, Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onAll, onFunction, onQualified } from "./access.ts";
import { reservedSum } from "./concurrency/row.ts";
import { functionArn, placeOf } from "./function/name.ts";
import { functions, requireFunction, requireTarget, versions } from "./function/row.ts";
import { operation } from "./kit.ts";
import { layerVersions } from "./layer/row.ts";
import { CODE_STORED_BYTES_MAX, CONCURRENT_EXECUTIONS, UNZIPPED_BYTES_MAX, ZIPPED_BYTES_MAX } from "./limits.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
export const putFunctionRecursionConfig = operation("PutFunctionRecursionConfig", {
  authorize: ({ FunctionName }, context) => onFunction("PutFunctionRecursionConfig", FunctionName, context),

  async handle({ FunctionName, RecursiveLoop }, context) {
    const place = placeOf(FunctionName, context);
    place.tx.put(functions, { ...(await requireFunction(place)), recursion: RecursiveLoop });
    return { RecursiveLoop };
  },
});

export const getFunctionRecursionConfig = operation("GetFunctionRecursionConfig", {
  authorize: ({ FunctionName }, context) => onFunction("GetFunctionRecursionConfig", FunctionName, context),

  async handle({ FunctionName }, context) {
    return { RecursiveLoop: (await requireFunction(placeOf(FunctionName, context))).recursion };
  },
});

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html */
export const putRuntimeManagementConfig = operation("PutRuntimeManagementConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("PutRuntimeManagementConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier, UpdateRuntimeOn, RuntimeVersionArn }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    await requireTarget(place);
    const of = await requireFunction(place);
    const runtimeUpdate = { on: UpdateRuntimeOn, ...(RuntimeVersionArn !== undefined && { arn: RuntimeVersionArn }) };
    place.tx.put(functions, { ...of, runtimeUpdate });
    return shownUpdate(runtimeUpdate, functionArn(of, place.qualifier));
  },
});

export const getRuntimeManagementConfig = operation("GetRuntimeManagementConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetRuntimeManagementConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    await requireTarget(place);
    const of = await requireFunction(place);
    return shownUpdate(of.runtimeUpdate ?? { on: "Auto" }, functionArn(of, place.qualifier));
  },
});

function shownUpdate(
  { on, arn }: { readonly on: "Auto" | "FunctionUpdate" | "Manual"; readonly arn?: string },
  FunctionArn: string,
) {
  return { UpdateRuntimeOn: on, FunctionArn, ...(arn !== undefined && { RuntimeVersionArn: arn }) };
}

export const getAccountSettings = operation("GetAccountSettings", {
  authorize: () => onAll("GetAccountSettings"),

  async handle(_input, context) {
    return {
      AccountLimit: {
        TotalCodeSize: CODE_STORED_BYTES_MAX,
        CodeSizeUnzipped: UNZIPPED_BYTES_MAX,
        CodeSizeZipped: ZIPPED_BYTES_MAX,
        ConcurrentExecutions: CONCURRENT_EXECUTIONS,
        UnreservedConcurrentExecutions: CONCURRENT_EXECUTIONS - (await reservedSum(context.tx)),
      },
      AccountUsage: await usage(context),
    };
  },
});

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_AccountUsage.html (versions of functions and layers have their own) */
async function usage({ tx }: Context) {
  const latest = await total(functions, (of) => of.latest.code.bytes, tx);
  const published = await total(versions, ({ code }) => code.bytes, tx);
  const layered = await total(
    layerVersions,
    ({ code, deletedAtMs }) => (deletedAtMs === undefined ? code.bytes : 0),
    tx,
  );
  return { TotalCodeSize: latest.bytes + published.bytes + layered.bytes, FunctionCount: latest.rows };
}

async function total<Row>(from: Table<Row>, bytesOf: (row: Row) => number, tx: Transaction) {
  let [bytes, count] = [0, 0];
  for await (const row of everyRow(tx, from)) {
    count += 1;
    bytes += bytesOf(row);
  }
  return { bytes, rows: count };
}
