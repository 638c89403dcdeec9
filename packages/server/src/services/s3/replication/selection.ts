/**
 * Which rules an object falls under.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
 */
import type { ReplicationRule } from "@aws-sdk/client-s3";
import type { Tags } from "../../../kernel/tags.ts";
import type { StoredObject } from "../object/object.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";

/** The rules that are about this version, one for each destination: that of the greatest priority. */
export function rulesFor(version: StoredVersion, rules: readonly ReplicationRule[]): readonly ReplicationRule[] {
  const chosen = new Map<string, ReplicationRule>();
  const byPriority = rules.toSorted((one, other) => (other.Priority ?? 0) - (one.Priority ?? 0));
  for (const rule of byPriority) {
    const destination = rule.Destination?.Bucket ?? "";
    if (!chosen.has(destination) && isAbout(rule, version)) chosen.set(destination, rule);
  }
  return [...chosen.values()];
}

function isAbout(rule: ReplicationRule, version: StoredVersion): boolean {
  if (rule.Status !== "Enabled" || !version.key.startsWith(prefixOf(rule))) return false;
  return isMarker(version) ? takesMarkers(rule) : hasTags(rule, version.tags) && takesEncrypted(rule, version);
}

const prefixOf = ({ Prefix, Filter }: ReplicationRule): string => Prefix ?? Filter?.Prefix ?? Filter?.And?.Prefix ?? "";

/** Rules of the old schema replicate them always. */
const takesMarkers = ({ Filter, DeleteMarkerReplication }: ReplicationRule): boolean =>
  Filter === undefined || DeleteMarkerReplication?.Status === "Enabled";

function hasTags({ Filter }: ReplicationRule, tags: Tags): boolean {
  const wanted = Filter?.Tag ? [Filter.Tag] : (Filter?.And?.Tags ?? []);
  return wanted.every(({ Key = "", Value }) => tags[Key] === Value);
}

function takesEncrypted({ SourceSelectionCriteria }: ReplicationRule, { encryption }: StoredObject): boolean {
  if (encryption === undefined || !encryption.kind.startsWith("aws:kms")) return true;
  return SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === "Enabled";
}

export const takesReplicas = ({ SourceSelectionCriteria }: ReplicationRule): boolean =>
  SourceSelectionCriteria?.ReplicaModifications?.Status === "Enabled";
