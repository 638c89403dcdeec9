/**
 * The annotations of a bucket's objects as a table. They are read with the rights of a role that its owner names.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-annotation-schema.html
 */
import { createHash } from "node:crypto";
import { AwsError } from "../../../kernel/aws-error.ts";
import { collect } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { onBucket, onObject } from "../access.ts";
import { annotationsOf, type Annotation } from "../annotation/row.ts";
import type { Bucket } from "../bucket/row.ts";
import { openEncryption } from "../encryption/encryption.ts";
import { arn } from "../kit.ts";
import { sequencerAt } from "../notification/notify.ts";
import type { StoredObject } from "../object/object.ts";
import { sequenceOfObject } from "../version/succession.ts";
import type { Row } from "../tables/iceberg/parquet.ts";
import { METADATA_SERVICE } from "../tables/managed.ts";
import { isMarker } from "../version/row.ts";
import { toCells } from "./cells.ts";
import type { Listing } from "./listing.ts";
import { ANNOTATIONS } from "./schema.ts";

export const ANNOTATION_LISTING: Listing = {
  name: "annotation",
  schema: ANNOTATIONS,
  rowsOf: (version) => (isMarker(version) ? 0 : (version.annotations?.count ?? 0)),

  async open({ bucket, configuration: { annotation } }, context) {
    const acting = await actingAs(annotation?.role ?? "", bucket, context);
    await acting.require(onBucket(listingAction(bucket), bucket, acting));
    return async function* ({ version }) {
      if (!isMarker(version) && version.annotations !== undefined) yield* rowsOf(version, bucket, acting);
    };
  },
};

/** @throws {AwsError} where S3 may not assume it */
async function actingAs(roleArn: string, { name, owner }: Bucket, context: Context): Promise<Context> {
  const sourceArn = arn(context, name);
  const use = { service: METADATA_SERVICE, sessionName: "s3-metadata", sourceArn, roleArn, account: owner };
  return context.as(await roleSession(use, context));
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-enable-disable-annotation-tables.html#annotation-table-iam-role-section (ListBucket, ListBucketVersions) */
const listingAction = ({ versioning }: Bucket): string =>
  versioning === undefined ? "s3:ListBucket" : "s3:ListBucketVersions";

/** What the role may not read, or the key of the object does not let it read, has no rows. */
async function* rowsOf(version: StoredObject, bucket: Bucket, acting: Context): AsyncGenerator<Row> {
  const { key, versionId, tags } = version;
  const action = versionId === undefined ? "s3:GetObjectAnnotation" : "s3:GetObjectVersionAnnotation";
  const asked = onObject(action, acting, { bucket, key, existing: version, existingTags: tags });
  if ((await acting.decide(asked)).decision === "deny") return;
  const opened = await open(version, bucket, acting);
  if (opened === undefined) return;
  for (const text of await annotationsOf(version, acting)) {
    const value = await collect(acting.blobs.read(text.blob, undefined, opened.secret));
    yield toCells({ ...describe(text, version), text_value: Buffer.from(value).toString("utf8") });
  }
}

interface Opened {
  readonly secret: Uint8Array | undefined;
}

/** `undefined`: KMS refuses the role. */
async function open(version: StoredObject, { region }: Bucket, acting: Context): Promise<Opened | undefined> {
  try {
    return { secret: await openEncryption({ ...version, region }, {}, acting) };
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

const describe = ({ name, modifiedAtMs, size, etag, checksum }: Annotation, of: StoredObject) => ({
  bucket: of.bucket,
  object_key: of.key,
  ...(of.versionId !== undefined && { object_version_id: of.versionId }),
  object_join_key: joinKeyOf(of),
  name,
  sequence_number: sequencerAt(modifiedAtMs),
  last_modified_date: modifiedAtMs,
  size,
  e_tag: etag,
  checksum_algorithm: checksum.algorithm,
  ...(of.replication && { replication_status: of.replication.status }),
});

/** Another one for each version, and for each object that takes the place of another. */
const joinKeyOf = (of: StoredObject): string =>
  createHash("sha256")
    .update(JSON.stringify([of.bucket, of.key, of.versionId ?? "null", sequenceOfObject(of)]))
    .digest("hex");
