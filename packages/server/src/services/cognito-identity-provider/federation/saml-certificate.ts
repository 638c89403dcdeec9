/**
 * The keys of a pool's dealings with SAML providers, with their certificates, each good for ten years: the one that it
 * signs its requests with, which is new every year, and those that providers encrypt their assertions with.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetSigningCertificate.html
 */
import { createPrivateKey, sign, type KeyObject } from "node:crypto";
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
  return sign("sha256", content, openSamlKey(await requireCertificate(pool, context), context));
}

async function issue(pool: Pool, context: Pick<Context, "tx" | "keys" | "now">): Promise<SamlCertificate> {
  const issuedMs = context.now().getTime();
  const row = { poolId: pool.id, issuedMs, ...(await newSamlKey(new URL(issuerOf(pool)).hostname, context)) };
  context.tx.put(samlCertificates, row);
  return row;
}

/** A key with its certificate. */
export type SamlKey = Pick<SamlCertificate, "sealedKey" | "certificate">;

export function openSamlKey({ sealedKey }: SamlKey, { keys }: Pick<Context, "keys">): KeyObject {
  const key = keys.open(sealedKey, PURPOSE);
  assert(key !== undefined, "a pool's keys were sealed here");
  return createPrivateKey({ key: Buffer.from(key), format: "der", type: "pkcs8" });
}

/** Its certificate is `name`'s own. */
export async function newSamlKey(name: string, context: Pick<Context, "keys" | "now">): Promise<SamlKey> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const notBefore = context.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    // positive, and never zero
    serialNumber: Buffer.from([1, ...newSecretBytes(15)]).toString("hex"),
    name: `CN=${name}`,
    notBefore,
    notAfter: new Date(notBefore.getTime() + GOOD_YEARS * YEAR_MS),
    keys,
    signingAlgorithm: ALGORITHM,
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
  return {
    sealedKey: context.keys.seal(pkcs8, PURPOSE),
    certificate: Buffer.from(certificate.rawData).toString("base64"),
  };
}
