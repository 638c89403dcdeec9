/** The errors of RAM, each once, in AWS's words where they are known. */
import { error, unmodelled } from "./kit.ts";

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { NotImplemented: 501 } as const;

const invalidParameter = (message: string) => error("InvalidParameterException", message);
const malformedArn = (message: string) => error("MalformedArnException", message);
const unknownResource = (message: string) => error("UnknownResourceException", message);
const notPermitted = (message: string) => error("OperationNotPermittedException", message);

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/40360 */
export const malformedShareArn = () =>
  malformedArn("The specified resource share ARN is not valid. Verify the ARN and try again.");
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py (errors as a client met them) */
export const malformedResourceArn = (arn: string) =>
  malformedArn(`The specified resource ARN ${arn} is not valid. Verify the ARN and try again.`);
/** Source: same */
export const notShareable = () => malformedArn("You cannot share the selected resource type.");
export const malformedPermissionArn = (arn: string) =>
  malformedArn(`The specified permission ARN ${arn} is not valid. Verify the ARN and try again.`);
export const malformedInvitationArn = (arn: string) =>
  malformedArn(`The specified resource share invitation ARN ${arn} is not valid. Verify the ARN and try again.`);

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/18289 */
export const unknownShare = (arn: string) => unknownResource(`ResourceShare ${arn} could not be found.`);
export const unknownSharedResource = (arn: string) => unknownResource(`Resource ${arn} could not be found.`);
export const unknownPermission = (arn: string) => unknownResource(`Permission ${arn} could not be found.`);
export const unknownPermissionVersion = (arn: string, version: number) =>
  unknownResource(`Version ${version} of permission ${arn} could not be found.`);
export const notAssociated = (entity: string, share: string) =>
  unknownResource(`${entity} is not associated with ResourceShare ${share}.`);
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/7769 */
export const unknownOrganization = (id: string) => unknownResource(`Organization ${id} could not be found.`);
/** Source: https://docs.aws.amazon.com/ram/latest/userguide/tshoot-unknown-resource.html */
export const unknownUnit = (id: string) => unknownResource(`OrganizationalUnit ${id} could not be found.`);
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py */
export const unitOfUnknownOrganization = (id: string) =>
  unknownResource(`OrganizationalUnit ${id} in unknown organization could not be found.`);

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/7769 */
export const malformedPrincipal = (id: string) =>
  invalidParameter(`Principal ID ${id} is malformed. Verify the ID and try again.`);
export const malformedSource = (id: string) =>
  invalidParameter(`Source ${id} is malformed. Verify the source and try again.`);
/** Source: https://docs.aws.amazon.com/ram/latest/userguide/tshoot-sharing-outside-org.html */
export const notInOrganization = (account: string) =>
  invalidParameter(
    `Principal ${account} is not in your AWS organization. ` +
      "You do not have permission to add external AWS accounts to a resource share.",
  );
const ONLY_INSIDE =
  "The resource you are attempting to share can only be shared within your AWS Organization. " +
  "This error may also occur if you have not enabled sharing with your AWS organization, " +
  "or that onboarding process is still in progress.";
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/12169 */
export const onlyInsideOrganization = () => invalidParameter(ONLY_INSIDE);
/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/7769 (of a share itself) */
export const sharingNotEnabled = () => notPermitted(ONLY_INSIDE);
export const notForIdentities = (type: string) =>
  invalidParameter(`Resources of type ${type} can't be shared with IAM roles and users.`);
export const sourcesNeeded = () =>
  invalidParameter("At least one source must remain while the resource share has service principals.");
export const nothingToAssociate = () =>
  invalidParameter("Specify at least one resource, principal or source and try again.");
export const shareLimitExceeded = (what: string, max: number) =>
  error("ResourceShareLimitExceededException", `A resource share can have at most ${max} ${what}.`);
export const invitationLimitExceeded = (max: number) =>
  error("ResourceShareLimitExceededException", `You can have at most ${max} pending invitations.`);

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py */
export const cannotEnableSharing = (code: string, message: string) =>
  notPermitted(
    "Unable to enable sharing with AWS Organizations. " +
      `Received ${code} from AWSOrganizations with the following error message: ${message}`,
  );
export const notYours = (arn: string) => notPermitted(`You don't own the resource share ${arn}.`);
/** Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-leave.html */
export const cannotLeave = () =>
  notPermitted("You can't leave a resource share that was shared with you through your organization.");
/** Source: same */
export const typeCannotBeLeft = (type: string) =>
  notPermitted(`You can't leave a resource share that has resources of type ${type}.`);
export const shareIsStandard = (arn: string) =>
  notPermitted(`The resource share ${arn} was not created from a resource-based policy.`);
export const permissionIsStandard = (arn: string) =>
  notPermitted(`The permission ${arn} was not created from a resource-based policy.`);

export const invitationNotFound = (arn: string) =>
  error("ResourceShareInvitationArnNotFoundException", `ResourceShareInvitation ${arn} could not be found.`);
export const invitationAccepted = (arn: string) =>
  error("ResourceShareInvitationAlreadyAcceptedException", `ResourceShareInvitation ${arn} was already accepted.`);
export const invitationRejected = (arn: string) =>
  error("ResourceShareInvitationAlreadyRejectedException", `ResourceShareInvitation ${arn} was already rejected.`);
export const invitationExpired = (arn: string) =>
  error("ResourceShareInvitationExpiredException", `ResourceShareInvitation ${arn} has expired.`);

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py */
export const invalidResourceType = (type: string) => invalidParameter(`Invalid resource type: ${type}`);
export const unknownResourceType = (type: string) =>
  error("InvalidResourceTypeException", `Invalid resource type: ${type}`);
/** Source: same, of GetResourceShareAssociations */
export const arnOfPrincipals = () =>
  invalidParameter("You cannot specify a resource ARN when the association type is PRINCIPAL.");
/** Source: same */
export const principalOfResources = () =>
  invalidParameter("You cannot specify a principal when the association type is RESOURCE.");
export const invalidNextToken = () =>
  error("InvalidNextTokenException", "The specified value for NextToken is not valid.");

export const permissionExists = (name: string) =>
  error("PermissionAlreadyExistsException", `A permission with the name ${name} already exists.`);
export const malformedTemplate = (why: string) => error("MalformedPolicyTemplateException", why);
export const invalidTemplate = (why: string) => error("InvalidPolicyException", why);
export const tooManyPermissions = (type: string) =>
  error("PermissionLimitExceededException", `You have too many customer managed permissions for ${type}.`);
export const tooManyVersions = () =>
  error("PermissionVersionsLimitExceededException", "A permission can have at most 5 versions.");
export const customerPermissionsUnsupported = (type: string) =>
  invalidParameter(`The resource type ${type} doesn't support customer managed permissions.`);
export const permissionInUse = (arn: string) =>
  notPermitted(`The permission ${arn} is associated with a resource share.`);
export const defaultVersionStays = () => invalidParameter("You can't delete the default version of a permission.");
export const notDefaultVersion = () =>
  invalidParameter("You can specify only the version that is the default version of the permission.");
export const awsPermissionStays = (arn: string) =>
  notPermitted(`The permission ${arn} is managed by AWS and can't be changed.`);
export const twoPermissions = (type: string) =>
  invalidParameter(`A resource share can have one permission for the resource type ${type}.`);
export const typeHasResources = (type: string) =>
  error("InvalidStateTransitionException", `The resource share has resources of type ${type}.`);
/** Differs: of most of AWS's own permissions nobody says in public what they allow. */
export const actionsUnknown = (name: string) =>
  unmodelled("NotImplemented", `kumobako does not know what the permission ${name} allows`);

export const oneTagged = () =>
  invalidParameter("Specify either a resource share ARN or a resource ARN, but not both, and try again.");
export const tooManyTags = () => error("TagLimitExceededException", "A resource can have at most 50 tags.");
export const reservedTagKey = (key: string) =>
  error("TagPolicyViolationException", `The tag key ${key} is reserved and can't be used.`);
export const tokenReused = () =>
  error("IdempotentParameterMismatchException", "The client token was used before with other parameters.");
