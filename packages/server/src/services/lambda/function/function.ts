/** Functions: made, found, listed and taken away. */
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onAll, onFunction, onQualified, passRole } from "../access.ts";
import { codeLink } from "../code/link.ts";
import { changeReserved } from "../concurrency/row.ts";
import { takeCode } from "../code/code.ts";
import { newConfiguration } from "./configuration.ts";
import {
  functionExists,
  latestUndeletable,
  nameTooLong,
  nextTokenInvalid,
  notBuilt,
  runtimeMissing,
  versionInUse,
  functionNotFound,
} from "../errors.ts";
import { arnOf, LATEST, placeOf } from "./name.ts";
import {
  aliases,
  findFunction,
  functions,
  isNumber,
  requireFunction,
  requireTarget,
  versions,
  wholeArn,
  type LambdaFunction,
  type Target,
} from "./row.ts";
import { listedFunction, PENDING, shownFunction } from "./view.ts";
import { forgetFunction, forgetQualifier } from "./remains.ts";
import { operation, streaming } from "../kit.ts";
import { FUNCTION_NAME_CHARACTERS_MAX, PAGE_ROWS_MAX } from "../limits.ts";
import { publish } from "./version.ts";
import { requireAssumable } from "../execution-role.ts";
import { requireSigned, requireSigningConfig } from "../code/signing-row.ts";
import { requireTags } from "../tag-rules.ts";

export const createFunction = streaming("CreateFunction", {
  authorize: async ({ FunctionName, Role, Tags = {}, Layers, CodeSigningConfigArn }, context) => {
    const keys = { "lambda:Layer": Layers, "lambda:CodeSigningConfigArn": CodeSigningConfigArn };
    const creation = await onFunction("CreateFunction", FunctionName, context, { requestTags: Tags, keys });
    const tagging =
      Object.keys(Tags).length === 0
        ? []
        : [await onFunction("TagResource", FunctionName, context, { requestTags: Tags })];
    return [creation, ...tagging, ...passRole(Role)];
  },

  async receive({ Code, PackageType, TenancyConfig }, context) {
    if (PackageType === "Image") throw notBuilt("A function of a container image");
    if (TenancyConfig !== undefined) throw notBuilt("The isolation of tenants");
    return takeCode(Code, context);
  },

  async handle(
    { FunctionName, Runtime, Handler, Role, Architectures, Tags = {}, Publish, CodeSigningConfigArn, ...settings },
    context,
    code,
  ) {
    const place = { ...placeOf(FunctionName, context), qualifier: undefined };
    if (place.name.length > FUNCTION_NAME_CHARACTERS_MAX) throw nameTooLong(place.name, FUNCTION_NAME_CHARACTERS_MAX);
    if (Runtime === undefined || Handler === undefined) throw runtimeMissing();
    if (settings.PublishTo !== undefined) throw notBuilt("Publishing to a capacity provider");
    await requireAssumable(Role, context);
    if (CodeSigningConfigArn !== undefined) requireSigned(await requireSigningConfig(CodeSigningConfigArn, context));
    const { hasExtensions: _none, ...kept } = code;
    const latest = await newConfiguration(
      {
        place,
        settings: { ...settings, Role, Runtime, Handler },
        code: kept,
        architecture: Architectures?.[0] ?? "x86_64",
      },
      context,
    );
    if ((await findFunction(place)) !== undefined) throw functionExists(place.name);
    context.blobs.keep(code.blob);
    const { name, account, region, partition } = place;
    const made: LambdaFunction = {
      id: context.newId(),
      name,
      account,
      region,
      partition,
      createdAtMs: context.now().getTime(),
      latest,
      published: 0,
      tags: requireTags(Tags, {}),
      recursion: "Terminate",
      ...(CodeSigningConfigArn !== undefined && { codeSigningArn: CodeSigningConfigArn }),
    };
    place.tx.put(functions, made);
    if (Publish !== true) return shownFunction({ of: made, configuration: latest, state: PENDING }, context);
    const version = publish(made, {}, context);
    return shownFunction({ of: made, configuration: version, state: PENDING }, context);
  },
});

export const getFunction = operation("GetFunction", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetFunction", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    const target = await requireTarget(place);
    const { tags, reservedConcurrency } = target.function;
    return {
      Configuration: await view(target, place.qualifier, context),
      Code: { RepositoryType: "S3", Location: codeLink(target, context) },
      ...(Object.keys(tags).length > 0 && { Tags: { ...tags } }),
      ...(reservedConcurrency !== undefined && { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  },
});

export const getFunctionConfiguration = operation("GetFunctionConfiguration", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("GetFunctionConfiguration", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    return view(await requireTarget(place), place.qualifier, context);
  },
});

const view = ({ function: of, configuration }: Target, qualifier: string | undefined, context: Context) =>
  shownFunction({ of, configuration, qualifier }, context);

export const listFunctions = operation("ListFunctions", {
  authorize: () => onAll("ListFunctions"),

  async handle({ MaxItems, Marker, FunctionVersion, MasterRegion }, context) {
    // Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html (MasterRegion: Lambda@Edge alone)
    if (MasterRegion !== undefined && MasterRegion !== "ALL" && MasterRegion !== context.region)
      return { Functions: [] };
    const request = { token: Marker, limit: MaxItems, max: PAGE_ROWS_MAX, invalidToken: nextTokenInvalid };
    const { rows, next } = await page(context.tx, functions, request);
    const Functions = [];
    for (const of of rows) {
      const qualifier = FunctionVersion === "ALL" ? LATEST : undefined;
      Functions.push(await listedFunction({ of, configuration: of.latest, qualifier }, context));
      if (FunctionVersion === "ALL") Functions.push(...(await shownVersions(of, context)));
    }
    return { Functions, ...(next !== undefined && { NextMarker: next }) };
  },
});

const VERSIONS_LISTED_MAX = 1000;

async function shownVersions(of: LambdaFunction, context: Context) {
  const rows = await context.tx.scan(versions, { prefix: [of.name], limit: VERSIONS_LISTED_MAX });
  return Promise.all(
    rows.map((configuration) => listedFunction({ of, configuration, qualifier: configuration.version }, context)),
  );
}

export const deleteFunction = operation("DeleteFunction", {
  authorize: ({ FunctionName, Qualifier }, context) =>
    onQualified("DeleteFunction", { name: FunctionName, qualifier: Qualifier }, context),

  async handle({ FunctionName, Qualifier }, context) {
    const place = placeOf(FunctionName, context, Qualifier);
    if (place.qualifier === LATEST) throw latestUndeletable();
    const of = await requireFunction({ ...place, qualifier: undefined });
    if (place.qualifier === undefined) {
      await forgetFunction(of, context);
      await changeReserved(-(of.reservedConcurrency ?? 0), place.tx);
      place.tx.delete(functions, of.name);
    } else await deleteVersion(of, place.qualifier, context);
    context.tx.onceCommitted(() => context.functions.retire(wholeArn(of)));
    return DELETED;
  },
});

/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html#API_DeleteFunction_ResponseElements */
const DELETED = { StatusCode: 204 } as const;

async function deleteVersion(of: LambdaFunction, version: string, context: Context): Promise<void> {
  const { account, region } = of;
  const tx = context.tx.in({ account, region });
  if (!isNumber(version)) throw functionNotFound(arnOf({ ...of, qualifier: version, tx }));
  const found = await tx.get(versions, of.name, Number(version));
  // gone already is gone
  if (found === undefined) return;
  const used = await tx.scan(aliases, { prefix: [of.name], limit: VERSIONS_LISTED_MAX });
  const user = used.find((alias) => alias.version === version || version in alias.weights);
  if (user !== undefined) throw versionInUse(`[${user.alias}]`);
  tx.delete(versions, of.name, found.number);
  context.blobs.drop(found.code.blob);
  await forgetQualifier(of, version, context);
}
