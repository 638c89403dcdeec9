/** The errors of IAM, each once, in AWS's words. */
import { error, unmodelled } from "./kit.ts";

const noSuchEntity = (message: string) => error("NoSuchEntityException", message);
const alreadyExists = (message: string) => error("EntityAlreadyExistsException", message);
const deleteConflict = (message: string) => error("DeleteConflictException", message);

/** `quota` by AWS's name for it (`GroupsPerUser`), with its number. */
export const quotaExceeded = (quota: string, max: number) =>
  error("LimitExceededException", `Cannot exceed quota for ${quota}: ${max}`);
const limitExceeded = (message: string) => error("LimitExceededException", message);
export const invalidInput = (message: string) => error("InvalidInputException", message);
/** Where facts below name no source, AWS was seen to say so. Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/iam (recorded answers) */
const validationError = (message: string) => unmodelled("ValidationError", message);
export const malformedPolicy = (message: string) => error("MalformedPolicyDocumentException", message);

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { AccessDenied: 403, ValidationError: 400 } as const;

export const invalidMarker = () => validationError("Invalid Marker.");

export const userNotFound = (name: string) => noSuchEntity(`The user with name ${name} cannot be found.`);
export const userExists = (name: string) => alreadyExists(`User with name ${name} already exists.`);
export const groupNotFound = (name: string) => noSuchEntity(`The group with name ${name} cannot be found.`);
export const groupExists = (name: string) => alreadyExists(`Group with name ${name} already exists.`);
export const roleNotFound = (name: string) => noSuchEntity(`The role with name ${name} cannot be found.`);
export const roleExists = (name: string) => alreadyExists(`Role with name ${name} already exists.`);

export const inlinePolicyNotFound = (kind: string, name: string) =>
  noSuchEntity(`The ${kind} policy with name ${name} cannot be found.`);
export const inlinePolicyTooLong = ({ kind, name }: { readonly kind: string; readonly name: string }, max: number) =>
  limitExceeded(`Maximum policy size of ${max} bytes exceeded for ${kind} ${name}`);
export const policyNotAttached = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`);
export const policyNotAttachable = (arn: string) => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
/** A permissions boundary that is no managed policy. */
export const boundaryNotAttachable = (arn: string) =>
  noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
export const boundaryNotFound = ({ kind, name }: { readonly kind: string; readonly name: string }) =>
  noSuchEntity(`The permissions boundary of the ${kind} with name ${name} cannot be found.`);

export const attachedPoliciesRemain = () => deleteConflict("Cannot delete entity, must detach all policies first.");
export const inlinePoliciesRemain = () => deleteConflict("Cannot delete entity, must delete policies first.");
export const membersRemain = () => deleteConflict("Cannot delete entity, must remove users from group first.");

export const duplicateTagKeys = () => invalidInput("Duplicate tag keys found.");
export const duplicateTagKeysInAnyCase = () =>
  invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
export const reservedTagKey = () => invalidInput("aws: prefixed tag key names are not allowed for external use.");
export const tooManyTags = () => limitExceeded("The number of tags has reached the maximum limit.");

/** The ARN of something else than is asked for. */
export const invalidArn = (arn: string) => invalidInput(`ARN ${arn} is not valid.`);
export const notArn = (text: string) => validationError(`ARN ${text} is not valid.`);
export const policyNotFound = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`);
export const policyVersionNotFound = (arn: string, version: string) =>
  noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`);
export const policyExists = (name: string) =>
  alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
export const policyInUse = () => deleteConflict("Cannot delete a policy attached to entities.");
export const policyHasVersions = () =>
  deleteConflict(
    "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
  );
export const defaultVersionStays = () => deleteConflict("Cannot delete the default version of a policy.");
export const tooManyVersions = (max: number) =>
  limitExceeded(
    `A managed policy can have up to ${max} versions. Before you create a new version, you must delete an existing version.`,
  );
export const serviceRolePolicy = () =>
  error("PolicyNotAttachableException", "Cannot attach a Service Role Policy to a Customer Role.");

/** The caller is a role or the like, and named no user. */
export const userNameMissing = () => validationError("Must specify userName when calling with non-User credentials");

export const accessKeyNotFound = (id: string) => noSuchEntity(`The Access Key with id ${id} cannot be found.`);
/** What is said of the use of a key that nobody has. */
export const accessKeyUseUnknown = (caller: string, id: string) =>
  unmodelled(
    "AccessDenied",
    `User: ${caller} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${id}`,
  );
export const accessKeysRemain = () => deleteConflict("Cannot delete entity, must delete access keys first.");
/** Only AWS sets that status. */
export const expiredStatus = () => invalidInput("The status Expired cannot be set.");
export type PolicyChange = "update policies" | "delete policies" | "delete policy versions for policies";

/** Of what is done to one of AWS's policies. Source: https://github.com/localstack/localstack/blob/b04c14cef/tests/aws/services/iam/test_iam_managed_policies.snapshot.json */
export const awsPolicyUnchangeable = (doing: PolicyChange) =>
  unmodelled("AccessDenied", `Cannot ${doing} outside your own account.`);

export const invalidPrincipal = (principal: string) =>
  malformedPolicy(`Invalid principal in policy: "AWS":"${principal}"`);
export const protectedRole = (name: string) =>
  error(
    "UnmodifiableEntityException",
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );
export const profilesRemain = () =>
  deleteConflict("Cannot delete entity, must remove roles from instance profile first.");

export const passwordPolicyNotFound = (account: string) =>
  noSuchEntity(`The Password Policy with domain name ${account} cannot be found.`);
/** Deleting says it otherwise. */
export const passwordPolicyAbsent = () => noSuchEntity("The account policy with name PasswordPolicy cannot be found.");
export const passwordViolation = (message: string) => error("PasswordPolicyViolationException", message);
export const passwordUsedBefore = () => passwordViolation("Password does not conform to the account password policy.");
export const passwordMissing = () =>
  validationError(
    "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must not be null",
  );
export const wrongOldPassword = () => unmodelled("AccessDenied", "The old password was incorrect.");
export const rootCannotChangePassword = () =>
  error("InvalidUserTypeException", "The password of the root user cannot be changed by this operation.");
export const loginProfileNotFound = (name: string) => noSuchEntity(`Login Profile for User ${name} cannot be found.`);
export const loginProfileExists = (name: string) => alreadyExists(`Login Profile for user ${name} already exists.`);
export const loginProfileRemains = () => deleteConflict("Cannot delete entity, must delete login profile first.");

export const mfaDeviceNotFound = (serialNumber: string) =>
  noSuchEntity(`MFA Device with serial number ${serialNumber} does not exist.`);
export const mfaDeviceOfAnother = () => noSuchEntity("MFA Device invalid for user.");
export const mfaDeviceExists = () => alreadyExists("MFA device already exists.");
export const mfaDeviceAssigned = () => alreadyExists("MFA Device is already in use.");
export const mfaDeviceInUse = () => deleteConflict("MFA VirtualDevice in use. Must deactivate first.");
export const mfaDevicesRemain = () => deleteConflict("Cannot delete entity, must delete MFA device first.");
export const invalidAuthenticationCode = () =>
  error("InvalidAuthenticationCodeException", "Authentication code for device is not valid.");

export const profileNotFound = (name: string) => noSuchEntity(`Instance Profile ${name} cannot be found.`);
export const profileExists = (name: string) => alreadyExists(`Instance Profile ${name} already exists.`);
export const profileFull = () => quotaExceeded("InstanceSessionsPerInstanceProfile", 1);
export const roleNotInProfile = (role: string, profile: string) =>
  noSuchEntity(`Role ${role} in Instance Profile ${profile} cannot be found.`);

export const oidcProviderNotFound = (arn: string) => noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
export const oidcProviderExists = (url: string) => alreadyExists(`Provider with url ${url} already exists.`);
/** Deleting says it otherwise. */
export const oidcProviderAbsent = (arn: string) => noSuchEntity(`OpenId connect Provider ${arn} cannot be found.`);
export const invalidProviderUrl = () => validationError("Invalid Open ID Connect Provider URL");
export const tooManyThumbprints = () => invalidInput("Thumbprint list must contain fewer than 5 entries.");

export const sshKeyNotFound = (id: string) => noSuchEntity(`The Public Key with id ${id} cannot be found.`);
export const duplicateSshKey = () =>
  error("DuplicateSSHPublicKeyException", "The SSH public key is already associated with the specified IAM user.");
export const invalidPublicKey = () =>
  error("InvalidPublicKeyException", "The public key is malformed or otherwise invalid.");
export const unrecognizedKeyEncoding = () =>
  error("UnrecognizedPublicKeyEncodingException", "Invalid public key uploaded.");
/** SSH keys and service-specific credentials. */
export const referencesRemain = () => deleteConflict("Cannot delete entity, must remove referenced objects first.");

export const certificateNotFound = (id: string) => noSuchEntity(`The Certificate with id ${id} cannot be found.`);
export const certificatesRemain = () => deleteConflict("Cannot delete entity, must delete signing certificates first.");
export const malformedSigningCertificate = (body: string) =>
  error("MalformedCertificateException", `Certificate ${body} is malformed.`);
export const malformedCertificate = () =>
  error(
    "MalformedCertificateException",
    "Unable to parse certificate. Please ensure the certificate is in PEM format.",
  );
export const duplicateCertificate = () =>
  error("DuplicateCertificateException", "The same certificate is associated with an IAM user in the account.");

export const serviceCredentialNotFound = (id: string) => noSuchEntity(`No such credential ${id} exists`);
export const serviceWithoutCredentials = (service: string) =>
  noSuchEntity(`No such service ${service} is supported for Service Specific Credentials`);
export const ageOfPassword = () =>
  invalidInput("CredentialAgeDays is only supported for Amazon Bedrock and Amazon CloudWatch Logs.");

export const accountAliasExists = (alias: string) => alreadyExists(`The account alias ${alias} already exists.`);
export const accountAliasNotFound = (alias: string) =>
  noSuchEntity(`The account alias with name ${alias} cannot be found.`);

export const reportNotPresent = () =>
  error("CredentialReportNotPresentException", "No credential report is present. Generate one first.");
export const reportExpired = () =>
  error("CredentialReportExpiredException", "The most recent credential report has expired.");

export const outboundFederationEnabled = () =>
  error("FeatureEnabledException", "Outbound web identity federation is already enabled for this account.");
export const outboundFederationDisabled = () =>
  error("FeatureDisabledException", "Outbound web identity federation is not enabled for this account.");

export const organizationNotFound = () =>
  error("OrganizationNotFoundException", "No organization is associated with your account.");

export const notManagementOrDelegate = () =>
  error(
    "AccountNotManagementOrDelegatedAdministratorException",
    "The account is neither the management account nor a delegated administrator for IAM.",
  );
export const notAllFeatures = () =>
  error("OrganizationNotInAllFeaturesModeException", "Your organization does not have all features enabled.");
export const differentOrganization = () =>
  unmodelled(
    "AccessDenied",
    "The organization ID in the specified entity path is different than your organization ID.",
  );
/** AWS's words for these two are not known. */
export const notManagement = () =>
  unmodelled("AccessDenied", "This operation is for the management account of an organization.");
export const scpsNotEnabled = () =>
  unmodelled("AccessDenied", "Service control policies are not enabled for the root of your organization.");
export const serviceAccessNotEnabled = () =>
  error("ServiceAccessNotEnabledException", "Trusted access is not enabled for IAM in your organization.");

export const linkedRoleExists = (name: string) =>
  invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);
export const suffixNotAllowed = (service: string) => invalidInput(`Custom suffix is not allowed for ${service}`);
export const unknownLinkedService = (service: string) =>
  invalidInput(`The service ${service} has no service-linked role.`);
export const notLinkedRole = (name: string) => invalidInput(`The role ${name} is not a service-linked role.`);
/** Source: https://github.com/tilfin/aws-iam-policy-tool/pull/9 (an answer of AWS) */
export const pathOfLinkedRoles = () =>
  invalidInput("Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles");
export const deletionTaskNotFound = (id: string) => noSuchEntity(`The deletion task with id ${id} cannot be found.`);

export const samlProviderNotFound = (arn: string) => noSuchEntity(`Manifest not found for arn ${arn}`);
export const samlProviderExists = (name: string) => alreadyExists(`SAMLProvider with name ${name} already exists.`);
export const malformedMetadata = () => invalidInput("Could not parse metadata");
export const malformedSamlKey = () => invalidInput("The private key could not be parsed.");
export const samlKeyNotFound = (id: string) => noSuchEntity(`The private key with id ${id} cannot be found.`);

export const serverCertificateNotFound = (name: string) =>
  noSuchEntity(`The Server Certificate with name ${name} cannot be found.`);
export const serverCertificateExists = (name: string) =>
  alreadyExists(`The Server Certificate with name ${name} already exists.`);
export const malformedKey = () =>
  error("MalformedCertificateException", "Unable to parse private key. Please ensure the key is in PEM format.");
export const malformedChain = (index: number) =>
  error(
    "MalformedCertificateException",
    `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${index}`,
  );
export const keyMismatch = () =>
  error("KeyPairMismatchException", "The private key does not match the public key of the certificate.");

export const invalidEntityArn = (arn: string) =>
  invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
export const entityNotFound = (arn: string) => noSuchEntity(`The entity with ARN ${arn} cannot be found.`);
export const invalidAction = (name: string) => invalidInput(`Invalid action name: ${name}`);
export const callerMissing = () => invalidInput("CallerArn is required where a ResourcePolicy is given.");
export const invalidExclusion = (pattern: string) => invalidInput(`Invalid policy identifier: ${pattern}`);
export const unknownScenario = (name: string) => invalidInput(`Invalid ResourceHandlingOption: ${name}`);
export const scenarioLacks = (name: string, type: string) =>
  invalidInput(`The ResourceHandlingOption ${name} requires a resource of type ${type}.`);

export const jobNotFound = (id: string) => noSuchEntity(`The job with id ${id} cannot be found.`);
export const roleTemplateNotFound = (arn: string) => noSuchEntity(`The role template ${arn} cannot be found.`);

export const delegationRequestNotFound = (id: string) =>
  noSuchEntity(`The delegation request with id ${id} cannot be found.`);
export const notOnboarded = () =>
  unmodelled("AccessDenied", "This API is not available for general use. Partners are onboarded first.");

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutAccountProperties.html (the rules; the words are assumed) */
export const malformedProperty = (key: string) =>
  invalidInput(`Property key ${key} is not in the format Namespace/PropertyName.`);
export const propertyNamespaces = () => invalidInput("All properties must belong to the same namespace.");
export const propertyUnknown = (key: string) => invalidInput(`Property ${key} is not supported.`);
