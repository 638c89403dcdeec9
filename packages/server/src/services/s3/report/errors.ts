/**
 * What is wrong with configurations that a bucket has many of, in AWS's words.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
 */
import { unmodelled } from "../kit.ts";

export const noSuchConfiguration = () =>
  unmodelled("NoSuchConfiguration", "The specified configuration does not exist.");
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html */
export const tooManyConfigurations = () =>
  unmodelled(
    "TooManyConfigurations",
    "You are attempting to create a new configuration but have already reached the 1,000-configuration limit.",
  );
export const idMismatch = () => unmodelled("IdMismatch", "Document ID does not match the specified configuration ID.");
export const invalidDestinationBucket = () => unmodelled("InvalidS3DestinationBucket", "Invalid bucket ARN.");
