/**
 * Digests of bodies that are held whole: what a request claims of its XML or policy is true.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { createHash } from "node:crypto";
import { collect } from "../../../kernel/bytes.ts";
import { CHECKSUM_ALGORITHMS, startChecksum } from "../../../kernel/checksum.ts";
import type { RequestFacts } from "../../../service/context.ts";
import { badChecksum, badMd5, checksumMissing, invalidDigest, invalidRequest } from "../errors.ts";

/** @throws {AwsError} `BadDigest`, `InvalidDigest` */
export async function requireIntegrity({ headers, body }: RequestFacts): Promise<void> {
  const contentMd5 = headers["content-md5"];
  const claims = CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = headers[`x-amz-checksum-${algorithm.toLowerCase()}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (headers["x-amz-sdk-checksum-algorithm"] !== undefined && !hasChecksum(headers)) throw checksumMissing();
  if (contentMd5 === undefined && claims.length === 0) return;
  const bytes = await collect(body);
  if (contentMd5 !== undefined) requireMd5(contentMd5, bytes);
  for (const { algorithm, value } of claims) {
    const sum = await startChecksum(algorithm);
    sum.update(bytes);
    if (sum.digest() !== value) throw badChecksum(algorithm);
  }
}

/**
 * Where checksums in the head are those of an object and not of the body: the digest alone.
 *
 * @throws {AwsError} `BadDigest`, `InvalidDigest`
 */
export async function requireContentMd5({ headers, body }: RequestFacts): Promise<void> {
  const contentMd5 = headers["content-md5"];
  if (contentMd5 !== undefined) requireMd5(contentMd5, await collect(body));
}

const hasChecksum = (headers: RequestFacts["headers"]): boolean =>
  Object.keys(headers).some((name) => name.startsWith("x-amz-checksum-") || name === "x-amz-trailer");

function requireMd5(contentMd5: string, bytes: Uint8Array): void {
  requireDigest(contentMd5);
  const calculated = createHash("md5").update(bytes).digest("base64");
  if (calculated !== contentMd5) throw badMd5({ expected: contentMd5, calculated });
}

/** @throws {AwsError} `InvalidDigest` where the header is no digest at all. */
export function requireDigest(contentMd5: string): void {
  const bytes = Buffer.from(contentMd5, "base64");
  if (bytes.length !== 16 || bytes.toString("base64") !== contentMd5) throw invalidDigest(contentMd5);
}

/**
 * For operations that destroy what they were sent wrongly: they want a digest of some kind.
 * Source: https://github.com/versity/versitygw/tree/main/s3api (the words in s3err, which operations in router.go, seen on S3)
 *
 * @throws {AwsError} `InvalidRequest`
 */
export async function requireDigestAndIntegrity(request: RequestFacts): Promise<void> {
  // what another service asks for comes over no wire
  if (request.calling !== undefined) return;
  const { headers } = request;
  if (headers["content-md5"] === undefined && !hasChecksum(headers))
    throw invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
  await requireIntegrity(request);
}
