/**
 * The errors of SQS, each once.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html, and answers of AWS that
 * clients met: https://github.com/getmoto/moto/blob/master/tests/test_sqs/test_sqs.py (those marked as verified),
 * https://github.com/localstack/localstack/tree/main/tests/aws/services/sqs (recorded answers)
 */
import { error, unmodelled } from "./kit.ts";
import {
  BATCH_BYTES_MAX,
  BATCH_ENTRIES_MAX,
  NAME_KEPT_SECONDS,
  PERMISSION_ACTIONS_MAX,
  PURGE_INTERVAL_SECONDS,
} from "./limits.ts";

const invalid = (message: string) => unmodelled("InvalidParameterValue", message);

/** A value that is wrong, and why: `Must be between 1 and 10, if provided.` */
export const invalidValue = (parameter: string, value: string | number, reason: string) =>
  invalid(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
export const missing = (parameter: string) =>
  unmodelled("MissingParameter", `The request must contain the parameter ${parameter}.`);

export const queueNotFound = () => error("QueueDoesNotExist", "The specified queue does not exist.");
export const queueNameInvalid = () =>
  invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
export const queueExists = (attribute: string) =>
  error(
    "QueueNameExists",
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );
export const deletedRecently = () =>
  error(
    "QueueDeletedRecently",
    `You must wait ${NAME_KEPT_SECONDS} seconds after deleting a queue before you can create another with the same name.`,
  );
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_set_unsupported_attribute_fifo) */
export const typeFixed = () =>
  error(
    "InvalidAttributeValue",
    "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.",
  );
/** Source: the same (test_create_standard_queue_with_fifo_attribute_raises_error) */
export const ofFifoAlone = (name: string) =>
  error("InvalidAttributeName", `You can specify the ${name} only when FifoQueue is set to true.`);
export const unknownAttribute = (name: string) => error("InvalidAttributeName", `Unknown Attribute ${name}.`);
export const invalidAttribute = (name: string) =>
  error("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
export const highThroughputNeedsGroups = () =>
  error(
    "InvalidAttributeValue",
    "Invalid value for the parameter FifoThroughputLimit. Reason: FifoThroughputLimit can be set to perMessageGroupId only when DeduplicationScope is messageGroup.",
  );
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_sse_kms_and_sqs_are_mutually_exclusive) */
export const twoEncryptions = () =>
  error(
    "InvalidAttributeName",
    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.",
  );
export const invalidToken = () => invalid("Invalid or expired next token.");

export const purgeInProgress = (name: string) =>
  error(
    "PurgeQueueInProgress",
    `Only one PurgeQueue operation on ${name} is allowed every ${PURGE_INTERVAL_SECONDS} seconds.`,
  );

const VALID_CHARACTERS =
  "Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";

export const messageEmpty = () => missing("MessageBody");
export const messageTooLong = (bytesMax: number) =>
  invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`);
/** Of an entry of a batch. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_batch_message_size) */
export const entryTooLong = (bytesMax: number) =>
  invalid(`One or more parameters cannot be validated. Reason: Message must be shorter than ${bytesMax} bytes.`);
export const charactersInvalid = () => error("InvalidMessageContents", `Invalid characters found. ${VALID_CHARACTERS}`);
export const tooManyAttributes = (count: number, max: number) =>
  invalid(`Number of message attributes [${count}] exceeds the allowed maximum [${max}].`);
export const attributeNameInvalid = (name: string) =>
  invalid(
    `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
  );
export const attributeTypeInvalid = (name: string) =>
  invalid(
    `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
  );
export const attributeTypeMissing = (name: string) =>
  invalid(`The message attribute '${name}' must contain a non-empty message attribute type.`);
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_message_with_empty_string_attribute) */
export const attributeBlank = (name: string, type: string) =>
  invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_invalid_string_attributes_cause_invalid_parameter_value_error: the code); the words are assumed */
export const attributeCharactersInvalid = (name: string) =>
  invalid(`Invalid characters found in message (user) attribute '${name}'. ${VALID_CHARACTERS}`);
export const attributeEmpty = (name: string, type: string) =>
  invalid(
    `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${type}'.`,
  );
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html (not implemented) */
export const listsUnsupported = () =>
  error("UnsupportedOperation", "Message attribute list values in SendMessage operation are not supported.");
export const attributeNotNumeric = (name: string) =>
  invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
export const groupMissing = () => missing("MessageGroupId");
/** Of an entry of a batch. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_send_batch_missing_message_group_id_for_fifo_queue) */
export const entryGroupMissing = () => invalid(groupMissing().message);
export const deduplicationMissing = () =>
  invalid(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
export const NOT_FOR_THIS_KIND = "The request include parameter that is not valid for this queue type.";

export const handleInvalid = () => error("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
/** Where a message is to be deleted. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_delete_message_with_illegal_receipt_handle, run against AWS) */
export const deletedHandleInvalid = (handle: string) =>
  error("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not a valid receipt handle.`);
export const handleExpired = (handle: string) =>
  invalidValue("ReceiptHandle", handle, "The receipt handle has expired.");
export const notInFlight = (handle: string) =>
  invalidValue("ReceiptHandle", handle, "Message does not exist or is not available for visibility timeout change.");
export const visibilityOver = (seconds: number) =>
  invalidValue(
    "VisibilityTimeout",
    seconds,
    "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
  );
export const tooManyInFlight = () => error("OverLimit", "Too many messages in flight");

export const batchEmpty = (entry: string) =>
  error("EmptyBatchRequest", `There should be at least one ${entry} in the request.`);
export const batchTooMany = (count: number) =>
  error(
    "TooManyEntriesInBatchRequest",
    `Maximum number of entries per request are ${BATCH_ENTRIES_MAX}. You have sent ${count}.`,
  );
export const batchIdRepeated = (id: string) => error("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
export const batchIdInvalid = () =>
  error(
    "InvalidBatchEntryId",
    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
  );
export const batchTooLong = (bytes: number) =>
  error(
    "BatchRequestTooLong",
    `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
  );

export const labelTaken = (label: string) => invalidValue("Label", label, "Already exists.");
export const labelUnknown = (label: string) => invalidValue("Label", label, "can't find label on existing policy.");
/** Where there is no policy. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_sqs_permission_lifecycle) */
export const labelNowhere = (label: string) => invalidValue("Label", label, "can't find label.");
export const ownersOnly = (action: string) =>
  invalidValue("ActionName", `SQS:${action}`, "Only the queue owner is allowed to invoke this action.");
export const actionUnknown = (action: string) =>
  invalidValue("ActionName", `SQS:${action}`, "Please refer to the appropriate WSDL for a list of valid actions.");
export const principalUnknown = (accounts: readonly string[]) =>
  invalidValue("PrincipalId", `[${accounts.join(", ")}]`, "Unable to verify.");
export const tooManyActions = (count: number) =>
  error("OverLimit", `${count} Actions were found, maximum allowed is ${PERMISSION_ACTIONS_MAX}.`);
export const tooManyStatements = (count: number, max: number) =>
  error("OverLimit", `${count} statements were found, maximum allowed is ${max}.`);

export const tooManyTags = (name: string) => invalid(`Too many tags added for queue ${name}.`);
export const tagKeyLength = () => invalid("Tag keys must be between 1 and 128 characters in length.");
export const tagValueLength = () => invalid("Tag values must be between 0 and 256 characters in length.");
export const tagKeyReserved = () => invalid("Tag keys can't start with system reserved prefix 'aws:'.");

export const notDeadLetter = () => invalid("Source queue must be configured as a Dead Letter Queue.");
export const taskUnderWay = () =>
  invalid("There is already a task running. Only one active task is allowed for a source queue arn at a given time.");
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs_move_task.snapshot.json (test_cancel_with_invalid_task_handle) */
export const taskHandleInvalid = () => invalid("Value for parameter TaskHandle is invalid.");
export const taskNotFound = () => error("ResourceNotFoundException", "Task does not exist.");
export const taskOver = () => error("UnsupportedOperation", "Only active tasks can be cancelled.");
export const resourceNotFound = () =>
  error("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.");
/** In words of ours: what AWS says has not been seen. */
export const destinationIsSource = (arn: string) =>
  invalidValue("DestinationArn", arn, "The destination queue must not be the source queue.");
export const destinationNotFound = () =>
  error("ResourceNotFoundException", "The resource that you specified for the DestinationArn parameter doesn't exist.");
export const kmsRefused = (code: KmsError, message: string) => error(code, message);

type KmsError = "KmsAccessDenied" | "KmsDisabled" | "KmsInvalidKeyUsage" | "KmsInvalidState" | "KmsNotFound";

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { InvalidParameterValue: 400, MissingParameter: 400 } as const;
