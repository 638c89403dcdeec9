/**
 * What a bucket tells the default event bus of its owner.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html,
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_eventbridge.snapshot.json (recorded events)
 */
import type { Principal } from "../../../identity/principal.ts";
import type { Announcement, Context } from "../../../service/context.ts";
import { arn } from "../kit.ts";
import type { EventKind } from "../object/change.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { isMarker } from "../version/row.ts";
import type { Ordered } from "./event-message.ts";
import { requestIdOf } from "./request-id.ts";

interface Telling {
  readonly type: string;
  /** Beside what all of them say. */
  readonly more?: Readonly<Record<string, string | undefined>>;
}

const created = (reason: string): Telling => ({ type: "Object Created", more: { reason } });
const deleted = (reason: string, deletionType: string): Telling => ({
  type: "Object Deleted",
  more: { reason, "deletion-type": deletionType },
});
const FOR_GOOD = "Permanently Deleted";
const MARKED = "Delete Marker Created";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html (annotations are not among them) */
type Told = Exclude<EventKind, `ObjectAnnotation:${string}`>;

const TELLINGS: Readonly<Record<Told, Telling>> = {
  "ObjectCreated:Put": created("PutObject"),
  "ObjectCreated:Post": created("POST Object"),
  "ObjectCreated:Copy": created("CopyObject"),
  "ObjectCreated:CompleteMultipartUpload": created("CompleteMultipartUpload"),
  "ObjectRemoved:Delete": deleted("DeleteObject", FOR_GOOD),
  "ObjectRemoved:DeleteMarkerCreated": deleted("DeleteObject", MARKED),
  "LifecycleExpiration:Delete": deleted("Lifecycle Expiration", FOR_GOOD),
  "LifecycleExpiration:DeleteMarkerCreated": deleted("Lifecycle Expiration", MARKED),
  "ObjectRestore:Post": { type: "Object Restore Initiated" },
  "ObjectRestore:Completed": { type: "Object Restore Completed" },
  "ObjectRestore:Delete": { type: "Object Restore Expired" },
  LifecycleTransition: { type: "Object Storage Class Changed" },
  IntelligentTiering: { type: "Object Access Tier Changed" },
  "ObjectTagging:Put": { type: "Object Tags Added" },
  "ObjectTagging:Delete": { type: "Object Tags Deleted" },
  "ObjectAcl:Put": { type: "Object ACL Updated" },
};

/** `undefined`: event buses do not hear of such. */
export function eventOf(ordered: Ordered, context: Context): Announcement | undefined {
  const { name, bucket } = ordered;
  const telling = isTold(name) ? TELLINGS[name] : undefined;
  if (telling === undefined) return undefined;
  return {
    source: "aws.s3",
    detailType: telling.type,
    resources: [arn(context, bucket.name)],
    detail: {
      version: "0",
      bucket: { name: bucket.name },
      object: objectOf(ordered),
      "request-id": requestIdOf(context),
      requester: requesterOf(context.principal),
      ...sourceOf(context),
      ...telling.more,
      ...moreOf(ordered),
    },
  };
}

const isTold = (name: Ordered["name"]): name is Told => name in TELLINGS;

/** Who made the call: an account, or a service. */
function requesterOf(principal: Principal): string {
  if (principal.type === "anonymous") return "anonymous";
  return principal.type === "service" ? principal.service : principal.account;
}

/** A service's own work comes from nowhere. */
const sourceOf = ({ principal, request }: Context) =>
  principal.type === "service" ? {} : { "source-ip-address": request.sourceIp };

const OF_BYTES = /^Object(?:Created|Removed)|^LifecycleExpiration/;

function objectOf({ name, version, sequencer }: Ordered): object {
  const own = {
    key: version.key,
    // of a null version none is told
    ...(version.versionId !== undefined && { "version-id": version.versionId }),
    ...(OF_BYTES.test(name) && { sequencer }),
  };
  if (isMarker(version) || name === "ObjectRemoved:Delete" || name === "LifecycleExpiration:Delete") return own;
  const size = /^Object(?:Tagging|Acl)/.test(name) ? undefined : version.size;
  return { ...own, etag: version.etag, ...(size !== undefined && { size }) };
}

function moreOf({ name, version }: Ordered): object {
  if (isMarker(version)) return {};
  if (name === "LifecycleTransition") return { "destination-storage-class": storageClassOf(version) };
  if (name === "IntelligentTiering") return { "destination-access-tier": version.archiveTier };
  if (!name.startsWith("ObjectRestore:")) return {};
  const { expiresAtMs } = version.restoration ?? {};
  const isThere = name === "ObjectRestore:Completed" && expiresAtMs !== undefined;
  return {
    "source-storage-class": storageClassOf(version),
    ...(isThere && { "restore-expiry-time": new Date(expiresAtMs).toISOString() }),
  };
}
