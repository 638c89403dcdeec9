/** The certificate of the key that messages are signed with. Loaded only when one has to be made. */
import "reflect-metadata";
import { X509CertificateGenerator } from "@peculiar/x509";
import { DAY_MS } from "../../../kernel/duration.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";

const SERIAL_BYTES = 15;
const CERTIFICATE_DAYS = 3650;
const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

interface KeyPair {
  /** DER. */
  readonly pkcs8: Uint8Array<ArrayBuffer>;
  readonly spki: Uint8Array<ArrayBuffer>;
}

/** PEM, signed by the key itself. */
export async function issueCertificate({ pkcs8, spki }: KeyPair, nowMs: number): Promise<string> {
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from([1, ...newSecretBytes(SERIAL_BYTES)]).toString("hex"),
    name: "CN=sns.amazonaws.com, O=Kumobako",
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + CERTIFICATE_DAYS * DAY_MS),
    keys: {
      publicKey: await crypto.subtle.importKey("spki", spki, ALGORITHM, true, ["verify"]),
      privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, ALGORITHM, false, ["sign"]),
    },
    signingAlgorithm: ALGORITHM,
  });
  return `${certificate.toString("pem")}\n`;
}
