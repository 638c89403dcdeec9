/**
 * Instances that are kept ready for a version or an alias.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
 */
import { fullTime } from "../../../kernel/iso-seconds.ts";
import { page } from "../../../kernel/page.ts";
import type { Errand } from "../../../service/errand.ts";
import { onFunction, onQualified } from "../access.ts";
import { requireNamed } from "../function/alias.ts";
import { reservedSum } from "./row.ts";
import {
  nextTokenInvalid,
  provisionedByAlias,
  provisionedNotFound,
  provisionedOfLatest,
  provisionedOfNone,
  provisionedOverAccount,
  provisionedOverReserved,
  provisionedTooLittleLeft,
  provisionedTwice,
} from "../errors.ts";
import { functionArn, LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { aliases, findTarget, requireFunction, type Target } from "../function/row.ts";
import { operation } from "../kit.ts";
import { CONCURRENT_EXECUTIONS, PAGE_ROWS_MAX, UNRESERVED_EXECUTIONS_MIN } from "../limits.ts";
import { beginProvision, provisionedSum, provisions, type Provision } from "./provision-row.ts";
import { warm } from "../invocation/run.ts";

export const putProvisionedConcurrencyConfig = operation("PutProvisionedConcurrencyConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("PutProvisionedConcurrencyConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier, ProvisionedConcurrentExecutions: requested }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    if (Qualifier === LATEST) throw provisionedOfLatest();
    const target = await requireNamed(place);
    await requireAlone(target, Qualifier, place);
    await requireRoom(target, requested, { place, qualifier: Qualifier });
    const { name } = target.function;
    const provision = { name, qualifier: Qualifier, requested, modifiedAtMs: context.now().getTime() };
    return shown(beginProvision(provision, place, context));
  },
});

export const getProvisionedConcurrencyConfig = operation("GetProvisionedConcurrencyConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetProvisionedConcurrencyConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    if (Qualifier === LATEST) throw provisionedOfNone();
    await requireNamed(place);
    const provision = await place.tx.get(provisions, place.name, Qualifier);
    if (provision === undefined) throw provisionedNotFound();
    return shown(provision);
  },
});

export const deleteProvisionedConcurrencyConfig = operation("DeleteProvisionedConcurrencyConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("DeleteProvisionedConcurrencyConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    if (Qualifier === LATEST) throw provisionedOfNone();
    await requireNamed(place);
    place.tx.delete(provisions, place.name, Qualifier);
    return {};
  },
});

export const listProvisionedConcurrencyConfigs = operation("ListProvisionedConcurrencyConfigs", {
  authorize: ({ FunctionName }, context) => onFunction("ListProvisionedConcurrencyConfigs", FunctionName, context),

  async handle({ FunctionName, Marker, MaxItems }, context) {
    const place = placeOf(FunctionName, context);
    const of = await requireFunction(place);
    const { rows, next } = await page(place.tx, provisions, {
      prefix: [of.name],
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const ProvisionedConcurrencyConfigs = rows.map((row) => ({
      FunctionArn: functionArn(of, row.qualifier),
      ...shown(row),
    }));
    return { ProvisionedConcurrencyConfigs, ...(next !== undefined && { NextMarker: next }) };
  },
});

const ALIASES_MAX = 1000;

/** A version is provisioned by its number or by one alias. @throws {AwsError} */
async function requireAlone(
  { alias, configuration, function: { name } }: Target,
  qualifier: string,
  { tx }: FunctionPlace,
): Promise<void> {
  if (alias !== undefined) {
    if ((await tx.get(provisions, name, configuration.version)) !== undefined) throw provisionedTwice();
    return;
  }
  for (const other of await tx.scan(aliases, { prefix: [name], limit: ALIASES_MAX })) {
    const isProvisioned = other.version === qualifier && (await tx.get(provisions, name, other.alias)) !== undefined;
    if (isProvisioned) throw provisionedByAlias();
  }
}

interface Wanted {
  readonly place: FunctionPlace;
  readonly qualifier: string;
}

/** @throws {AwsError} */
async function requireRoom({ function: of }: Target, requested: number, { place, qualifier }: Wanted): Promise<void> {
  const was = (await place.tx.get(provisions, of.name, qualifier))?.requested ?? 0;
  const sum = (await provisionedSum(of.name, place.tx)) - was + requested;
  const { reservedConcurrency } = of;
  if (reservedConcurrency !== undefined) {
    if (sum > reservedConcurrency) throw provisionedOverReserved();
    return;
  }
  const left = CONCURRENT_EXECUTIONS - (await reservedSum(place.tx));
  if (sum > left) throw provisionedOverAccount(left);
  if (left - sum < UNRESERVED_EXECUTIONS_MIN) throw provisionedTooLittleLeft(UNRESERVED_EXECUTIONS_MIN);
}

const STATUSES = {
  "in-progress": { Status: "IN_PROGRESS" },
  ready: { Status: "READY" },
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_provisioned_concurrency_init_failure)
  failed: { Status: "FAILED", StatusReason: "FUNCTION_ERROR_INIT_FAILURE" },
} as const;

function shown({ requested, modifiedAtMs, state }: Provision) {
  const available = state === "ready" ? requested : 0;
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: available,
    AllocatedProvisionedConcurrentExecutions: available,
    ...STATUSES[state],
    LastModified: fullTime(modifiedAtMs),
  };
}

/** A machine has less room than a region: the rest begins when it is called. */
const WARMED_MAX = 4;

/** Begins the instances that were asked for. */
export const provision: Errand = async (context, arn) => {
  const place = placeOf(arn, context);
  const { qualifier = "" } = place;
  const wanted = await place.tx.get(provisions, place.name, qualifier);
  const target = await findTarget(place);
  if (wanted === undefined || target === undefined) return;
  const count = Math.min(wanted.requested, WARMED_MAX);
  const begun = await Promise.all(Array.from({ length: count }, () => warm(target, context)));
  await context.transact(async ({ tx }) => {
    const { account, region, name } = place;
    const own = tx.in({ account, region });
    const now = await own.get(provisions, name, qualifier);
    if (now !== undefined) own.put(provisions, { ...now, state: begun.every(Boolean) ? "ready" : "failed" });
  });
};
