/**
 * Which names a bucket may have.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
import { hasBucketShape } from "../../../kernel/bucket-name.ts";

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const PREFIXES_KEPT = ["xn--", "sthree-", "amzn-s3-demo-"];
const SUFFIXES_KEPT = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"];

/** Whether `name` may be that of a bucket in the namespace all accounts share. */
export function isGlobalBucketName(name: string): boolean {
  return isWellFormed(name) && !SUFFIXES_KEPT.some((suffix) => name.endsWith(suffix));
}

/** Whether `name` may be that of a bucket in the namespace of one account in one region: `logs-111122223333-us-west-2-an`. */
export function isAccountBucketName(
  name: string,
  place: { readonly account: string; readonly region: string },
): boolean {
  const suffix = `-${place.account}-${place.region}-an`;
  return isWellFormed(name) && name.length > suffix.length && name.endsWith(suffix);
}

/** Whether `name` ends as those of the namespace of some account in some region do. */
export const isOfAccountNamespace = (name: string): boolean => /-\d{12}-[a-z]{2}(?:-[a-z]+)+-\d-an$/.test(name);

function isWellFormed(name: string): boolean {
  return (
    hasBucketShape(name) &&
    !name.includes("..") &&
    !IPV4.test(name) &&
    !PREFIXES_KEPT.some((prefix) => name.startsWith(prefix))
  );
}
