/**
 * The errors of Parameter Store, each once.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/, and answers that clients met:
 * https://github.com/getmoto/moto/blob/master/tests/test_ssm/test_ssm.py
 */
import { error, unmodelled } from "./kit.ts";
import {
  ADVANCED_CHARACTERS_MAX,
  LABELS_PER_VERSION_MAX,
  LEVELS_MAX,
  POLICIES_MAX,
  STANDARD_CHARACTERS_MAX,
} from "./limits.ts";

const invalid = (message: string) => unmodelled("ValidationException", message);

export const notImplemented = (what: string) => unmodelled("NotImplemented", `${what} is not implemented`);

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudformation/resources/test_ssm.snapshot.json (GetParameter has no words) */
export const readParameterNotFound = () => error("ParameterNotFound", "");
export const parameterNotFound = (name: string) => error("ParameterNotFound", `Parameter ${name} not found.`);
export const versionNotFound = (version: string | number, name: string) =>
  error(
    "ParameterVersionNotFound",
    `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
  );
export const labelNotFound = (label: string, name: string) =>
  error(
    "ParameterVersionNotFound",
    `Systems Manager could not find label ${label} for parameter ${name}. Verify the label and try again.`,
  );
export const secretNotFound = (name: string) =>
  error(
    "ParameterNotFound",
    `An error occurred (ParameterNotFound) when referencing Secrets Manager: Secret ${name} not found.`,
  );
export const secretUndecrypted = () =>
  invalid("WithDecryption flag must be True for retrieving a Secret Manager secret.");
export const parameterExists = () =>
  error(
    "ParameterAlreadyExists",
    "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
  );

export const namePrefixed = () => invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
export const pathPrefixed = () =>
  invalid(
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
  );
export const nameReserved = (name: string) =>
  unmodelled("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
export const nameNotQualified = () => invalid("Parameter name must be a fully qualified name.");
export const nameCharacters = () =>
  invalid(
    "Parameter name: can't be formed as a path, or consist of characters other than letters, numbers and the following 3 symbols .-_",
  );
export const nameTooLong = (max: number) =>
  invalid(`The parameter name exceeds the maximum length of ${max} characters.`);
export const levelsTooMany = () =>
  error(
    "HierarchyLevelLimitExceededException",
    `A hierarchy can have a maximum of ${LEVELS_MAX} levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide.`,
  );
export const typeMissing = () => invalid("A parameter type is required when you create a parameter.");
export const typeChanged = () =>
  error(
    "HierarchyTypeMismatchException",
    "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
  );
export const tagsWithOverwrite = () =>
  invalid(
    "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
  );
export const keyWithoutSecret = () => invalid("KeyId can be specified for SecureString parameters only.");
export const valueEmpty = () =>
  invalid(
    "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
  );
export const valueNested = () =>
  invalid('Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
export const valueTooLong = (tier: "Standard" | "Advanced") =>
  tier === "Standard"
    ? invalid(
        `Standard tier parameters support a maximum parameter value of ${STANDARD_CHARACTERS_MAX} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
      )
    : invalid(`Advanced tier parameters support a maximum parameter value of ${ADVANCED_CHARACTERS_MAX} characters.`);
export const tierLowered = () =>
  invalid(
    "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
  );
export const tooManyParameters = () =>
  error("ParameterLimitExceeded", "You have exceeded the number of parameters for this AWS account.");
export const dataTypeUnknown = (type: string) =>
  invalid(`The following data type is not supported: ${type} (Data type names are all lowercase.)`);
export const patternInvalid = () =>
  error("InvalidAllowedPatternException", "The request doesn't meet the regular expression requirement.");
export const patternUnmatched = (pattern: string) =>
  error("ParameterPatternMismatchException", `Parameter value, cannot be validated against allowedPattern: ${pattern}`);
export const oldestLabelled = (name: string, version: number) =>
  error(
    "ParameterMaxVersionLimitExceeded",
    `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
  );
export const tooManyLabels = () =>
  error(
    "ParameterVersionLabelLimitExceeded",
    `An error occurred (ParameterVersionLabelLimitExceeded) when calling the LabelParameterVersion operation: A parameter version can have maximum ${LABELS_PER_VERSION_MAX} labels.Move one or more labels to another version and try again.`,
  );

export const policiesInvalid = (why: string) => error("InvalidPolicyAttributeException", why);
export const policyTypeInvalid = () =>
  error(
    "InvalidPolicyTypeException",
    "The policy type isn't supported. Parameter Store supports the following policy types: Expiration, ExpirationNotification, and NoChangeNotification.",
  );
export const policiesTooMany = () =>
  error(
    "PoliciesLimitExceededException",
    `You specified more than the maximum number of allowed policies for the parameter. The maximum is ${POLICIES_MAX}.`,
  );
export const policiesIncompatible = () =>
  error(
    "IncompatiblePolicyException",
    "There is a conflict in the policies specified for this parameter. You can't, for example, specify two Expiration policies for a parameter.",
  );
export const policiesNeedAdvanced = () =>
  invalid("Parameter policies can be assigned to parameters of the advanced-parameter tier only.");

export const keyInvalid = (message: string) => error("InvalidKeyId", message);
export const kmsDenied = (message: string) => unmodelled("AccessDeniedException", message);

export const filterKeyInvalid = (key: string, valid: string) =>
  error("InvalidFilterKey", `The following filter key is not valid: ${key}. Valid filter keys include: [${valid}].`);
export const filterOptionInvalid = (option: string, valid: string) =>
  error(
    "InvalidFilterOption",
    `The following filter option is not valid: ${option}. Valid options include: [${valid}].`,
  );
export const filterValueInvalid = (value: string, valid: string) =>
  error("InvalidFilterValue", `The following filter value is not valid: ${value}. Valid values include: [${valid}].`);
export const filterValuesMissing = (key: string) =>
  error("InvalidFilterValue", `The following filter values are missing : null for filter key ${key}`);
export const filterTwice = (key: string) =>
  error(
    "InvalidFilterKey",
    `The following filter is duplicated in the request: ${key}. A request can contain only one occurrence of a specific filter.`,
  );
export const filterPathReserved = () =>
  invalid('Filters for common parameters can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
export const pathInvalid = () =>
  invalid(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );
export const twoKindsOfFilters = () => invalid("You can use either Filters or ParameterFilters in a single request.");
export const tokenInvalid = () => error("InvalidNextToken", "The specified token isn't valid.");

export const resourceUnknown = () =>
  error("InvalidResourceId", "The resource ID isn't valid. Verify that you entered the correct ID and try again.");
export const tagsTooMany = () =>
  error(
    "TooManyTagsError",
    "The Targets parameter includes too many tags. Remove one or more tags and try the command again.",
  );
export const tagReserved = () => invalid("aws: prefixed tag key names are not allowed for external use.");

export const settingUnknown = (id: string) =>
  error("ServiceSettingNotFound", `The specified service setting wasn't found: ${id}.`);
export const settingValueInvalid = (value: string) =>
  invalid(`The value ${value} is not valid for the service setting.`);

export const policyResourceUnknown = () =>
  error("ResourceNotFoundException", "The specified parameter to be shared could not be found.");
export const policyResourceStandard = () =>
  error("ResourcePolicyInvalidParameterException", "Only parameters of the advanced-parameter tier can be shared.");
export const policyMalformed = () =>
  error(
    "MalformedResourcePolicyDocumentException",
    "The specified policy document is malformed or invalid, or excessive PutResourcePolicy or DeleteResourcePolicy calls have been made.",
  );
export const policyThere = () =>
  error(
    "ResourcePolicyLimitExceededException",
    "The PutResourcePolicy API action enforces two limits. A policy can't be greater than 1024 bytes in size. And only one policy can be attached to a resource.",
  );
export const policyHashWrong = () =>
  error(
    "ResourcePolicyConflictException",
    "The hash provided in the call doesn't match the stored hash. This exception is thrown when trying to update an obsolete policy version or when multiple requests to update a policy are sent.",
  );
export const policyNotFound = () =>
  error("ResourcePolicyNotFoundException", "No policies with the specified policy ID and hash could be found.");

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { ValidationException: 400, AccessDeniedException: 400, NotImplemented: 501 } as const;
