/**
 * The errors of EventBridge, each once.
 * Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/events (recorded answers),
 * https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py
 */
import { error, unmodelled } from "./kit.ts";
import { INPUT_PATHS_MAX } from "./limits.ts";

const invalid = (message: string) => unmodelled("ValidationException", message);
export const invalidParameter = (name: string, reason?: string) =>
  invalid(
    reason === undefined ? `Parameter ${name} is not valid.` : `Parameter ${name} is not valid. Reason: ${reason}`,
  );
export const invalidToken = () => invalidParameter("NextToken");

const notFound = (message: string) => error("ResourceNotFoundException", message);
const exists = (message: string) => error("ResourceAlreadyExistsException", message);

/**
 * What a bus says to rules that send to it, whoever's rights they use.
 * Source: a dead letter received in 2022, in public test data (of `listEventFailures()`); AWS documents the code alone
 */
export const notLetIn = () => unmodelled("AccessDenied", "Lack of permissions to invoke cross account target.");

export const tooMany = () =>
  error("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
export const patternInvalid = (reason: string) =>
  error("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);

export const busNotFound = (name: string) => notFound(`Event bus ${name} does not exist.`);
export const busExists = (name: string) => exists(`Event bus ${name} already exists.`);
export const busIsDefault = (name: string) => invalid(`Cannot delete event bus ${name}.`);
export const busHasRules = (name: string) => invalid(`Event bus ${name} can't be deleted since it has rules.`);
export const busNameSlash = () => invalid("Event bus name must not contain '/'.");
export const eventSourceNotFound = (name: string) => notFound(`Event source ${name} does not exist.`);
/** Source: https://github.com/aws/aws-sdk-js-v3/issues/4788 */
export const eventSourceOrBusNotFound = (name: string) =>
  notFound(`Event source ${name} or event bus ${name} does not exist.`);
export const eventSourceExists = (name: string) => exists(`Event source ${name} already exists.`);
/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ActivateEventSource.html (Errors) */
export const eventSourceOver = () =>
  error("InvalidStateException", "The specified state is not a valid state for an event source.");
/** Source: https://github.com/amzn/selling-partner-api-models/issues/4638 */
export const busNameReserved = () => invalid("EventBus name starting with 'aws.' is not valid.");
/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html (Name); the words are ours. */
export const busNameUnlikeSource = () => invalid("The name of a partner event bus must be that of its event source.");
/** In words of ours: what AWS says has not been seen. */
export const partnerElse = (partner: string) => invalid(`${partner} is another account's name as a partner.`);
export const statementNotFound = () => notFound("Statement with the provided id does not exist.");
export const permissionActionInvalid = () => invalid("Provided value in parameter 'action' is not supported.");
export const permissionMissing = (name: string) => invalid(`Parameter ${name} must be specified.`);
export const policyMalformed = () => invalid("This policy contains invalid Json");
export const policyTooLong = () => error("PolicyLengthExceededException", "The event bus policy is too long.");

export const ruleNotFound = (rule: string, bus: string) => notFound(`Rule ${rule} does not exist on EventBus ${bus}.`);
export const ruleHasTargets = () => invalid("Rule can't be deleted since it has targets.");
export const ruleIsManaged = (rule: string, service: string) =>
  error("ManagedRuleException", `Rule ${rule} is managed by ${service} and can't be changed without Force.`);
export const neitherPatternNorSchedule = () =>
  invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
export const scheduleInvalid = () => invalidParameter("ScheduleExpression");
export const scheduleOnOtherBus = () => invalid("ScheduleExpression is supported only on the default event bus.");

export const tagReserved = () => invalid("System tags cannot be added/updated by requester.");
export const arnInvalid = (arn: string) => invalidParameter(arn, "Provided Arn is not in correct format.");
export const fifoGroupMissing = (id: string) =>
  invalid(`Parameter(s) SqsParameters must be specified for target: ${id}.`);
export const parametersUnfit = (name: string, id: string) =>
  invalid(`Parameter(s) ${name} not valid for target: ${id}.`);
export const roleMissing = (arn: string) => invalid(`RoleArn is required for target ${arn}.`);
export const parametersMissing = (name: string, id: string) =>
  invalid(`Parameter(s) ${name} must be specified for target: ${id}.`);
export const oneInputOnly = (id: string) =>
  invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
export const placeholderInvalid = (id: string, name: string) =>
  invalid(`InputTemplate for target ${id} contains invalid placeholder ${name}.`);
export const inputNoJson = (id: string) => invalid(`Input for target ${id} is not valid JSON.`);
export const pathInvalid = (id: string) => invalid(`InputPath for target ${id} is invalid.`);
export const pathReserved = (id: string, name: string) =>
  invalid(`InputPathsMap for target ${id} contains reserved placeholder ${name}.`);
export const tooManyPaths = (id: string) =>
  invalid(`InputPathsMap for target ${id} has more than ${INPUT_PATHS_MAX} entries.`);
export const deadLetterUnfit = (id: string) =>
  invalid(`Dead letter queue for target ${id} must be a standard Amazon SQS queue in the region of the rule.`);

export const entriesTooLarge = () => invalid("Total size of the entries in the request is over the limit.");
export const eventInvalid = () => invalidParameter("Event");

/** KMS's words stand for EventBridge's, which are nowhere to be found: assumed. */
export const keyNotFound = (why: string) => notFound(why);
export const keyInvalid = (why: string) => invalidParameter("KmsKeyIdentifier", why);
export const keyNotSymmetric = (key: string) =>
  invalidParameter("KmsKeyIdentifier", `The key ${key} is not a symmetric encryption key.`);

export const archiveNotFound = (name: string) => notFound(`Archive ${name} does not exist.`);
export const archiveExists = (name: string) => exists(`Archive ${name} already exists.`);
export const archiveUnchanged = () =>
  invalid("At least one of EventPattern, RetentionDays or Description must be provided.");
export const replayNotFound = (name: string) => notFound(`Replay ${name} does not exist.`);
export const replayExists = (name: string) => exists(`Replay ${name} already exists.`);
export const replayOver = (name: string) =>
  error("IllegalStatusException", `Replay ${name} is not in a valid state for this operation.`);
export const filterOnly = (name: string) =>
  invalid(`At most one filter is allowed for ${name}. Use either : State, EventSourceArn, or NamePrefix.`);

export const connectionNotFound = (name: string) => notFound(`Connection '${name}' does not exist.`);
export const connectionNotDescribed = (name: string) =>
  notFound(`Failed to describe the connection(s). Connection '${name}' does not exist.`);
export const connectionExists = (name: string) => exists(`Connection ${name} already exists.`);
export const authorizationMissing = (name: string) =>
  invalid(`Parameter(s) AuthParameters.${name} must be specified for the authorization type.`);
/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html (AuthParameters); in words of ours */
export const authorizationMisplaced = (name: string) =>
  invalid(`Parameter(s) AuthParameters.${name} must not be specified for the authorization type.`);
/** In the order of the hash table that AWS lists enumerations from. */
export const methodInvalid = (method: string) =>
  invalid(
    `1 validation error detected: Value '${method}' at 'authParameters.oAuthParameters.httpMethod' failed to satisfy constraint: Member must satisfy enum value set: [POST, PUT, GET]`,
  );
export const privateConnection = () =>
  unmodelled("NotImplemented", "eventbridge: connections to private endpoints are not built");
export const destinationNotFound = (name: string) => notFound(`An api-destination '${name}' does not exist.`);
export const destinationNotDescribed = (name: string) =>
  notFound(`Failed to describe the api-destination(s). An api-destination '${name}' does not exist.`);
export const destinationExists = (name: string) => exists(`An api-destination '${name}' already exists.`);

export const endpointNotFound = (name: string) => notFound(`Endpoint ${name} does not exist.`);
export const endpointsUnbuilt = () => unmodelled("NotImplemented", "eventbridge: global endpoints are not built");

/** What becomes of a single entry of PutEvents. */
export const ENTRY_FAILURES = {
  missing: (name: string) => ({
    ErrorCode: "InvalidArgument",
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  }),
  /** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html (DetailType); in words of ours */
  tooLong: (name: string, max: number) => ({
    ErrorCode: "InvalidArgument",
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} has more than ${max} characters.`,
  }),
  malformed: () => ({ ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." }),
  reserved: () => ({ ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." }),
} as const;

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { ValidationException: 400, NotImplemented: 501 } as const;
