/**
 * The errors of SNS, each once.
 * Source: https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html, and recorded answers of AWS:
 * https://github.com/localstack/localstack/tree/main/tests/aws/services/sns
 */
import { error, unmodelled } from "./kit.ts";

export const invalid = (what: string) => error("InvalidParameterException", `Invalid parameter: ${what}`);
export const invalidBecause = (parameter: string, reason: string) => invalid(`${parameter} Reason: ${reason}`);

export const arnTooShort = (parameter: string, elements: number) =>
  invalidBecause(parameter, `An ARN must have at least 6 elements, not ${elements}`);
export const missing = (parameter: string) => invalidBecause(parameter, "no value for required parameter");
export const invalidToken = () => invalid("NextToken");

export const topicNotFound = () => error("NotFoundException", "Topic does not exist");
export const topicNameInvalid = () => invalid("Topic Name");
export const topicDiffers = (parameter: "Attributes" | "Tags") =>
  invalidBecause(parameter, `Topic already exists with different ${parameter.toLowerCase()}`);
/** Source: https://github.com/aws/aws-cdk/pull/37113 */
export const topicHasArchive = () =>
  error("InvalidStateException", "Invalid state: Cannot delete a topic with an ArchivePolicy");
export const attributeNameInvalid = () => invalid("AttributeName");

export const subscriptionNotFound = () => error("NotFoundException", "Subscription does not exist");
export const subscriptionDiffers = () =>
  invalidBecause("Attributes", "Subscription already exists with different attributes");
export const protocolUnknown = (protocol: string) =>
  invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
export const smsEndpointInvalid = (number: string) =>
  error("InvalidParameterException", `Invalid SMS endpoint: ${number}`);
export const tooManySubscriptions = () =>
  error("SubscriptionLimitExceededException", "Subscription limit exceeded for this topic");
export const tooManyFilters = () =>
  error("FilterPolicyLimitExceededException", "Filter policy limit exceeded for this topic");
export const fifoQueueOfStandardTopic = () =>
  invalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics");
export const confirmationTokenInvalid = () => error("InvalidParameterException", "Invalid token");
export const unsubscribeNeedsOwner = () => error("AuthorizationErrorException", "User is not authorized");

export const messageEmpty = () => invalid("Empty message");
export const messageTooLong = () => invalid("Message too long");
export const structureUnparsed = () => invalid("Message Structure - JSON message body failed to parse");
export const structureWithoutDefault = () => invalid("Message Structure - No default entry in JSON message body");
export const groupMissing = () => invalid("The MessageGroupId parameter is required for FIFO topics");
export const deduplicationMissing = () =>
  invalid(
    "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
export const notForThisTopic = (parameter: string) =>
  invalidBecause(parameter, `The request includes ${parameter} parameter that is not valid for this topic type`);
export const numberNotValid = (number: string) => invalidBecause("PhoneNumber", `${number} is not valid to publish to`);
export const numberMalformed = () => invalidBecause("PhoneNumber", "input incorrectly formatted");
/** Source: https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html (reasons for failed SMS deliveries) */
export const numberOptedOut = () => error("OptedOutException", "Phone number is opted out");
export const endpointGone = (arn: string) =>
  invalidBecause("Endpoint", `Endpoint does not exist for endpoint arn${arn}`);
export const targetNotFound = () => invalidBecause("TargetArn", "No endpoint found for the target arn specified");

const attributeInvalid = (message: string) => error("InvalidParameterValueException", message);
export const attributeEmpty = (name: string, type: string) =>
  attributeInvalid(
    `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
  );
export const attributeField = (name: string, type: string, field: "String" | "Binary") =>
  attributeInvalid(`The message attribute '${name}' with type '${type}' must use field '${field}'.`);
export const attributeTypeInvalid = (name: string) =>
  attributeInvalid(
    `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
  );
export const attributeNotNumeric = (name: string) =>
  attributeInvalid(`Can't cast the value of message attribute '${name}' to a number.`);
export const attributeNameTooLong = () =>
  attributeInvalid("Length of message attribute name must be less than 256 bytes.");
export const attributeNameCharacter = (character: string) =>
  attributeInvalid(
    `Invalid non-alphanumeric character '#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
  );
export const attributeNameBegins = () =>
  attributeInvalid("Invalid message attribute name starting with character '.' was found.");
export const attributeNameEnds = () =>
  attributeInvalid("Invalid message attribute name ending with character '.' was found.");
export const attributeNameDots = () =>
  attributeInvalid("Message attribute name can not have successive '.' character.");

export const batchEmpty = () => error("EmptyBatchRequestException", "The batch request doesn't contain any entries.");
export const batchTooMany = () =>
  error("TooManyEntriesInBatchRequestException", "The batch request contains more entries than permissible.");
export const batchIdRepeated = () =>
  error("BatchEntryIdsNotDistinctException", "Two or more batch entries in the request have the same Id.");
export const batchIdCharacter = (id: string) =>
  error(
    "InvalidBatchEntryIdException",
    `The Id of a batch entry in the batch request contains an impermissible character: ${id}`,
  );
export const batchIdTooLong = (id: string) =>
  error("InvalidBatchEntryIdException", `The Id of a batch entry in the batch request is too long: ${id}`);
export const batchTooLong = () =>
  error("BatchRequestTooLongException", "The length of all the messages put together is more than the limit.");

export const labelTaken = () => invalid("Statement already exists");
export const actionOutOfScope = () => invalid("Policy statement action out of service scope!");
export const policyInvalid = (reason: string) => invalid(`Policy Error: ${reason}`);
export const tagsRepeated = () => invalid("Duplicated keys are not allowed.");
export const tagKeyReserved = () =>
  invalidBecause("Tags", "aws: prefixed tag key names are not allowed for external use");
export const tooManyTags = () =>
  error("TagLimitExceededException", "Could not complete request: tag quota of per resource exceeded");
export const resourceNotFound = () => error("ResourceNotFoundException", "Resource does not exist");

export const applicationNotFound = () => error("NotFoundException", "PlatformApplication does not exist");
export const endpointNotFound = () => error("NotFoundException", "Endpoint does not exist");
export const endpointDisabled = () => error("EndpointDisabledException", "Endpoint is disabled");
export const applicationDisabled = () =>
  error("PlatformApplicationDisabledException", "Platform application is disabled");
export const endpointDiffers = (arn: string) =>
  invalidBecause("Token", `Endpoint ${arn} already exists with the same Token, but different attributes.`);

export const smsAttributeUnknown = (name: string) =>
  error("InvalidParameterException", `${name} is not a valid attribute`);
export const smsTypeInvalid = () => error("InvalidParameterException", "DefaultSMSType is invalid");
export const sandboxNumberNotFound = () =>
  error("ResourceNotFoundException", "The phone number doesn't exist in the SMS sandbox of the account.");
export const sandboxFull = () =>
  error("UserErrorException", "The number of destination phone numbers exceeds the limit of the SMS sandbox.");
export const codeWrong = () =>
  error("VerificationException", "The one-time password is invalid.", { Status: "Failed" });

export const kmsRefused = (code: KmsError, message: string) => error(code, message);

export type KmsError =
  | "KMSAccessDeniedException"
  | "KMSDisabledException"
  | "KMSInvalidStateException"
  | "KMSNotFoundException";

/** What is not built is refused, never dropped. */
export const notBuilt = (what: string) =>
  unmodelled("NotImplemented", `Kumobako does not implement ${what} of SNS yet.`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { NotImplemented: 501 } as const;
