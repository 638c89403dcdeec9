/** The errors of the administration of IAM Identity Center, each once, in AWS's words. */
import { error } from "./kit.ts";
import { LIMITS_PAGE } from "./limits.ts";

const notFound = (message: string) => error("ResourceNotFoundException", message);
const conflict = (message: string) => error("ConflictException", message);
const invalid = (message: string) => error("ValidationException", message);

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ssoadmin/test_ssoadmin_policies.py (and those below that name none) */
const notFoundById = (what: string, id: string) => notFound(`Could not find ${what} with id ${id}`);
export const instanceNotFound = (id: string) => notFoundById("Instance", id);
export const permissionSetNotFound = (id: string) => notFoundById("PermissionSet", id);
export const applicationNotFound = (id: string) => notFoundById("Application", id);
export const issuerNotFound = (id: string) => notFoundById("TrustedTokenIssuer", id);
export const requestNotFound = (id: string) => notFoundById("Request", id);
export const assignmentNotFound = (id: string) => notFoundById("AccountAssignment", id);
export const applicationAssignmentNotFound = (id: string) => notFoundById("ApplicationAssignment", id);
export const attributesNotFound = (id: string) => notFoundById("InstanceAccessControlAttributeConfiguration", id);
export const regionNotFound = (name: string) => notFoundById("Region", name);
export const principalNotFound = (type: string, id: string) => notFoundById(type, id);
export const providerNotFound = (arn: string) => notFound(`Could not find ApplicationProvider with arn ${arn}`);
export const scopeNotFound = (scope: string) => notFound(`Could not find access scope ${scope}`);
export const grantNotFound = (type: string) => notFound(`Could not find grant ${type}`);
export const methodNotFound = (type: string) => notFound(`Could not find authentication method ${type}`);
export const boundaryNotFound = (id: string) => notFound(`Could not find PermissionsBoundary for PermissionSet ${id}`);
export const managedPolicyNotAttached = (arn: string) => notFound(`Could not find ManagedPolicy with arn ${arn}`);
/** Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssoadmin/account_assignment_test.go (TestAccSSOAdminAccountAssignment_MissingPolicy) */
export const policyNotSupported = (arn: string) => notFound(`Not supported policy ${arn}.`);
export const managedPolicyUnknown = (arn: string) => notFound(`Policy does not exist with ARN: ${arn}`);
export const referenceNotAttached = ({ name, path }: { readonly name: string; readonly path: string }) =>
  notFound(`Given managed policy with name: ${name}  and path ${path} does not exist on PermissionSet`);

/** AWS's own spelling. */
export const managedPolicyAttached = (id: string, arn: string) =>
  conflict(`Permission set with id ${id} already has a typed link attachment to a manged policy with ${arn}`);
export const referenceAttached = ({ name, path }: { readonly name: string; readonly path: string }) =>
  conflict(`Given customer managed policy with name: ${name}  and path ${path} already attached`);
export const instanceExists = () => conflict("An instance of IAM Identity Center already exists for this account.");
export const permissionSetExists = (name: string) => conflict(`PermissionSet with name ${name} already exists.`);
export const permissionSetInUse = () => conflict("Permission set is associated with account assignments.");
export const attributesExist = () => conflict("Instance access control attributes are already enabled.");
export const applicationAssigned = () => conflict("The principal is already assigned to the application.");
export const issuerNameTaken = (name: string) => conflict(`TrustedTokenIssuer with name ${name} already exists.`);
export const issuerUrlTaken = (url: string) => conflict(`TrustedTokenIssuer with issuer URL ${url} already exists.`);
export const requestUnderWay = () =>
  conflict("There is another operation in progress for this account and permission set.");
export const tokenReused = () => conflict("The client token was used with other parameters before.");

/** Source: the second and third are from https://github.com/hashicorp/terraform-provider-aws/issues (ssoadmin) and cartography's `identitycenter` module */
export const accessDenied = () =>
  error("AccessDeniedException", "You do not have sufficient access to perform this action.");
export const notOnThisInstance = () => invalid("The operation is not supported for this Identity Center instance");
export const notAnArn = () => invalid("The ARN is not valid.");
export const notAnAccountId = () => invalid("The account ID is not valid.");
export const invalidNextToken = () => invalid("The NextToken is not valid.");
export const invalidSessionDuration = () =>
  invalid("SessionDuration must be between 1 hour and 12 hours in ISO-8601 format.");
/** Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html */
export const malformedPolicy = (message: string) => invalid(`The policy is not valid: ${message}`);
/** Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ssoadmin/permissions_boundary_attachment_test.go */
export const boundaryAmbiguous = () =>
  invalid("Only ManagedPolicyArn or CustomerManagedPolicyReference should be given");
export const boundaryMissing = () => invalid("ManagedPolicyArn or CustomerManagedPolicyReference must be given");
export const targetMissing = () => invalid("TargetId and TargetType must be specified for AWS_ACCOUNT.");
export const targetUnexpected = () => invalid("TargetId must not be specified for ALL_PROVISIONED_ACCOUNTS.");
export const duplicateAttribute = (key: string) => invalid(`The attribute ${key} is specified more than once.`);
export const wrongInstance = () => invalid("The resource does not belong to the specified instance.");
export const applicationUrlMissing = () => invalid("ApplicationUrl is required when Origin is APPLICATION.");
export const grantMismatch = (type: string) => invalid(`The grant does not fit the grant type ${type}.`);
export const issuerConfigurationMissing = () => invalid("OidcJwtConfiguration must be specified.");
export const reservedTagKey = (key: string) => invalid(`The tag key ${key} begins with the reserved prefix aws:.`);
export const oneAtATime = () =>
  invalid("EncryptionConfiguration and PermissionSetsEnabled can't be set in the same request.");
export const permissionSetsStay = () => invalid("PermissionSetsEnabled can only be true.");
export const keyUnavailable = () => invalid("The KMS key is not available.");

const exceeded = (message: string) => error("ServiceQuotaExceededException", message);

/** `what` by AWS's name for it: `ManagedPolicy`. */
export const quotaExceeded = (what: string, max: number, id: string) =>
  exceeded(
    `You have exceeded AWS SSO limits. Cannot create ${what} more than ${max} for id ${id}. Please refer to ${LIMITS_PAGE}`,
  );
