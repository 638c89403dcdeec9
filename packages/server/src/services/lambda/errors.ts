/**
 * The errors of Lambda, each once.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html, and answers of AWS as they were recorded:
 * https://github.com/localstack/localstack/tree/main/tests/aws/services/lambda_
 */
import { error, unmodelled } from "./kit.ts";
import { EXISTING_RUNTIMES } from "./function/runtime-name.ts";
import {
  ASYNCHRONOUS_BYTES_MAX,
  SYNCHRONOUS_BYTES_MAX,
  TIMEOUT_SECONDS_MAX,
  UNZIPPED_BYTES_MAX,
  ZIPPED_BYTES_MAX,
  MAPPING_FILTERS_MAX,
  MEMORY_MB_MAX,
} from "./limits.ts";

const USER = { Type: "User" } as const;

const invalid = (message: string) => error("InvalidParameterValueException", message, USER);
const notFound = (message: string) => error("ResourceNotFoundException", message, USER);
const conflict = (message: string) => error("ResourceConflictException", message, USER);
const validation = (message: string) => unmodelled("ValidationException", message);

export const functionNotFound = (arn: string) => notFound(`Function not found: ${arn}`);
export const resourceMissing = () => notFound("The resource you requested does not exist.");
export const wrongRegion = (asked: string, here: string) =>
  notFound(`Functions from '${asked}' are not reachable in this region ('${here}')`);
export const functionExists = (name: string) => conflict(`Function already exist: ${name}`);
export const nameTooLong = (name: string, max: number) =>
  invalid(
    `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${max}`,
  );
export const qualifierMismatch = () =>
  invalid("The derived qualifier from the function name does not match the specified qualifier.");
export const nextTokenInvalid = () => invalid("Invalid pagination token.");
export const revisionMismatch = (api: "GetFunction/GetAlias" | "GetPolicy" | "GetLayerPolicy") =>
  error(
    "PreconditionFailedException",
    `The Revision Id provided does not match the latest Revision Id. Call the ${api} API to retrieve the latest Revision Id`,
    USER,
  );

export const runtimeUnknown = (runtime: string) =>
  invalid(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${EXISTING_RUNTIMES.join(", ")}] or be a valid ARN`,
  );
export const runtimeOver = (runtime: string) =>
  invalid(
    `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
  );
export const runtimeMissing = () =>
  invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
export const roleUnassumable = () => invalid("The role defined for the function cannot be assumed by Lambda.");
export const notSending = (call: "SendMessage on SQS" | "Publish on SNS") =>
  invalid(`The provided execution role does not have permissions to call ${call}`);
export const crossAccountRole = () => unmodelled("AccessDeniedException", "Cross-account pass role is not allowed.");
export const environmentTooLarge = (measured: string) =>
  invalid(
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
  );
export const environmentReserved = (names: readonly string[]) =>
  invalid(
    `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${names.join(", ")}`,
  );
export const codeMissing = () => invalid("Please provide a source for function code.");
export const codeNoZip = () =>
  invalid("Could not unzip uploaded file. Please check your file, then try to upload again.");
export const codeEmpty = () => invalid("Uploaded file must be a non-empty zip");
export const codeTooLarge = () => invalid(`Unzipped size must be smaller than ${UNZIPPED_BYTES_MAX} bytes`);
export const zipTooLarge = () =>
  unmodelled("RequestEntityTooLargeException", `Zipped size must be smaller than ${ZIPPED_BYTES_MAX} bytes`);
export const codeUnreadable = (code: string, message: string) =>
  invalid(`Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`);
export const imageForZip = () =>
  invalid("Please don't provide ImageUri when updating a function with packageType Zip.");
export const shaMismatch = (given: string, here: string) =>
  invalid(
    `CodeSHA256 (${given}) is different from current CodeSHA256 in $LATEST (${here}). Please try again with the CodeSHA256 in $LATEST.`,
  );
/** What AWS has and is not built here. */
export const notBuilt = (what: string) => unmodelled("NotImplemented", `${what} is not implemented`);

export const latestUndeletable = () => invalid("$LATEST version cannot be deleted without deleting the function.");
export const versionInUse = (alias: string) => conflict(`Version is in use by aliases: ${alias}`);

export const aliasExists = (arn: string) => conflict(`Alias already exists: ${arn}`);
export const aliasUnchanged = (arn: string) => notFound(`Alias not found: ${arn}`);
export const aliasNotFound = (arn: string) => notFound(`Cannot find alias arn: ${arn}`);
export const tooManyWeights = () => invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
export const weightRepeated = (version: string) =>
  invalid(
    `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
  );
export const latestUnweighted = () =>
  error("InvalidParameterValueException", "$LATEST is not supported for an alias pointing to more than 1 version");

export const tooManyLayers = () => invalid("Cannot reference more than 5 layers.");
export const layersMixed = (one: string, other: string) =>
  invalid(
    `Two different versions of the same layer are not allowed to be referenced in the same function. ${one} and ${other} are versions of the same layer.`,
  );
export const layerUnusable = (arn: string) => invalid(`Layer version ${arn} does not exist.`);
export const layerElsewhere = (region: string) =>
  invalid(`Layers are not in the same region as the function. Layers are expected to be in region ${region}.`);
export const layerNotFound = (arn: string) => notFound(`Layer version ${arn} does not exist.`);
export const layerVersionTooLow = () => invalid("Layer Version Cannot be less than 1");

export const statementExists = (id: string) =>
  conflict(
    `The statement id (${id}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
  );
export const statementNotFound = (id: string) => notFound(`Statement ${id} is not found in resource policy.`);
export const noPolicy = () => notFound("No policy is associated with the given resource.");
export const noPolicyFor = (arn: string) => notFound(`No policy found for: ${arn}`);
export const policyOfLatest = () => invalid("We currently do not support adding policies for $LATEST.");
/** Differs: AWS says more of what is wrong with it. */
export const policyInvalid = () => invalid("The provided policy is not valid. Please check the policy and try again.");
export const principalInvalid = () =>
  invalid("The provided principal was invalid. Please check the principal and try again.");
export const policyTooLong = (bytes: number, max: number) =>
  error("PolicyLengthExceededException", `The final policy size (${bytes}) is bigger than the limit (${max}).`, USER);

export const functionsOnly = () =>
  invalid(
    "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
  );
export const tooLittleUnreserved = (min: number) =>
  error(
    "InvalidParameterValueException",
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${min}].`,
  );
export const reservedBelowProvisioned = (reserved: number, provisioned: number) =>
  error(
    "InvalidParameterValueException",
    ` ReservedConcurrentExecutions  ${reserved} should not be lower than function's total provisioned concurrency [${provisioned}].`,
  );
export const provisionedOfNone = () =>
  invalid("The function resource provided must be an alias or a published version.");
export const provisionedOfLatest = () =>
  invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
export const provisionedNotFound = () =>
  error(
    "ProvisionedConcurrencyConfigNotFoundException",
    "No Provisioned Concurrency Config found for this function",
    USER,
  );
export const provisionedTwice = () =>
  conflict("Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version");
export const provisionedByAlias = () => conflict("Version is pointed by a Provisioned Concurrency alias");
export const provisionedOverReserved = () =>
  invalid("Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function");
export const provisionedOverAccount = (left: number) =>
  error(
    "InvalidParameterValueException",
    `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${left}].`,
  );

export const provisionedTooLittleLeft = (min: number) =>
  error(
    "InvalidParameterValueException",
    `Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${min}].`,
  );

export const configFunctionMissing = () => notFound("The function doesn't exist.");
export const configNotFound = (arn: string) => notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
export const configEmpty = () => invalid("You must specify at least one of error handling or destination setting.");
export const destinationUnknown = (arn: string) => invalid(`The destination ARN ${arn} is invalid.`);
export const destinationItself = () => invalid("You can't specify the function as a destination for itself.");
const destinationText = (kind: string, arn: string | undefined): string =>
  arn === undefined ? "null" : `${kind}(destination=${arn})`;
export const destinationInvalid = (success: string | undefined, failure: string | undefined) => {
  return invalid(
    `The provided destination config DestinationConfig(onSuccess=${destinationText("OnSuccess", success)}, onFailure=${destinationText("OnFailure", failure)}) is invalid.`,
  );
};

export const signingNotFound = (arn: string) =>
  error("ResourceNotFoundException", `The Lambda code signing configuration ${arn} can not be found.`);
export const signingGone = (arn: string) =>
  error(
    "CodeSigningConfigNotFoundException",
    `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${arn}.`,
    USER,
  );
export const signingInUse = () =>
  conflict("Cannot delete the Code Signing Configuration when it is attached to Lambda functions.");
export const signatureMissing = () =>
  error(
    "CodeVerificationFailedException",
    "Lambda cannot deploy the function. The function or layer might be signed using a signature that the client is not configured to accept. Check the provided signature for unsigned.",
    USER,
  );

export const functionMissing = () => notFound("Function does not exist");
export const urlExists = (arn: string) =>
  conflict(
    `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
  );

export const mappingNotFound = (arn: string) => notFound(`Event source mapping not found: ${arn}`);
export const functionMissingForMapping = () => invalid("Function does not exist");
export const sourceUnknown = () => invalid("Unrecognized event source.");
export const startUnsupported = (arn: string) => invalid(`Unsupported starting position for arn type: ${arn}`);
export const parameterUnsupported = (name: string) =>
  invalid(`Unsupported ${name} parameter for given event source mapping type.`);
export const windowNeeded = () =>
  invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
/** Source: https://github.com/aws/aws-lambda-dotnet/pull/1758 */
export const windowOfFifo = () => invalid("Invalid request provided: Batching window is not supported for FIFO queues");
export const filterInvalid = () => invalid("Invalid filter pattern definition.");
export const mappingExists = (source: string, name: string, id: string) =>
  conflict(
    `An event source mapping with SQS arn (" ${source} ") and function (" ${name} ") already exists. Please update or delete the existing mapping with UUID ${id}`,
  );
export const queueMissing = () =>
  invalid(
    "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
  );
export const queueUnreadable = () =>
  invalid("The function execution role does not have permissions to call ReceiveMessage on SQS");
export const visibilityTooShort = (visibility: number, timeout: number) =>
  invalid(
    `Invalid request provided: Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`,
  );

export const forbidden = () =>
  unmodelled(
    "AccessDeniedException",
    "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  );

export const capacityProviderNotFound = (arn: string) => notFound(`Capacity provider not found: ${arn}`);
export const qualifiedTags = () =>
  invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.");
export const tooManyTags = () => invalid("Number of tags exceeds resource tag limit.");
export const tagsUnprocessable = () => invalid("An error occurred and the request cannot be processed.");

export const payloadNoJson = (why: string) =>
  error(
    "InvalidRequestContentException",
    `Could not parse request body into json: Could not parse payload into json: ${why}`,
    USER,
  );
export const clientContextNoJson = () =>
  error("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.");
export const payloadTooLarge = (kind: "RequestResponse" | "Event") =>
  error(
    "RequestTooLargeException",
    `${kind === "Event" ? ASYNCHRONOUS_BYTES_MAX : SYNCHRONOUS_BYTES_MAX} byte payload is too large for the ${kind} invocation type`,
    USER,
  );
export const throttled = (
  reason: "ReservedFunctionConcurrentInvocationLimitExceeded" | "ConcurrentInvocationLimitExceeded",
) => error("TooManyRequestsException", "Rate Exceeded.", { Reason: reason, ...USER });
export const recursive = () =>
  error(
    "RecursiveInvocationException",
    "Lambda has detected the function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
    USER,
  );
export const roleRefused = () =>
  unmodelled("AccessDeniedException", "The role defined for the function cannot be assumed by Lambda.");
export const codeUnusable = () =>
  error("InvalidZipFileException", "Lambda could not unzip the deployment package.", USER);
export const runtimeUnavailable = (message: string) => error("InvalidRuntimeException", message, USER);
export const kmsRefused = (
  code: "KMSAccessDeniedException" | "KMSDisabledException" | "KMSInvalidStateException" | "KMSNotFoundException",
  message: string,
) => error(code, message, USER);
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/4633, https://github.com/hashicorp/terraform/issues/20813 */
export const keyUnknown = (code: string, message: string) =>
  invalid(
    `Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: ${code} KMS Message: ${message}`,
  );

export const constraint = (value: string, member: string, rule: string) =>
  validation(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);

/** Source: https://github.com/covidatlas/li/pull/575 */
export const timeoutTooLong = (seconds: number) =>
  constraint(String(seconds), "timeout", `Member must have value less than or equal to ${TIMEOUT_SECONDS_MAX}`);

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html (the words, with another limit) */
export const memoryTooLarge = () =>
  invalid(
    `'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to ${MEMORY_MB_MAX}`,
  );
/** Source: https://github.com/aws/aws-cdk/pull/28045 (AWS's words) */
export const levelOfText = () =>
  invalid(
    'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "Json" and try again.',
  );
export const tooManyFilters = () => invalid(`An event source mapping has no more than ${MAPPING_FILTERS_MAX} filters.`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {
  AccessDeniedException: 403,
  ValidationException: 400,
  NotImplemented: 501,
  RequestEntityTooLargeException: 413,
} as const;
