/** Makes X.509 certificates. Loaded only when one has to be made. */
import "reflect-metadata";
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  AuthorityKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { DAY_MS } from "../../kernel/duration.ts";
import { newSecretBytes } from "../../kernel/ids.ts";
import { DNS_NAMES, IP_ADDRESSES, PERMITTED_DOMAINS, PERMITTED_NETWORKS } from "./certificate-names.ts";

/** A certificate and its private key, both PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const AUTHORITY_DAYS = 3650;
/** The longest that every client accepts. Source: https://support.apple.com/en-us/103769 (825 days; 398 for public ones) */
const LEAF_DAYS = 397;
/** Clocks differ, and in containers they do more so. */
const BACKDATED_DAYS = 1;

/** An authority for `domains` and this machine's own addresses. */
export async function issueAuthority(now: Date, domains: readonly string[] = PERMITTED_DOMAINS): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...term(now, AUTHORITY_DAYS),
    serialNumber: newSerial(),
    // the serial tells several authorities in one trust store apart
    name: `CN=Kumobako local CA ${newSerial().slice(2, 10)}, O=Kumobako`,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(nameConstraints(domains))),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return issued(certificate, keys.privateKey);
}

/** A certificate signed by `authority`: for the cloud's names where no others are named. */
export async function issueLeaf(authority: Issued, now: Date, names: readonly string[] = DNS_NAMES): Promise<Issued> {
  const issuer = new X509Certificate(authority.certificate);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    ...term(now, LEAF_DAYS),
    serialNumber: newSerial(),
    subject: "CN=localhost, O=Kumobako",
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.key),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: "dns" as const, value })),
        ...IP_ADDRESSES.map((value) => ({ type: "ip" as const, value })),
      ]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return issued(certificate, keys.privateKey);
}

/** Source: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10 */
function nameConstraints(domains: readonly string[]): NameConstraints {
  const bases = [
    ...domains.map((dNSName) => new GeneralName({ dNSName })),
    ...PERMITTED_NETWORKS.map((iPAddress) => new GeneralName({ iPAddress })),
  ];
  return new NameConstraints({
    permittedSubtrees: new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base }))),
  });
}

const term = (now: Date, days: number) => ({
  notBefore: new Date(now.getTime() - BACKDATED_DAYS * DAY_MS),
  notAfter: new Date(now.getTime() + days * DAY_MS),
});

/** 16 bytes as hexadecimal digits; the first bit is clear, which keeps the number positive. */
function newSerial(): string {
  const bytes = newSecretBytes(16);
  return Buffer.from([(bytes[0] ?? 0) & 0x7f, ...bytes.subarray(1)]).toString("hex");
}

async function issued(certificate: X509Certificate, key: CryptoKey): Promise<Issued> {
  const bytes = await crypto.subtle.exportKey("pkcs8", key);
  return { certificate: `${certificate.toString("pem")}\n`, key: `${PemConverter.encode(bytes, "PRIVATE KEY")}\n` };
}

function signingKey(pem: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", PemConverter.decodeFirst(pem), ALGORITHM, false, ["sign"]);
}
