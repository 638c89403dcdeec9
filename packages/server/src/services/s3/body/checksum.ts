/**
 * The checksum that every object has: which one a request asks for, and how it is answered.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import {
  CHECKSUM_ALGORITHMS,
  isChecksum,
  parseChecksumAlgorithm,
  type ChecksumAlgorithm,
} from "../../../kernel/checksum.ts";
import { checksumMissing, invalidArgument, invalidRequest } from "../errors.ts";

export type ChecksumType = "COMPOSITE" | "FULL_OBJECT";

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; of a composite, with the number of parts behind. */
  readonly value: string;
}

/** What S3 computes where the caller names nothing. */
export const USUAL_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

/** The members by which an operation states a checksum. */
export type ChecksumInput = {
  readonly [Algorithm in ChecksumAlgorithm as `Checksum${Algorithm}`]?: string | undefined;
} & { readonly ChecksumAlgorithm?: string | undefined };

/** Their members, named once: every write asks for all of them. */
const MEMBERS = CHECKSUM_ALGORITHMS.map((algorithm) => [algorithm, `Checksum${algorithm}`] as const);

const headerOf = (algorithm: string): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

export interface StatedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

export interface ClaimedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** `undefined`: it comes behind the body. */
  readonly value: string | undefined;
}

/**
 * The one checksum that a request claims for its body, in a header or announced as a trailer.
 *
 * @throws {AwsError} `InvalidRequest` where there are several, or one is malformed
 */
export function claimedChecksum(
  input: ChecksumInput,
  headers: Readonly<Record<string, string | undefined>>,
): ClaimedChecksum | undefined {
  requireSingle(input);
  requireKnown(headers);
  const stated = statedChecksums(input);
  const trailing = trailingAlgorithm(headers["x-amz-trailer"]);
  // Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  if (trailing !== undefined && stated.length > 0) throw invalidRequest("Expecting a single x-amz-checksum- header");
  const claim = trailing === undefined ? stated[0] : { algorithm: trailing, value: undefined };
  requireAgreement(input.ChecksumAlgorithm, claim);
  return claim;
}

const severalChecksums = () =>
  invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");

/** Before any is read: also where they are malformed. */
function requireSingle(input: ChecksumInput): void {
  let count = 0;
  for (const [, member] of MEMBERS) if (input[member] !== undefined) count += 1;
  if (count > 1) throw severalChecksums();
}

const PREFIX = "x-amz-checksum-";
/** What else is said of checksums. */
const OF_CHECKSUMS: ReadonlySet<string> = new Set(["algorithm", "mode", "type"]);

/** Source: https://github.com/versity/versitygw/blob/main/s3api/utils/utils.go (seen on S3) */
function requireKnown(headers: Readonly<Record<string, string | undefined>>): void {
  for (const header in headers) {
    if (!header.startsWith(PREFIX)) continue;
    const name = header.slice(PREFIX.length);
    if (OF_CHECKSUMS.has(name) || parseChecksumAlgorithm(name) !== undefined) continue;
    throw invalidRequest("The algorithm type you specified in x-amz-checksum- header is invalid.");
  }
}

/**
 * The one checksum in the members of an input.
 *
 * @throws {AwsError} `InvalidRequest` where there are several, or it is malformed
 */
export function statedChecksum(input: ChecksumInput): StatedChecksum | undefined {
  requireSingle(input);
  return statedChecksums(input)[0];
}

function statedChecksums(input: ChecksumInput): readonly StatedChecksum[] {
  const stated: StatedChecksum[] = [];
  for (const [algorithm, member] of MEMBERS) {
    const value = input[member];
    if (value !== undefined) stated.push({ algorithm, value: wellFormed(algorithm, value) });
  }
  return stated;
}

/** Behind a sum may stand of how many parts. Source: https://github.com/versity/versitygw/blob/main/tests/integration/CompleteMultipartUpload.go (seen on S3) */
function wellFormed(algorithm: ChecksumAlgorithm, value: string): string {
  if (isChecksum(algorithm, value.replace(/-\d+$/, ""))) return value;
  throw invalidRequest(`Value for ${headerOf(algorithm)} header is invalid.`);
}

/**
 * The checksum that a completion names one of its parts with.
 * Source: https://github.com/versity/versitygw/blob/main/tests/integration/CompleteMultipartUpload.go (seen on S3)
 *
 * @throws {AwsError} `InvalidArgument` where there are several, or it is malformed
 */
export function partChecksum(entry: ChecksumInput): StatedChecksum | undefined {
  const named: StatedChecksum[] = [];
  for (const [algorithm, member] of MEMBERS) {
    const value = entry[member];
    if (value !== undefined) named.push({ algorithm, value });
  }
  const [first] = named;
  if (first === undefined || (named.length === 1 && isChecksum(first.algorithm, first.value))) return first;
  const value = named.length === 1 ? first.value : named.map((one) => `${one.algorithm}:${one.value};`).join("");
  throw invalidArgument("Invalid Base64 or multiple checksums present in request", { name: "Checksum", value });
}

const CHECKSUM_TYPES: readonly ChecksumType[] = ["COMPOSITE", "FULL_OBJECT"];

/**
 * Source: https://github.com/versity/versitygw/blob/main/tests/integration/CreateMultipartUpload.go (seen on S3, in any case)
 *
 * @throws {AwsError} `InvalidRequest`
 */
export function requireChecksumType(name: string): ChecksumType {
  const type = CHECKSUM_TYPES.find((one) => one === name.toUpperCase());
  if (type === undefined) throw invalidRequest("Value for x-amz-checksum-type header is invalid.");
  return type;
}

function trailingAlgorithm(trailer: string | undefined): ChecksumAlgorithm | undefined {
  // what follows the name may be nothing. Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
  const name = trailer
    ?.trim()
    .toLowerCase()
    .replace(/(?<!,),+$/, "");
  if (!name?.startsWith("x-amz-checksum-")) return undefined;
  if (name.split(",").every((one) => one.trim().startsWith("x-amz-checksum-")) && name.includes(",")) {
    throw severalChecksums();
  }
  const algorithm = parseChecksumAlgorithm(name.slice("x-amz-checksum-".length));
  if (algorithm !== undefined) return algorithm;
  throw invalidRequest("The value specified in the x-amz-trailer header is not supported");
}

function requireAgreement(announced: string | undefined, claim: ClaimedChecksum | undefined): void {
  if (announced === undefined) return;
  if (!claim) throw checksumMissing();
  if (requireAlgorithm(announced) !== claim.algorithm) {
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
  }
}

/**
 * Source: https://github.com/versity/versitygw/blob/main/s3err/s3err.go (the words, seen on S3)
 *
 * @throws {AwsError} `InvalidRequest`
 */
export function requireAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = parseChecksumAlgorithm(name);
  if (algorithm !== undefined) return algorithm;
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${[...CHECKSUM_ALGORITHMS].toSorted().join(", ")}]`,
  );
}

/** Which algorithm a body is measured by: the one it claims, else what S3 computes by itself. */
export const algorithmOf = (claim: ClaimedChecksum | undefined): ChecksumAlgorithm =>
  claim?.algorithm ?? USUAL_ALGORITHM;

/** The member that answers a checksum: `{ ChecksumCRC32: "…" }`. */
export const formatChecksum = ({ algorithm, value }: Pick<StoredChecksum, "algorithm" | "value">): ChecksumOutput => ({
  [`Checksum${algorithm}`]: value,
});

export type ChecksumOutput = { [Algorithm in ChecksumAlgorithm as `Checksum${Algorithm}`]?: string };
