/**
 * Which fields of a group's events are indexed. Queries find the same with them and without, as on AWS: an index makes
 * some cheaper there.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutIndexPolicy.html
 */
import type { IndexType } from "@aws-sdk/client-cloudwatch-logs";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onNamedGroup } from "./access.ts";
import { accountPolicyFor } from "./account-policy-row.ts";
import { indexOfOtherClass, policyInvalid, policyNotFound } from "./errors.ts";
import { arnOf, groupOfText, homeOf, requireGroup, requireOwnGroup, type LogGroup } from "./group-row.ts";
import { operation } from "./kit.ts";
import { isFields } from "./transformer/path.ts";

interface IndexPolicy {
  readonly group: string;
  readonly document: string;
  readonly atMs: number;
}

const indexPolicies = table<IndexPolicy>("cloudwatch-logs.index-policy", "region", ({ group }) => [group]);

/** Of one policy. */
const FIELDS_MAX = 20;

interface IndexedField {
  readonly name: string;
  readonly type: IndexType;
}

/** Takes away that of a group which is gone. */
export const forgetIndexPolicy = (group: string, tx: Transaction): void => tx.delete(indexPolicies, group);

/** The fields that a policy names, in either of two ways. @throws {AwsError} `InvalidParameterException` */
export function parseIndexPolicy(text: string): readonly IndexedField[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw policyInvalid();
  }
  if (!isFields(found)) throw policyInvalid();
  const { Fields: listed = [], FieldsV2: typed = {} } = found;
  if (!Array.isArray(listed) || !isFields(typed)) throw policyInvalid();
  const fields = [
    ...listed.map((name: unknown) => fieldOf(name, "FIELD_INDEX")),
    ...Object.entries(typed).map(([name, kind]) => fieldOf(name, isFields(kind) ? kind["type"] : undefined)),
  ];
  const names = new Set(fields.map(({ name }) => name));
  if (fields.length === 0 || fields.length > FIELDS_MAX || names.size < fields.length) throw policyInvalid();
  return fields;
}

function fieldOf(name: unknown, type: unknown): IndexedField {
  if (typeof name !== "string" || name === "" || (type !== "FIELD_INDEX" && type !== "FACET")) throw policyInvalid();
  return { name, type };
}

export const putIndexPolicy = operation("PutIndexPolicy", {
  authorize: ({ logGroupIdentifier }, context) =>
    onNamedGroup("PutIndexPolicy", groupOfText(logGroupIdentifier, context), context),

  async handle({ logGroupIdentifier, policyDocument: document }, context) {
    parseIndexPolicy(document);
    const group = await requireOwnGroup(logGroupIdentifier, context);
    if (group.class !== "STANDARD") throw indexOfOtherClass();
    const policy = { group: group.id, document, atMs: context.now().getTime() };
    context.tx.put(indexPolicies, policy);
    return { indexPolicy: show(policy, group) };
  },
});

export const deleteIndexPolicy = operation("DeleteIndexPolicy", {
  authorize: ({ logGroupIdentifier }, context) =>
    onNamedGroup("DeleteIndexPolicy", groupOfText(logGroupIdentifier, context), context),

  async handle({ logGroupIdentifier }, context) {
    const group = await requireOwnGroup(logGroupIdentifier, context);
    if ((await context.tx.get(indexPolicies, group.id)) === undefined) throw policyNotFound(group.name);
    context.tx.delete(indexPolicies, group.id);
    return {};
  },
});

export const describeIndexPolicies = operation("DescribeIndexPolicies", {
  authorize: ({ logGroupIdentifiers }, context) =>
    Promise.all(
      logGroupIdentifiers.map((text) => onNamedGroup("DescribeIndexPolicies", groupOfText(text, context), context)),
    ),

  async handle({ logGroupIdentifiers }, context) {
    const found = await Promise.all(logGroupIdentifiers.map((text) => policyOf(text, context)));
    return { indexPolicies: found.flat() };
  },
});

/** The group's own, or the account's. */
async function policyOf(text: string, context: Context) {
  const group = await requireGroup(groupOfText(text, context), context);
  const home = homeOf(group, context.tx);
  const own = await home.get(indexPolicies, group.id);
  if (own !== undefined) return [show(own, group)];
  const ofAll = await accountPolicyFor("FIELD_INDEX_POLICY", group, home);
  if (ofAll === undefined) return [];
  const shown = show({ ...ofAll, group: group.id }, group);
  return [{ ...shown, policyName: ofAll.name, source: "ACCOUNT" as const }];
}

const show = ({ document, atMs }: IndexPolicy, group: LogGroup) => ({
  logGroupIdentifier: arnOf(group),
  lastUpdateTime: atMs,
  policyDocument: document,
  source: "LOG_GROUP" as const,
});

export const describeFieldIndexes = operation("DescribeFieldIndexes", {
  authorize: ({ logGroupIdentifiers }, context) =>
    Promise.all(
      logGroupIdentifiers.map((text) => onNamedGroup("DescribeFieldIndexes", groupOfText(text, context), context)),
    ),

  async handle({ logGroupIdentifiers, indexCategories = ["CUSTOM"] }, context) {
    // Differs: those that AWS makes of itself are not there
    if (!indexCategories.includes("CUSTOM")) return { fieldIndexes: [] };
    const policies = await Promise.all(logGroupIdentifiers.map((text) => policyOf(text, context)));
    const fieldIndexes = policies.flat().flatMap(({ logGroupIdentifier, policyDocument, lastUpdateTime }) =>
      parseIndexPolicy(policyDocument).map(({ name: fieldIndexName, type }) => ({
        logGroupIdentifier,
        fieldIndexName,
        lastScanTime: lastUpdateTime,
        type,
        indexCategory: "CUSTOM" as const,
      })),
    );
    return { fieldIndexes };
  },
});
