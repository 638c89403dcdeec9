/**
 * Code signing configurations: kept, and asked where code comes in. Nothing signs code here, so what enforces signatures
 * lets none in.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
 */
import { page, pageOf } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAll, onFunction } from "../access.ts";
import {
  requireNamedConfig,
  requireSigningConfig,
  signingArn,
  signingConfigs,
  type SigningConfig,
} from "./signing-row.ts";
import { nextTokenInvalid, signingInUse } from "../errors.ts";
import { placeOf } from "../function/name.ts";
import { functions, requireFunction, wholeArn, type LambdaFunction } from "../function/row.ts";
import { operation, type LambdaAction } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { requireTags } from "../tag-rules.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import type { Arn } from "../../../kernel/arn.ts";
import { fullTime } from "../../../kernel/iso-seconds.ts";

const ID_CHARACTERS = 17;

const onConfig = async (action: LambdaAction, arn: string, context: Context): Promise<Access> => {
  const { tags, account, ...config } = await requireSigningConfig(arn, context);
  return {
    action: `lambda:${action}`,
    resource: signingArn({ ...config, tags, account }),
    owner: account,
    resourceTags: tags,
  };
};

export const createCodeSigningConfig = operation("CreateCodeSigningConfig", {
  authorize: ({ Tags }) => onAll("CreateCodeSigningConfig", { requestTags: Tags }),

  async handle({ Description, AllowedPublishers, CodeSigningPolicies, Tags = {} }, context) {
    const { account, region, partition } = context;
    const config: SigningConfig = {
      id: `csc-${context.newId().replaceAll("-", "").slice(0, ID_CHARACTERS)}`,
      account,
      region,
      partition,
      description: Description ?? "",
      publishers: AllowedPublishers.SigningProfileVersionArns,
      policy: CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? "Warn",
      modifiedAtMs: context.now().getTime(),
      tags: requireTags(Tags, {}),
    };
    context.tx.put(signingConfigs, config);
    return { CodeSigningConfig: shown(config) };
  },
});

export const getCodeSigningConfig = operation("GetCodeSigningConfig", {
  authorize: ({ CodeSigningConfigArn }, context) => onConfig("GetCodeSigningConfig", CodeSigningConfigArn, context),

  async handle({ CodeSigningConfigArn }, context) {
    return { CodeSigningConfig: shown(await requireSigningConfig(CodeSigningConfigArn, context)) };
  },
});

export const updateCodeSigningConfig = operation("UpdateCodeSigningConfig", {
  authorize: ({ CodeSigningConfigArn }, context) => onConfig("UpdateCodeSigningConfig", CodeSigningConfigArn, context),

  async handle({ CodeSigningConfigArn, Description, AllowedPublishers, CodeSigningPolicies }, context) {
    const was = await requireSigningConfig(CodeSigningConfigArn, context);
    const config: SigningConfig = {
      ...was,
      description: Description ?? was.description,
      publishers: AllowedPublishers?.SigningProfileVersionArns ?? was.publishers,
      policy: CodeSigningPolicies?.UntrustedArtifactOnDeployment ?? was.policy,
      modifiedAtMs: context.now().getTime(),
    };
    context.tx.put(signingConfigs, config);
    return { CodeSigningConfig: shown(config) };
  },
});

export const deleteCodeSigningConfig = operation("DeleteCodeSigningConfig", {
  authorize: ({ CodeSigningConfigArn }, context) => onConfig("DeleteCodeSigningConfig", CodeSigningConfigArn, context),

  async handle({ CodeSigningConfigArn }, context) {
    const config = await requireSigningConfig(CodeSigningConfigArn, context);
    if ((await usersOf(signingArn(config), context)).length > 0) throw signingInUse();
    context.tx.delete(signingConfigs, config.id);
    return {};
  },
});

export const listCodeSigningConfigs = operation("ListCodeSigningConfigs", {
  authorize: () => onAll("ListCodeSigningConfigs"),

  async handle({ Marker, MaxItems }, context) {
    const { rows, next } = await page(context.tx, signingConfigs, {
      token: Marker,
      limit: MaxItems,
      max: PAGE_ROWS_MAX,
      invalidToken: nextTokenInvalid,
    });
    return { CodeSigningConfigs: rows.map(shown), ...(next !== undefined && { NextMarker: next }) };
  },
});

export const listFunctionsByCodeSigningConfig = operation("ListFunctionsByCodeSigningConfig", {
  authorize: ({ CodeSigningConfigArn }, context) =>
    onConfig("ListFunctionsByCodeSigningConfig", CodeSigningConfigArn, context),

  async handle({ CodeSigningConfigArn, Marker, MaxItems = PAGE_ROWS_MAX }, context) {
    const config = await requireNamedConfig(CodeSigningConfigArn, context);
    const { rows, next } = pageOf(await usersOf(signingArn(config), context), {
      token: Marker,
      limit: Math.min(MaxItems, PAGE_ROWS_MAX),
      orderOf: ({ name }) => [name],
      invalidToken: nextTokenInvalid,
    });
    return { FunctionArns: rows.map(wholeArn), ...(next !== undefined && { NextMarker: next }) };
  },
});

export const putFunctionCodeSigningConfig = operation("PutFunctionCodeSigningConfig", {
  authorize: ({ FunctionName, CodeSigningConfigArn }, context) =>
    onFunction("PutFunctionCodeSigningConfig", FunctionName, context, {
      keys: { "lambda:CodeSigningConfigArn": CodeSigningConfigArn },
    }),

  async handle({ FunctionName, CodeSigningConfigArn }, context) {
    const place = placeOf(FunctionName, context);
    await requireNamedConfig(CodeSigningConfigArn, context);
    const of = await requireFunction(place);
    place.tx.put(functions, { ...of, codeSigningArn: CodeSigningConfigArn });
    return { CodeSigningConfigArn, FunctionName: of.name };
  },
});

export const getFunctionCodeSigningConfig = operation("GetFunctionCodeSigningConfig", {
  authorize: ({ FunctionName }, context) => onFunction("GetFunctionCodeSigningConfig", FunctionName, context),

  async handle({ FunctionName }, context) {
    const { name, codeSigningArn } = await requireFunction(placeOf(FunctionName, context));
    return { CodeSigningConfigArn: codeSigningArn, FunctionName: codeSigningArn && name };
  },
});

export const deleteFunctionCodeSigningConfig = operation("DeleteFunctionCodeSigningConfig", {
  authorize: ({ FunctionName }, context) => onFunction("DeleteFunctionCodeSigningConfig", FunctionName, context),

  async handle({ FunctionName }, context) {
    const place = placeOf(FunctionName, context);
    const { codeSigningArn: _gone, ...rest } = await requireFunction(place);
    place.tx.put(functions, rest);
    return {};
  },
});

async function usersOf(arn: Arn, { tx }: Context): Promise<readonly LambdaFunction[]> {
  const found: LambdaFunction[] = [];
  for await (const each of everyRow(tx, functions)) if (each.codeSigningArn === arn) found.push(each);
  return found;
}

function shown(config: SigningConfig) {
  const { id, description, publishers, policy, modifiedAtMs } = config;
  return {
    CodeSigningConfigId: id,
    CodeSigningConfigArn: signingArn(config),
    Description: description,
    AllowedPublishers: { SigningProfileVersionArns: [...publishers] },
    CodeSigningPolicies: { UntrustedArtifactOnDeployment: policy },
    LastModified: fullTime(modifiedAtMs),
  };
}
