/**
 * Conformance packs, as they are put, shown and taken away.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html
 */
import type { ConformancePackDetail, ConformancePackStatusDetail } from "@aws-sdk/client-config-service";
import { formatArn } from "../../../kernel/arn.ts";
import { page, pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { packInUse, tokenInvalid, tooManyPacks } from "../errors.ts";
import { configArn, operation, placeOf, streaming } from "../kit.ts";
import { PACK_PAGE, PACKS_MAX } from "../limits.ts";
import { DEPLOY_PACK, REMOVE_PACK } from "./deployment.ts";
import { isInProgress, packArn, packContents, packs, requirePack, type Pack } from "./row.ts";
import { templateOf, wantedRules } from "./template.ts";
import { CONFORMS, ownedPath, ownerOf, provideRole, requireOwn } from "../service-linked.ts";
import { firstTags, tagsOf } from "../tag-list.ts";

export const onPack = (action: string) => async (name: string, context: Context) => {
  const pack = await context.tx.get(packs, name);
  const path = ownedPath("aws-service-conformance-pack", ownerOf(context.principal));
  return {
    action: `config:${action}`,
    resource: pack === undefined ? configArn(context, `conformance-pack/${path}${name}/*`) : packArn(pack),
    resourceTags: pack?.tags,
  };
};

export const parametersOf = (
  list: readonly { readonly ParameterName: string; readonly ParameterValue: string }[] | undefined,
) => (list ?? []).map(({ ParameterName: name, ParameterValue: value }) => ({ name, value }));

export const putConformancePack = streaming("PutConformancePack", {
  authorize: async ({ ConformancePackName, Tags = [] }, context) => ({
    ...(await onPack("PutConformancePack")(ConformancePackName, context)),
    requestTags: tagsOf(Tags),
  }),

  async receive(input, context) {
    const template = await templateOf(input, context);
    const parameters = parametersOf(input.ConformancePackInputParameters);
    return { template, parameters, rules: await wantedRules(template, parameters, context) };
  },

  async handle(input, context, { template, parameters, rules }) {
    const { ConformancePackName: name, DeliveryS3Bucket: bucket = "", DeliveryS3KeyPrefix: prefix = "" } = input;
    const { tx } = context;
    const before = await tx.get(packs, name);
    if (before === undefined) await requireRoom(context);
    else requireChangeable(before, context);
    await provideRole(CONFORMS, context);
    const pack: Pack = {
      ...(before ?? newPack(context)),
      name,
      parameters,
      tags: firstTags(before, input.Tags ?? []),
      state: "CREATE_IN_PROGRESS",
      requestedAtMs: context.now().getTime(),
      ...deliveryOf(bucket, prefix),
    };
    tx.put(packs, pack);
    tx.put(packContents, { pack: name, template, rules });
    context.at(context.now().getTime(), DEPLOY_PACK, name, {});
    return { ConformancePackArn: packArn(pack) };
  },
});

const deliveryOf = (bucket: string, prefix: string) => ({
  ...(bucket !== "" && { bucket }),
  ...(prefix !== "" && { prefix }),
});

function newPack(context: Context) {
  const createdBy = ownerOf(context.principal);
  return {
    ...placeOf(context),
    id: `conformance-pack-${context.newId().replaceAll("-", "").slice(0, 9)}`,
    stackId: context.newId(),
    rules: [],
    ...(createdBy !== undefined && { createdBy }),
  };
}

async function requireRoom({ tx }: Context): Promise<void> {
  if ((await tx.scan(packs, { limit: PACKS_MAX })).length >= PACKS_MAX) throw tooManyPacks();
}

function requireChangeable(pack: Pack, context: Context): void {
  requireOwn(pack.createdBy, context);
  if (isInProgress(pack)) throw packInUse();
}

export const deleteConformancePack = operation("DeleteConformancePack", {
  authorize: ({ ConformancePackName: name }, context) => onPack("DeleteConformancePack")(name, context),

  async handle({ ConformancePackName: name }, context) {
    const pack = await requirePack(name, context.tx);
    requireChangeable(pack, context);
    context.tx.put(packs, { ...pack, state: "DELETE_IN_PROGRESS", requestedAtMs: context.now().getTime() });
    context.at(context.now().getTime(), REMOVE_PACK, name, {});
    return {};
  },
});

interface Asked {
  readonly ConformancePackNames?: readonly string[] | undefined;
  readonly Limit?: number | undefined;
  readonly NextToken?: string | undefined;
}

async function packsOf({ ConformancePackNames: names = [], Limit, NextToken: token }: Asked, { tx }: Context) {
  const limit = Limit || PACK_PAGE.usual;
  if (names.length === 0) return page(tx, packs, { token, limit, max: PACK_PAGE.max, invalidToken: tokenInvalid });
  const found = await Promise.all(names.map((name) => tx.get(packs, name)));
  const there = found.filter((pack) => pack !== undefined);
  return pageOf(there, { token, limit, orderOf: ({ name }) => [name], invalidToken: tokenInvalid });
}

export const describeConformancePacks = operation("DescribeConformancePacks", {
  authorize: () => ({ action: "config:DescribeConformancePacks", resource: "*" }),

  async handle(input, context) {
    for (const name of input.ConformancePackNames ?? []) await requirePack(name, context.tx);
    const { rows, next } = await packsOf(input, context);
    return { ConformancePackDetails: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

const shown = (pack: Pack): ConformancePackDetail => ({
  ConformancePackName: pack.name,
  ConformancePackArn: packArn(pack),
  ConformancePackId: pack.id,
  ...(pack.bucket !== undefined && { DeliveryS3Bucket: pack.bucket }),
  ...(pack.prefix !== undefined && { DeliveryS3KeyPrefix: pack.prefix }),
  ConformancePackInputParameters: shownParameters(pack.parameters),
  LastUpdateRequestedTime: new Date(pack.requestedAtMs),
  ...(pack.createdBy !== undefined && { CreatedBy: pack.createdBy }),
});

export const shownParameters = (parameters: Pack["parameters"]) =>
  parameters.map(({ name, value }) => ({ ParameterName: name, ParameterValue: value }));

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConformancePackStatus.html (none: an empty list) */
export const describeConformancePackStatus = operation("DescribeConformancePackStatus", {
  authorize: () => ({ action: "config:DescribeConformancePackStatus", resource: "*" }),

  async handle(input, context) {
    const { rows, next } = await packsOf(input, context);
    return { ConformancePackStatusDetails: rows.map(statusOf), ...(next !== undefined && { NextToken: next }) };
  },
});

const statusOf = (pack: Pack): ConformancePackStatusDetail => ({
  ConformancePackName: pack.name,
  ConformancePackId: pack.id,
  ConformancePackArn: packArn(pack),
  ConformancePackState: pack.state,
  StackArn: formatArn({
    ...placeOf(pack),
    service: "cloudformation",
    resource: `stack/awsconfigconforms-${pack.name}-${pack.id}/${pack.stackId}`,
  }),
  ...(pack.reason !== undefined && { ConformancePackStatusReason: pack.reason }),
  LastUpdateRequestedTime: new Date(pack.requestedAtMs),
  ...(pack.completedAtMs !== undefined && { LastUpdateCompletedTime: new Date(pack.completedAtMs) }),
});
