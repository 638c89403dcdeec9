/**
 * A bucket's versions and delete markers.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
import type { DeleteMarkerEntry, ObjectVersion } from "@aws-sdk/client-s3";
import { onBucket } from "../access.ts";
import { ownersIn, type ShowOwner } from "../acl/shown-owner.ts";
import { requireBucket } from "../bucket/row.ts";
import { ENCODING_TYPE, requireChoice } from "../choice.ts";
import { invalidArgument } from "../errors.ts";
import type { Entry } from "./key-walk.ts";
import { operation } from "../kit.ts";
import { formatFolders, formatObject, limitOf, split } from "./object.ts";
import { isVersionId } from "../object/object.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";
import { retelling, type Retelling } from "../storage-class/restoration.ts";
import { spellingOf, type Spelling } from "./url-encoding.ts";
import { NULL_VERSION } from "../version/id.ts";
import { isMarker } from "../version/row.ts";
import { walkVersions, type ListedVersion, type VersionMarker } from "../version/walk.ts";

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
    const retell = retelling(input.OptionalObjectAttributes, context.now());
    requireChoice(EncodingType, ENCODING_TYPE);
    const limit = limitOf("max-keys", input.MaxKeys);
    const walk = { bucket: bucket.name, prefix, delimiter, marker: markerOf(input), limit };
    const { entries, more } = await walkVersions(context.tx, walk);
    const { rows, folders } = split(entries);
    const spell = spellingOf(EncodingType);
    const ownerOf = ownersIn(bucket);
    const listed = {
      Versions: rows.flatMap((row) => formatVersion(row, { spell, ownerOf, retell })),
      DeleteMarkers: rows.flatMap((row) => formatMarker(row, { spell, ownerOf })),
      /** In which of the two the next is. */
      Turns: rows.map(({ version }) => (isMarker(version) ? "DeleteMarkers" : "Versions")),
    };
    return {
      Name: bucket.name,
      Prefix: spell(prefix),
      Delimiter: delimiter ? spell(delimiter) : undefined,
      KeyMarker: spell(KeyMarker ?? ""),
      VersionIdMarker: VersionIdMarker ?? "",
      ...(more && formatNext(entries.at(-1), spell)),
      MaxKeys: limit,
      EncodingType: EncodingType === "url" ? ("url" as const) : undefined,
      IsTruncated: more,
      ...listed,
      CommonPrefixes: formatFolders(folders, spell),
      ...chargeOf(bucket, context),
    };
  },
});

/** @throws {AwsError} `InvalidArgument` */
function markerOf({ KeyMarker: key, VersionIdMarker: versionId }: Markers): VersionMarker | undefined {
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_versioning.py (run against S3: what looks like no id at all comes first)
  if (versionId && !key && ID_SHAPE.test(versionId)) {
    throw invalidArgument("A version-id marker cannot be specified without a key marker.", {
      name: "version-id-marker",
      value: versionId,
    });
  }
  if (versionId && !isVersionId(versionId)) {
    throw invalidArgument("Invalid version id specified", { name: "version-id-marker", value: versionId });
  }
  return key ? { key, versionId: versionId || undefined } : undefined;
}

const ID_SHAPE = /^(?:null|[\w.]{32})$/;

interface Markers {
  readonly KeyMarker?: string | undefined;
  readonly VersionIdMarker?: string | undefined;
}

function formatNext(last: Entry<ListedVersion> | undefined, spell: Spelling) {
  if (!last) return {};
  if (last.kind === "folder") return { NextKeyMarker: spell(last.prefix) };
  const { versionId = NULL_VERSION } = last.row.version;
  return { NextKeyMarker: spell(last.key), NextVersionIdMarker: versionId };
}

interface Manner {
  readonly spell: Spelling;
  readonly ownerOf: ShowOwner;
}

type Telling = Manner & { readonly retell: Retelling };

function formatVersion({ version, isLatest }: ListedVersion, manner: Telling): readonly ObjectVersion[] {
  if (isMarker(version)) return [];
  const { ChecksumAlgorithm, StorageClass, ...rest } = formatObject(version, manner);
  const shown = {
    ...rest,
    ...(ChecksumAlgorithm && { ChecksumAlgorithm }),
    StorageClass: "STANDARD" as const,
    VersionId: version.versionId ?? NULL_VERSION,
    IsLatest: isLatest,
  };
  // the model knows no other class of a version; S3 tells the one that it has
  return [Object.assign(shown, { StorageClass })];
}

function formatMarker({ version, isLatest }: ListedVersion, { spell, ownerOf }: Manner): readonly DeleteMarkerEntry[] {
  if (!isMarker(version)) return [];
  const { key, versionId: VersionId = NULL_VERSION, modifiedAtMs } = version;
  const shown = { Key: spell(key), VersionId, IsLatest: isLatest, LastModified: new Date(modifiedAtMs) };
  return [{ ...shown, Owner: ownerOf({}) }];
}
