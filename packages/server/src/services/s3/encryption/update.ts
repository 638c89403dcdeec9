/**
 * Putting an object that exists under another key of KMS. What is told of the object stays as it is.
 * Differs: the bytes are encrypted anew here, since those under keys of S3's own have no data key, and KMS is asked for
 * `Decrypt` and `GenerateDataKey` alone.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
 */
import type { UpdateObjectEncryptionRequest } from "@aws-sdk/client-s3";
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { annotationsOf, carry, dropAnnotations, giveAnnotations, requireUnchanged } from "../annotation/row.ts";
import { dropBody, piecesOf, putBody, readPieces, type Piece } from "../body/body.ts";
import { requireBucket, type Bucket } from "../bucket/row.ts";
import {
  anotherAccountsKey,
  encryptionTypeMissing,
  encryptionUpdateNotSigned,
  keyArnInvalid,
  lockedUpdate,
  notUpdatable,
} from "./errors.ts";
import { openEncryption, startEncryption, type Encryption } from "./encryption.ts";
import { operationAborted } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { streaming } from "../kit.ts";
import { protectionOf } from "../lock/lock.ts";
import { askForObject, requireNoMarker, rewriteObject, type StoredObject } from "../object/object.ts";
import { announce } from "../object/change.ts";
import { chargeOf } from "../bucket/requester-pays.ts";

type UpdateInput = Validated<UpdateObjectEncryptionRequest>;

export const updateObjectEncryption = streaming("UpdateObjectEncryption", {
  authorize: (input, context) => askForObject("s3:UpdateObjectEncryption", input, context),

  async receive(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const wanted = wantedOf(input, bucket, context);
    const object = await requireUpdatable(input, bucket, context);
    const from = await openEncryption({ ...object, region: bucket.region }, {}, context);
    const { encryption, secret } = await startEncryption(wanted, { bucket, key: object.key }, context);
    const pieces: Piece[] = [];
    for (const { blob, ...piece } of await piecesOf(object.body, context)) {
      const bytes = readPieces(context.blobs, [{ blob }], { secret: from });
      pieces.push({ ...piece, blob: await context.blobs.write(bytes, secret) });
    }
    const texts = await carry(await annotationsOf(object, context), { from, to: secret }, context);
    return { was: object, encryption, pieces, texts };
  },

  async handle(input, context, { was, encryption, pieces, texts }) {
    const bucket = await requireBucket(input, context);
    const object = await requireUpdatable(input, bucket, context);
    requireSame(object, was);
    requireUnchanged(texts, await annotationsOf(object, context));
    for (const { blob } of pieces) context.blobs.keep(blob);
    await dropBody(object.body, context);
    const body = putBody(pieces, context);
    const { annotations: _before, ...rest } = object;
    const given = giveAnnotations(texts.written, context);
    await dropAnnotations(object, context);
    const version = { ...rest, ...given, encryption, body };
    rewriteObject(version, context);
    await announce({ kind: "ObjectEncryption:Put", bucket, version }, context);
    return chargeOf(bucket, context);
  },
});

/** @throws {AwsError} `InvalidRequest`, `AccessDenied` */
function wantedOf({ ObjectEncryption: asked }: UpdateInput, { owner }: Bucket, { request }: Context) {
  if (request.signature?.version !== 4 && request.calling === undefined) throw encryptionUpdateNotSigned();
  if (asked?.SSEKMS === undefined) throw encryptionTypeMissing();
  const { KMSKeyArn: SSEKMSKeyId, BucketKeyEnabled = false } = asked.SSEKMS;
  const key = parseArn(SSEKMSKeyId);
  if (key?.service !== "kms" || !key.resource.startsWith("key/")) throw keyArnInvalid();
  if (key.account !== owner) throw anotherAccountsKey();
  return { ServerSideEncryption: "aws:kms", SSEKMSKeyId, BucketKeyEnabled } as const;
}

/** @throws {AwsError} `InvalidRequest` where the object is encrypted in another manner, `AccessDenied` where it is locked. */
async function requireUpdatable(input: UpdateInput, bucket: Bucket, context: Context): Promise<StoredObject> {
  const object = await requireNoMarker("PUT", input, { bucket, context });
  if (!isUpdatable(object.encryption)) throw notUpdatable();
  if (protectionOf(object, context.now()) !== "none") throw lockedUpdate();
  return object;
}

const isUpdatable = (encryption: Encryption | undefined): boolean =>
  encryption === undefined || encryption.kind === "AES256" || encryption.kind === "aws:kms";

/** @throws {AwsError} `OperationAborted` where the object was put anew while it was read. */
function requireSame(object: StoredObject, was: StoredObject): void {
  if (JSON.stringify(object.body) !== JSON.stringify(was.body)) throw operationAborted();
}
