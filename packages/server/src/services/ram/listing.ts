/** What is shared, and with whom, across shares. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_ListResources.html */
import type { Principal } from "@aws-sdk/client-ram";
import type { Context } from "../../service/context.ts";
import { ask } from "./access.ts";
import {
  associationsOf,
  formatResource,
  isPresent,
  isPrincipal,
  isSource,
  type PrincipalAssociation,
  type ResourceAssociation,
} from "./association-row.ts";
import { ownAssociations } from "./association.ts";
import { unknownResourceType } from "./errors.ts";
import { operation } from "./kit.ts";
import { listOf } from "./paging.ts";
import { resourcesOf, sharesReaching } from "./reach.ts";
import { findResourceType, formatResourceType, inScope, RESOURCE_TYPES } from "./resource-type.ts";
import { shareArn, sharesOf, type Share } from "./share-row.ts";
import { sourceTypeOf } from "./share-source.ts";
import { inOneOrganization } from "./sharing-organization.ts";

export const listResources = operation("ListResources", {
  authorize: () => ask("ListResources"),

  async handle(input, context) {
    const { resourceOwner, principal, resourceType, resourceArns, resourceShareArns, resourceRegionScope } = input;
    const type = resourceType === undefined ? undefined : requireType(resourceType);
    const found: ResourceAssociation[] = [];
    for (const share of await sharesSeen(resourceOwner, resourceShareArns, context)) {
      const isMeant = principal === undefined || (await hasPrincipal(share, { resourceOwner, principal }, context));
      if (isMeant) found.push(...(await resourcesOf(share, context)));
    }
    const meant = found.filter(
      (row) =>
        (type === undefined || row.resourceType === type) &&
        (resourceArns === undefined || resourceArns.includes(row.entity)) &&
        inScope(row.resourceType, resourceRegionScope),
    );
    const { rows, rest } = listOf(meant, input, (row) => `${row.entity} ${row.shareArn}`);
    return { resources: rows.map(formatResource), ...rest };
  },
});

export const listPrincipals = operation("ListPrincipals", {
  authorize: () => ask("ListPrincipals"),

  async handle(input, context) {
    const { resourceOwner, resourceArn, principals, resourceType, resourceShareArns } = input;
    const type = resourceType === undefined ? undefined : requireType(resourceType);
    const found: Principal[] = [];
    for (const share of await sharesSeen(resourceOwner, resourceShareArns, context)) {
      const resources = await resourcesOf(share, context);
      const isMeant =
        (resourceArn === undefined || resources.some(({ entity }) => entity === resourceArn)) &&
        (type === undefined || resources.some((row) => row.resourceType === type));
      if (isMeant) found.push(...(await principalsOf(share, resourceOwner, context)));
    }
    const meant = found.filter(({ id = "" }) => principals === undefined || principals.includes(id));
    const { rows, rest } = listOf(meant, input, ({ id = "", resourceShareArn = "" }) => `${id} ${resourceShareArn}`);
    return { principals: [...rows], ...rest };
  },
});

export const listSourceAssociations = operation("ListSourceAssociations", {
  authorize: () => ask("ListSourceAssociations"),

  async handle(input, context) {
    const { resourceShareArns, sourceId, sourceType, associationStatus: status } = input;
    const rows = (await ownAssociations(resourceShareArns, context)).map(({ row }) => row).filter(isSource);
    const meant = rows.filter(
      (row) =>
        (sourceId === undefined || row.entity === sourceId) &&
        (sourceType === undefined || sourceTypeOf(row.entity) === sourceType) &&
        (status === undefined || row.status === status),
    );
    const { rows: given, rest } = listOf(meant, input, ({ shareArn: arn, entity }) => `${arn} ${entity}`);
    const sourceAssociations = given.map((row) => ({
      resourceShareArn: row.shareArn,
      sourceId: row.entity,
      sourceType: sourceTypeOf(row.entity),
      status: row.status,
      creationTime: new Date(row.createdAtMs),
      lastUpdatedTime: new Date(row.updatedAtMs),
    }));
    return { sourceAssociations, ...rest };
  },
});

export const listResourceTypes = operation("ListResourceTypes", {
  authorize: () => ask("ListResourceTypes"),

  async handle({ resourceRegionScope, ...paging }) {
    const meant = RESOURCE_TYPES.filter(({ name }) => inScope(name, resourceRegionScope));
    const { rows, rest } = listOf(meant, paging, ({ name }) => name);
    return { resourceTypes: rows.map(formatResourceType), ...rest };
  },
});

type Owner = "SELF" | "OTHER-ACCOUNTS";

/** The shares of the account, or those that others share with it. */
async function sharesSeen(
  owner: Owner,
  arns: readonly string[] | undefined,
  context: Context,
): Promise<readonly Share[]> {
  const { account, region, tx } = context;
  const all =
    owner === "SELF"
      ? (await sharesOf(account, region, tx)).filter(({ status }) => status === "ACTIVE")
      : (await sharesReaching(context, context)).map(({ share }) => share);
  return arns === undefined ? all : all.filter((share) => arns.includes(shareArn(share)));
}

interface Whose {
  readonly resourceOwner: Owner;
  readonly principal: string;
}

/** Of shares of others the principal is their owner. */
async function hasPrincipal(share: Share, { resourceOwner, principal }: Whose, { tx }: Context): Promise<boolean> {
  if (resourceOwner === "OTHER-ACCOUNTS") return share.account === principal;
  return (await associationsOf(share, tx))
    .filter(isPrincipal)
    .some((row) => row.entity === principal && isPresent(row));
}

async function principalsOf(share: Share, owner: Owner, context: Context): Promise<readonly Principal[]> {
  if (owner === "SELF") {
    const rows = (await associationsOf(share, context.tx)).filter(isPrincipal);
    return rows.filter(({ status }) => status === "ASSOCIATED").map(formatPrincipal);
  }
  return [
    {
      id: share.account,
      resourceShareArn: shareArn(share),
      creationTime: new Date(share.createdAtMs),
      lastUpdatedTime: new Date(share.updatedAtMs),
      external: !(await inOneOrganization(share.account, context)),
    },
  ];
}

const formatPrincipal = (row: PrincipalAssociation): Principal => ({
  id: row.entity,
  resourceShareArn: row.shareArn,
  creationTime: new Date(row.createdAtMs),
  lastUpdatedTime: new Date(row.updatedAtMs),
  external: row.isExternal,
});

/** @throws {AwsError} `InvalidResourceTypeException` */
function requireType(name: string): string {
  const type = findResourceType(name);
  if (type === undefined) throw unknownResourceType(name);
  return type.name;
}
