/** A bucket that keeps versions, and what tests ask of it again and again. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type BucketVersioningStatus,
} from "@aws-sdk/client-s3";
import { s3World, type S3World } from "./s3-world.ts";

export interface VersionedWorld extends S3World {
  /** Gives the new version's id as S3 told it. */
  readonly write: (Key: string, Body?: string) => Promise<string | undefined>;
  readonly remove: (
    Key: string,
    VersionId?: string,
  ) => Promise<{ readonly VersionId?: string | undefined; readonly DeleteMarker?: boolean | undefined }>;
  readonly read: (Key: string, VersionId?: string) => Promise<string | undefined>;
  /** `k=1* k=2 -k=3`: versions and, with a minus, delete markers, newest first; a star at the latest; ids where `names` has none. */
  readonly history: (names?: Readonly<Record<string, string>>) => Promise<string>;
  readonly setVersioning: (Status: BucketVersioningStatus) => Promise<void>;
}

export async function versionedWorld(status: BucketVersioningStatus = "Enabled"): Promise<VersionedWorld> {
  const world = await s3World();
  const { s3, bucket: Bucket } = world;
  const setVersioning = async (Status: BucketVersioningStatus) => {
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  };
  await setVersioning(status);
  return {
    ...world,
    setVersioning,
    write: async (Key, Body = "") => (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId,
    remove: (Key, VersionId) => s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId })),
    read: async (Key, VersionId) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString(),
    async history(names = {}) {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      const listed = [
        ...Versions.map((version) => ({ ...version, sign: "" })),
        ...DeleteMarkers.map((marker) => ({ ...marker, sign: "-" })),
      ];
      return listed
        .map(
          ({ Key, VersionId = "", IsLatest, sign }) =>
            `${sign}${Key}=${names[VersionId] ?? VersionId}${IsLatest ? "*" : ""}`,
        )
        .join(" ");
    },
  };
}
