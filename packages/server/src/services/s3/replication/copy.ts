/** Makes the copy of a version in another bucket, as the role, with the rights that the role has there. */
import type { Context } from "../../../service/context.ts";
import { onObject, type ObjectQuestion } from "../access.ts";
import { ownedAs, type Owned } from "../acl/decision.ts";
import { annotationsOf, carry, dropAnnotations, giveAnnotations, type Annotated } from "../annotation/row.ts";
import { putBody } from "../body/body.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import { noteForListing } from "../metadata-table/listing-row.ts";
import { findExisting, rewriteObject, type StoredObject } from "../object/object.ts";
import { sequenceOfObject } from "../version/succession.ts";
import { toStorageClass } from "../storage-class/storage-class.ts";
import { findOlderVersion, type DeleteMarker } from "../version/row.ts";
import { placeCopy, placeMarker } from "./arrival.ts";
import { copyContent, secretOfCopy, type Copying } from "./content.ts";
import { ReplicationFailure, requireRight } from "./failure.ts";
import { bucketOf } from "./rule.ts";
import type { ReplicationRule } from "@aws-sdk/client-s3";

/** The bucket that a rule's copies go to. @throws {ReplicationFailure} */
export async function requireTarget(rule: ReplicationRule, source: Bucket, { tx }: Context): Promise<Bucket> {
  const { Bucket: arn = "", Account } = rule.Destination ?? {};
  const target = await tx.get(buckets, bucketOf(arn) ?? "");
  if (!target || (Account !== undefined && Account !== target.owner)) throw new ReplicationFailure("DstBucketNotFound");
  if (target.versioning?.status !== "Enabled") throw new ReplicationFailure("DstBucketUnversioned");
  if (source.objectLock && !target.objectLock) throw new ReplicationFailure("DstBucketObjectLockConfigMissing");
  return target;
}

/** @throws {ReplicationFailure} */
export async function copyObjectVersion(copying: Copying, acting: Context): Promise<void> {
  const { version, target } = copying;
  await requireRights(copying, acting);
  const place = { Bucket: target.name, Key: version.key, VersionId: version.versionId };
  const there = await findExisting(place, target, acting);
  if (there) return changeCopy(copying, there, acting);
  const { pieces, encryption, secret } = await copyContent(copying, acting);
  const {
    uploadId: _upload,
    restoration: _restored,
    noncurrentAtMs: _since,
    owner: _owner,
    acl: _acl,
    ...same
  } = version;
  const { annotations: _texts, retention: _retention, legalHold: _hold, encryption: _encryption, ...rest } = same;
  const copy: StoredObject = {
    ...rest,
    bucket: target.name,
    sequence: sequenceOfObject(version),
    body: putBody(pieces, acting),
    replication: { status: "REPLICA" },
    ...saidOf(copying),
    ...(await giveTexts(copying, secret, acting)),
    ...toStorageClass(copying.rule.Destination?.StorageClass ?? version.storageClass),
    ...(encryption && encryption.kind !== "AES256" && { encryption }),
  };
  await placeCopy(copy, target, acting);
}

/** A copy that is there gets what is said of its source by now. */
async function changeCopy(copying: Copying, there: StoredObject, acting: Context): Promise<void> {
  const { annotations: _before, ...copy } = there;
  const secret = await secretOfCopy(copying, there, acting);
  await dropAnnotations(there, acting);
  rewriteObject({ ...copy, ...saidOf(copying), ...(await giveTexts(copying, secret, acting)) }, acting);
  await noteForListing("annotation", { bucket: copying.target, key: there.key }, acting);
}

/** The source's annotations, for the copy: under its own secret where it has one. */
async function giveTexts({ version }: Copying, to: Uint8Array | undefined, acting: Context): Promise<Annotated> {
  const { written } = await carry(await annotationsOf(version, acting), { from: undefined, to }, acting);
  return giveAnnotations(written, acting);
}

/** What is said of an object, and may change. */
function saidOf({
  version,
  source,
  target,
  rule,
}: Copying): Pick<StoredObject, "tags" | "retention" | "legalHold"> & Owned {
  const { tags, retention, legalHold } = version;
  return { tags, ...(target.objectLock && { retention, legalHold }), ...ownedBy({ version, source, target, rule }) };
}

/**
 * The owner of the source owns its copies as well, unless the rule hands them over or the bucket takes all there is.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-change-owner.html
 */
function ownedBy({ version, source, target, rule }: Copying): Owned {
  if (rule.Destination?.AccessControlTranslation || target.ownership === "BucketOwnerEnforced") return {};
  const owner = version.owner ?? source.owner;
  return ownedAs({ owner: owner === target.owner ? undefined : owner, acl: version.acl });
}

async function requireRights({ version, source, target, rule }: Copying, acting: Context): Promise<void> {
  const { key, tags } = version;
  const from = { bucket: source, key, existing: version, existingTags: tags };
  await requireRight(onObject("s3:GetObjectVersionForReplication", acting, from), "SrcGetObjNotPermitted", acting);
  await requireRight(onObject("s3:GetObjectVersionAcl", acting, from), "SrcGetAclNotPermitted", acting);
  if (source.objectLock) await requireLockRights(from, acting);
  const hasTags = Object.keys(tags).length > 0;
  const to = { bucket: target, key, ...(hasTags && { newTags: tags }) };
  await requireRight(onObject("s3:ReplicateObject", acting, to), "DstPutObjNotPermitted", acting);
  if (version.annotations) await requireTextRights({ from, to }, acting);
  if (hasTags) {
    await requireRight(onObject("s3:GetObjectVersionTagging", acting, from), "SrcGetTaggingNotPermitted", acting);
    await requireRight(onObject("s3:ReplicateTags", acting, to), "DstPutTaggingNotPermitted", acting);
  }
  if (rule.Destination?.AccessControlTranslation) {
    await requireRight(onObject("s3:ObjectOwnerOverrideToBucketOwner", acting, to), "DstPutAclNotPermitted", acting);
  }
}

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
async function requireTextRights(
  { from, to }: { readonly from: ObjectQuestion; readonly to: ObjectQuestion },
  acting: Context,
): Promise<void> {
  const read = onObject("s3:GetObjectVersionAnnotationForReplication", acting, from);
  await requireRight(read, "SrcGetObjNotPermitted", acting);
  await requireRight(onObject("s3:ReplicateObjectAnnotation", acting, to), "DstPutObjNotPermitted", acting);
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-replication */
async function requireLockRights(from: ObjectQuestion, acting: Context): Promise<void> {
  for (const action of ["s3:GetObjectRetention", "s3:GetObjectLegalHold"]) {
    await requireRight(onObject(action, acting, from), "SrcGetObjNotPermitted", acting);
  }
}

/** @throws {ReplicationFailure} */
export async function copyMarker(
  { bucket: _from, noncurrentAtMs: _since, ...marker }: DeleteMarker,
  target: Bucket,
  acting: Context,
): Promise<void> {
  const { key, versionId } = marker;
  await requireRight(onObject("s3:ReplicateDelete", acting, { bucket: target, key }), "DstDelObjNotPermitted", acting);
  const bucket = target.name;
  if (versionId !== undefined && (await findOlderVersion({ bucket, key, versionId }, acting))) return;
  await placeMarker({ ...marker, bucket, replica: true }, target, acting);
}
