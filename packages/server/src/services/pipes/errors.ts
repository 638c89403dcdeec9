/**
 * The errors of EventBridge Pipes, each once. Where no source is named the words are ours: those of AWS have not been seen.
 * Source of names and members: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/CommonErrors.html
 */
import { error, unmodelled } from "./kit.ts";

const invalid = (message: string) => error("ValidationException", message);

export const pipeNotFound = (name: string) => error("NotFoundException", `Pipe ${name} does not exist.`);
export const resourceNotFound = (arn: string) => error("NotFoundException", `${arn} does not exist.`);
export const pipeExists = (name: string) =>
  error("ConflictException", `Pipe ${name} already exists.`, { resourceId: name, resourceType: "PIPE" });
export const pipeQuota = (name: string, max: number) =>
  error("ServiceQuotaExceededException", `The account has its ${max} pipes already.`, {
    resourceId: name,
    resourceType: "PIPE",
    serviceCode: "pipes",
    quotaCode: "L-4FEEA5C0",
  });

export const sourceUnsupported = (arn: string) => invalid(`${arn} is not a supported source of a pipe.`);
export const enrichmentUnsupported = (arn: string) => invalid(`${arn} is not a supported enrichment of a pipe.`);
export const targetUnsupported = (arn: string) => invalid(`${arn} is not a supported target of a pipe.`);
export const parametersMisplaced = (member: string) => invalid(`${member} does not belong to this kind of resource.`);
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/32018 (a client's log), …/41573 (several fields) */
const fieldInvalid = (Name: string, Message: string) =>
  invalid(JSON.stringify({ ValidationErrorFields: [{ Name, Message }] }));
export const parametersMissing = (member: string) => fieldInvalid(member, "Missing required parameter.");
/** In the words of rules. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export const patternInvalid = (reason: string) => invalid(`Event pattern is not valid. Reason: ${reason}`);
export const destinationMissing = () => invalid("A log configuration needs a destination.");
export const tokenInvalid = () => invalid("Invalid NextToken.");
export const tooManyTags = () => invalid("A resource can have 50 tags.");
export const tagKeyReserved = () => invalid("Tag keys can't start with aws:.");

export const notBuilt = (what: string) =>
  unmodelled("NotImplemented", `Kumobako does not implement ${what} of EventBridge Pipes yet.`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { NotImplemented: 501 } as const;
