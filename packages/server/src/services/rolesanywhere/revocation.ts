/** Whether a certificate is revoked. */
import "reflect-metadata";
import { X509Certificate, X509Crl } from "@peculiar/x509";
import type { Certificate } from "./certificate.ts";

const PEM = /^\s*-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*$/;

/** `undefined` where it is no list in PEM. */
export function readRevocations(bytes: Buffer): X509Crl | undefined {
  const base64 = PEM.exec(bytes.toString("latin1"))?.[1];
  if (base64 === undefined) return undefined;
  try {
    return new X509Crl(Buffer.from(base64, "base64"));
  } catch {
    return undefined;
  }
}

/** Whether `lists` have any certificate of `path`, the anchor apart; a list counts where the issuer signed it. */
export async function isRevoked(path: readonly Certificate[], lists: readonly X509Crl[]): Promise<boolean> {
  for (const [place, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[place + 1];
    if (issuer === undefined) continue;
    for (const list of lists) {
      if (list.issuer !== issuer.parts.subject || list.findRevoked(certificate.parts.serialNumber) === null) continue;
      if (await list.verify({ publicKey: new X509Certificate(issuer.keyed.raw) })) return true;
    }
  }
  return false;
}
