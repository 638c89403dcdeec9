/**
 * Which fields of a group's events are indexed. Queries find the same with them and without, as on AWS: an index makes
 * some cheaper there.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutIndexPolicy.html
 */
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onNamedGroup } from "./access.ts";
import { accountPolicies } from "./account-policy-row.ts";
import { indexOfOtherClass, policyInvalid, policyNotFound } from "./errors.ts";
import { arnOf, groupOfText, requireGroup, type LogGroup } from "./group-row.ts";
import { operation } from "./kit.ts";

interface IndexPolicy {
  readonly group: string;
  readonly document: string;
  readonly atMs: number;
}

const indexPolicies = table<IndexPolicy>("cloudwatch-logs.index-policy", "region", ({ group }) => [group]);

/** Of one policy. */
const FIELDS_MAX = 20;

/** The fields that a policy names. @throws {AwsError} `InvalidParameterException` */
export function parseIndexPolicy(text: string): readonly string[] {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw policyInvalid();
  }
  const fields: unknown = typeof found === "object" && found !== null && "Fields" in found ? found.Fields : undefined;
  if (!Array.isArray(fields) || fields.length === 0 || fields.length > FIELDS_MAX) throw policyInvalid();
  if (!fields.every((field): field is string => typeof field === "string" && field !== "")) throw policyInvalid();
  return fields;
}

export const putIndexPolicy = operation("PutIndexPolicy", {
  authorize: ({ logGroupIdentifier }, context) =>
    onNamedGroup("PutIndexPolicy", groupOfText(logGroupIdentifier, context), context),

  async handle({ logGroupIdentifier, policyDocument: document }, context) {
    parseIndexPolicy(document);
    const group = await requireGroup(groupOfText(logGroupIdentifier, context), context);
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
    const group = await requireGroup(groupOfText(logGroupIdentifier, context), context);
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
  const own = await context.tx.get(indexPolicies, group.id);
  if (own !== undefined) return [show(own, group)];
  const [ofAll] = await context.tx.scan(accountPolicies, { prefix: ["FIELD_INDEX_POLICY"], limit: 1 });
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

  async handle({ logGroupIdentifiers }, context) {
    const policies = await Promise.all(logGroupIdentifiers.map((text) => policyOf(text, context)));
    const fieldIndexes = policies.flat().flatMap(({ logGroupIdentifier, policyDocument, lastUpdateTime }) =>
      parseIndexPolicy(policyDocument).map((fieldIndexName) => ({
        logGroupIdentifier,
        fieldIndexName,
        lastScanTime: lastUpdateTime,
        type: "FIELD_INDEX" as const,
      })),
    );
    return { fieldIndexes };
  },
});
