/**
 * Function URLs: made, changed, listed and taken away.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
import { hash } from "node:crypto";
import { page } from "../../../kernel/page.ts";
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { onFunction, onQualified } from "../access.ts";
import { constraint, functionMissing, nextTokenInvalid, resourceMissing, urlExists } from "../errors.ts";
import { functionArn, LATEST, placeOf, type FunctionPlace } from "../function/name.ts";
import { findFunction, findTarget, isNumber } from "../function/row.ts";
import { operation } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { urlHosts, urls, type FunctionUrl, type UrlCors } from "./row.ts";

const QUALIFIER_RULE = "Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)";
const ID_CHARACTERS = 32;
const BASE36 = 36;

/** A URL is a function's or an alias's. @throws {AwsError} */
function urlPlace(name: string, qualifier: string | undefined, context: Context): FunctionPlace {
  const place = placeOf(name, context, qualifier);
  const named = place.qualifier;
  if (named !== undefined && (named === LATEST || isNumber(named)))
    throw constraint(named, "qualifier", QUALIFIER_RULE);
  return place;
}

export const createFunctionUrlConfig = operation("CreateFunctionUrlConfig", {
  authorize: ({ FunctionName, Qualifier, AuthType }, context) =>
    onQualified("CreateFunctionUrlConfig", { name: FunctionName, qualifier: Qualifier }, context, {
      keys: urlKeys(FunctionName, AuthType),
    }),

  async handle({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, context) {
    const place = urlPlace(FunctionName, Qualifier, context);
    if ((await findTarget(place)) === undefined) throw functionMissing();
    const { name, qualifier = "", account, region, tx } = place;
    if ((await tx.get(urls, name, qualifier)) !== undefined) throw urlExists(functionArn(place, place.qualifier));
    const nowMs = context.now().getTime();
    const url: FunctionUrl = {
      id: idOf(place, context),
      name,
      qualifier,
      account,
      region,
      authType: AuthType,
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
      ...(InvokeMode !== undefined && { invokeMode: InvokeMode }),
      ...corsOf(Cors, undefined),
    };
    tx.put(urls, url);
    tx.put(urlHosts, { id: url.id, account, region, name, qualifier });
    const { LastModifiedTime: _time, ...shown } = changedUrl(url, place, context);
    return shown;
  },
});

export const getFunctionUrlConfig = operation("GetFunctionUrlConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetFunctionUrlConfig", { name: FunctionName, qualifier: Qualifier }, context, {
      keys: urlKeys(FunctionName, undefined),
    }),

  async handle({ FunctionName, Qualifier }, context) {
    const place = urlPlace(FunctionName, Qualifier, context);
    return shownUrl(await requireUrl(place), place, context);
  },
});

export const updateFunctionUrlConfig = operation("UpdateFunctionUrlConfig", {
  authorize: ({ FunctionName, Qualifier, AuthType }, context) =>
    onQualified("UpdateFunctionUrlConfig", { name: FunctionName, qualifier: Qualifier }, context, {
      keys: urlKeys(FunctionName, AuthType),
    }),

  async handle({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, context) {
    const place = urlPlace(FunctionName, Qualifier, context);
    if ((await findTarget(place)) === undefined) throw functionMissing();
    const { cors, ...was } = await requireUrl(place);
    const url: FunctionUrl = {
      ...was,
      authType: AuthType ?? was.authType,
      modifiedAtMs: context.now().getTime(),
      ...(InvokeMode !== undefined && { invokeMode: InvokeMode }),
      ...corsOf(Cors, cors),
    };
    place.tx.put(urls, url);
    return changedUrl(url, place, context);
  },
});

export const deleteFunctionUrlConfig = operation("DeleteFunctionUrlConfig", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("DeleteFunctionUrlConfig", { name: FunctionName, qualifier: Qualifier }, context, {
      keys: urlKeys(FunctionName, undefined),
    }),

  async handle({ FunctionName, Qualifier }, context) {
    const place = urlPlace(FunctionName, Qualifier, context);
    const url = await requireUrl(place);
    place.tx.delete(urls, url.name, url.qualifier);
    place.tx.delete(urlHosts, url.id);
    return {};
  },
});

export const listFunctionUrlConfigs = operation("ListFunctionUrlConfigs", {
  authorize: ({ FunctionName }, context) => onFunction("ListFunctionUrlConfigs", FunctionName, context),

  async handle({ FunctionName, Marker, MaxItems }, context) {
    const place = placeOf(FunctionName, context);
    if ((await findFunction(place)) === undefined) throw functionMissing();
    const { rows, next } = await page(place.tx, urls, {
      prefix: [place.name],
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    const FunctionUrlConfigs = rows.map((url) => shownUrl(url, place, context));
    return { FunctionUrlConfigs, ...(next !== undefined && { NextMarker: next }) };
  },
});

const urlKeys = (name: string, authType: string | undefined) => ({
  "lambda:FunctionUrlAuthType": authType,
  "lambda:FunctionArn": parseArn(name) === undefined ? undefined : name,
});

/** Nobody guesses it, and it is a host's label: letters and digits. */
function idOf({ name }: FunctionPlace, context: Context): string {
  const digits = hash("sha256", `${context.newId()} ${name}`, "hex");
  return BigInt(`0x${digits}`).toString(BASE36).padStart(ID_CHARACTERS, "0").slice(0, ID_CHARACTERS);
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireUrl({ name, qualifier = "", tx }: FunctionPlace): Promise<FunctionUrl> {
  const url = await tx.get(urls, name, qualifier);
  if (url === undefined) throw resourceMissing();
  return url;
}

/** Differs: AWS's own hosts are answered to who comes by one of them; to others the URL is one below the endpoint's. */
function addressOf({ id, region }: FunctionUrl, { request: { endpoint } }: Context): string {
  const { protocol, port, hostname } = new URL(endpoint);
  const host = `${id}.lambda-url.${region}.${hostname.endsWith(".amazonaws.com") ? "on.aws" : "localhost"}`;
  return `${protocol}//${host}${port === "" ? "" : `:${port}`}/`;
}

function shownUrl(url: FunctionUrl, place: FunctionPlace, context: Context) {
  const { qualifier, authType, invokeMode = "BUFFERED", cors, createdAtMs, modifiedAtMs } = url;
  return {
    FunctionUrl: addressOf(url, context),
    FunctionArn: functionArn({ ...place, name: url.name }, qualifier === "" ? undefined : qualifier),
    AuthType: authType,
    CreationTime: new Date(createdAtMs).toISOString(),
    LastModifiedTime: new Date(modifiedAtMs).toISOString(),
    InvokeMode: invokeMode,
    ...(cors && { Cors: shownCors(cors) }),
  };
}

/**
 * Calls that change a URL answer its mode only where one was ever given.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_url_config_lifecycle)
 */
function changedUrl(url: FunctionUrl, place: FunctionPlace, context: Context) {
  const { InvokeMode, ...shown } = shownUrl(url, place, context);
  return { ...shown, ...(url.invokeMode !== undefined && { InvokeMode }) };
}

/**
 * Rules that say nothing are none: so they are taken away.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/function_url_test.go (Cors)
 */
function corsOf(given: UrlCors | undefined, was: UrlCors | undefined): Pick<FunctionUrl, "cors"> {
  const cors = given ?? was;
  return cors === undefined || Object.keys(cors).length === 0 ? {} : { cors };
}

/** The lists as the SDK has them, which may be written to. */
function shownCors({
  AllowHeaders,
  AllowMethods,
  AllowOrigins,
  ExposeHeaders,
  ...rest
}: NonNullable<FunctionUrl["cors"]>) {
  return {
    ...rest,
    ...(AllowHeaders && { AllowHeaders: [...AllowHeaders] }),
    ...(AllowMethods && { AllowMethods: [...AllowMethods] }),
    ...(AllowOrigins && { AllowOrigins: [...AllowOrigins] }),
    ...(ExposeHeaders && { ExposeHeaders: [...ExposeHeaders] }),
  };
}
