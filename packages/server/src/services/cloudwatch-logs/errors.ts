/**
 * The errors of CloudWatch Logs, each once.
 * Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers), and those marked
 * as verified in https://github.com/getmoto/moto/blob/master/tests/test_logs/test_logs.py
 */
import { error } from "./kit.ts";
import { BATCH_BYTES_MAX, BATCH_SPAN_HOURS_MAX } from "./limits.ts";

export const invalidParameter = (message: string) => error("InvalidParameterException", message);
const notFound = (message: string) => error("ResourceNotFoundException", message);

export const groupNotFound = () => notFound("The specified log group does not exist.");
export const streamNotFound = () => notFound("The specified log stream does not exist.");
export const groupExists = () => error("ResourceAlreadyExistsException", "The specified log group already exists");
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html (the fact) */
export const nameReserved = () => invalidParameter("Log groups starting with AWS/ are reserved for AWS.");
export const streamExists = () => error("ResourceAlreadyExistsException", "The specified log stream already exists");
export const groupProtected = () =>
  error(
    "ValidationException",
    "The log group cannot be deleted because deletion protection is enabled. Disable deletion protection and try again.",
  );
export const prefixAndPattern = () =>
  invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
export const nameAndArn = () =>
  error("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
export const nameOrArnMissing = () =>
  invalidParameter("Either LogGroup name or LogGroup ARN must be provided in the request.");
export const orderWithPrefix = () => invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
export const retentionInvalid = (days: number, allowed: readonly number[]) =>
  invalidParameter(
    `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(", ")}]`,
  );
export const retentionOfDeliveryClass = () =>
  invalidParameter("Retention policy is not supported for log groups of the DELIVERY class.");
export const notForClass = (logGroupClass: string) =>
  error("InvalidOperationException", `This operation is not supported for log groups of the ${logGroupClass} class.`);

export const indexOfOtherClass = () => invalidParameter("Only log groups of the STANDARD class have field indexes.");
export const queryOfDeliveryClass = () => invalidParameter("Log groups of the DELIVERY class cannot be queried.");

export const notChronological = () =>
  invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
export const batchTooLarge = (bytes: number) =>
  invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES_MAX}`);
export const batchSpanTooLong = () =>
  invalidParameter(
    `The batch of log events in a single PutLogEvents request cannot span more than ${BATCH_SPAN_HOURS_MAX} hours.`,
  );
export const invalidToken = () => invalidParameter("The specified nextToken is invalid.");
export const namesAndPrefix = () =>
  invalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
export const tailNotOneGroup = () =>
  invalidParameter("logStreamNames and logStreamNamePrefixes can be specified only with exactly one log group.");
export const tailWithoutStart = () =>
  invalidParameter("startFromHead=false is supported only when startTime is on or after Jan 1, 2024 00:00:00 UTC.");
export const pointerInvalid = () => invalidParameter("The specified log record pointer is invalid.");
export const recordNotFound = () => notFound("The specified log record does not exist.");

export const metricFilterNotFound = () => notFound("The specified metric filter does not exist.");
export const subscriptionFilterNotFound = () => notFound("The specified subscription filter does not exist.");
export const limitExceeded = () => error("LimitExceededException", "Resource limit exceeded.");
export const defaultWithDimensions = () =>
  invalidParameter("Invalid metric transformation: dimensions and default value are mutually exclusive properties.");
export const tooManyDimensions = () => invalidParameter("Resource limit exceeded for metric filter dimensions.");

export const crossAccountFunction = () =>
  error(
    "AccessDeniedException",
    "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.",
  );
export const roleMissing = (vendor: string) =>
  invalidParameter(`destinationArn for vendor ${vendor} cannot be used without roleArn`);
export const roleNotForThis = (vendor: string) =>
  invalidParameter(`destinationArn for vendor ${vendor} cannot be used with roleArn`);
export const vendorUnknown = () => invalidParameter("destinationArn is not a valid destination.");
/** Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/logs/subscription_filter.go (words that it waits out) */
export const functionUnreachable = () =>
  invalidParameter(
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.",
  );
export const streamUnreachable = (vendor: string) =>
  invalidParameter(
    `Could not deliver test message to specified ${vendor} stream. Check if the given ${vendor} stream is in ACTIVE state.`,
  );
export const destinationNotFound = () => notFound("The specified destination does not exist.");

export const bucketNotFound = () =>
  invalidParameter("The given bucket does not exist. Please make sure the bucket is valid.");
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3ExportTasks.html (step 3; the words as users report them) */
export const bucketAclRefused = () =>
  invalidParameter(
    "GetBucketAcl call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.",
  );
export const bucketPutRefused = () =>
  invalidParameter(
    "PutObject call on the given bucket failed. Please check if CloudWatch Logs has been granted permission to perform this operation.",
  );
export const exportNotFound = () => notFound("The specified export task does not exist.");
export const exportOver = () => error("InvalidOperationException", "The specified export task has already finished");
export const exportUnderWay = () => limitExceeded();
export const exportTimes = () => invalidParameter("The specified time range is invalid.");

export const policyNotFound = (name: string) => notFound(`Policy with name [${name}] does not exist.`);
export const policyInvalid = () => invalidParameter("Unable to parse the policy document");
export const accountPolicyNotFound = () => notFound("The specified account policy does not exist.");
export const revisionWrong = () =>
  error("OperationAbortedException", "The expectedRevisionId does not match the current revision of the policy.");

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/29282 */
export const keyRefused = (arn: string) =>
  error("AccessDeniedException", `The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`);

export const tooManyTags = () => error("TooManyTagsException", "A resource can have no more than 50 tags.");
export const tagReserved = () => invalidParameter("aws: prefixed tag key names are not allowed for external use.");
export const resourceNotFound = () => notFound("The specified resource does not exist.");

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/logs/test_logs_queries.snapshot.json (test_start_query_log_group_not_found) */
export const queriedGroupNotFound = (name: string, account: string, requestId: string) =>
  notFound(
    `Log group '${name}' does not exist for account ID '${account}' (Service: AWSLogs; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: ${requestId}; Proxy: null)`,
  );
export const queryNotFound = () => notFound("The specified query does not exist.");
export const queryOver = () => invalidParameter("Query has already ended, can't be stopped. Query status is Complete.");
export const lookupTableExists = (name: string) =>
  error("ResourceAlreadyExistsException", `The specified lookup table already exists: ${name}`);
export const lookupTableNotFound = () => notFound("The specified lookup table does not exist.");
export const lookupSourceInvalid = () =>
  error("ValidationException", "Exactly one of tableBody or queryId must be specified.");
export const lookupInvalid = (fault: string) => error("ValidationException", `Invalid lookup table content: ${fault}`);
export const queryDefinitionNotFound = () => notFound("The specified query definition does not exist.");
export const queryRangeInvalid = () => invalidParameter("Query's end date and time is before its start date and time.");
export const queryGroupsInvalid = () =>
  invalidParameter("Exactly one of logGroupName, logGroupNames or logGroupIdentifiers must be specified.");
export const languageNotBuilt = (language: string) =>
  error("InvalidParameterException", `queries in ${language} are not built; use the language CWLI`);

/** A query that cannot be understood, and where. */
export const malformedQuery = (message: string, at: number, end: number) =>
  error("MalformedQueryException", message, {
    queryCompileError: { location: { startCharOffset: at, endCharOffset: end }, message },
  });

export const transformerInvalid = (fault: string) => invalidParameter(`Invalid transformer configuration: ${fault}.`);
export const grokInvalid = (match: string) => invalidParameter(`Invalid grok pattern: ${match}`);
export const substitutionInvalid = (from: string) => invalidParameter(`Invalid regular expression: ${from}`);
export const datePatternInvalid = (pattern: string) => invalidParameter(`Invalid date and time pattern: ${pattern}`);
export const timeZoneInvalid = (zone: string) => invalidParameter(`Invalid time zone: ${zone}`);

const scheduledFault = (message: string) => error("ValidationException", message);
export const scheduleInvalid = (expression: string) => scheduledFault(`Invalid schedule expression: ${expression}`);
export const scheduledInvalid = (parameter: string) => scheduledFault(`Invalid value for parameter ${parameter}`);
export const scheduledExists = (name: string) => error("ConflictException", `Scheduled query ${name} already exists`);
export const scheduledNotFound = (identifier: string) => notFound(`Scheduled query ${identifier} does not exist`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { NotImplemented: 501 } as const;
