/**
 * The errors of AWS Config, each once.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/, and answers that clients met:
 * https://github.com/getmoto/moto/tree/master/tests/test_config
 */
import { error, unmodelled } from "./kit.ts";

const invalidParameter = (message: string) => error("InvalidParameterValueException", message);
const validation = (message: string) => error("ValidationException", message);
export const notImplemented = (what: string) => unmodelled("NotImplemented", `${what} is not implemented`);

export const recorderNameInvalid = (name: string) =>
  error(
    "InvalidConfigurationRecorderNameException",
    `The configuration recorder name '${name}' is not valid, blank string.`,
  );
export const groupInvalid = () => error("InvalidRecordingGroupException", "The recording group provided is not valid");
export const roleInvalid = () => error("InvalidRoleException", "You have provided a null or empty role ARN.");
export const tooManyRecorders = (name: string) =>
  error(
    "MaxNumberOfConfigurationRecordersExceededException",
    `Failed to put configuration recorder '${name}' because the maximum number of configuration recorders: 1 is reached.`,
  );
export const recorderNotFound = (name: string) =>
  error(
    "NoSuchConfigurationRecorderException",
    `Cannot find configuration recorder with the specified name '${name}'.`,
  );
export const recorderMissing = (what: string) =>
  error("NoAvailableConfigurationRecorderException", `Configuration recorder is not available to ${what}.`);
export const recorderNotRunning = (what: string) =>
  error("NoRunningConfigurationRecorderException", `There is no configuration recorder running to ${what}.`);
export const channelMissing = () =>
  error("NoAvailableDeliveryChannelException", "Delivery channel is not available to start configuration recorder.");

export const channelNameInvalid = (name: string) =>
  error("InvalidDeliveryChannelNameException", `The delivery channel name '${name}' is not valid, blank string.`);
export const bucketUnnamed = () => error("NoSuchBucketException", "Cannot find a S3 bucket with an empty bucket name.");
export const bucketNotFound = (name: string) => error("NoSuchBucketException", `Cannot find S3 bucket: ${name}`);
export const prefixInvalid = () =>
  error("InvalidS3KeyPrefixException", "The s3 key prefix '' is not valid, empty s3 key prefix.");
export const topicInvalid = (arn: string) =>
  error("InvalidSNSTopicARNException", `The sns topic arn '${arn}' is not valid.`);
export const keyInvalid = (arn: string) =>
  error("InvalidS3KmsKeyArnException", `The arn '${arn}' is not a valid kms key or alias arn.`);
interface Destination {
  readonly bucket: string;
  readonly prefix?: string | undefined;
  readonly kmsKeyArn?: string;
}

export const deliveryRefused = ({ bucket, prefix = "null", kmsKeyArn = "null" }: Destination) =>
  error(
    "InsufficientDeliveryPolicyException",
    `Insufficient delivery policy to s3 bucket: ${bucket}, unable to write to bucket, provided s3 key prefix is '${prefix}', provided kms key is '${kmsKeyArn}'.`,
  );
export const tooManyChannels = (name: string) =>
  error(
    "MaxNumberOfDeliveryChannelsExceededException",
    `Failed to put delivery channel '${name}' because the maximum number of delivery channels: 1 is reached.`,
  );
export const channelNotFound = (name: string) =>
  error("NoSuchDeliveryChannelException", `Cannot find delivery channel with specified name '${name}'.`);
export const lastChannel = (name: string) =>
  error(
    "LastDeliveryChannelDeleteFailedException",
    `Failed to delete last specified delivery channel with name '${name}', because there, because there is a running configuration recorder.`,
  );

export const resourceUndiscovered = (type: string, id: string) =>
  error(
    "ResourceNotDiscoveredException",
    `Resource ${id} of resourceType:${type} is unknown or has not been discovered`,
  );
export const timeRangeInvalid = () => error("InvalidTimeRangeException", "The earlierTime is after the laterTime.");
export const tokenInvalid = () => error("InvalidNextTokenException", "The nextToken provided is invalid");
/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ListConfigurationRecorders.html (Errors) */
export const recordersTokenInvalid = () => validation("The nextToken provided is invalid");
export const expressionInvalid = (why: string) => error("InvalidExpressionException", why);

export const ruleNotFound = (name: string) =>
  error(
    "NoSuchConfigRuleException",
    `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name`,
  );
/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ListDiscoveredResources.html (the rule; the words are those of moto) */
export const idsAndName = () => validation("Both Resource ID and Resource Name cannot be specified in the request");
export const ruleUnnamed = () =>
  invalidParameter("One or more identifiers needs to be provided. Provide Name or Id or Arn");
export const ruleIdsOfNew = () =>
  invalidParameter("ConfigRule Arn and Id can not be specified when creating a new ConfigRule.");
export const parametersInvalid = (text: string) =>
  invalidParameter(`Invalid json ${text} passed in the InputParameters field`);
export const parameterNoNumber = (name: string) => invalidParameter(`the parameter ${name} is no whole number`);
export const stateInvalid = (state: string) =>
  invalidParameter(`The ConfigRuleState ${state} is invalid.  Only the following values are permitted: ACTIVE`);
export const createdByGiven = () =>
  invalidParameter(
    "AWS Config populates the CreatedBy field for ServiceLinkedConfigRule. Try again without populating the CreatedBy field",
  );
export const parametersUnknown = (text: string) =>
  invalidParameter(`Unknown parameters provided in the inputParameters: ${text}`);
export const parametersMissing = (names: readonly string[]) =>
  invalidParameter(`The required parameter [${names.join(", ")}] is not present in the inputParameters`);
export const managedRuleUnknown = (id: string) =>
  invalidParameter(
    `The sourceIdentifier ${id} is invalid. Please refer to the documentation for a list of valid sourceIdentifiers that can be used when AWS is the Owner`,
  );
export const managedRuleUnbuilt = (id: string) =>
  unmodelled("NotImplemented", `the managed rule ${id} is not implemented`);
export const scopeTagKeyMissing = () =>
  invalidParameter("Tag key should not be empty when tag value is provided in scope");
export const scopeTypeMissing = () =>
  invalidParameter("A single resourceType should be provided when resourceId is provided in scope");
export const scopeTwice = () => invalidParameter("Scope cannot be applied to both resource and tag");
export const sourceDetailsGiven = () =>
  invalidParameter(
    "SourceDetails should be null/empty if the Owner is AWS. If the Owner is CUSTOM_LAMBDA, SourceDetails should be provided",
  );
export const sourceDetailsMissing = () =>
  invalidParameter(
    "SourceDetails should not be null or empty if the owner is CUSTOM_LAMBDA. If the Owner is AWS, SourceDetails should be null/empty",
  );
export const functionArnInvalid = (arn: string) =>
  invalidParameter(`The sourceIdentifier ${arn} is invalid: it must be the ARN of an AWS Lambda function.`);
export const functionRefused = (arn: string) =>
  error(
    "InsufficientPermissionsException",
    `The AWS Lambda function ${arn} cannot be invoked. Check the specified function ARN, and check the function's permissions.`,
  );
export const tooManyRules = (max: number) =>
  error(
    "MaxNumberOfConfigRulesExceededException",
    `Failed to put config rule because the maximum number of config rules: ${max} is reached.`,
  );
export const resultTokenInvalid = () => error("InvalidResultTokenException", "The Result Token provided is invalid");
export const ruleInUse = () =>
  error("ResourceInUseException", "There is a remediation action associated with the rule.");

export const evaluationsMissing = () =>
  invalidParameter("The Evaluations object in your request cannot be null. Add the required parameters and try again.");
export const aggregatorsNotFound = () =>
  error(
    "NoSuchConfigurationAggregatorException",
    "At least one of the configuration aggregators does not exist. Check the configuration aggregator names and try again.",
  );
export const aggregatorNotFound = () =>
  error(
    "NoSuchConfigurationAggregatorException",
    "The configuration aggregator does not exist. Check the configuration aggregator name and try again.",
  );
export const aggregatorSourcesMissing = () =>
  invalidParameter(
    "The configuration aggregator cannot be created because your request is missing either the AccountAggregationSource or the OrganizationAggregationSource. Include the appropriate aggregation source and try again.",
  );
export const aggregatorSourcesTwice = () =>
  invalidParameter(
    "The configuration aggregator cannot be created because your request contains both the AccountAggregationSource and the OrganizationAggregationSource. Include only one aggregation source and try again.",
  );
export const aggregatorRegionsTwice = () =>
  invalidParameter("You must choose one of these options: AllAwsRegions or AwsRegions. Your request has both.");
export const aggregatorRegionsMissing = () =>
  invalidParameter("Your request does not specify any regions. Select AWS Config-supported regions and try again.");
export const tooManyAggregators = (max: number) =>
  error("LimitExceededException", `You have reached the limit of ${max} configuration aggregators.`);
export const tagsTwice = () =>
  unmodelled("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
export const tagKeyInvalid = (key: string) =>
  validation(
    `1 validation error detected: Value '${key}' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\\\p{L}\\\\p{Z}\\\\p{N}_.:/=+\\\\-@]+`,
  );
export const tagReserved = () =>
  validation("Your request contains a tag key that begins with aws:, which is reserved.");
export const tagsTooMany = () =>
  error(
    "TooManyTagsException",
    "You have reached the limit of the number of tags you can use. For more information, see Service Limits.",
  );
export const taggedNotFound = (arn: string) =>
  error("ResourceNotFoundException", `ResourceArn '${arn}' does not exist`);

export const retentionNotFound = (name: string) =>
  error(
    "NoSuchRetentionConfigurationException",
    `Cannot find retention configuration with the specified name '${name}'.`,
  );
export const queryNotFound = () => error("ResourceNotFoundException", "The stored query was not found.");
export const remediationNotFound = () =>
  error("NoSuchRemediationConfigurationException", "No RemediationConfiguration for rule exists");

/** Source: https://github.com/gruntwork-io/cloud-nuke/issues/411 (the words) */
export const ruleOwned = () =>
  unmodelled(
    "AccessDeniedException",
    "An AWS service owns ServiceLinkedConfigRule. You do not have permissions to take action on this rule.",
  );
export const linkedRoleDenied = (why: string) =>
  error("InsufficientPermissionsException", `The service-linked role cannot be created: ${why}`);

/** Source: https://github.com/awslabs/aws-config-rules/issues/430 (the words) */
export const templateInvalid = (flaw: string) =>
  error(
    "ConformancePackTemplateValidationException",
    `Invalid conformance pack template provided. Errors found: [${flaw}]. Fix your template and try again.`,
  );
/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html */
export const templateMissing = () =>
  invalidParameter("You must specify TemplateS3Uri, TemplateBody or TemplateSSMDocumentDetails.");
export const templateTwice = () =>
  invalidParameter(
    "You must specify only one of the follow parameters: TemplateS3Uri, TemplateBody or TemplateSSMDocumentDetails.",
  );
export const templateTooLarge = () => templateInvalid("Template is larger than 300 KB");
export const templateUnreadable = (uri: string) =>
  error("InsufficientPermissionsException", `You do not have permission to read the template at ${uri}.`);
export const packNotFound = () =>
  error("NoSuchConformancePackException", "You specified one or more conformance packs that do not exist.");
export const packInUse = () =>
  error("ResourceInUseException", "A conformance pack creation, update, or deletion is in progress.");
export const tooManyPacks = () =>
  error(
    "MaxNumberOfConformancePacksExceededException",
    "You have reached the limit of the number of conformance packs you can create in an account.",
  );
export const ruleNotInPack = (name: string) =>
  error(
    "NoSuchConfigRuleInConformancePackException",
    `Config rule that you passed in the filter does not exist: ${name}`,
  );

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html (Errors) */
export const organizationDenied = () =>
  error(
    "OrganizationAccessDeniedException",
    "This action can only be made by the organization's management account or a delegated administrator of AWS Config.",
  );
export const organizationMissing = () =>
  error("NoAvailableOrganizationException", "Organization is no longer available.");
export const featuresMissing = () =>
  error(
    "OrganizationAllFeaturesNotEnabledException",
    "AWS Config resource cannot be created because your organization does not have all features enabled.",
  );
export const organizationRuleKind = () =>
  invalidParameter(
    "Specify one of OrganizationManagedRuleMetadata, OrganizationCustomRuleMetadata and OrganizationCustomPolicyRuleMetadata.",
  );
export const organizationRuleNotFound = () =>
  error(
    "NoSuchOrganizationConfigRuleException",
    "One or more organization config rules with specified names are not present. Ensure your names are correct and try your request again later.",
  );
export const organizationRuleInUse = () =>
  error("ResourceInUseException", "Organization config rule creation, update or deletion is in progress.");
export const tooManyOrganizationRules = () =>
  error(
    "MaxNumberOfOrganizationConfigRulesExceededException",
    "You have reached the limit of the number of organization config rules you can create.",
  );
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_config/test_config.py (the words) */
export const organizationPackNotFound = () =>
  error(
    "NoSuchOrganizationConformancePackException",
    "One or more organization conformance packs with specified names are not present. Ensure your names are correct and try your request again later.",
  );
/** Source: the same (test_delete_organization_conformance_pack_errors) */
export const noOrganizationPackToDelete = (name: string) =>
  error(
    "NoSuchOrganizationConformancePackException",
    `Could not find an OrganizationConformancePack for given request with resourceName ${name}`,
  );
export const organizationPackInUse = () =>
  error("ResourceInUseException", "Organization conformance pack creation, update or deletion is in progress.");
export const tooManyOrganizationPacks = () =>
  error(
    "MaxNumberOfOrganizationConformancePacksExceededException",
    "You have reached the limit of the number of organization conformance packs you can create in an account.",
  );
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_config/test_config.py (the words) */
export const organizationTemplateMissing = () => validation("Template body is invalid");
export const organizationTemplateInvalid = (why: string) =>
  error("OrganizationConformancePackTemplateValidationException", why);
export const bucketNameInvalid = (bucket: string) =>
  validation(`The name of the delivery bucket ${bucket} has to begin with awsconfigconforms.`);

export const exceptionRuleMissing = (rule: string) =>
  invalidParameter(`The ConfigRule '${rule}' provided in the request is invalid. Please check the configRule name`);
export const exceptionExpired = () => invalidParameter("The ExpirationTime has to be in the future.");
export const exceptionKeyInvalid = () =>
  invalidParameter("ResourceType and ResourceId have to be given for each resource.");
export const exceptionNotFound = () =>
  error("NoSuchRemediationExceptionException", "You tried to delete a remediation exception that does not exist.");

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { AccessDeniedException: 400, InvalidInput: 400, NotImplemented: 501 } as const;
