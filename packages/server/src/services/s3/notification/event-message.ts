/**
 * What a bucket says of a change: to queues, topics and functions in one form, to event buses in another.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html,
 * https://github.com/localstack/localstack/tree/main/tests/aws/services/s3 (recorded messages)
 */
import { createHash } from "node:crypto";
import type { Principal } from "../../../identity/principal.ts";
import type { AccountId } from "../../../kernel/arn.ts";
import { base32 } from "../../../kernel/ids.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { arn } from "../kit.ts";
import type { EventKind } from "../object/change.ts";
import type { Archived } from "../storage-class/restoration.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import { hostIdOf, requestIdOf } from "./request-id.ts";

export type ReplicationEvent =
  `Replication:${"OperationFailedReplication" | "OperationNotTracked" | "OperationMissedThreshold" | "OperationReplicatedAfterThreshold"}`;

/** Something to tell of. */
export interface Happening {
  readonly name: EventKind | ReplicationEvent;
  readonly bucket: Bucket;
  readonly version: StoredVersion;
  /** What only events of its kind have beside the rest: `replicationEventData`. */
  readonly more?: object | undefined;
}

/** A happening with its place among those of its key. */
export interface Ordered extends Happening {
  readonly sequencer: string;
}

/** The record for queues, topics and functions. */
export function messageOf(ordered: Ordered, configurationId: string, context: Context): string {
  const { name, bucket, version } = ordered;
  const requestId = requestIdOf(context);
  const record = {
    eventVersion: versionOf(name),
    eventSource: "aws:s3",
    awsRegion: bucket.region,
    eventTime: context.now().toISOString(),
    eventName: name,
    userIdentity: { principalId: principalIdOf(context.principal, ordered) },
    requestParameters: { sourceIPAddress: sourceOf(context) },
    responseElements: { "x-amz-request-id": requestId, "x-amz-id-2": hostIdOf(requestId) },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: customerIdOf(bucket.owner) },
        arn: arn(context, bucket.name),
      },
      object: { key: encodeKey(version.key), ...objectOf(ordered) },
    },
    ...moreOf(ordered),
    ...ordered.more,
  };
  return JSON.stringify({ Records: [record] });
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function versionOf(name: Happening["name"]): string {
  if (name.startsWith("Replication:")) return "2.2";
  const isNewer = /^(?:Lifecycle|IntelligentTiering|ObjectAcl|ObjectTagging|ObjectRestore:Delete)/.test(name);
  return isNewer ? "2.3" : "2.1";
}

/** The MD5 of nothing, which delete markers are shown with. */
const EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e";

/** Changes of what is said about an object have no place among those of its bytes, and do not tell its size. */
const SAYS_ABOUT = /^(?:ObjectAcl|ObjectTagging)/;

function objectOf({ name, version, sequencer }: Ordered) {
  // of a null version none is told
  const versionId = version.versionId !== undefined && { versionId: version.versionId };
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json (test_object_created_put_versioned: also of a marker that is gone)
  if (name.endsWith(":Delete") && /^(?:ObjectRemoved|LifecycleExpiration)/.test(name)) {
    return { ...versionId, sequencer };
  }
  if (isMarker(version)) return { eTag: EMPTY_ETAG, ...versionId, sequencer };
  if (SAYS_ABOUT.test(name)) return { eTag: version.etag, ...versionId };
  return { size: version.size, eTag: version.etag, ...versionId, sequencer };
}

function moreOf({ name, version }: Happening): object {
  if (isMarker(version)) return {};
  if (name === "ObjectRestore:Completed") return { glacierEventData: { restoreEventData: restoreDataOf(version) } };
  if (name === "LifecycleTransition") {
    return { lifecycleEventData: { transitionEventData: { destinationStorageClass: storageClassOf(version) } } };
  }
  if (name === "IntelligentTiering") {
    return { intelligentTieringEventData: { destinationAccessTier: version.archiveTier } };
  }
  return {};
}

function restoreDataOf(version: Archived): object {
  const { expiresAtMs } = version.restoration ?? {};
  return {
    ...(expiresAtMs !== undefined && { lifecycleRestorationExpiryTime: new Date(expiresAtMs).toISOString() }),
    lifecycleRestoreStorageClass: storageClassOf(version),
  };
}

/** As in a form: spaces are plus signs; slashes stay. */
const encodeKey = (key: string): string =>
  encodeURIComponent(key)
    .replaceAll("%20", "+")
    .replaceAll("%2F", "/")
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** What Amazon, the shop, knows a customer by: an `A` and thirteen capitals and digits. */
const customerIdOf = (account: AccountId): string =>
  `A${base32(createHash("sha256").update(`customer ${account}`).digest()).slice(0, 13)}`;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html (an event of S3's own) */
const sourceOf = ({ principal, request }: Context): string =>
  principal.type === "service" ? principal.service : request.sourceIp;

function principalIdOf(principal: Principal, { name, bucket: { owner } }: Happening): string {
  switch (principal.type) {
    case "anonymous":
      return "Anonymous";
    case "service":
      // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json (test_restore_object)
      return name === "ObjectRestore:Completed" ? `AmazonCustomer:${customerIdOf(owner)}` : principal.service;
    case "root":
    case "user":
    case "role-session":
    case "federated-user":
      return `AWS:${principal.userId}`;
  }
}
