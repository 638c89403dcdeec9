/**
 * How an object is encrypted at rest: under keys of S3's own, under a data key that KMS gives and opens, or under a key
 * that its owner shows with each request.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
 */
import type { Context } from "../../../service/context.ts";
import { newDataKey, openDataKey } from "../../../service/kms-key.ts";
import { requireBucket, type Bucket, type DefaultEncryption } from "../bucket/row.ts";
import { findShownKey, requireCustomerKey, requireSameKey, type CustomerKeyInput } from "./customer-key.ts";
import {
  encryptionNotApplicable,
  encryptionHeaderNotForThis,
  encryptionNotAllowed,
  invalidEncryption,
  keyWithoutKms,
  kmsNeedsSignature,
  kmsRefused,
  malformedEncryptionContext,
  partKeyWanted,
  partKeyWrong,
} from "./errors.ts";
import { arn } from "../kit.ts";

export type Encryption =
  | { readonly kind: "AES256" }
  | {
      readonly kind: "aws:kms" | "aws:kms:dsse";
      readonly keyArn: string;
      /** The data key as KMS gave it, encrypted; base64. */
      readonly dataKey: string;
      readonly context: Readonly<Record<string, string>>;
      readonly bucketKey: boolean;
    }
  | { readonly kind: "SSE-C"; readonly keyMd5: string };

/** What an object without a word about it has. */
export const OWN_KEYS: Encryption = { kind: "AES256" };

/** An encryption, and the secret that the body is encrypted under besides the cloud's own key. */
export interface Encrypting {
  readonly encryption: Encryption;
  readonly secret?: Uint8Array | undefined;
}

/** The members by which a write says how it wants to be encrypted. */
export interface EncryptionInput extends CustomerKeyInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

interface Wanted {
  readonly bucket: Bucket;
  readonly key: string;
}

/**
 * The encryption of a new object: what the request wants, or else what the bucket does by default.
 * @throws {AwsError} where the wishes contradict each other, the bucket does not take them, or KMS refuses
 */
export async function startEncryption(input: EncryptionInput, wanted: Wanted, context: Context): Promise<Encrypting> {
  const { bucket } = wanted;
  const customerKey = requireCustomerKey(input);
  if (customerKey !== undefined) {
    if (bucket.encryption?.takesCustomerKeys !== true) throw encryptionNotAllowed();
    return { encryption: { kind: "SSE-C", keyMd5: customerKey.md5 }, secret: customerKey.secret };
  }
  const manner = mannerOf(input, bucket);
  if (manner.algorithm !== "AES256") {
    return withDataKey(
      { ...wanted, ...manner, algorithm: manner.algorithm, given: input.SSEKMSEncryptionContext },
      context,
    );
  }
  if (input.SSEKMSKeyId !== undefined || input.SSEKMSEncryptionContext !== undefined) throw keyWithoutKms();
  return { encryption: OWN_KEYS };
}

interface Manner {
  readonly algorithm: Algorithm;
  readonly keyId?: string | undefined;
  readonly bucketKey: boolean;
}

/** The bucket's own manner, but for what the request says besides; another algorithm has nothing of it. */
function mannerOf(input: EncryptionInput, { encryption = USUAL }: Bucket): Manner {
  const { ServerSideEncryption: asked = encryption.algorithm } = input;
  if (!isKnown(asked)) throw invalidEncryption(asked);
  const usual = asked === encryption.algorithm ? encryption : USUAL;
  const keyId = input.SSEKMSKeyId ?? usual.keyId;
  const bucketKey = asked === "aws:kms" && (input.BucketKeyEnabled ?? encryption.bucketKey ?? false);
  return { algorithm: asked, keyId, bucketKey };
}

const USUAL: DefaultEncryption = { algorithm: "AES256" };

const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"] as const;

type Algorithm = (typeof ALGORITHMS)[number];

export const isKnown = (name: string): name is Algorithm => ALGORITHMS.some((each) => each === name);

interface DataKeyRequest extends Wanted, Manner {
  readonly algorithm: Exclude<Algorithm, "AES256">;
  readonly given: string | undefined;
}

/** What stands for the key that AWS manages for S3. */
const OWN_KMS_KEY = "alias/aws/s3";

async function withDataKey(request: DataKeyRequest, context: Context): Promise<Encrypting> {
  requireSigned(context);
  const { algorithm, bucketKey, keyId = OWN_KMS_KEY } = request;
  const encryptionContext = contextOf(request, context);
  const use = { bound: encryptionContext, keyId, region: request.bucket.region, refusal: kmsRefused };
  const { keyArn, secret, encrypted: dataKey } = await newDataKey(use, context);
  return { encryption: { kind: algorithm, keyArn, dataKey, context: encryptionContext, bucketKey }, secret };
}

/**
 * The object's ARN, or the bucket's where its key is shared, is always among the pairs; of a table's file, below the
 * table's. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-kms-permissions.html
 */
function contextOf(
  { bucket, key, bucketKey, given }: DataKeyRequest,
  context: Context,
): Readonly<Record<string, string>> {
  const { tableFiles } = bucket;
  const itself = tableFiles
    ? `${tableFiles.arn}/${key}`
    : arn(context, bucketKey ? bucket.name : `${bucket.name}/${key}`);
  const own = { "aws:s3:arn": itself };
  return given === undefined ? own : { ...own, ...parseContext(given) };
}

/** @throws {AwsError} `InvalidArgument` */
function parseContext(header: string): Readonly<Record<string, string>> {
  const text = Buffer.from(header, "base64").toString("utf8");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return Object.fromEntries(Object.entries(value).map(requireText));
  } catch {
    // told below
  }
  throw malformedEncryptionContext(header);
}

function requireText([name, value]: readonly [string, unknown]): [string, string] {
  if (typeof value !== "string") throw new TypeError("a pair of an encryption context is text");
  return [name, value];
}

/** @throws {AwsError} `InvalidArgument`: KMS is told who asks. */
function requireSigned({ request }: Context): void {
  if (request.signature?.version !== 4 && request.calling === undefined) throw kmsNeedsSignature();
}

/** What an object is opened with. */
export interface StoredUnder {
  readonly encryption?: Encryption | undefined;
  /** Where the object's bucket is. */
  readonly region: Bucket["region"];
}

/**
 * The key that the caller shows, where the object is under such a one; without it nothing is told of the object.
 * @throws {AwsError} where it is missing, another, or the object is under none
 */
export function requireShownKey(
  { encryption = OWN_KEYS }: Pick<StoredUnder, "encryption">,
  input: CustomerKeyInput,
): Uint8Array | undefined {
  const customerKey = findShownKey(input);
  if (encryption.kind === "SSE-C") return requireSameKey(customerKey, encryption.keyMd5);
  if (customerKey !== undefined) throw encryptionNotApplicable();
  return undefined;
}

/**
 * The secret that the object's body was encrypted under: KMS opens its data key for the caller, or the caller shows it.
 * @throws {AwsError} where the key is missing, another, or KMS refuses
 */
export async function openEncryption(
  { encryption = OWN_KEYS, region }: StoredUnder,
  input: CustomerKeyInput,
  context: Context,
): Promise<Uint8Array | undefined> {
  const shown = requireShownKey({ encryption }, input);
  if (encryption.kind === "SSE-C" || encryption.kind === "AES256") return shown;
  requireSigned(context);
  const { dataKey, context: encryptionContext, keyArn } = encryption;
  const use = { bound: encryptionContext, keyId: keyArn, region, refusal: kmsRefused };
  return openDataKey(dataKey, use, context);
}

/**
 * The same for the parts of an upload, which bring the key that the upload began with.
 * @throws {AwsError} where they bring none, or another
 */
export async function openUpload(
  { encryption, bucket: name }: { readonly encryption: Encryption; readonly bucket: string },
  input: CustomerKeyInput,
  context: Context,
): Promise<Uint8Array | undefined> {
  if (encryption.kind === "SSE-C") {
    const shown = requireCustomerKey(input);
    if (shown === undefined) throw partKeyWanted();
    if (shown.md5 !== encryption.keyMd5) throw partKeyWrong();
    return shown.secret;
  }
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_multipart_upload_sse_c_validation: the same words where it requested none)
  if (findShownKey(input) !== undefined) throw partKeyWanted();
  const { region } = await requireBucket({ Bucket: name }, context);
  return openEncryption({ encryption, region }, input, context);
}

/**
 * A completion shows the upload's key where the parts came with checksums, and never another one.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html (x-amz-server-side-encryption-customer-algorithm)
 *
 * @throws {AwsError} `InvalidRequest`
 */
export function requireUploadKey(
  { encryption, checksum }: { readonly encryption: Encryption; readonly checksum: { readonly chosen: boolean } },
  input: CustomerKeyInput,
): void {
  if (encryption.kind !== "SSE-C") return;
  const shown = requireCustomerKey(input);
  if (shown === undefined && checksum.chosen) throw partKeyWanted();
  if (shown !== undefined && shown.md5 !== encryption.keyMd5) throw partKeyWrong();
}

/**
 * How to encrypt is said where an object begins, nowhere else.
 *
 * @throws {AwsError} `InvalidArgument`
 */
export function refuseEncryptionHeader({ request }: Pick<Context, "request">): void {
  const value = request.headers["x-amz-server-side-encryption"];
  if (value !== undefined) throw encryptionHeaderNotForThis(value);
}

/** What of an object's encryption is answered with it. */
export function formatEncryption(encryption: Encryption = OWN_KEYS) {
  switch (encryption.kind) {
    case "AES256":
      return { ServerSideEncryption: "AES256" as const };
    case "SSE-C":
      return { SSECustomerAlgorithm: "AES256", SSECustomerKeyMD5: encryption.keyMd5 };
    case "aws:kms":
    case "aws:kms:dsse":
      return {
        ServerSideEncryption: encryption.kind,
        SSEKMSKeyId: encryption.keyArn,
        ...(encryption.bucketKey && { BucketKeyEnabled: true }),
      };
  }
}

/** The MD5 of the bytes is a tag only where S3's own keys encrypt them. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag) */
export const etagOf = (md5: string, { kind }: Encryption, context: Pick<Context, "newId">): string =>
  kind === "AES256" ? md5 : context.newId().replaceAll("-", "");
