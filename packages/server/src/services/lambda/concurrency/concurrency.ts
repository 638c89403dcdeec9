/**
 * Concurrency that a function has to itself, and is held to.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
import { onFunction } from "../access.ts";
import { changeReserved, reservedSum } from "./row.ts";
import { functionsOnly, reservedBelowProvisioned, tooLittleUnreserved } from "../errors.ts";
import { LATEST, placeOf } from "../function/name.ts";
import { functions, requireFunction } from "../function/row.ts";
import { operation } from "../kit.ts";
import { CONCURRENT_EXECUTIONS, UNRESERVED_EXECUTIONS_MIN } from "../limits.ts";
import { provisionedSum } from "./provision-row.ts";

export const putFunctionConcurrency = operation("PutFunctionConcurrency", {
  authorize: ({ FunctionName }, context) => onFunction("PutFunctionConcurrency", FunctionName, context),

  async handle({ FunctionName, ReservedConcurrentExecutions: wanted }, context) {
    const place = placeOf(FunctionName, context);
    if (place.qualifier !== undefined) throw functionsOnly();
    const of = await requireFunction({ ...place, qualifier: LATEST });
    const by = wanted - (of.reservedConcurrency ?? 0);
    const reserved = (await reservedSum(place.tx)) + by;
    if (wanted > 0 && CONCURRENT_EXECUTIONS - reserved < UNRESERVED_EXECUTIONS_MIN) {
      throw tooLittleUnreserved(UNRESERVED_EXECUTIONS_MIN);
    }
    const provisioned = await provisionedSum(of.name, place.tx);
    if (wanted < provisioned) throw reservedBelowProvisioned(wanted, provisioned);
    await changeReserved(by, place.tx);
    place.tx.put(functions, { ...of, reservedConcurrency: wanted });
    return { ReservedConcurrentExecutions: wanted };
  },
});

export const getFunctionConcurrency = operation("GetFunctionConcurrency", {
  authorize: ({ FunctionName }, context) => onFunction("GetFunctionConcurrency", FunctionName, context),

  async handle({ FunctionName }, context) {
    const { reservedConcurrency } = await requireFunction(placeOf(FunctionName, context));
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
});

export const deleteFunctionConcurrency = operation("DeleteFunctionConcurrency", {
  authorize: ({ FunctionName }, context) => onFunction("DeleteFunctionConcurrency", FunctionName, context),

  async handle({ FunctionName }, context) {
    const place = placeOf(FunctionName, context);
    const { reservedConcurrency = 0, ...rest } = await requireFunction(place);
    await changeReserved(-reservedConcurrency, place.tx);
    place.tx.put(functions, rest);
    return {};
  },
});
