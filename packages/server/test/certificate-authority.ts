/** Authorities and certificates as tests need them, and requests that are signed with a certificate's key. */
import "reflect-metadata";
import { createHash, createSign, KeyObject } from "node:crypto";
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  type JsonGeneralNames,
  type X509Certificate,
} from "@peculiar/x509";
import type { TestCloud } from "./test-cloud.ts";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const DAY_MS = 86_400_000;

/** A certificate and its key. */
export interface Held {
  readonly certificate: X509Certificate;
  readonly pem: string;
  readonly keys: CryptoKeyPair;
  readonly algorithm: typeof EC | typeof RSA;
}

interface Wanted {
  readonly name: string;
  readonly issuer?: Held;
  readonly authority?: boolean;
  readonly pathLength?: number;
  readonly usages?: number;
  readonly names?: JsonGeneralNames;
  readonly days?: readonly [from: number, to: number];
  readonly algorithm?: "EC" | "RSA";
  /** Without basic constraints. */
  readonly bare?: boolean;
}

/** A certificate: of an authority, or of one who signs. */
export async function makeCertificate(cloud: TestCloud, wanted: Wanted): Promise<Held> {
  const { days: [from, to] = [-1, 365], issuer } = wanted;
  const algorithm = wanted.algorithm === "RSA" ? RSA : EC;
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = cloud.clock.now().getTime();
  const certificate = await X509CertificateGenerator.create({
    subject: wanted.name,
    issuer: issuer?.certificate.subject ?? wanted.name,
    notBefore: new Date(now + from * DAY_MS),
    notAfter: new Date(now + to * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: issuer?.keys.privateKey ?? keys.privateKey,
    signingAlgorithm: issuer?.algorithm ?? algorithm,
    extensions: extensionsOf(wanted),
  });
  return { certificate, pem: certificate.toString("pem"), keys, algorithm };
}

function extensionsOf({ authority = false, bare = false, names, pathLength, usages }: Wanted): Extension[] {
  const usual = authority ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature;
  return [
    ...(bare ? [] : [new BasicConstraintsExtension(authority, pathLength, true)]),
    new KeyUsagesExtension(usages ?? usual, true),
    ...(names === undefined ? [] : [new SubjectAlternativeNameExtension(names)]),
  ];
}

/** A list of what `issuer` has revoked, PEM. */
export async function makeRevocationList(cloud: TestCloud, issuer: Held, revoked: readonly Held[]): Promise<string> {
  const thisUpdate = cloud.clock.now();
  const list = await X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate,
    nextUpdate: new Date(thisUpdate.getTime() + DAY_MS),
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: issuer.algorithm,
    entries: revoked.map(({ certificate }) => ({ serialNumber: certificate.serialNumber, revocationDate: thisUpdate })),
  });
  return PemConverter.encode(list.rawData, "X509 CRL");
}

interface Signed {
  readonly by: Held;
  /** Whose key signs instead. */
  readonly key?: Held;
  readonly chain?: readonly Held[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** What goes over the wire instead of what was signed. */
  readonly tampered?: { readonly body?: object; readonly query?: Readonly<Record<string, string>> };
  readonly at?: Date;
  readonly serialNumber?: string;
  readonly unsignedHeaders?: readonly string[];
}

const base64 = ({ certificate }: Held): string => Buffer.from(certificate.rawData).toString("base64");
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const queryText = (query: Readonly<Record<string, string>> = {}): string =>
  Object.entries(query)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");

/** Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-sign-process.html */
export async function createSession(cloud: TestCloud, signed: Signed) {
  const { by, chain, query = {}, body = {}, tampered = {} } = signed;
  const headers = {
    "content-type": "application/json",
    host: "rolesanywhere.us-east-1.amazonaws.com",
    "x-amz-date": (signed.at ?? cloud.clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, ""),
    "x-amz-x509": base64(by),
    ...(chain && { "x-amz-x509-chain": chain.map(base64).join(",") }),
  };
  const sent = await cloud.send({
    method: "POST",
    path: "/sessions",
    query: tampered.query ?? query,
    headers: { ...headers, authorization: authorizationOf(signed, headers, JSON.stringify(body)) },
    body: JSON.stringify(tampered.body ?? body),
  });
  const answer: SessionAnswer = JSON.parse(Buffer.from(sent.body).toString("utf8"));
  return { status: sent.statusCode, answer };
}

/** What comes back, or why not. */
interface SessionAnswer {
  readonly message?: string;
  readonly subjectArn?: string;
  readonly credentialSet?: readonly {
    readonly assumedRoleUser: { readonly arn: string };
    readonly sourceIdentity?: string;
    readonly credentials: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string;
      readonly expiration: string;
    };
  }[];
}

function authorizationOf(
  { by, key = by, query, serialNumber, unsignedHeaders = [] }: Signed,
  headers: Readonly<Record<string, string>>,
  body: string,
): string {
  const at = headers["x-amz-date"] ?? "";
  const algorithm = by.algorithm.name === "ECDSA" ? "AWS4-X509-ECDSA-SHA256" : "AWS4-X509-RSA-SHA256";
  const names = Object.keys(headers)
    .filter((name) => !unsignedHeaders.includes(name))
    .toSorted();
  const lines = names.map((name) => `${name}:${headers[name]}`);
  const canonical = ["POST", "/sessions", queryText(query), ...lines, "", names.join(";"), sha256(body)].join("\n");
  const scope = `${at.slice(0, 8)}/us-east-1/rolesanywhere/aws4_request`;
  const signer = createSign("sha256").update([algorithm, at, scope, sha256(canonical)].join("\n"));
  const signature = signer.sign(KeyObject.from(key.keys.privateKey), "hex");
  const serial = serialNumber ?? BigInt(`0x${by.certificate.serialNumber}`).toString();
  return `${algorithm} Credential=${serial}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
}
