/**
 * The errors of Secrets Manager, each once.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/, and answers of AWS that clients met:
 * https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager (recorded answers),
 * https://github.com/getmoto/moto/tree/master/tests/test_secretsmanager (those marked as verified)
 */
import { error, unmodelled } from "./kit.ts";

const invalidParameter = (message: string) => error("InvalidParameterException", message);
const invalidRequest = (message: string) => error("InvalidRequestException", message);
const notFound = (message: string) => error("ResourceNotFoundException", message);

export const secretNotFound = () => notFound("Secrets Manager can't find the specified secret.");
export const versionNotFound = (id: string) =>
  notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
export const stageNotFound = (stage: string) =>
  notFound(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
export const stageOfAnother = () =>
  invalidRequest("You provided a VersionStage that is not associated to the provided VersionId.");

export const nameInvalid = () =>
  unmodelled(
    "ValidationException",
    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
  );
export const secretExists = (name: string) =>
  error("ResourceExistsException", `The operation failed because the secret ${name} already exists.`);
export const nameLeaving = () =>
  invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");
export const secretLeaving = () =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
const TOKEN_MISSING = "You must provide a ClientRequestToken value. We recommend a UUID-type value.";
export const tokenMissing = () => invalidRequest(TOKEN_MISSING);
export const rotationTokenMissing = () => invalidParameter(TOKEN_MISSING);
export const tokenTaken = (token: string, arn: string) =>
  error(
    "ResourceExistsException",
    `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arn}.`,
  );
export const tokenLength = () => invalidParameter("ClientRequestToken must be 32-64 characters long.");
export const valueMissing = () => invalidRequest("You must provide either SecretString or SecretBinary.");
export const twoValues = () =>
  invalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.");
export const tooManyVersions = (max: number) =>
  error("LimitExceededException", `You have reached the limit of ${max} versions of a secret.`);
export const tooManyStages = (max: number) =>
  error("LimitExceededException", `You can't attach more than ${max} staging labels to a version of a secret.`);
export const externalRefused = () =>
  invalidParameter("Secrets of partners and their managed rotation are not available here.");

/** Of what a replica cannot do. */
export const replicaRefused = () =>
  invalidParameter("Operation not permitted on a replica secret. Call must be made in primary secret's region.");
export const notReplica = () =>
  invalidRequest("Operation not permitted on a primary secret. Call must be made in the replica secret's region.");
export const replicaRegionInvalid = () => invalidParameter("Invalid replica region.");
export const replicaNameTaken = (name: string, region: string) =>
  `Replication failed: Secret name ${name} already exists in region ${region}.`;
export const replicasLeft = (arn: string, regions: readonly string[]) =>
  invalidParameter(`You can't delete secret ${arn} that still has replica regions [${regions.join(", ")}]`);

export const windowInvalid = () =>
  invalidParameter("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
export const windowAndForce = () =>
  invalidParameter("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");

export const currentKept = () =>
  invalidParameter(
    "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
  );
export const removeFromMissing = (stage: string, version: string) =>
  invalidParameter(
    `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${version}, so you must explicitly reference that version in RemoveFromVersionId.`,
  );
export const removeFromWrong = (stage: string, version: string) =>
  invalidParameter(`Staging label ${stage} is not currently attached to version ${version}.`);
export const stageMoveEmpty = () =>
  invalidParameter("You must provide a value for either MoveToVersionId or RemoveFromVersionId.");

export const policyMalformed = (why: "syntax" | "principal" | "length") =>
  error(
    "MalformedPolicyDocumentException",
    {
      syntax: "This resource policy contains a syntax error.",
      principal: "This resource policy contains an unsupported principal.",
      length: "This resource policy is too long.",
    }[why],
  );
export const policyPublic = () =>
  error(
    "PublicPolicyException",
    "The BlockPublicPolicy parameter is set to true, and the resource policy did not prevent broad access to the secret.",
  );

export const tagsTooMany = () => invalidParameter("Too many tags added for the secret.");
export const tagReserved = () => invalidParameter("Tag keys can't start with system reserved prefix 'aws:'.");
export const tagTwice = (key: string) => invalidParameter(`Duplicate tag keys found: ${key}.`);

export const tokenInvalid = () => error("InvalidNextTokenException", "The NextToken value is invalid.");
export const filterKeyMissing = () => invalidParameter("Invalid filter key");
export const filterValuesMissing = (key: string) => invalidParameter(`Invalid filter values for key: ${key}`);
export const idsAndFilters = () =>
  invalidParameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
export const pageWithoutFilters = () =>
  invalidParameter("'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.");

export const passwordTooShort = () => invalidParameter("Password length is too short based on the required types.");
export const passwordNoCharacters = () =>
  invalidParameter("No characters remain after the exclusions that were asked for.");

export const functionMissing = () => invalidRequest("No Lambda rotation function ARN is associated with this secret.");
export const functionRefused = () =>
  unmodelled(
    "AccessDeniedException",
    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.",
  );
export const rotationUnderWay = () =>
  invalidRequest("A previous rotation isn't complete. That rotation will be reattempted.");
export const rotationOff = () =>
  invalidRequest(
    "You tried to enable rotation on a secret that doesn't already have a Lambda function ARN configured and you didn't include such an ARN as a parameter in this call.",
  );
export const rotationDaysInvalid = () =>
  invalidParameter("RotationRules.AutomaticallyAfterDays must be within 1-1000.");
export const rulesTwice = () =>
  invalidParameter("You can specify either AutomaticallyAfterDays or ScheduleExpression, but not both.");
export const rulesMissing = () => invalidParameter("You must specify a rotation schedule in RotationRules.");
export const scheduleInvalid = () => invalidParameter("Invalid ScheduleExpression.");
export const windowTooLong = () =>
  invalidParameter("Invalid Duration: the rotation window must not extend into the next one.");

export const managedKeyElsewhere = () =>
  invalidRequest(
    "You can't access a secret from a different AWS account if you encrypt the secret with the default KMS service key.",
  );
export const kmsDenied = () => unmodelled("AccessDeniedException", "Access to KMS is not allowed");
export const encryptionFailed = (why: string) => error("EncryptionFailure", why);
export const decryptionFailed = (why: string) => error("DecryptionFailure", why);
export const kmsKeyNotFound = (why: string) => notFound(why);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { AccessDeniedException: 400, ValidationException: 400 } as const;
