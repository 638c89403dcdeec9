/**
 * The certificate of the TLS side, signed by an authority that is this machine's own. Kept in the data
 * directory, where the files that hold keys are readable by their owner alone; without one it lives as
 * long as the server.
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS } from "../../kernel/duration.ts";
import { newUuid } from "../../kernel/ids.ts";
import type { Issued } from "./certificate-issue.ts";
import { DNS_NAMES, IP_ADDRESSES, PERMITTED_DOMAINS } from "./certificate-names.ts";

/** What a TLS server presents, all PEM. */
export interface Certificate {
  readonly key: string;
  /** The server's certificate and, so that clients can learn it, the authority's. */
  readonly cert: string;
  /** The authority's certificate: what a client trusts. */
  readonly ca: string;
}

export interface CertificateOptions {
  /** `undefined`: nothing is kept. */
  readonly directory: string | undefined;
  /** Real time, as clients have it. */
  readonly now: Date;
}

const AUTHORITY = { certificate: "ca.pem", key: "ca-key.pem" } as const;
const LEAF = { certificate: "certificate.pem", key: "certificate-key.pem" } as const;

const RENEWED_DAYS_BEFORE = 30;
const OWNER_ONLY = 0o600;
const READABLE = 0o644;

/** The kept certificate, made anew where there is none or where it soon expires. */
export async function loadCertificate({ directory, now }: CertificateOptions): Promise<Certificate> {
  const authority = await kept(directory, AUTHORITY, {
    isGood: (found) => isCurrent(found, now) && permitsAll(found),
    make: async () => (await loadIssuer()).issueAuthority(now),
  });
  const leaf = await kept(directory, LEAF, {
    isGood: (found) => isCurrent(found, now) && coversAll(found) && isSignedBy(found, authority),
    make: async () => (await loadIssuer()).issueLeaf(authority, now),
  });
  return { key: leaf.key, cert: leaf.certificate + authority.certificate, ca: authority.certificate };
}

/** Making a certificate takes a library; using one does not. */
const loadIssuer = () => import("./certificate-issue.ts");

interface Wanted {
  readonly isGood: (found: Issued) => boolean;
  readonly make: () => Promise<Issued>;
}

async function kept(
  directory: string | undefined,
  files: typeof AUTHORITY | typeof LEAF,
  { isGood, make }: Wanted,
): Promise<Issued> {
  if (directory === undefined) return make();
  const found = await read(directory, files);
  if (found !== undefined && isGood(found)) return found;
  const made = await make();
  await mkdir(directory, { recursive: true });
  await write(join(directory, files.key), made.key, OWNER_ONLY);
  await write(join(directory, files.certificate), made.certificate, READABLE);
  return made;
}

/** `undefined` where a file is missing, or where the two do not belong together. */
async function read(directory: string, files: typeof AUTHORITY | typeof LEAF): Promise<Issued | undefined> {
  try {
    const [certificate, key] = await Promise.all([
      readFile(join(directory, files.certificate), "utf8"),
      readFile(join(directory, files.key), "utf8"),
    ]);
    const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
    return isPair ? { certificate, key } : undefined;
  } catch {
    // Missing, cut short or not PEM: all are mended by making a new one.
    return undefined;
  }
}

/** Whole or not at all, also for one that reads meanwhile. */
async function write(path: string, text: string, mode: number): Promise<void> {
  const next = `${path}.${newUuid()}`;
  await writeFile(next, text, { mode, flag: "wx" });
  await rename(next, path);
}

function isCurrent({ certificate }: Issued, now: Date): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate);
  return validFromDate <= now && validToDate.getTime() - now.getTime() > RENEWED_DAYS_BEFORE * DAY_MS;
}

/** An older version of the server had an authority for fewer domains. They stand in the certificate as plain text. */
function permitsAll({ certificate }: Issued): boolean {
  const { raw } = new X509Certificate(certificate);
  return PERMITTED_DOMAINS.every((domain) => raw.includes(domain));
}

/** An older version of the server knew fewer names. */
function coversAll({ certificate }: Issued): boolean {
  const { subjectAltName = "" } = new X509Certificate(certificate);
  const names = new Set(subjectAltName.split(", "));
  const wanted = [
    ...DNS_NAMES.map((name) => `DNS:${name}`),
    ...IP_ADDRESSES.map((address) => `IP Address:${address === "::1" ? "0:0:0:0:0:0:0:1" : address}`),
  ];
  return wanted.every((name) => names.has(name));
}

function isSignedBy({ certificate }: Issued, authority: Issued): boolean {
  const issuer = new X509Certificate(authority.certificate);
  return new X509Certificate(certificate).verify(issuer.publicKey);
}
