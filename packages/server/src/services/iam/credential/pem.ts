/** Keys and certificates in PEM, as they are uploaded. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { keyMismatch, malformedCertificate, malformedChain, malformedKey, malformedSamlKey } from "../errors.ts";

/** @throws {AwsError} `InvalidInput` */
export function requirePrivateKey(pem: string): void {
  if (!readKey(pem)) throw malformedSamlKey();
}

/**
 * A certificate with the key that it was made for.
 *
 * @throws {AwsError} `MalformedCertificate`, `KeyPairMismatch`
 */
export function requireKeyPair(certificatePem: string, keyPem: string): X509Certificate {
  const certificate = readCertificate(certificatePem);
  if (!certificate) throw malformedCertificate();
  const key = readKey(keyPem);
  if (!key) throw malformedKey();
  if (!certificate.checkPrivateKey(key)) throw keyMismatch();
  return certificate;
}

/**
 * Each certificate of a chain has signed the one before, the first the `leaf`.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html
 *
 * @throws {AwsError} `MalformedCertificate`
 */
export function requireChain(leaf: X509Certificate, chainPem: string): void {
  const pems = chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (pems.length === 0) throw malformedChain(0);
  let signed = leaf;
  for (const [index, pem] of pems.entries()) {
    const signer = readCertificate(pem);
    if (!signer || !signed.checkIssued(signer)) throw malformedChain(index);
    signed = signer;
  }
}

function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
