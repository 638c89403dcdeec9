/** The errors of Organizations, each once, in AWS's words. */
import type {
  ConstraintViolationExceptionReason,
  HandshakeConstraintViolationExceptionReason,
  InvalidInputExceptionReason,
} from "@aws-sdk/client-organizations";
import { error } from "./kit.ts";

const constraintViolation = (Reason: ConstraintViolationExceptionReason, message: string) =>
  error("ConstraintViolationException", message, { Reason });
const invalidInput = (Reason: InvalidInputExceptionReason, message: string) =>
  error("InvalidInputException", message, { Reason });
const handshakeViolation = (Reason: HandshakeConstraintViolationExceptionReason, message: string) =>
  error("HandshakeConstraintViolationException", message, { Reason });

export const notInUse = () =>
  error("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
/** Only the management account, or an account it delegated to, may. Source: https://github.com/hashicorp/terraform-provider-aws/issues/14230 */
export const accessDenied = () => error("AccessDeniedException", "You don't have permissions to access this resource.");
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html (Errors) */
export const linkedRoleDenied = () =>
  error(
    "AccessDeniedForDependencyException",
    "The operation that you attempted requires you to have the iam:CreateServiceLinkedRole for organizations.amazonaws.com permission so that AWS Organizations can create the required service-linked role. You don't have that permission.",
    { Reason: "ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE" },
  );
export const alreadyInOrganization = () =>
  error("AlreadyInOrganizationException", "The provided account is already a member of an organization.");
export const organizationNotEmpty = () =>
  error(
    "OrganizationNotEmptyException",
    "To delete an organization you must first remove all member accounts (except the master).",
  );
export const masterCannotLeave = () =>
  error("MasterCannotLeaveOrganizationException", "The master account cannot leave the organization.");

export const accountNotFound = () => error("AccountNotFoundException", "You specified an account that doesn't exist.");
export const accountAlreadyClosed = () =>
  error("AccountAlreadyClosedException", "The provided account is already closed.");
export const createStatusNotFound = () =>
  error("CreateAccountStatusNotFoundException", "You specified a create account request that doesn't exist.");
export const duplicateAccount = () =>
  error("DuplicateAccountException", "The account is already in the specified destination.");
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html (CLOSE_ACCOUNT_QUOTA_EXCEEDED) */
export const tooManyClosures = () =>
  constraintViolation("CLOSE_ACCOUNT_QUOTA_EXCEEDED", "You have exceeded close account quota for the past 30 days.");
/** AWS's own two spaces. */
export const newAccountStays = () =>
  constraintViolation("WAIT_PERIOD_ACTIVE", "This operation requires a wait period.  Try again later.");
export const invalidRoleName = () =>
  invalidInput(
    "INVALID_ROLE_NAME",
    "You provided a role name that isn't valid. A role name can't begin with the reserved prefix AWSServiceRoleFor.",
  );
export const cannotCloseManagementAccount = () =>
  constraintViolation("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You can't close the management account.");

export const rootNotFound = () => error("RootNotFoundException", "You specified a root that doesn't exist.");
export const parentNotFound = () => error("ParentNotFoundException", "You specified parent that doesn't exist.");
export const sourceParentNotFound = () =>
  error("SourceParentNotFoundException", "You specified a source parent that doesn't exist.");
export const destinationParentNotFound = () =>
  error("DestinationParentNotFoundException", "You specified a destination parent that doesn't exist.");
export const childNotFound = () => error("ChildNotFoundException", "You specified a child that doesn't exist.");
export const targetNotFound = () => error("TargetNotFoundException", "You specified a target that doesn't exist.");

export const unitNotFound = () =>
  error("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
export const duplicateUnit = () =>
  error("DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
export const unitNotEmpty = () =>
  error("OrganizationalUnitNotEmptyException", "You specified an organizational unit that is not empty.");
export const unitTooDeep = () =>
  constraintViolation("OU_DEPTH_LIMIT_EXCEEDED", "You have exceeded the maximum depth of OUs in the organization.");
export const tooManyUnits = () =>
  constraintViolation("OU_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of OUs in the organization.");

export const policyNotFound = () => error("PolicyNotFoundException", "You specified a policy that doesn't exist.");
/** Changing and deleting say it otherwise. */
export const policyNotThere = () =>
  error("PolicyNotFoundException", "We can't find a policy with the PolicyId that you specified.");
export const duplicatePolicy = () => error("DuplicatePolicyException", "A policy with the same name already exists.");
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html */
export const malformedPolicy = (message: string) => error("MalformedPolicyDocumentException", message);
export const policyInUse = () =>
  error("PolicyInUseException", "The policy is attached to one or more entities. You must detach it first.");
export const immutablePolicy = () =>
  invalidInput("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS and can't be modified.");
/** Source: https://dev.classmethod.jp/articles/tsnote-organizations-scp-limits/ */
export const policyTooLarge = () =>
  constraintViolation("POLICY_CONTENT_LIMIT_EXCEEDED", "You have exceeded the maximum policy size.");
export const tooManyPolicies = () =>
  constraintViolation("POLICY_NUMBER_LIMIT_EXCEEDED", "You have exceeded the number of policies in the organization.");
export const policyTypeNotAvailable = () =>
  error(
    "PolicyTypeNotAvailableForOrganizationException",
    "The specified policy type is not available for this organization.",
  );
export const policyTypeNotEnabled = () =>
  error("PolicyTypeNotEnabledException", "This operation can be performed only for enabled policy types.");
export const policyTypeAlreadyEnabled = () =>
  error("PolicyTypeAlreadyEnabledException", "The specified policy type is already enabled.");

export const duplicateAttachment = () =>
  error(
    "DuplicatePolicyAttachmentException",
    "A policy with the specified name and type is already attached to the specified target.",
  );
export const policyNotAttached = () =>
  error("PolicyNotAttachedException", "The specified policy is not attached to the specified target.");
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/41493 */
export const tooManyAttachments = () =>
  constraintViolation(
    "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    "You have attached the maximum number of policies to the specified target.",
  );
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/26797 */
export const lastAttachment = () =>
  constraintViolation(
    "MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
    "You cannot remove the last policy attached to the specified target. You must have at least one attached at all times.",
  );
/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html (RCPFullAWSAccess stays) */
export const notDetachable = () =>
  invalidInput("NON_DETACHABLE_POLICY", "You can't detach this policy from the specified target.");
export const effectivePolicyNotFound = () =>
  error("EffectivePolicyNotFoundException", "The effective policy doesn't exist for the specified target.");
export const targetNotSupported = () =>
  invalidInput("TARGET_NOT_SUPPORTED", "You can't perform the operation on the specified target entity.");

export const invalidNextToken = () =>
  invalidInput("INVALID_NEXT_TOKEN", "You specified an invalid value for NextToken.");

export const duplicateTagKey = () => invalidInput("DUPLICATE_TAG_KEY", "You specified duplicate tag keys.");
export const reservedTagKey = () =>
  invalidInput("INVALID_SYSTEM_TAGS_PARAMETER", "You specified a tag key that begins with the reserved prefix aws:.");
export const tooManyTags = () =>
  constraintViolation("MAX_TAG_LIMIT_EXCEEDED", "You have exceeded the number of tags allowed on this resource.");

export const unrecognizedService = () =>
  invalidInput("UNRECOGNIZED_SERVICE_PRINCIPAL", "You specified an unrecognized service principal.");
export const notAllFeatures = () =>
  constraintViolation(
    "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
    "This operation requires the organization to have all features enabled.",
  );
export const managementCannotBeDelegate = () =>
  constraintViolation(
    "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
    "You cannot register master account/yourself as delegated administrator for your organization.",
  );
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html (and the next two) */
export const delegateExists = () =>
  constraintViolation(
    "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
    "You must deregister the existing delegated administrator for the service before you register another.",
  );
export const typeNeedsAccess = () =>
  constraintViolation("SERVICE_ACCESS_NOT_ENABLED", "You must enable service access before you enable a policy type.");
export const typeStillEnabled = () =>
  constraintViolation(
    "POLICY_TYPE_ENABLED_FOR_THIS_SERVICE",
    "You must disable the policy type before you disable service access.",
  );
export const suspendedCannotBeDelegate = () =>
  constraintViolation(
    "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
    "You cannot register a suspended account as a delegated administrator.",
  );
export const delegateCannotLeave = () =>
  constraintViolation(
    "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
    "You cannot remove an account that is registered as a delegated administrator.",
  );
export const alreadyRegistered = () =>
  error(
    "AccountAlreadyRegisteredException",
    "The provided account is already a delegated administrator for your organization.",
  );
export const notRegistered = () =>
  error(
    "AccountNotRegisteredException",
    "The provided account is not a registered delegated administrator for your organization.",
  );

export const resourcePolicyNotFound = () =>
  error("ResourcePolicyNotFoundException", "The organization has no resource policy.");
export const invalidResourcePolicy = (message: string) => invalidInput("INVALID_RESOURCE_POLICY_JSON", message);

export const handshakeNotFound = () =>
  error("HandshakeNotFoundException", "You specified a handshake that doesn't exist.");
export const handshakeAlreadyIn = (state: string) =>
  error("HandshakeAlreadyInStateException", `The handshake is already in state ${state}.`);
export const invalidTransition = () =>
  error("InvalidHandshakeTransitionException", "You can't perform this action in the current state of the handshake.");
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_HandshakeFilter.html */
export const twoFilters = () =>
  invalidInput("MAX_LIMIT_EXCEEDED_FILTER", "You can specify only one filter parameter for the operation.");
export const invalidEmail = () =>
  invalidInput("INVALID_EMAIL_ADDRESS_TARGET", "You specified an invalid email address for the invited account owner.");
export const duplicateHandshake = () =>
  error("DuplicateHandshakeException", "A handshake with the same action and target already exists.");
export const alreadyMember = () =>
  handshakeViolation("ALREADY_IN_AN_ORGANIZATION", "The provided account is already a member of an organization.");
/** Source: https://github.com/awslabs/compliant-framework-for-federal-and-dod-workloads-in-aws-govcloud-us/issues/12 */
export const tooManyAccounts = () =>
  handshakeViolation("ACCOUNT_NUMBER_LIMIT_EXCEEDED", "You have exceeded the allowed number of AWS accounts.");
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_InviteAccountToOrganization.html (Errors) */
export const tooManyInvitations = () =>
  handshakeViolation(
    "HANDSHAKE_RATE_LIMIT_EXCEEDED",
    "You attempted to exceed the number of handshakes that you can send in one day.",
  );
export const alreadyAllFeatures = () =>
  handshakeViolation("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "The organization already has all features enabled.");
export const allFeaturesPending = () =>
  handshakeViolation(
    "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
    "The organization is already in the process of enabling all features.",
  );
export const invitesDisabled = () =>
  handshakeViolation(
    "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES",
    "You can't invite accounts while the organization is in the process of enabling all features.",
  );
export const invalidPartyTarget = () =>
  invalidInput("INVALID_PARTY_TYPE_TARGET", "You specified the wrong type of entity for the target.");
export const accessNotEnabled = () =>
  constraintViolation(
    "SERVICE_ACCESS_NOT_ENABLED",
    "You must enable service access before you register a delegated administrator.",
  );
export const transferNotFound = () =>
  error("ResponsibilityTransferNotFoundException", "You specified a transfer that doesn't exist.");
export const transferAlreadyIn = (status: string) =>
  error("ResponsibilityTransferAlreadyInStatusException", `The transfer is already in status ${status}.`);
export const invalidTransferTransition = () =>
  error(
    "InvalidResponsibilityTransferTransitionException",
    "You can't perform this action in the current status of the transfer.",
  );
export const startNotOfMonth = () =>
  invalidInput("START_DATE_NOT_BEGINNING_OF_MONTH", "The start date must be the beginning of a month, UTC.");
export const startTooEarly = () => invalidInput("START_DATE_TOO_EARLY", "The start date is too early.");
/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_TerminateResponsibilityTransfer.html (and the next two) */
export const endNotOfMonth = () =>
  invalidInput(
    "END_DATE_NOT_END_OF_MONTH",
    "You provided an invalid end date. The end date must be the end of the last day of the month (23.59.59.999).",
  );
export const endTooEarly = () =>
  invalidInput("END_DATE_TOO_EARLY", "You provided an invalid end date. It is too early for the transfer to end.");
export const transferActive = () =>
  constraintViolation(
    "ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS",
    "You cannot delete organization due to an ongoing responsibility transfer process.",
  );
export const sameOrganization = () =>
  handshakeViolation("SOURCE_AND_TARGET_CANNOT_MATCH", "The source and the target can't be the same organization.");
