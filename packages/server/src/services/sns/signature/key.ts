/**
 * The key that messages are signed with, and its certificate, which anybody may fetch: made with the first signature.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
import { createPrivateKey, generateKeyPairSync, hash, sign, type KeyObject } from "node:crypto";
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";

interface SigningKey {
  /** PKCS #8 in DER, sealed. */
  readonly sealed: string;
  /** PEM. */
  readonly certificate: string;
}

/** One for the cloud. */
const signingKeys = table<SigningKey>("sns.signing-key", "global", () => []);

const PURPOSE = "sns signing key";
const MODULUS_BITS = 2048;

type Keeping = Pick<Context, "tx" | "keys" | "now">;

async function requireKey(context: Keeping): Promise<SigningKey> {
  const present = await context.tx.get(signingKeys);
  if (present !== undefined) return present;
  const made = await makeKey(context);
  context.tx.put(signingKeys, made);
  return made;
}

async function makeKey(context: Keeping): Promise<SigningKey> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: MODULUS_BITS });
  const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });
  const spki = publicKey.export({ format: "der", type: "spki" });
  const { issueCertificate } = await import("./certificate.ts");
  const certificate = await issueCertificate({ pkcs8, spki }, context.now().getTime());
  return { sealed: context.keys.seal(pkcs8, PURPOSE), certificate };
}

export type SignatureVersion = "1" | "2";

const HASHES = { "1": "sha1", "2": "sha256" } as const;

export interface Signer {
  readonly version: SignatureVersion;
  /** The path of the certificate. */
  readonly certificatePath: string;
  /** As base64. */
  sign(text: string): string;
}

export async function signerOf(version: SignatureVersion, context: Keeping): Promise<Signer> {
  const key = await requireKey(context);
  let opened: KeyObject | undefined;
  return {
    version,
    certificatePath: certificatePathOf(key),
    sign: (text) =>
      sign(HASHES[version], Buffer.from(text, "utf8"), (opened ??= open(key, context))).toString("base64"),
  };
}

function open({ sealed }: SigningKey, { keys }: Keeping): KeyObject {
  const pkcs8 = keys.open(sealed, PURPOSE);
  assert(pkcs8 !== undefined, "what was sealed here opens here");
  return createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
}

const certificatePathOf = ({ certificate }: SigningKey): string =>
  `/SimpleNotificationService-${hash("md5", certificate, "hex")}.pem`;

/** The certificate of that path, in PEM. */
export async function findCertificate(path: string, { tx }: Pick<Context, "tx">): Promise<string | undefined> {
  const key = await tx.get(signingKeys);
  return key !== undefined && certificatePathOf(key) === path ? key.certificate : undefined;
}
