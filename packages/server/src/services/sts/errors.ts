/** The errors of STS, each once, in AWS's words. */
import type { Refusal } from "../../identity/federation/federation.ts";
import { error, unmodelled } from "./kit.ts";

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { AccessDenied: 403, ValidationError: 400, InvalidParameterValue: 400 } as const;

const accessDenied = (message: string) => unmodelled("AccessDenied", message);
const validationError = (message: string) => unmodelled("ValidationError", message);
const invalidParameterValue = (message: string) => unmodelled("InvalidParameterValue", message);

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html */
export const rootMayNotAssume = () => accessDenied("Roles may not be assumed by root accounts.");

/** Source: https://github.com/hashicorp/vault/pull/4108, https://github.com/aws/aws-sdk-net/issues/1704 */
export const sessionCredentials = (operation: string) =>
  accessDenied(`Cannot call ${operation} with session credentials`);

export const notAuthorized = (principal: string, action: string, resource: string) =>
  accessDenied(`User: ${principal} is not authorized to perform: ${action} on resource: ${resource}`);

/** Source: https://github.com/y13i/sgviz/issues/9 */
export const mfaIncomplete = () =>
  accessDenied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");

/** Source: https://github.com/aws/aws-cli/issues/6325 */
export const mfaDeviceUnknown = () =>
  accessDenied(
    "MultiFactorAuthentication failed, unable to validate MFA code.  " +
      "Please verify your MFA serial number is valid and associated with this user.",
  );

/** Source: https://github.com/aws/aws-cli/issues/2279 */
export const mfaCodeWrong = () =>
  accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");

export const arnInvalid = (arn: string) => validationError(`${arn} is invalid`);

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html#troubleshoot_roles_duration */
export const chainTooLong = () =>
  validationError("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");

export const sessionTooLong = () =>
  validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");

export const malformedPolicy = (message: string) => error("MalformedPolicyDocumentException", message);

/** The text of a policy is not shown. */
export const policyTooLong = (max: number) =>
  validationError(
    "1 validation error detected: Value at 'policy' failed to satisfy constraint: " +
      `Member must have length less than or equal to ${max}`,
  );

export const tooManyPolicyArns = (max: number) =>
  validationError(
    "1 validation error detected: Value at 'policyArns' failed to satisfy constraint: " +
      `Member must have length less than or equal to ${max}`,
  );

export const policyNotAttachable = (arn: string) =>
  validationError(`Policy ${arn} does not exist or is not attachable.`);

export const packedPolicyTooLarge = (percent: number) =>
  error(
    "PackedPolicyTooLargeException",
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );

/** Source: https://github.com/aws/containers-roadmap/issues/2413 */
export const packedTagsTooLarge = (percent: number) =>
  error("PackedPolicyTooLargeException", `Packed size of session tags consumes ${percent}% of allotted space.`);

export const tokenSizeTooLarge = (max: number) =>
  validationError(
    "1 validation error detected: Value at 'minimumSessionTokenSize' failed to satisfy constraint: " +
      `Member must have value less than or equal to ${max}`,
  );

export const duplicateTagKeys = () =>
  invalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.");

export const reservedTagKey = (key: string) =>
  invalidParameterValue(`Tag key ${key} begins with the reserved aws: prefix.`);

export const transitiveKeyUnknown = () =>
  invalidParameterValue("The specified transitive tag key must be included in the requested tags.");

export const transitiveKeyConflict = () =>
  invalidParameterValue(
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  );

export const reservedSourceIdentity = () =>
  validationError("The source identity may not begin with the reserved aws: prefix.");

export const contextAssertionInvalid = () => validationError("The provided context assertion is invalid.");

export const messageInvalid = () => error("InvalidAuthorizationMessageException", "Message is not valid.");

export const accessKeyInvalid = (id: string) => validationError(`The access key ID ${id} is not valid.`);

export const taskPolicyInvalid = (arn: string) => validationError(`${arn} is not a valid task policy.`);

/** Source: https://github.com/aws-actions/configure-aws-credentials/issues/953 */
export const federatedNotAuthorized = (action: string) => accessDenied(`Not authorized to perform ${action}`);

/** What the verification of a token or an assertion found, in its own words. */
export const identityRefused = ({ kind, words }: Refusal) => error(REFUSAL_ERRORS[kind], words);

const REFUSAL_ERRORS = {
  invalid: "InvalidIdentityTokenException",
  expired: "ExpiredTokenException",
  unreachable: "IDPCommunicationErrorException",
  rejected: "IDPRejectedClaimException",
} as const;

/** (assumed) */
export const assertionUsed = () =>
  error("IDPRejectedClaimException", "The assertion was used already to assume this role.");

/** (assumed) */
export const providerIdUnknown = (providerId: string) =>
  validationError(`${providerId} is not a supported identity provider for access tokens.`);

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetDelegatedAccessToken.html */
export const tradeInTokenExpired = () =>
  error(
    "ExpiredTradeInTokenException",
    "The trade-in token provided in the request has expired and can no longer be exchanged for credentials.",
  );

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */
export const outboundFederationDisabled = () =>
  error(
    "OutboundWebIdentityFederationDisabledException",
    "The outbound web identity federation feature is not enabled for this account.",
  );

export const durationEscalation = () =>
  error(
    "SessionDurationEscalationException",
    "The requested token duration would extend the session beyond its original expiration time.",
  );

export const signingAlgorithmUnknown = (algorithm: string) =>
  validationError(
    `1 validation error detected: Value '${algorithm}' at 'signingAlgorithm' failed to satisfy constraint: ` +
      "Member must satisfy enum value set: [RS256, ES384]",
  );
