/**
 * The errors of object lock, each once, in AWS's words.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json and test_s3_api.snapshot.json (recorded answers)
 */
import { accessDenied, invalidRequest } from "../errors.ts";
import { unmodelled } from "../kit.ts";

export const objectLocked = () => accessDenied("Access Denied because object protected by object lock.");
export const objectNotLocked = () =>
  unmodelled("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration");
export const bucketLocksNothing = () => invalidRequest("Bucket is missing Object Lock Configuration");
/** The same, of a write. Source: https://github.com/versity/versitygw/blob/main/s3err/s3err.go (as AWS writes it there) */
export const lockNotTaken = () => invalidRequest("Bucket is missing ObjectLockConfiguration");
/** Source: https://github.com/versity/versitygw/issues/1542 (recorded answer) */
export const lockNotSigned = () =>
  refusedArgument("Authorization", "Put Object requests with Object Lock parameters require AWS Signature Version 4");
/** Source: https://github.com/versity/versitygw/issues/1776 and https://github.com/s3tools/s3cmd/issues/1436 (recorded answers) */
export const digestOfLockedMissing = (what: "Object" | "Part") =>
  invalidRequest(
    `Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${what} requests with Object Lock parameters`,
  );
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_lock.py (verified there against AWS) */
export const bodyMissing = () => unmodelled("MissingRequestBodyError", "Request Body is empty");
export const versioningNotEnabled = () =>
  unmodelled("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration");
export const versioningLocked = () =>
  unmodelled(
    "InvalidBucketState",
    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
  );
/** An argument that is missing or out of bounds: its value is not told. */
export const refusedArgument = (name: string, message: string) =>
  unmodelled("InvalidArgument", message, { ArgumentName: name });
export const retentionInPast = (name: string, until: Date) =>
  unmodelled("InvalidArgument", "The retain until date must be in the future!", {
    ArgumentName: name,
    ArgumentValue: formatPacific(until),
  });

/** `Tue Dec 31 16:00:00 PST 2019`, as it is where S3's servers stand. */
function formatPacific(date: Date): string {
  const parts = new Map(PACIFIC.formatToParts(date).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? "";
  const time = `${part("hour")}:${part("minute")}:${part("second")}`;
  return `${part("weekday")} ${part("month")} ${part("day")} ${time} ${part("timeZoneName")} ${part("year")}`;
}

const PACIFIC = new Intl.DateTimeFormat("en-US", {
  timeZone: "America/Los_Angeles",
  hourCycle: "h23",
  weekday: "short",
  month: "short",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  year: "numeric",
  timeZoneName: "short",
});
