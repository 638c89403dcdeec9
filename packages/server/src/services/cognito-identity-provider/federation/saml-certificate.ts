/**
 * The certificate of the key that a pool signs its requests to SAML providers with: good for ten years, and a new one
 * every year.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetSigningCertificate.html
 */
import { createPrivateKey, sign } from "node:crypto";
import "reflect-metadata";
import { X509CertificateGenerator } from "@peculiar/x509";
import { assert } from "../../../kernel/assert.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { operation } from "../kit.ts";
import { issuerOf, onPool, requirePool, type Pool } from "../pool/pool-row.ts";

interface SamlCertificate {
  readonly poolId: string;
  /** PKCS #8 in DER, sealed. */
  readonly sealedKey: string;
  /** DER in base64. */
  readonly certificate: string;
  readonly issuedMs: number;
}

export const samlCertificates = table<SamlCertificate>("cognito-idp.saml-certificate", "global", (row) => [row.poolId]);

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const PURPOSE = "cognito-idp saml key";
const GOOD_YEARS = 10;
const YEAR_MS = 365 * DAY_MS;

export const getSigningCertificate = operation("GetSigningCertificate", {
  authorize: onPool("GetSigningCertificate"),

  async handle({ UserPoolId }, context) {
    const { certificate } = await requireCertificate(await requirePool(UserPoolId, context), context);
    return { Certificate: certificate };
  },
});

async function requireCertificate(pool: Pool, context: Context): Promise<SamlCertificate> {
  const present = await context.tx.get(samlCertificates, pool.id);
  const isFresh = present !== undefined && context.now().getTime() < present.issuedMs + YEAR_MS;
  return isFresh ? present : issue(pool, context);
}

/** A signature with SHA-256 that the pool's certificate is good for. */
export async function signWithSamlKey(content: Uint8Array, pool: Pool, context: Context): Promise<Buffer> {
  const { sealedKey } = await requireCertificate(pool, context);
  const key = context.keys.open(sealedKey, PURPOSE);
  assert(key !== undefined, "a pool's key was sealed here");
  return sign("sha256", content, createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" }));
}

async function issue(pool: Pool, context: Pick<Context, "tx" | "keys" | "now">): Promise<SamlCertificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const notBefore = context.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // positive, and never zero
    serialNumber: Buffer.from([1, ...newSecretBytes(15)]).toString("hex"),
    name: `CN=${new URL(issuerOf(pool)).hostname}`,
    notBefore,
    notAfter: new Date(notBefore.getTime() + GOOD_YEARS * YEAR_MS),
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  const row: SamlCertificate = {
    poolId: pool.id,
    sealedKey: context.keys.seal(pkcs8, PURPOSE),
    certificate: Buffer.from(certificate.rawData).toString("base64"),
    issuedMs: notBefore.getTime(),
  };
  context.tx.put(samlCertificates, row);
  return row;
}
