/** The errors of Cognito identity pools, each once, in AWS's words. */
import { error } from "./kit.ts";

const notFound = (message: string) => error("ResourceNotFoundException", message);
const invalidParameter = (message: string) => error("InvalidParameterException", message);
const notAuthorized = (message: string) => error("NotAuthorizedException", message);
const conflict = (message: string) => error("ResourceConflictException", message);

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/6262 */
export const poolNotFound = (id: string) => notFound(`IdentityPool '${id}' not found.`);

/** Source: https://github.com/aws-amplify/amplify-js/issues/3369 */
export const identityNotFound = (id: string) => notFound(`Identity '${id}' not found.`);

/** (assumed) */
export const resourceNotFound = (arn: string) => notFound(`Resource '${arn}' not found.`);

/** (assumed) */
export const developerUserNotFound = (user: string) => notFound(`Developer user '${user}' not found.`);

/** Source: https://github.com/aws/aws-sdk-js-v3/issues/3113 */
export const noGuests = () => notAuthorized("Unauthenticated access is not supported for this identity pool.");

/** Source: https://github.com/aws-amplify/amplify-js/issues/54 */
export const identityForbidden = (id: string) => notAuthorized(`Access to Identity '${id}' is forbidden.`);

/** Source: https://github.com/aws-amplify/amplify-js/issues/2443 */
export const loginsDoNotMatch = () =>
  notAuthorized("Logins don't match. Please include at least one valid login for this identity or identity pool.");

/** Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/7 */
export const unsupportedProvider = () => notAuthorized("Token is not from a supported provider of this identity pool.");

/** @param why as the federation words it. Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/91 */
export const invalidLogin = (why: string) => notAuthorized(`Invalid login token. ${why.replace(/\.?$/, ".")}`);

/** (assumed) */
export const cognitoTokenAsLogin = () => invalidLogin("Can't pass in a Cognito token");

/** (assumed) */
export const noIdentityToken = () => invalidLogin("Not an identity token");

/** (assumed) */
export const notOurToken = () => invalidLogin("Not a Cognito token");

/** Source: https://github.com/aws/aws-cli/issues/7652 */
export const classicFlowDisabled = () =>
  invalidParameter("Basic (classic) flow is not enabled, please use enhanced flow.");

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/saml-identity-provider.html (only the enhanced flow; words assumed) */
export const samlNeedsEnhancedFlow = () => invalidParameter("SAML providers are supported by the enhanced flow only.");

/** Source: https://github.com/aws-amplify/amplify-js/issues/3005 */
export const badPoolConfiguration = () =>
  error(
    "InvalidIdentityPoolConfigurationException",
    "Invalid identity pool configuration. Check assigned IAM roles for this pool.",
  );

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/role-based-access-control.html (deny access; words assumed) */
export const roleDenied = () => notAuthorized("Access denied: no role of the token can be assigned.");

/** Source: same page (deny access; words assumed) */
export const customRoleDenied = () => notAuthorized("Access denied: the custom role is not among the user's roles.");

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html (linking logins; words assumed) */
export const loginTaken = (provider: string) =>
  conflict(`The identity is already linked to another user of '${provider}'.`);

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_LookupDeveloperIdentity.html (words assumed) */
export const developerMismatch = () => conflict("The developer user identifier is of another identity.");

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html (Errors) */
export const developerUserRegistered = () =>
  error(
    "DeveloperUserAlreadyRegisteredException",
    "The provided developer user identifier is already registered with Cognito under a different identity ID.",
  );

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html (20 logins; words assumed) */
export const tooManyLogins = (max: number) => invalidParameter(`An identity can have at most ${max} linked logins.`);

/** (assumed) */
export const developerLoginMissing = () =>
  invalidParameter("Please provide a login of the developer provider of this identity pool.");

/** (assumed) */
export const lookupNeedsOne = () => invalidParameter("Either IdentityId or DeveloperUserIdentifier must be provided.");

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html (words assumed) */
export const developerProviderFixed = () => invalidParameter("The developer provider name cannot be changed.");

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_RoleMapping.html (words assumed) */
export const ambiguousResolutionMissing = () =>
  invalidParameter("AmbiguousRoleResolution is required for role mappings of type Token and Rules.");

/** Source: same page (words assumed) */
export const rulesMissing = () => invalidParameter("RulesConfiguration is required for role mappings of type Rules.");

/** (assumed) */
export const unknownProvider = (name: string) => invalidParameter(`'${name}' is no provider of this identity pool.`);

/** (assumed) */
export const invalidNextToken = () => invalidParameter("Invalid NextToken.");

/** (assumed) */
export const tooManyPools = () => error("LimitExceededException", "You have exceeded the number of identity pools.");

/** (assumed) */
export const tooManyTags = () => invalidParameter("An identity pool can have at most 50 tags.");

/** (assumed) */
export const reservedTagKey = () => invalidParameter("Tag keys that begin with aws: are reserved.");

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html (ExternalServiceException; words assumed) */
export const providerUnreachable = (provider: string) =>
  error("ExternalServiceException", `The identity provider '${provider}' is not responding.`);
