import type { Family, Payload, RequestHead } from "./claim.ts";
import { contentHashMissing, contentHashUnknown } from "./errors.ts";

const CONTENT_HASH = "x-amz-content-sha256";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const NAMED_PAYLOADS: ReadonlyMap<string, Payload> = new Map([
  ["UNSIGNED-PAYLOAD", { type: "unsigned" }],
  ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", { type: "chunked", signed: false, trailers: true }],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", { type: "chunked", signed: true, trailers: false }],
  ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", { type: "chunked", signed: true, trailers: true }],
]);

const BUFFERED: Payload = { type: "buffered" };
const UNSIGNED: Payload = { type: "unsigned" };

/**
 * How the body of a request in the `Authorization` header's form is signed. Services other than S3
 * hash the body themselves, whatever the client declares.
 * @throws {AuthenticationError} where S3 is not told, or not in a form it knows.
 */
export function headerPayload(head: RequestHead, family: Family): Payload {
  const declared = head.headers[CONTENT_HASH];
  if (family !== "s3") return declared === "UNSIGNED-PAYLOAD" ? UNSIGNED : BUFFERED;
  if (declared === undefined) throw contentHashMissing();
  const payload = objectPayload(declared);
  if (payload.type === "declared" && !/^[0-9a-f]{64}$/i.test(declared)) throw contentHashUnknown(declared);
  return payload;
}

/** `declared` is the parameter `X-Amz-Content-Sha256`, where the URL has one. */
export function presignedPayload(head: RequestHead, family: Family, declared: string | null): Payload {
  const value = declared ?? head.headers[CONTENT_HASH];
  if (family !== "s3") return value === "UNSIGNED-PAYLOAD" ? UNSIGNED : BUFFERED;
  return value === undefined ? UNSIGNED : objectPayload(value);
}

/** Nothing is signed, but the body may come in chunks with a checksum all the same. */
export function unsignedPayload(head: RequestHead, family: Family): Payload {
  const declared = head.headers[CONTENT_HASH];
  return family === "s3" && declared !== undefined ? objectPayload(declared) : UNSIGNED;
}

/**
 * Outside of the `Authorization` header's form whatever is no name is a hash, which no body has where it is none.
 * Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
 */
const objectPayload = (declared: string): Payload =>
  NAMED_PAYLOADS.get(declared) ?? { type: "declared", sha256: declared };

/** The last line of the canonical request. `bodyHash` is asked for where the whole body is signed. */
export function payloadHash(payload: Payload, bodyHash: () => string): string {
  switch (payload.type) {
    case "buffered":
      return bodyHash();
    case "declared":
      return payload.sha256;
    case "unsigned":
      return "UNSIGNED-PAYLOAD";
    case "chunked":
      return chunkedName(payload);
    default:
      return payload satisfies never;
  }
}

function chunkedName(payload: Extract<Payload, { readonly type: "chunked" }>): string {
  const trailer = payload.trailers ? "-TRAILER" : "";
  return payload.signed ? `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer}` : "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
}
