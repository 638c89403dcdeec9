/**
 * Attributes of an object, on request.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
import type { GetObjectAttributesParts, GetObjectAttributesRequest } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { piecesOf } from "../body/body.ts";
import { requireBucket } from "../bucket/row.ts";
import { formatChecksum, type StoredChecksum } from "../body/checksum.ts";
import { OBJECT_ATTRIBUTE, requireChoice } from "../choice.ts";
import { openEncryption, requireShownKey } from "../encryption/encryption.ts";
import { invalidRequest } from "../errors.ts";
import { operation } from "../kit.ts";
import { askForObject, requireObject, versionIdOf, type StoredObject } from "./object.ts";
import { limitOf } from "../listing/object.ts";
import { chargeOf } from "../bucket/requester-pays.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";

type AttributesInput = Validated<GetObjectAttributesRequest>;

export const getObjectAttributes = operation("GetObjectAttributes", {
  callers: "open",

  async authorize(input, context) {
    const version = input.VersionId === undefined ? "" : "Version";
    return [
      await askForObject(`s3:GetObject${version}`, input, context),
      await askForObject(`s3:GetObject${version}Attributes`, input, context),
    ];
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    requireAttributes(context);
    for (const attribute of input.ObjectAttributes) requireChoice(attribute, OBJECT_ATTRIBUTE);
    const object = await requireObject(input, bucket, context);
    const wanted = new Set<string>(input.ObjectAttributes);
    requireShownKey(object, input);
    if (wanted.has("Checksum")) await openEncryption({ ...object, region: bucket.region }, input, context);
    const { etag, size, checksum, modifiedAtMs } = object;
    return {
      LastModified: new Date(modifiedAtMs),
      ETag: wanted.has("ETag") ? etag : undefined,
      Checksum: wanted.has("Checksum") ? { ...formatSum(checksum), ChecksumType: checksum.type } : undefined,
      ObjectParts: wanted.has("ObjectParts") ? await partsOf(object, input, context) : undefined,
      StorageClass: wanted.has("StorageClass") ? storageClassOf(object) : undefined,
      ...chargeOf(bucket, context),
      VersionId: versionIdOf(object, bucket),
      ObjectSize: wanted.has("ObjectSize") ? size : undefined,
    };
  },
});

/** Source: https://github.com/versity/versitygw/issues/915 (AWS's answer) */
function requireAttributes({ request }: Context): void {
  if (request.headers["x-amz-object-attributes"]) return;
  throw invalidRequest(
    "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
  );
}

/** Without the number of parts that stands behind a composite elsewhere. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded) */
const formatSum = ({ algorithm, value }: StoredChecksum) =>
  formatChecksum({ algorithm, value: value.replace(/-\d+$/, "") });

/** Single parts are told only where their checksums make a composite. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributesParts.html */
async function partsOf(
  { body, checksum }: StoredObject,
  { MaxParts, PartNumberMarker }: AttributesInput,
  context: Context,
): Promise<GetObjectAttributesParts | undefined> {
  const parts = (await piecesOf(body, context)).flatMap(({ part, blob }) =>
    part ? [{ ...part, size: blob.size }] : [],
  );
  if (parts.length === 0) return undefined;
  if (checksum.type === "FULL_OBJECT") return { TotalPartsCount: parts.length };
  const limit = limitOf("max-parts", MaxParts);
  const marker = Number(PartNumberMarker ?? 0);
  const found = parts.filter(({ number }) => number > marker);
  const given = found.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(given.at(-1)?.number ?? 0),
    MaxParts: limit,
    IsTruncated: found.length > given.length,
    Parts: given.map(({ number, size, checksum: value }) => ({
      PartNumber: number,
      Size: size,
      ...formatChecksum({ algorithm: checksum.algorithm, value }),
    })),
  };
}
