/**
 * Where a bucket may be made, by where the call went.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_RequestBody
 */
import type { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { asRegion, type Region } from "../../kernel/arn.ts";
import { illegalLocationConstraint, invalidLocationConstraint } from "./errors.ts";

/** The first region has no constraint of its own, and its endpoint makes buckets everywhere. */
const FIRST_REGION = "us-east-1";

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
