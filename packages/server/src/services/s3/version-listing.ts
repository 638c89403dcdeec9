/**
 * A bucket's versions. Versioning is never on here yet, so each object has one, which is called `null`.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
import { onBucket } from "./access.ts";
import { requireBucket } from "./bucket-row.ts";
import { invalidArgument } from "./errors.ts";
import { placeOf, walkKeys, type Entry } from "./key-walk.ts";
import { operation } from "./kit.ts";
import { formatFolders, formatObject, limitOf, split } from "./object-listing.ts";
import { objects, type StoredObject } from "./object.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { spellingOf, type Spelling } from "./url-encoding.ts";
import { chargeOf, requirePaidBucket } from "./requester-pays.ts";

const NULL_VERSION = "null";

export const listObjectVersions = operation("ListObjectVersions", {
  callers: "open",

  authorize: async (input, context) =>
    onBucket("s3:ListBucketVersions", await requirePaidBucket(input, context), context, {
      "s3:prefix": input.Prefix ?? "",
      "s3:delimiter": input.Delimiter,
      "s3:max-keys": input.MaxKeys === undefined ? undefined : String(input.MaxKeys),
    }),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { Prefix: prefix = "", Delimiter: delimiter, KeyMarker, VersionIdMarker, EncodingType } = input;
    refuseUnbuilt({ "x-amz-optional-object-attributes": input.OptionalObjectAttributes });
    if (VersionIdMarker && !KeyMarker) throw markerWithoutKey(VersionIdMarker);
    const limit = limitOf("max-keys", input.MaxKeys);
    // a key has no version behind the one a marker may name
    const after = KeyMarker ? ({ kind: "key", key: KeyMarker } as const) : undefined;
    const walk = { table: objects, bucket: bucket.name, prefix, delimiter, after, limit };
    const { entries, more } = limit === 0 ? { entries: [], more: false } : await walkKeys(context.tx, walk);
    const { rows, folders } = split(entries);
    const spell = spellingOf(EncodingType);
    return {
      Name: bucket.name,
      Prefix: spell(prefix),
      Delimiter: delimiter === undefined ? undefined : spell(delimiter),
      KeyMarker: spell(KeyMarker ?? ""),
      VersionIdMarker: VersionIdMarker ?? "",
      ...(more && formatNext(entries.at(-1), spell)),
      MaxKeys: limit,
      EncodingType: EncodingType === "url" ? ("url" as const) : undefined,
      IsTruncated: more,
      Versions: rows.map((row) => formatVersion(formatObject(row, { spell, owner: bucket.owner }))),
      CommonPrefixes: formatFolders(folders, spell),
      ...chargeOf(bucket, context),
    };
  },
});

const markerWithoutKey = (value: string) =>
  invalidArgument("A version-id marker cannot be specified without a key marker.", {
    name: "version-id-marker",
    value,
  });

function formatNext(last: Entry<StoredObject> | undefined, spell: Spelling) {
  if (!last) return {};
  const place = placeOf(last);
  return place.kind === "folder"
    ? { NextKeyMarker: spell(place.prefix) }
    : { NextKeyMarker: spell(place.key), NextVersionIdMarker: NULL_VERSION };
}

function formatVersion({ ChecksumAlgorithm, ...object }: ReturnType<typeof formatObject>) {
  const { StorageClass = "STANDARD", RestoreStatus: _restore, ...rest } = object;
  const version = {
    ...rest,
    ...(ChecksumAlgorithm && { ChecksumAlgorithm }),
    StorageClass: "STANDARD" as const,
    VersionId: NULL_VERSION,
    IsLatest: true,
  };
  // the model knows no other class of a version; S3 tells the one that it has
  return Object.assign(version, { StorageClass });
}
