/**
 * What becomes of asynchronous invocations: how often they are tried, and where they go in the end.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
 */
import { page } from "../../../kernel/page.ts";
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onFunction, onQualified } from "../access.ts";
import {
  configEmpty,
  configFunctionMissing,
  configNotFound,
  destinationInvalid,
  destinationItself,
  destinationUnknown,
  nextTokenInvalid,
} from "../errors.ts";
import { functionArn, LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { findTarget, requireFunction } from "../function/row.ts";
import { invokeConfigs, type InvokeConfig } from "./invoke-config-row.ts";
import { operation, type LambdaSdk } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";

type Put = InputOf<LambdaSdk, "PutFunctionEventInvokeConfig">;

export const putFunctionEventInvokeConfig = operation("PutFunctionEventInvokeConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("PutFunctionEventInvokeConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle(input, context) {
    requireSaid(input);
    const place = await requirePlace(input, context);
    return put(place, await requireGiven(input, place, context), context);
  },
});

export const updateFunctionEventInvokeConfig = operation("UpdateFunctionEventInvokeConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("UpdateFunctionEventInvokeConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle(input, context) {
    requireSaid(input);
    const place = await requirePlace(input, context);
    const given = await requireGiven(input, place, context);
    const { modifiedAtMs: _then, ...was } = await requireConfig(place);
    return put(place, { ...was, ...given }, context);
  },
});

export const getFunctionEventInvokeConfig = operation("GetFunctionEventInvokeConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetFunctionEventInvokeConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    return shown(await requireConfig(place), place);
  },
});

export const deleteFunctionEventInvokeConfig = operation("DeleteFunctionEventInvokeConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("DeleteFunctionEventInvokeConfig", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    await requireConfig(place);
    place.tx.delete(invokeConfigs, place.name, qualifierOf(place));
    return {};
  },
});

export const listFunctionEventInvokeConfigs = operation("ListFunctionEventInvokeConfigs", {
  authorize: ({ FunctionName }, context) => onFunction("ListFunctionEventInvokeConfigs", FunctionName, context),

  async handle({ FunctionName, Marker, MaxItems }, context) {
    const place = placeOf(FunctionName, context);
    if ((await findTarget({ ...place, qualifier: undefined })) === undefined) throw configFunctionMissing();
    const { rows, next } = await page(place.tx, invokeConfigs, {
      prefix: [place.name],
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const FunctionEventInvokeConfigs = rows.map((row) => shown(row, place));
    return { FunctionEventInvokeConfigs, ...(next !== undefined && { NextMarker: next }) };
  },
});

const qualifierOf = ({ qualifier }: FunctionPlace): string => qualifier ?? LATEST;

/** @throws {AwsError} `ResourceNotFoundException` */
async function requirePlace({ FunctionName, Qualifier }: Put, context: Context): Promise<FunctionPlace> {
  const place = placeOf(FunctionName, context, Qualifier);
  if ((await findTarget(place)) === undefined) throw configFunctionMissing();
  return place;
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireConfig(place: FunctionPlace): Promise<InvokeConfig> {
  const found = await place.tx.get(invokeConfigs, place.name, qualifierOf(place));
  if (found === undefined) throw configNotFound(functionArn(place, qualifierOf(place)));
  return found;
}

type Given = Partial<Omit<InvokeConfig, "name" | "qualifier" | "modifiedAtMs">>;

/** @throws {AwsError} nothing is said. */
function requireSaid({ MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig }: Put): void {
  const says = [MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig];
  if (says.every((one) => one === undefined)) throw configEmpty();
}

/** @throws {AwsError} a destination is none. */
async function requireGiven(input: Put, place: FunctionPlace, context: Context): Promise<Given> {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  const onSuccess = DestinationConfig?.OnSuccess?.Destination;
  const onFailure = DestinationConfig?.OnFailure?.Destination;
  for (const arn of [onSuccess, onFailure]) {
    if (arn !== undefined) await requireDestination(arn, { onSuccess, onFailure, place }, context);
  }
  return {
    ...(MaximumRetryAttempts !== undefined && { retriesMax: MaximumRetryAttempts }),
    ...(MaximumEventAgeInSeconds !== undefined && { ageSecondsMax: MaximumEventAgeInSeconds }),
    ...(onSuccess !== undefined && { onSuccess }),
    ...(onFailure !== undefined && { onFailure }),
  };
}

interface Destinations {
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  readonly place: FunctionPlace;
}

async function requireDestination(
  arn: string,
  { onSuccess, onFailure, place }: Destinations,
  context: Context,
): Promise<void> {
  switch (parseArn(arn)?.service ?? "") {
    case "sqs":
    case "sns":
    case "events":
      return;
    case "s3":
      // on failure only
      if (arn === onSuccess) throw destinationInvalid(onSuccess, onFailure);
      return;
    case "lambda": {
      const to = placeOf(arn, context);
      if (to.name === place.name && to.account === place.account) throw destinationItself();
      if ((await findTarget(to)) === undefined) throw destinationUnknown(arn);
      return;
    }
    default:
      throw destinationInvalid(onSuccess, onFailure);
  }
}

async function put(place: FunctionPlace, given: Given, context: Context) {
  const { name } = await requireFunction({ ...place, qualifier: undefined });
  const config: InvokeConfig = { ...given, name, qualifier: qualifierOf(place), modifiedAtMs: context.now().getTime() };
  place.tx.put(invokeConfigs, config);
  return shown(config, place);
}

function shown(config: InvokeConfig, place: FunctionPlace) {
  const { qualifier, ageSecondsMax, retriesMax, onSuccess, onFailure, modifiedAtMs } = config;
  return {
    LastModified: new Date(modifiedAtMs),
    FunctionArn: functionArn(place, qualifier),
    ...(retriesMax !== undefined && { MaximumRetryAttempts: retriesMax }),
    ...(ageSecondsMax !== undefined && { MaximumEventAgeInSeconds: ageSecondsMax }),
    DestinationConfig: {
      OnSuccess: onSuccess === undefined ? {} : { Destination: onSuccess },
      OnFailure: onFailure === undefined ? {} : { Destination: onFailure },
    },
  };
}
