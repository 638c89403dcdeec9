/**
 * The text that a version 4 signature is made over.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { hash } from "node:crypto";
import { isAscii } from "../../kernel/ascii.ts";
import type { RequestHead, SigV4Claim } from "./claim.ts";

/** What a claim says was signed. */
type SignedParts = Pick<SigV4Claim, "scope" | "signedHeaders" | "signedHeadersText">;

/** The names of services whose paths are signed as they are: encoded once, and never normalised. S3 Tables is none of them. */
const isVerbatim = (service: string): boolean => /^s3(?:$|-|express)/.test(service);

export function canonicalRequest(claim: SignedParts, head: RequestHead, payloadHash: string): string {
  const path = isVerbatim(claim.scope.service) ? canonicalObjectPath(head.path) : canonicalPath(head.path);
  const query = head.query === "" ? "" : canonicalQuery(head.query);
  const headers = canonicalHeaders(claim.signedHeaders, head);
  return `${head.method}\n${path}\n${query}\n${headers}\n${claim.signedHeadersText}\n${payloadHash}`;
}

/** `text`'s bytes are its latin1 characters, as Node gives what came over the wire. */
export const sha256 = (text: string): string =>
  hash("sha256", isAscii(text) ? text : Buffer.from(text, "latin1"), "hex");

function canonicalHeaders(names: readonly string[], { headers }: RequestHead): string {
  let text = "";
  for (const name of names) text += `${name}:${fold(headers[name] ?? "")}\n`;
  return text;
}

/** Only ASCII's own blanks: a byte 0xA0 is part of a character in UTF-8. */
const BLANK = /[ \t\r\n]/;
const FOLDABLE = /^[ \t\r\n]|[ \t\r\n]$|[\t\r\n]| {2}/;

// most values have no blank at all, and to find that out costs least
const fold = (value: string): string =>
  BLANK.test(value) && FOLDABLE.test(value) ? value.replaceAll(/[ \t\r\n]+/g, " ").replaceAll(/^ | $/g, "") : value;

const PLAIN_PATH = /^(?:\/[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*)*\/?$/;

/** The path of most services: dot segments and empty ones resolved, then encoded as if nothing had been yet. */
function canonicalPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path === "" ? "/" : path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encode(segment));
  }
  const trailing = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.join("/")}${trailing}`;
}

/**
 * A slash is signed as one, however it is written.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_pre_signed_url_forward_slash_bucket, run against AWS)
 */
function canonicalObjectPath(path: string): string {
  if (PLAIN_PATH.test(path)) return path === "" ? "/" : path;
  return path.split("/").map(reencode).join("/").replaceAll("%2F", "/");
}

const ONE_PLAIN_PARAMETER = /^(?!X-Amz-Signature=)[A-Za-z0-9\-._~]+=[A-Za-z0-9\-._~]*$/;

/** The parameters but the signature itself, encoded in one way and in order. */
function canonicalQuery(query: string): string {
  if (ONE_PLAIN_PARAMETER.test(query)) return query;
  const parameters: { readonly name: string; readonly value: string }[] = [];
  for (const parameter of query.split("&")) {
    if (parameter === "") continue;
    const equals = parameter.indexOf("=");
    const name = reencode(plusAsSpace(equals < 0 ? parameter : parameter.slice(0, equals)));
    if (name === "X-Amz-Signature") continue;
    parameters.push({ name, value: equals < 0 ? "" : reencode(plusAsSpace(parameter.slice(equals + 1))) });
  }
  parameters.sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value));
  return parameters.map(({ name, value }) => `${name}=${value}`).join("&");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const plusAsSpace = (text: string): string => text.replaceAll("+", "%20");

/** Encodes each byte but the unreserved ones; `%` too. */
const encode = (text: string): string => text.replaceAll(/[^A-Za-z0-9\-._~]/g, percent);

/** The one canonical encoding of what may be encoded already, byte by byte: it need not be UTF-8. */
const reencode = (text: string): string =>
  text.replaceAll(/%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~]/g, (found, hex: string | undefined) => {
    if (hex === undefined) return percent(found);
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${hex.toUpperCase()}`;
  });

const percent = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
