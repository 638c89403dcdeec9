/**
 * The errors of EventBridge Scheduler, each once.
 * Source: answers of AWS as they were recorded (https://github.com/localstack/localstack/tree/main/tests/aws/services/scheduler),
 * as clients have reported them (https://github.com/hashicorp/terraform-provider-aws/issues/29339,
 * https://github.com/aws/aws-sdk-js-v3/issues/6494), and, where it says so, words of ours.
 */
import { error, unmodelled } from "./kit.ts";

const invalid = (message: string) => error("ValidationException", message);

export const expressionInvalid = (expression: string) => invalid(`Invalid Schedule Expression ${expression}.`);
export const startTooEarly = () => invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
export const roleUntrusting = () =>
  invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.");
export const serviceUnsupported = (service: string) => invalid(`${service} is not a supported service for a target.`);

// In words of ours: what AWS says to these has not been seen.
export const timezoneInvalid = (zone: string) => invalid(`Invalid Schedule Expression Timezone ${zone}.`);
export const endBeforeStart = () => invalid("The EndDate you specify cannot be earlier than the StartDate.");
export const endOver = () => invalid("The EndDate you specify cannot be in the past.");
export const windowMissing = () =>
  invalid("MaximumWindowInMinutes must be specified when the FlexibleTimeWindow Mode is FLEXIBLE.");
export const targetArnInvalid = () => invalid("Provided Arn is not in correct format.");
export const apiUnsupported = (service: string, action: string) =>
  invalid(`${action} is not a supported api of ${service} for a target.`);
export const inputNotJson = () => invalid("The Input of this target must be well-formed JSON.");
export const parametersMissing = (member: string) => invalid(`${member} must be specified for this target.`);
export const parametersMisplaced = (member: string) => invalid(`${member} is not supported for this target.`);
export const deadLetterFifo = () => invalid("A FIFO queue is not supported as a dead-letter queue.");
export const tokenInvalid = () => invalid("Invalid NextToken.");
export const tooManyTags = () => invalid("A resource can have 50 tags.");
export const tagKeyReserved = () => invalid("Tag keys can't start with aws:.");
export const defaultGroupKept = () => invalid("The default schedule group can't be deleted.");
export const groupQuota = () => error("ServiceQuotaExceededException", "The account has its schedule groups already.");
export const requestUnknown = (member: string) =>
  invalid(`The Input has a field that the target does not know: ${member}.`);
export const keyUnusable = (message: string) => invalid(message);

export const scheduleNotFound = (name: string) =>
  error("ResourceNotFoundException", `Schedule ${name} does not exist.`);
export const groupNotFound = (name: string) =>
  error("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
export const scheduleExists = (name: string) => error("ConflictException", `Schedule ${name} already exists.`);
export const groupExists = (name: string) => error("ConflictException", `Schedule group ${name} already exists.`);
export const groupDeleting = (name: string) => error("ConflictException", `Schedule group ${name} is being deleted.`);

export const notBuilt = (what: string) =>
  unmodelled("NotImplemented", `Kumobako does not implement ${what} of EventBridge Scheduler yet.`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { NotImplemented: 501 } as const;
