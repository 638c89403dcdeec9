/**
 * Keys of KMS that services use: for whoever calls them, by way of the service, or as somebody else. What KMS refuses is
 * told in the service's own words.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
 */
import { AwsError } from "../kernel/aws-error.ts";
import type { Scope } from "../kernel/table.ts";
import type { Context, InnerCall } from "./context.ts";

type KmsSdk = typeof import("@aws-sdk/client-kms");

type Caller = Pick<InnerCall<KmsSdk, "Decrypt">, "as" | "source" | "account" | "region">;

/** What a key is used for, and whose rights are asked: the caller's where nothing is said. */
export interface KeyUse extends Caller {
  /** The encryption context that what is encrypted is bound to. */
  readonly bound: Readonly<Record<string, string>>;
  /** An id, an ARN or an alias. */
  readonly keyId?: string | undefined;
  /** The service's error for a refusal of KMS; `undefined`: that stands as it is. */
  readonly refusal: (error: AwsError) => AwsError | undefined;
}

/** A use of a key that is named: what is encrypted does not say yet which. */
export type NamedKeyUse = KeyUse & { readonly keyId: string };

/** A key that data are encrypted with. */
export interface DataKey {
  readonly secret: Uint8Array;
  /** As KMS encrypted it; base64. */
  readonly encrypted: string;
}

/** Also which key it is of. */
export interface NewDataKey extends DataKey {
  readonly keyArn: string;
}

const NOTHING = new Uint8Array();

/** Of 256 bits. @throws {AwsError} the service's error for what KMS refuses */
export async function newDataKey(use: NamedKeyUse, context: Context): Promise<NewDataKey> {
  const { bound: EncryptionContext, keyId, refusal, ...caller } = use;
  const made = await inWordsOf(refusal, () =>
    context.call<KmsSdk, "GenerateDataKey">({
      service: "kms",
      operation: "GenerateDataKey",
      input: { KeyId: keyId, KeySpec: "AES_256", EncryptionContext },
      ...caller,
    }),
  );
  const { KeyId: keyArn = "", CiphertextBlob = NOTHING, Plaintext: secret = NOTHING } = made;
  return { keyArn, secret, encrypted: Buffer.from(CiphertextBlob).toString("base64") };
}

/** The secret of a data key. @throws {AwsError} the service's error for what KMS refuses */
export const openDataKey = (encrypted: string, use: KeyUse, context: Context): Promise<Uint8Array> =>
  decryptByKms(Buffer.from(encrypted, "base64"), use, context);

/** At most 4 KiB. @throws {AwsError} the service's error for what KMS refuses */
export async function encryptByKms(bytes: Uint8Array, use: NamedKeyUse, context: Context): Promise<Uint8Array> {
  const { bound: EncryptionContext, keyId: KeyId, refusal, ...caller } = use;
  const { CiphertextBlob = NOTHING } = await inWordsOf(refusal, () =>
    context.call<KmsSdk, "Encrypt">({
      service: "kms",
      operation: "Encrypt",
      input: { KeyId, Plaintext: bytes, EncryptionContext },
      ...caller,
    }),
  );
  return CiphertextBlob;
}

/** @throws {AwsError} the service's error for what KMS refuses */
export async function decryptByKms(bytes: Uint8Array, use: KeyUse, context: Context): Promise<Uint8Array> {
  const { bound: EncryptionContext, keyId, refusal, ...caller } = use;
  const { Plaintext = NOTHING } = await inWordsOf(refusal, () =>
    context.call<KmsSdk, "Decrypt">({
      service: "kms",
      operation: "Decrypt",
      input: { CiphertextBlob: bytes, EncryptionContext, ...(keyId !== undefined && { KeyId: keyId }) },
      ...caller,
    }),
  );
  return Plaintext;
}

/** `work`, with KMS's refusals in the service's words. */
export async function inWordsOf<Output>(refusal: KeyUse["refusal"], work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    throw (error instanceof AwsError ? refusal(error) : undefined) ?? error;
  }
}

/** An alias or an id is of the resource's own account and region, whoever calls. */
export function keyArnIn(
  keyId: string,
  { partition, region, account }: Scope & { readonly partition: string },
): string {
  if (keyId.startsWith("arn:")) return keyId;
  const resource = keyId.startsWith("alias/") ? keyId : `key/${keyId}`;
  return `arn:${partition}:kms:${region}:${account}:${resource}`;
}
