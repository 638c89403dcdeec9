/**
 * The errors of S3 Tables, each once.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_S3_Tables.html (codes), and answers of AWS
 * that clients met: https://github.com/getmoto/moto/blob/master/moto/s3tables/exceptions.py,
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2423. Other words are assumed.
 */
import { error } from "./kit.ts";
import { TARGET_FILE_MEGABYTES_MAX, TARGET_FILE_MEGABYTES_MIN } from "./limits.ts";

const invalid = (message: string) => error("BadRequestException", message);
const missing = (message: string) => error("NotFoundException", message);
const conflict = (message: string) => error("ConflictException", message);

export const bucketNotFound = () => missing("The specified bucket does not exist.");
export const bucketNameInvalid = () => invalid("The specified bucket name is not valid.");
export const bucketExists = () => conflict("The bucket that you tried to create already exists, and you own it.");
export const bucketNotEmpty = () => conflict("The bucket that you tried to delete is not empty.");
export const tooManyBuckets = () => invalid("You have attempted to create more table buckets than allowed.");
export const bucketPolicyNotFound = () => missing("The specified bucket policy does not exist.");
export const metricsNotFound = () => missing("The specified metrics configuration does not exist.");
export const replicationNotFound = () => missing("The specified replication configuration does not exist.");

export const namespaceNotFound = () => missing("The specified namespace does not exist.");
export const namespaceNameInvalid = () => invalid("The specified namespace name is not valid.");
export const namespaceExists = () => conflict("A namespace with an identical name already exists in the bucket.");
export const namespaceNotEmpty = () => conflict("The namespace that you tried to delete is not empty.");
export const tooManyNamespaces = () => invalid("You have attempted to create more namespaces than allowed.");
export const newNamespaceNotFound = () => missing("The specified destination namespace does not exist.");

export const tableNotFound = () => missing("The specified table does not exist.");
export const tableNameInvalid = () => invalid("The specified table name is not valid.");
export const tableExists = () => conflict("A table with an identical name already exists in the namespace.");
export const tooManyTables = () => invalid("You have attempted to create more tables than allowed.");
export const tablePolicyNotFound = () => missing("The specified table policy does not exist.");
export const nothingToRename = () => invalid("Neither a new namespace name nor a new table name is specified.");
export const versionMismatch = () => conflict("Provided version token does not match the table version token.");
export const locationInvalid = () => invalid("The specified metadata location is not valid.");
/** By its ARN alone, or by its bucket, its namespace and its name. */
export const tableNotNamed = () =>
  invalid("Either the table ARN, or the table bucket ARN, the namespace and the name must be specified.");
export const schemaInvalid = (reason: string) => invalid(`The specified table metadata is not valid. ${reason}`);

/** Of what clients of Iceberg send. */
export const requestInvalid = (reason: string) => invalid(reason);
export const metadataTooLarge = () => invalid("The metadata of the table is too large.");
export const metadataUnreadable = () => invalid("The metadata of the table cannot be read.");
export const commitFailed = (requirement: string) => conflict(`Requirement failed: ${requirement}`);
/** Source: https://github.com/apache/iceberg-go/issues/570 (seen on S3 Tables) */
export const purgeMissing = () =>
  invalid("DropTable operation failed. S3 Tables only supports dropping tables with purge enabled.");
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/42556 (400 for a table that was made without a schema) */
export const tableWithoutMetadata = () => invalid("The specified table has no metadata.");

export const tokenInvalid = () => invalid("The continuation token is not valid.");
export const policyInvalid = (reason: string) => invalid(reason);
export const tagReserved = () => invalid("System tags cannot be added/updated by requester");
export const tooManyTags = () => invalid("The number of tags exceeds the limit of 50 tags");

export const keyNotForThis = () => invalid("A KMS key can only be specified with the aws:kms algorithm.");
export const keyMissing = () => invalid("A KMS key must be specified with the aws:kms algorithm.");

export const settingsOfAnother = () => invalid("The specified maintenance settings do not match the type.");
export const fileSizeInvalid = () =>
  invalid(`The target file size must be between ${TARGET_FILE_MEGABYTES_MIN} and ${TARGET_FILE_MEGABYTES_MAX} MB.`);

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-aws-managed-buckets.html */
export const managedByService = () =>
  error("ForbiddenException", "This operation is not allowed on a table bucket that is managed by an AWS service.");
export const publicPolicyBlocked = () =>
  error(
    "ForbiddenException",
    "Public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
  );
export const notExpiring = () =>
  error("MethodNotAllowedException", "Record expiration is only supported for tables that an AWS service manages.");
