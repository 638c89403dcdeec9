/**
 * The errors of CloudTrail, each once.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html, and answers of AWS that clients met:
 * https://github.com/getmoto/moto/blob/master/tests/test_cloudtrail/test_cloudtrail.py,
 * https://github.com/aws/aws-cli/issues/5098, https://github.com/hashicorp/terraform-provider-aws/issues/148,
 * https://github.com/hashicorp/terraform-provider-aws/issues/18038, https://github.com/aws/aws-cdk/issues/1963,
 * https://github.com/aws-samples/aws-security-reference-architecture-examples/issues/335. What AWS says where none of
 * these tells is marked as assumed.
 */
import { error } from "./kit.ts";
import {
  DATA_RESOURCES_MAX,
  DELEGATED_ADMINISTRATORS_MAX,
  EVENT_SELECTORS_MAX,
  SELECTOR_CONDITIONS_MAX,
  TRAIL_NAME_CHARACTERS_MAX,
  TRAIL_NAME_CHARACTERS_MIN,
  TRAILS_PER_REGION_MAX,
} from "./limits.ts";

const nameInvalid = (message: string) => error("InvalidTrailNameException", message);

export const nameTooShort = (length: number) =>
  nameInvalid(
    `Trail name too short. Minimum allowed length: ${TRAIL_NAME_CHARACTERS_MIN} characters. Specified name length: ${length} characters.`,
  );
export const nameTooLong = (length: number) =>
  nameInvalid(
    `Trail name too long. Maximum allowed length: ${TRAIL_NAME_CHARACTERS_MAX} characters. Specified name length: ${length} characters.`,
  );
export const nameCharacters = () =>
  nameInvalid(
    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).",
  );
export const nameStart = () => nameInvalid("Trail name must starts with a letter or number.");
export const nameEnd = () => nameInvalid("Trail name must ends with a letter or number.");
/** Assumed; that such names are refused is in the documentation of the exception. */
export const nameAdjacent = () =>
  nameInvalid("Trail name cannot have adjacent periods (.), hyphens (-), or underscores (_).");
export const nameAddress = () => nameInvalid("Trail name must not be formatted as an IP address.");
/** Assumed. */
export const arnInvalid = (arn: string) => error("CloudTrailARNInvalidException", `Invalid trail ARN: ${arn}.`);

export const trailNotFound = (name: string, account: string) =>
  error("TrailNotFoundException", `Unknown trail: ${name} for the user: ${account}`);
export const trailExists = (name: string, account: string) =>
  error("TrailAlreadyExistsException", `Trail ${name} already exists for customer: ${account}`);
export const tooManyTrails = (account: string, region: string) =>
  error(
    "MaximumNumberOfTrailsExceededException",
    `User: ${account} already has ${TRAILS_PER_REGION_MAX} trails in ${region}.`,
  );
export const notHomeRegion = (region: string) =>
  error("InvalidHomeRegionException", `The operation is only supported in the trail's home region ${region}.`);
export const globalEventsMissing = () =>
  error("InvalidParameterCombinationException", "Multi-Region trail must include global service events.");

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (Errors); in words of ours */
export const bucketNameInvalid = () =>
  error("InvalidS3BucketNameException", "The name of the S3 bucket is not valid: see Amazon S3's bucket naming rules.");
export const bucketNotFound = (bucket: string) =>
  error("S3BucketDoesNotExistException", `S3 bucket ${bucket} does not exist!`);
export const bucketPolicyInsufficient = (bucket: string) =>
  error("InsufficientS3BucketPolicyException", `Incorrect S3 bucket policy is detected for bucket: ${bucket}`);
export const prefixInvalid = () =>
  error("InvalidS3PrefixException", "The S3 prefix can contain at most 200 characters.");

export const topicInsufficient = () =>
  error("InsufficientSnsTopicPolicyException", "SNS Topic does not exist or the topic policy is incorrect!");
export const topicNameInvalid = () => error("InvalidSnsTopicNameException", "Invalid SNS topic name!");

export const keyInvalid = (key: string) => error("InvalidKmsKeyIdException", `Invalid KMS key: ${key}`);
export const keyNotFound = () => error("KmsKeyNotFoundException", "KMS key not found.");
export const keyDisabled = () =>
  error("KmsException", "The KMS key is disabled or not in a state in which it can be used.");
export const keyPolicyInsufficient = (bucket: string, key: string) =>
  error(
    "InsufficientEncryptionPolicyException",
    `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${key}.`,
  );

export const logsRoleMissing = () =>
  error("InvalidCloudWatchLogsRoleArnException", "You must specify a role ARN as well as a log group.");
export const logGroupMissing = () =>
  error("InvalidCloudWatchLogsLogGroupArnException", "You must specify a log group as well as a role ARN.");
export const logsRoleRefused = () =>
  error("InvalidCloudWatchLogsRoleArnException", "Access denied. Check the trust relationships for your role.");
export const logGroupRefused = () =>
  error("InvalidCloudWatchLogsLogGroupArnException", "Access denied. Check the permissions for your role.");
export const logGroupUnknown = () =>
  error("InvalidCloudWatchLogsLogGroupArnException", "Check the log group ARN: CloudTrail can't validate it.");

export const notManagementAccount = () =>
  error(
    "NotOrganizationMasterAccountException",
    "Only the management account of an organization, or an administrator that it delegated to, can do this.",
  );
export const notInOrganization = () =>
  error("OrganizationsNotInUseException", "The account is not a member of an organization.");
export const accessNotEnabled = () =>
  error("CloudTrailAccessNotEnabledException", "Trusted access is not enabled between CloudTrail and Organizations.");
export const featuresMissing = () =>
  error(
    "OrganizationNotInAllFeaturesModeException",
    "CloudTrail needs an organization in which all features are enabled.",
  );
export const accountNotFound = () =>
  error("AccountNotFoundException", "The account is not found, or is not a member of the organization.");
export const accountRegistered = () =>
  error("AccountRegisteredException", "The account is already registered as CloudTrail's delegated administrator.");
export const accountNotRegistered = () =>
  error("AccountNotRegisteredException", "The account is not registered as CloudTrail's delegated administrator.");
export const cannotDelegateManagement = () =>
  error("CannotDelegateManagementAccountException", "The management account cannot be a delegated administrator.");
export const tooManyAdministrators = () =>
  error(
    "DelegatedAdminAccountLimitExceededException",
    `An organization can have at most ${DELEGATED_ADMINISTRATORS_MAX} delegated administrators for CloudTrail.`,
  );
export const dependencyDenied = (message: string) =>
  error("InsufficientDependencyServiceAccessPermissionException", message);

const selectorsInvalid = (message: string) => error("InvalidEventSelectorsException", message);
export const selectorsMissing = () =>
  selectorsInvalid("Specify either event selectors or advanced event selectors, not both and not neither.");
export const tooManySelectors = () =>
  selectorsInvalid(`A trail can have at most ${EVENT_SELECTORS_MAX} event selectors.`);
export const tooManyDataResources = () =>
  selectorsInvalid(`A trail can have at most ${DATA_RESOURCES_MAX} data resources.`);
export const tooManyConditions = () =>
  selectorsInvalid(`A trail can have at most ${SELECTOR_CONDITIONS_MAX} conditions in its advanced event selectors.`);
export const dataValueInvalid = (value: string) =>
  selectorsInvalid(`Value ${value} for DataResources.Values is invalid.`);
export const dataTypeInvalid = (type: string) => selectorsInvalid(`Value ${type} for DataResources.Type is invalid.`);
export const excludedSourceInvalid = (source: string) =>
  selectorsInvalid(`Value ${source} for ExcludeManagementEventSources is invalid.`);
export const fieldInvalid = (field: string) => selectorsInvalid(`Field ${field} of the selector is invalid.`);
export const fieldMissing = (field: string) => selectorsInvalid(`The selector must have the field ${field}.`);
export const fieldRepeated = (field: string) => selectorsInvalid(`Field ${field} appears twice in the selector.`);
export const fieldEmpty = (field: string) => selectorsInvalid(`Field ${field} of the selector has no condition.`);

export const insightSelectorsInvalid = (message: string) => error("InvalidInsightSelectorsException", message);
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetInsightSelectors.html (Errors) */
export const insightsNotEnabled = (trail: string) =>
  error("InsightNotEnabledException", `Insights is not enabled on the trail ${trail}.`);

export const lookupAttributesInvalid = () =>
  error("InvalidLookupAttributesException", "Only one lookup attribute can be specified.");
export const lookupValueInvalid = (value: string) =>
  error("InvalidLookupAttributesException", `The value ${value} is not valid for its lookup attribute.`);
export const timeRangeInvalid = () =>
  error("InvalidTimeRangeException", "The start time must not be after the end time.");
export const tokenInvalid = () => error("InvalidNextTokenException", "The token is not one of this request.");
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html (Errors) */
export const keyTimesInvalid = () =>
  error("InvalidTimeRangeException", "The start time must not be after the end time of the range.");
export const listTokenInvalid = () => error("InvalidTokenException", "The token is not one of this request.");

export const tooManyTags = () =>
  error("TagsLimitExceededException", "The number of tags per trail has exceeded the permitted amount: 50.");
export const tagInvalid = (key: string) => error("InvalidTagParameterException", `The tag key ${key} is not valid.`);
export const tooManyResources = () =>
  error("InvalidTagParameterException", "The tags of at most 20 resources can be listed at a time.");
export const resourceTypeUnsupported = (arn: string) =>
  error("ResourceTypeNotSupportedException", `The resource ${arn} is of a type that is not supported here.`);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = {} as const;
