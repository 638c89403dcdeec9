/** What X.509 certificates say, as far as trust and sessions rest on it. */
import "reflect-metadata";
import { X509Certificate as KeyedCertificate } from "node:crypto";
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from "@peculiar/x509";

/** One certificate in both readings: Node's, which checks signatures, and that of its parts. */
export interface Certificate {
  readonly parts: X509Certificate;
  readonly keyed: KeyedCertificate;
  readonly pem: string;
  /** Lowercase hexadecimal digits. */
  readonly serialNumber: string;
}

/** `undefined` where it is no certificate. `source` is PEM or DER. */
export function readCertificate(source: string | Uint8Array): Certificate | undefined {
  try {
    const keyed = new KeyedCertificate(source);
    const parts = new X509Certificate(keyed.raw);
    return { parts, keyed, pem: keyed.toString(), serialNumber: keyed.serialNumber.toLowerCase() };
  } catch {
    return undefined;
  }
}

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates in a bundle; `undefined` where there is none, or one that is none. */
export function readBundle(text: string): readonly Certificate[] | undefined {
  const found = [...text.matchAll(PEM)].map(([pem]) => readCertificate(pem));
  const read = found.filter((certificate) => certificate !== undefined);
  return read.length === 0 || read.length < found.length ? undefined : read;
}

export const isAuthority = ({ parts }: Certificate): boolean =>
  parts.getExtension(BasicConstraintsExtension)?.ca === true;

export const signsCertificates = ({ parts }: Certificate): boolean => hasUsage(parts, KeyUsageFlags.keyCertSign);

const hasUsage = (parts: X509Certificate, usage: KeyUsageFlags): boolean =>
  ((parts.getExtension(KeyUsagesExtension)?.usages ?? 0) & usage) !== 0;

/** How many authorities may follow it on the way to a signer. */
export const pathLengthOf = ({ parts }: Certificate): number =>
  parts.getExtension(BasicConstraintsExtension)?.pathLength ?? Number.POSITIVE_INFINITY;

/** Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html (MD5 and SHA1 are rejected) */
export function hasStrongSignature({ parts }: Certificate): boolean {
  const { name, hash } = parts.signatureAlgorithm;
  return /^(SHA-(256|384|512)|SHA3-.*)$/.test(hash?.name ?? "") || /^Ed(25519|448)$/.test(name);
}

/** Whether it may sign in to a session. Source: same */
export const maySignIn = (certificate: Certificate): boolean =>
  certificate.parts.getExtension(BasicConstraintsExtension)?.ca === false &&
  hasUsage(certificate.parts, KeyUsageFlags.digitalSignature) &&
  hasStrongSignature(certificate);

export const isValidAt = ({ parts }: Certificate, ms: number): boolean =>
  parts.notBefore.getTime() <= ms && ms <= parts.notAfter.getTime();

/** Basic constraints, key usage and its extension, names: all else that is critical is not worked out here. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"]);

/** Differs: constraints on names and policies are not worked out, so nothing that is under them is trusted. */
export const isUnderstood = ({ parts }: Certificate): boolean =>
  parts.extensions.every(({ type, critical }) => !critical || KNOWN_EXTENSIONS.has(type));

export const isIssuedBy = (certificate: Certificate, issuer: Certificate): boolean =>
  certificate.keyed.checkIssued(issuer.keyed) && certificate.keyed.verify(issuer.keyed.publicKey);

/** The parts of a name by their short names, the first value of each (assumed): `CN`, `OU`. */
type NameParts = ReadonlyMap<string, string>;

interface NameLike {
  toJSON(): readonly Readonly<Record<string, unknown>>[];
}

function nameParts(name: NameLike): NameParts {
  const found = new Map<string, string>();
  for (const [type, values] of name.toJSON().flatMap((part) => Object.entries(part))) {
    const value: unknown = Array.isArray(values) ? values[0] : undefined;
    if (typeof value === "string" && /^[A-Z]+$/.test(type) && !found.has(type)) found.set(type, value);
  }
  return found;
}

export const subjectOf = ({ parts }: Certificate): NameParts => nameParts(parts.subjectName);
export const issuerOf = ({ parts }: Certificate): NameParts => nameParts(parts.issuerName);

/** The first of each kind of alternative name: `DNS`, `URI`, and the parts of a directory name as `Name/CN`. */
export function alternativeNamesOf({ parts }: Certificate): NameParts {
  const found = new Map<string, string>();
  const names = parts.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const firstOf = (kind: string) => names.find(({ type }) => type === kind)?.value;
  const [dns, uri, name] = [firstOf("dns"), firstOf("url"), firstOf("dn")];
  if (dns !== undefined) found.set("DNS", dns);
  if (uri !== undefined) found.set("URI", uri);
  if (name !== undefined) for (const [type, value] of nameParts(new Name(name))) found.set(`Name/${type}`, value);
  return found;
}
