/**
 * Where a bucket may be made, by where the call went.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_RequestBody
 */
import type { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { asRegion, type Region } from "../../../kernel/arn.ts";
import { illegalLocationConstraint, invalidLocationConstraint } from "../errors.ts";

/** The first region has no constraint of its own, and its endpoint makes buckets everywhere. */
const FIRST_REGION = "us-east-1";

/** Those that no account has to enable. Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html */
const ENABLED_BY_DEFAULT: ReadonlySet<string> = new Set([
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ca-central-1",
  "eu-central-1",
  "eu-north-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "sa-east-1",
  FIRST_REGION,
  "us-east-2",
  "us-west-1",
  "us-west-2",
]);

const REGION_SHAPE = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;

/**
 * The region a new bucket lies in; `EU` is the old name of eu-west-1.
 *
 * @throws {AwsError} `InvalidLocationConstraint`, `IllegalLocationConstraintException`
 */
export function regionToCreateIn(constraint: BucketLocationConstraint | undefined, called: Region): Region {
  const asked: string | undefined = constraint;
  // Source: https://github.com/versity/versitygw/issues/1644 (AWS's answer)
  if (asked === "") throw invalidLocationConstraint(asked);
  if (asked === undefined) {
    if (called !== FIRST_REGION) throw illegalLocationConstraint("unspecified");
    return called;
  }
  const region = asked === "EU" ? "eu-west-1" : asked;
  if (called !== FIRST_REGION && region !== called) throw illegalLocationConstraint(asked);
  if (!REGION_SHAPE.test(region) || region === FIRST_REGION) throw invalidLocationConstraint(asked);
  return asRegion(region);
}

/**
 * Regions that are enabled by default know where each other's buckets are; those that accounts enable know nothing of
 * the rest, nor the rest of them.
 * Source: https://github.com/cloud-custodian/cloud-custodian/issues/8005, https://github.com/aws/aws-cli/issues/8289 (AWS's answers)
 *
 * @throws {AwsError} `IllegalLocationConstraintException`
 */
export function requireKnown(region: Region, called: Region): void {
  if (ENABLED_BY_DEFAULT.has(region) && ENABLED_BY_DEFAULT.has(called)) return;
  throw illegalLocationConstraint(region === FIRST_REGION ? "unspecified" : region);
}

/** What `GetBucketLocation` answers: nothing for the first region. */
export function locationOf({
  region,
  location,
}: {
  readonly region: Region;
  readonly location?: "EU";
}): BucketLocationConstraint | undefined {
  return region === FIRST_REGION ? undefined : (location ?? (region as string as BucketLocationConstraint));
}
