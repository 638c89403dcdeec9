/**
 * Conformance packs that an organization has in all of its accounts.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConformancePack.html
 */
import type { OrganizationConformancePack } from "@aws-sdk/client-config-service";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import {
  bucketNameInvalid,
  noOrganizationPackToDelete,
  organizationPackInUse,
  organizationPackNotFound,
  organizationTemplateInvalid,
  organizationTemplateMissing,
  tooManyOrganizationPacks,
} from "../errors.ts";
import { operation, streaming } from "../kit.ts";
import { ORGANIZATION_PACKS_MAX, TEMPLATE_CHARACTERS_MAX } from "../limits.ts";
import { provideAccess } from "./access.ts";
import { deleteSpread, errorOf, membersOf, onSpread, putSpread, spreadsOf, type Family } from "./item.ts";
import { spreadArn, type PackContent, type Spread } from "./row.ts";
import { parametersOf, shownParameters } from "../pack/pack.ts";
import { objectAt, wantedRules, type GivenTemplate } from "../pack/template.ts";
import { tagsOf } from "../tag-list.ts";

const PACKS: Family = {
  kind: "pack",
  resource: "organization-conformance-pack",
  max: ORGANIZATION_PACKS_MAX,
  missing: organizationPackNotFound,
  nothingToDelete: noOrganizationPackToDelete,
  inUse: organizationPackInUse,
  tooMany: tooManyOrganizationPacks,
};

export const putOrganizationConformancePack = streaming("PutOrganizationConformancePack", {
  authorize: async ({ OrganizationConformancePackName: name, Tags = [] }, context) => ({
    ...(await onSpread("PutOrganizationConformancePack", PACKS)(name, context)),
    requestTags: tagsOf(Tags),
  }),

  async receive(input, context): Promise<PackContent> {
    const { DeliveryS3Bucket: bucket = "", DeliveryS3KeyPrefix: prefix = "" } = input;
    // Source: https://docs.aws.amazon.com/config/latest/developerguide/conformance-pack-organization-apis.html
    if (bucket !== "" && !bucket.startsWith("awsconfigconforms")) throw bucketNameInvalid(bucket);
    const parameters = parametersOf(input.ConformancePackInputParameters);
    const template = await templateOf(input, context);
    if (template.length > TEMPLATE_CHARACTERS_MAX) throw organizationTemplateInvalid("Template is too large");
    await inItsWords(() => wantedRules(template, parameters, context));
    return {
      kind: "pack",
      template,
      parameters,
      ...(bucket !== "" && { bucket }),
      ...(prefix !== "" && { prefix }),
    };
  },

  async handle(input, context, content) {
    const { OrganizationConformancePackName: name, ExcludedAccounts: excluded, Tags: tags } = input;
    await provideAccess(context);
    return { OrganizationConformancePackArn: await putSpread({ name, excluded, tags, content }, PACKS, context) };
  },
});

/** Where both are given, the one in S3 counts. */
async function templateOf({ TemplateBody: body, TemplateS3Uri: uri }: GivenTemplate, context: Context) {
  if (uri !== undefined) return objectAt(uri, context);
  if (body === undefined) throw organizationTemplateMissing();
  return body;
}

async function inItsWords(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isTemplate = error instanceof AwsError && error.code === "ConformancePackTemplateValidationException";
    throw isTemplate ? organizationTemplateInvalid(error.message) : error;
  }
}

export const describeOrganizationConformancePacks = operation("DescribeOrganizationConformancePacks", {
  authorize: () => ({ action: "config:DescribeOrganizationConformancePacks", resource: "*" }),

  async handle({ OrganizationConformancePackNames: names, Limit: limit, NextToken: token }, context) {
    const { rows, next } = { next: undefined, ...(await spreadsOf({ names, limit, token }, PACKS, context)) };
    return { OrganizationConformancePacks: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

function shown(row: Spread): OrganizationConformancePack {
  const { content } = row;
  const { bucket, prefix, parameters = [] } = content.kind === "pack" ? content : {};
  return {
    OrganizationConformancePackName: row.name,
    OrganizationConformancePackArn: spreadArn(row),
    ...(bucket !== undefined && { DeliveryS3Bucket: bucket }),
    ...(prefix !== undefined && { DeliveryS3KeyPrefix: prefix }),
    ConformancePackInputParameters: shownParameters(parameters),
    ExcludedAccounts: [...row.excluded],
    LastUpdateTime: new Date(row.updatedAtMs),
  };
}

export const describeOrganizationConformancePackStatuses = operation("DescribeOrganizationConformancePackStatuses", {
  authorize: () => ({ action: "config:DescribeOrganizationConformancePackStatuses", resource: "*" }),

  async handle({ OrganizationConformancePackNames: names, Limit: limit, NextToken: token }, context) {
    const { rows, next } = { next: undefined, ...(await spreadsOf({ names, limit, token }, PACKS, context)) };
    const OrganizationConformancePackStatuses = rows.map(({ name, status, updatedAtMs }) => ({
      OrganizationConformancePackName: name,
      Status: status,
      LastUpdateTime: new Date(updatedAtMs),
    }));
    return { OrganizationConformancePackStatuses, ...(next !== undefined && { NextToken: next }) };
  },
});

export const getOrganizationConformancePackDetailedStatus = operation("GetOrganizationConformancePackDetailedStatus", {
  authorize: ({ OrganizationConformancePackName: name }, context) =>
    onSpread("GetOrganizationConformancePackDetailedStatus", PACKS)(name, context),

  async handle({ OrganizationConformancePackName: name, Filters = {}, Limit: limit, NextToken: token }, context) {
    const { AccountId: account, Status: status } = Filters;
    const { rows, next } = await membersOf({ name, account, status, limit, token }, PACKS, context);
    const OrganizationConformancePackDetailedStatuses = rows.map((member) => ({
      AccountId: member.account,
      ConformancePackName: member.name,
      Status: member.status,
      ...errorOf(member.error),
      LastUpdateTime: new Date(member.updatedAtMs),
    }));
    return { OrganizationConformancePackDetailedStatuses, ...(next !== undefined && { NextToken: next }) };
  },
});

export const deleteOrganizationConformancePack = operation("DeleteOrganizationConformancePack", {
  authorize: ({ OrganizationConformancePackName: name }, context) =>
    onSpread("DeleteOrganizationConformancePack", PACKS)(name, context),

  async handle({ OrganizationConformancePackName: name }, context) {
    await deleteSpread(name, PACKS, context);
    return {};
  },
});
