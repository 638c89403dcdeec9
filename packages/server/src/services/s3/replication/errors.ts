/**
 * What is wrong with configurations of replication, in AWS's words.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
 */
import { invalidArgument, invalidRequest } from "../errors.ts";
import { unmodelled } from "../kit.ts";

export const sourceNotVersioned = () =>
  invalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration");
export const destinationNotVersioned = () => invalidRequest("Destination bucket must have versioning enabled.");
/** Source: https://github.com/hashicorp/terraform/issues/22491 */
export const versioningReplicated = () =>
  unmodelled(
    "InvalidBucketState",
    "A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.",
  );

const SCHEMA = "this version of Cross Region Replication configuration schema";
const GUIDE = "Please refer to S3 Developer Guide for more information.";
/** Source: https://github.com/rust-lang/simpleinfra/pull/468 */
export const notInOldSchema = (element: string) => invalidRequest(`${element} cannot be used for ${SCHEMA}. ${GUIDE}`);
/** Assumed after the one before: what the newer schema wants. */
export const wantedInNewSchema = (element: string) =>
  invalidRequest(`${element} must be specified for ${SCHEMA}. ${GUIDE}`);
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-marker-replication.html (the fact; the words are assumed) */
export const markersWithTags = () =>
  invalidRequest(`Delete marker replication is not supported if any Tag filter is specified. ${GUIDE}`);
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/26241 (the facts; the words are assumed) */
export const replicaKeyMissing = () =>
  invalidRequest("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.");
export const encryptedObjectsMissing = () =>
  invalidRequest("SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.");
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Destination.html (the facts; the words are assumed) */
export const accountMissing = () => invalidRequest("Account must be specified if AccessControlTranslation is present.");
export const metricsMissing = () => invalidRequest("Metrics must be enabled if ReplicationTime is enabled.");
/** Assumed, as the four that follow. */
export const destinationIsSource = () => invalidRequest("Destination bucket cannot be the same as the source bucket.");
export const invalidDestination = (value: string) =>
  invalidArgument("Invalid bucket ARN.", { name: "Destination.Bucket", value });
export const ruleIdRepeated = () => invalidArgument("Rule ID must be unique. Found same ID for more than one rule");
export const ruleIdTooLong = (max: number) => invalidArgument(`ID length should not exceed allowed limit of ${max}`);
export const priorityRepeated = () =>
  invalidRequest("Priority must be unique for the rules of one destination bucket.");
