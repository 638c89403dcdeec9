/**
 * The errors of CloudTrail Lake, each once. The words are those with which AWS's reference tells of them, where nothing
 * else is known.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html (Errors)
 */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { error, unmodelled } from "../kit.ts";
import { CONCURRENT_QUERIES_MAX } from "./limits.ts";

export const storeArnInvalid = () =>
  error(
    "EventDataStoreARNInvalidException",
    "The specified event data store ARN is not valid or does not map to an event data store in your account.",
  );
export const storeNotFound = () =>
  error("EventDataStoreNotFoundException", "The specified event data store was not found.");
export const storeExists = () =>
  error("EventDataStoreAlreadyExistsException", "An event data store with that name already exists.");
export const tooManyStores = () =>
  error("EventDataStoreMaxLimitExceededException", "Your account has used the maximum number of event data stores.");
export const storeProtected = () =>
  error(
    "EventDataStoreTerminationProtectedException",
    "The event data store cannot be deleted because termination protection is enabled for it.",
  );
export const storeInactive = () => error("InactiveEventDataStoreException", "The event data store is inactive.");
export const storeStatusInvalid = () =>
  error("InvalidEventDataStoreStatusException", "The event data store is not in a status that supports the operation.");
export const parameterInvalid = (message: string) => error("InvalidParameterException", message);
export const categoryNotBuilt = (category: string) =>
  unmodelled(
    "NotImplemented",
    `Event data stores for ${category} events are not built: only those for management, data and network activity events are.`,
  );
export const notBuilt = (what: string) => unmodelled("NotImplemented", `${what} of CloudTrail Lake are not built.`);

export const keyInvalid = (key: string) => error("InvalidKmsKeyIdException", `Invalid KMS key: ${key}`);
export const keyNotFound = () => error("KmsKeyNotFoundException", "KMS key not found.");
export const keyUnusable = (message: string) => error("KmsException", message);
export const keyPolicyInsufficient = (key: string) =>
  error("InsufficientEncryptionPolicyException", `Insufficient permissions to access KMS key ${key}.`);
export const keyFixed = () =>
  parameterInvalid("After you associate an event data store with a KMS key, the KMS key cannot be removed or changed.");

export const resourceArnInvalid = () =>
  error(
    "ResourceARNNotValidException",
    "The provided resource does not exist, or the ARN format of the resource is not valid.",
  );
export const resourceNotFound = () => error("ResourceNotFoundException", "The specified resource is not found.");
export const policyNotFound = () =>
  error("ResourcePolicyNotFoundException", "The specified resource policy is not found.");
export const policyInvalid = () =>
  error(
    "ResourcePolicyNotValidException",
    "The resource-based policy has syntax errors, or contains a principal that is not valid.",
  );

/** `line 1:8: Column 'nme' cannot be resolved`, as Trino says it. */
export const statementInvalid = (message: string): AwsError => error("InvalidQueryStatementException", message);
export const tooManyQueries = () =>
  error(
    "MaxConcurrentQueriesException",
    `You are already running the maximum number of concurrent queries. The maximum number of concurrent queries is ${CONCURRENT_QUERIES_MAX}. Wait a minute for some queries to finish, and then run the query again.`,
  );
export const queryNotFound = () =>
  error("QueryIdNotFoundException", "The query ID does not exist or does not map to a query.");
export const queryInactive = () =>
  error(
    "InactiveQueryException",
    "The specified query cannot be canceled because it is in the FINISHED, FAILED, TIMED_OUT, or CANCELLED state.",
  );
export const dateRangeInvalid = () =>
  error(
    "InvalidDateRangeException",
    "A date range for the query was specified that is not valid. Be sure that the start time is chronologically before the end time.",
  );
export const tokenInvalid = () =>
  error(
    "InvalidNextTokenException",
    "A token that is not valid, or a token that was previously used in a request with different parameters.",
  );

export const importNotFound = () => error("ImportNotFoundException", "The specified import was not found.");
export const importOngoing = () =>
  error(
    "EventDataStoreHasOngoingImportException",
    "The event data store currently has an import in progress, and cannot be updated or deleted.",
  );
export const accountImporting = () =>
  error("AccountHasOngoingImportException", "A previous import of the account is still in progress.");
export const importSourceInvalid = () =>
  error("InvalidImportSourceException", "The provided source S3 bucket is not valid for import.");
