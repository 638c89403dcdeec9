/**
 * What a rule may say, and which rules may stand beside each other.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html
 */
import type {
  Destination,
  ReplicationConfiguration,
  ReplicationRule,
  ReplicationRuleFilter,
  SourceSelectionCriteria,
} from "@aws-sdk/client-s3";
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { buckets } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { toStorageClass } from "../storage-class/storage-class.ts";
import {
  accountMissing,
  destinationIsSource,
  destinationNotVersioned,
  encryptedObjectsMissing,
  invalidDestination,
  markersWithTags,
  metricsMissing,
  notInOldSchema,
  priorityRepeated,
  replicaKeyMissing,
  ruleIdRepeated,
  ruleIdTooLong,
  wantedInNewSchema,
} from "./errors.ts";

type AskedRule = Validated<ReplicationRule>;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationConfiguration.html */
const RULES_MAX = 1000;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ReplicationRule.html */
const ID_CHARACTERS_MAX = 255;

/** @throws {AwsError} `MalformedXML`, `InvalidRequest`, `InvalidArgument` */
export async function requireRules(
  { Rules }: Validated<ReplicationConfiguration>,
  source: string,
  context: Context,
): Promise<readonly ReplicationRule[]> {
  if (Rules.length === 0 || Rules.length > RULES_MAX) throw malformedXml();
  const rules = Rules.map((rule) => requireRule(rule, context));
  if (new Set(rules.map(({ ID }) => ID)).size < rules.length) throw ruleIdRepeated();
  requirePriorities(rules);
  for (const { Destination } of rules) await requireDestinationBucket(Destination, source, context);
  return rules;
}

function requireRule(asked: AskedRule, context: Pick<Context, "newId">): ReplicationRule {
  const { ID = Buffer.from(context.newId()).toString("base64"), Status } = asked;
  if (ID.length > ID_CHARACTERS_MAX) throw ruleIdTooLong(ID_CHARACTERS_MAX);
  // Source: https://github.com/hashicorp/terraform-provider-aws/issues/23803 (existing objects are not for rules)
  if (!isSwitch(Status) || asked.ExistingObjectReplication !== undefined) throw malformedXml();
  return {
    ID,
    ...(asked.Filter === undefined ? requireOldSchema(asked) : requireNewSchema(asked, asked.Filter)),
    Status,
    ...requireCriteria(asked),
    Destination: requireDestination(asked.Destination),
  };
}

type Switch = "Enabled" | "Disabled";

const isSwitch = (text: string | undefined): text is Switch => text === "Enabled" || text === "Disabled";

/** Rules without a filter have a prefix alone. */
function requireOldSchema({ Prefix, Priority, DeleteMarkerReplication }: AskedRule): Partial<ReplicationRule> {
  if (DeleteMarkerReplication !== undefined) throw notInOldSchema("DeleteMarkerReplication");
  if (Priority !== undefined) throw notInOldSchema("Priority");
  if (Prefix === undefined) throw malformedXml();
  return { Prefix };
}

function requireNewSchema(asked: AskedRule, filter: Validated<ReplicationRuleFilter>): Partial<ReplicationRule> {
  const { Prefix, Priority, DeleteMarkerReplication } = asked;
  if (Prefix !== undefined) throw malformedXml();
  if (Priority === undefined) throw wantedInNewSchema("Priority");
  if (DeleteMarkerReplication === undefined) throw wantedInNewSchema("DeleteMarkerReplication");
  const { Status } = DeleteMarkerReplication;
  if (!isSwitch(Status)) throw malformedXml();
  const Filter = requireFilter(filter);
  if (Status === "Enabled" && (Filter.Tag || Filter.And?.Tags?.length)) throw markersWithTags();
  return { Priority, Filter, DeleteMarkerReplication: { Status } };
}

/** One member, or none, or several under `And`. */
function requireFilter(filter: Validated<ReplicationRuleFilter>): ReplicationRuleFilter {
  const { Prefix, Tag, And } = filter;
  if ([Prefix, Tag, And].filter((member) => member !== undefined).length > 1) throw malformedXml();
  if (And === undefined) return { ...(Prefix !== undefined && { Prefix }), ...(Tag && { Tag }) };
  const { Prefix: prefix, Tags } = And;
  return { And: { ...(prefix !== undefined && { Prefix: prefix }), ...(Tags && { Tags: [...Tags] }) } };
}

function requireCriteria(asked: AskedRule): { SourceSelectionCriteria?: SourceSelectionCriteria } {
  const { SseKmsEncryptedObjects, ReplicaModifications } = asked.SourceSelectionCriteria ?? {};
  for (const choice of [SseKmsEncryptedObjects, ReplicaModifications]) {
    if (choice && !isSwitch(choice.Status)) throw malformedXml();
  }
  requireKeyToo(SseKmsEncryptedObjects?.Status, asked.Destination.EncryptionConfiguration?.ReplicaKmsKeyID);
  const criteria = {
    ...(SseKmsEncryptedObjects && { SseKmsEncryptedObjects }),
    ...(ReplicaModifications && { ReplicaModifications }),
  };
  return Object.keys(criteria).length > 0 ? { SourceSelectionCriteria: criteria } : {};
}

function requireKeyToo(takesEncrypted: string | undefined, key: string | undefined): void {
  if (takesEncrypted === "Enabled" && key === undefined) throw replicaKeyMissing();
  if (key !== undefined && takesEncrypted === undefined) throw encryptedObjectsMissing();
}

function requireDestination(asked: Validated<Destination>): Destination {
  const { Bucket, Account, AccessControlTranslation, ReplicationTime, Metrics, StorageClass } = asked;
  if (bucketOf(Bucket) === undefined) throw invalidDestination(Bucket);
  toStorageClass(StorageClass);
  if (AccessControlTranslation) {
    if (AccessControlTranslation.Owner !== "Destination") throw malformedXml();
    if (Account === undefined) throw accountMissing();
  }
  for (const choice of [ReplicationTime, Metrics]) if (choice && !isSwitch(choice.Status)) throw malformedXml();
  if (ReplicationTime?.Status === "Enabled" && Metrics?.Status !== "Enabled") throw metricsMissing();
  return { ...asked };
}

/** The name in a bucket's ARN. */
export function bucketOf(arn: string): string | undefined {
  const parts = parseArn(arn);
  return parts?.service === "s3" && !parts.resource.includes("/") ? parts.resource : undefined;
}

/** Rules of one destination are told apart by their priorities. */
function requirePriorities(rules: readonly ReplicationRule[]): void {
  const taken = new Set<string>();
  for (const { Destination, Priority } of rules) {
    if (Priority === undefined) continue;
    const place = `${Destination?.Bucket} ${Priority}`;
    if (taken.has(place)) throw priorityRepeated();
    taken.add(place);
  }
}

/** One that does not exist has no versions either. */
async function requireDestinationBucket(
  destination: Destination | undefined,
  source: string,
  { tx }: Context,
): Promise<void> {
  const name = bucketOf(destination?.Bucket ?? "") ?? "";
  if (name === source) throw destinationIsSource();
  const bucket = await tx.get(buckets, name);
  if (bucket?.versioning?.status !== "Enabled") throw destinationNotVersioned();
}
