/**
 * The bytes of a copy, and how they are encrypted. Where they can, source and copy share them: what lies under a key of
 * KMS lies under a data key, which is all that another key has to be put around.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
 */
import type { ReplicationRule } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import { piecesOf, readPieces, type Piece } from "../body/body.ts";
import type { Bucket } from "../bucket/row.ts";
import { openEncryption, startEncryption, type Encryption } from "../encryption/encryption.ts";
import { arn } from "../kit.ts";
import type { StoredObject } from "../object/object.ts";
import { withKey } from "./failure.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

/** A version, where it is and where its copy is to be. */
export interface Copying {
  readonly version: StoredObject;
  readonly source: Bucket;
  readonly target: Bucket;
  readonly rule: ReplicationRule;
}

export interface CopiedContent {
  readonly pieces: readonly Piece[];
  readonly encryption: Encryption | undefined;
  /** What was written anew is under this, besides the cloud's own key. */
  readonly secret?: Uint8Array | undefined;
}

/** The content of the copy; its blobs are kept. @throws {ReplicationFailure} where a key is not to be had. */
export async function copyContent(copying: Copying, acting: Context): Promise<CopiedContent> {
  const { version } = copying;
  const pieces = await piecesOf(version.body, acting);
  const content = await contentOf(copying, pieces, acting);
  for (const { blob } of content.pieces) acting.blobs.keep(blob);
  return content;
}

async function contentOf(copying: Copying, pieces: readonly Piece[], acting: Context): Promise<CopiedContent> {
  const { version, target } = copying;
  const { encryption } = version;
  if (encryption === undefined || encryption.kind === "AES256") {
    const usual = target.encryption?.algorithm ?? "AES256";
    return usual === "AES256" ? { pieces, encryption } : encryptAnew(copying, pieces, acting);
  }
  if (encryption.kind === "SSE-C") return { pieces, encryption };
  return { pieces, encryption: await rewrap(encryption, copying, acting) };
}

type UnderKey = Extract<Encryption, { readonly kind: "aws:kms" | "aws:kms:dsse" }>;

const AT_SOURCE = {
  denied: "SrcGetObjNotPermitted",
  missing: "SrcKmsKeyNotFound",
  unusable: "SrcKmsKeyInvalidState",
} as const;

const AT_TARGET = {
  denied: "DstPutObjNotPermitted",
  missing: "DstKmsKeyNotFound",
  unusable: "DstKmsKeyInvalidState",
} as const;

/** The same data key, encrypted under the key of the copy. */
async function rewrap(from: UnderKey, { version, source, target, rule }: Copying, acting: Context): Promise<UnderKey> {
  const opened = await withKey(AT_SOURCE, () =>
    acting.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: {
        CiphertextBlob: Buffer.from(from.dataKey, "base64"),
        EncryptionContext: from.context,
        KeyId: from.keyArn,
      },
      account: source.owner,
      region: source.region,
    }),
  );
  const bucketKey = target.encryption?.bucketKey === true;
  const own = { "aws:s3:arn": arn(acting, bucketKey ? target.name : `${target.name}/${version.key}`) };
  const context = { ...from.context, ...own };
  const sealed = await withKey(AT_TARGET, () =>
    acting.call<KmsSdk, "Encrypt">({
      service: "kms",
      operation: "Encrypt",
      input: {
        KeyId: rule.Destination?.EncryptionConfiguration?.ReplicaKmsKeyID ?? "",
        Plaintext: opened.Plaintext ?? NOTHING,
        EncryptionContext: context,
      },
      account: source.owner,
      region: target.region,
    }),
  );
  const dataKey = Buffer.from(sealed.CiphertextBlob ?? NOTHING).toString("base64");
  return { kind: from.kind, keyArn: sealed.KeyId ?? "", dataKey, context, bucketKey };
}

const NOTHING = new Uint8Array();

/** What a copy that is there was written anew under, where its source lies under no key. @throws {ReplicationFailure} */
export async function secretOfCopy(
  { version, target }: Copying,
  there: StoredObject,
  acting: Context,
): Promise<Uint8Array | undefined> {
  if (version.encryption !== undefined || there.encryption === undefined) return undefined;
  return withKey(AT_TARGET, () => openEncryption({ ...there, region: target.region }, {}, acting));
}

/** Under the key that the bucket of the copy puts around all that comes without one. */
async function encryptAnew(
  { version, target }: Copying,
  pieces: readonly Piece[],
  acting: Context,
): Promise<CopiedContent> {
  const { encryption, secret } = await withKey(AT_TARGET, () =>
    startEncryption({}, { bucket: target, key: version.key }, acting),
  );
  const written: Piece[] = [];
  for (const piece of pieces) {
    const blob = await acting.blobs.write(readPieces(acting.blobs, [piece], {}), secret);
    written.push({ ...piece, blob });
  }
  return { pieces: written, encryption, secret };
}
