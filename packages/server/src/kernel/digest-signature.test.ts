import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import { expect, test } from "vitest";
import { signDigest, verifyDigest, type DigestManner } from "./digest-signature.ts";

const MESSAGE = Buffer.from("the rules hold");
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const odd = generateKeyPairSync("rsa", { modulusLength: 2049 });

const CASES = [
  ["RSASSA-PKCS1 with SHA-256", rsa, { scheme: "pkcs1", hash: "sha256" }, {}],
  ["RSASSA-PKCS1 with SHA-512", rsa, { scheme: "pkcs1", hash: "sha512" }, {}],
  ["RSASSA-PSS with SHA-256", rsa, { scheme: "pss", hash: "sha256" }, PSS],
  ["RSASSA-PSS with SHA-384", rsa, { scheme: "pss", hash: "sha384" }, PSS],
  ["RSASSA-PSS with a modulus of odd length", odd, { scheme: "pss", hash: "sha512" }, PSS],
  ["ECDSA on P-256", generateKeyPairSync("ec", { namedCurve: "prime256v1" }), { scheme: "ecdsa", hash: "sha256" }, {}],
  ["ECDSA on P-384", generateKeyPairSync("ec", { namedCurve: "secp384r1" }), { scheme: "ecdsa", hash: "sha384" }, {}],
  ["ECDSA on P-521", generateKeyPairSync("ec", { namedCurve: "secp521r1" }), { scheme: "ecdsa", hash: "sha512" }, {}],
  [
    "ECDSA on secp256k1",
    generateKeyPairSync("ec", { namedCurve: "secp256k1" }),
    { scheme: "ecdsa", hash: "sha256" },
    {},
  ],
] as const;

test.each(CASES)(
  "%s of a digest and of the message are the same",
  async (_name, pair, manner: DigestManner, padding) => {
    const digest = createHash(manner.hash).update(MESSAGE).digest();
    const signature = await signDigest(digest, manner, pair.privateKey);
    expect(verify(manner.hash, MESSAGE, { key: pair.publicKey, ...padding }, signature)).toBe(true);
    const usual = sign(manner.hash, MESSAGE, { key: pair.privateKey, ...padding });
    expect(await verifyDigest({ digest, signature: usual }, manner, pair.publicKey)).toBe(true);
    const other = createHash(manner.hash).update("another").digest();
    expect(await verifyDigest({ digest: other, signature: usual }, manner, pair.publicKey)).toBe(false);
    expect(await verifyDigest({ digest, signature: usual.subarray(1) }, manner, pair.publicKey)).toBe(false);
  },
);

test("Ed25519ph gives what its vector says", async () => {
  // Source: https://www.rfc-editor.org/rfc/rfc8032#section-7.3
  const d = Buffer.from("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", "hex").toString(
    "base64url",
  );
  const x = Buffer.from("ec172b93ad5e563f4932c70e1245034c35467ef2efd4d64ebf819683467e2bf2", "hex").toString(
    "base64url",
  );
  const privateKey = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x }, format: "jwk" });
  const manner = { scheme: "ed25519ph", hash: "sha512" } as const;
  const digest = Buffer.from("abc");
  const signature = await signDigest(digest, manner, privateKey);
  expect(Buffer.from(signature).toString("hex")).toBe(
    "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406",
  );
  expect(await verifyDigest({ digest, signature }, manner, createPublicKey(privateKey))).toBe(true);
  expect(await verifyDigest({ digest: Buffer.from("abd"), signature }, manner, createPublicKey(privateKey))).toBe(
    false,
  );
});

// Source: https://www.rfc-editor.org/rfc/rfc8017#section-8.1.2 (step 1)
test("a signature that begins with a zero is none without it", async () => {
  const digest = createHash("sha256").update(MESSAGE).digest();
  const manner = { scheme: "pss", hash: "sha256" } as const;
  let signature = sign("sha256", MESSAGE, { key: rsa.privateKey, ...PSS });
  while (signature[0] !== 0) signature = sign("sha256", MESSAGE, { key: rsa.privateKey, ...PSS });
  expect(await verifyDigest({ digest, signature }, manner, rsa.publicKey)).toBe(true);
  expect(await verifyDigest({ digest, signature: signature.subarray(1) }, manner, rsa.publicKey)).toBe(false);
});
