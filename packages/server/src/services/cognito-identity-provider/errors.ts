/** The errors of Cognito user pools, each once, in AWS's words. */
import { error, unmodelled } from "./kit.ts";

/** Many a message of Cognito stands under this one name. */
export const invalidParameter = (message: string) => error("InvalidParameterException", message);
const notAuthorized = (message: string) => error("NotAuthorizedException", message);
const notFound = (message: string) => error("ResourceNotFoundException", message);
const preconditionNotMet = (message: string) => error("PreconditionNotMetException", message);

export const poolNotFound = (id: string) => notFound(`User pool ${id} does not exist.`);
export const clientNotFound = (id: string) => notFound(`User pool client ${id} does not exist.`);
export const groupNotFound = () => notFound("Group not found.");
export const secretNotFound = () => notFound("Client secret does not exist.");
export const resourceServerNotFound = (id: string) => notFound(`Resource server ${id} does not exist.`);
export const providerNotFound = (name: string) => notFound(`Identity provider ${name} does not exist.`);
export const deviceNotFound = () => notFound("Device does not exist.");
export const domainNotFound = () => notFound("No such domain or user pool exists.");
export const brandingNotFound = () => notFound("Managed login branding does not exist.");
export const termsNotFound = () => notFound("Terms do not exist.");

export const userNotFound = () => error("UserNotFoundException", "User does not exist.");
/** Who signs up or has forgotten something is told so. Source: https://github.com/aws-amplify/amplify-js/issues/10157 */
export const combinationNotFound = () => error("UserNotFoundException", "Username/client id combination not found.");
export const userNotConfirmed = () => error("UserNotConfirmedException", "User is not confirmed.");
export const userExists = () => error("UsernameExistsException", "User already exists");
/** AdminCreateUser says it otherwise. */
export const accountExists = () => error("UsernameExistsException", "User account already exists");
/** Where the name is one of the attributes that users sign in with. */
export const attributeTaken = (attribute: string) =>
  error("UsernameExistsException", `An account with the given ${attribute} already exists.`);
export const aliasExists = (attribute: string) =>
  error("AliasExistsException", `An account with the given ${attribute} already exists.`);
export const groupExists = () => error("GroupExistsException", "A group with the name already exists.");
export const providerExists = (name: string) =>
  error("DuplicateProviderException", `A provider with the name ${name} already exists in this user pool.`);

export const wrongPassword = () => notAuthorized("Incorrect username or password.");
export const tooManyPasswords = () => notAuthorized("Password attempts exceeded");
export const userDisabled = () => notAuthorized("User is disabled.");
export const temporaryPasswordExpired = () =>
  notAuthorized("Temporary password has expired and must be reset by an administrator.");
export const resetRequired = () => error("PasswordResetRequiredException", "Password reset required for the user");
export const wrongSecretHash = (clientId: string) =>
  notAuthorized(`Unable to verify secret hash for client ${clientId}`);
export const secretHashMissing = (clientId: string) =>
  notAuthorized(`Client ${clientId} is configured with secret but SECRET_HASH was not received`);
export const wrongClientSecret = () => notAuthorized("Invalid client secret");
export const signUpForbidden = () => notAuthorized("SignUp is not permitted for this user pool");
export const unauthorizedWrite = () => notAuthorized("A client attempted to write unauthorized attribute");
export const notConfirmable = (status: string) =>
  notAuthorized(`User cannot be confirmed. Current status is ${status}`);
export const notResettable = () => notAuthorized("User password cannot be reset in the current state.");

export const invalidAccessToken = () => notAuthorized("Invalid Access Token");
export const accessTokenExpired = () => notAuthorized("Access Token has expired");
export const accessTokenRevoked = () => notAuthorized("Access Token has been revoked");
export const accessTokenScope = () => notAuthorized("Access Token does not have required scopes");
export const invalidRefreshToken = () => notAuthorized("Invalid Refresh Token");
export const refreshTokenExpired = () => notAuthorized("Refresh Token has expired");
export const refreshTokenRevoked = () => notAuthorized("Refresh Token has been revoked");
export const refreshTokenReused = () => error("RefreshTokenReuseException", "Refresh token has been reused");
export const sessionExpired = () => notAuthorized("Invalid session for the user, session is expired.");
export const invalidSession = () => notAuthorized("Invalid session for the user.");
export const sessionMissing = () => invalidParameter("Missing required parameter Session");

export const wrongCode = () => error("CodeMismatchException", "Invalid verification code provided, please try again.");
export const wrongMfaCode = () => error("CodeMismatchException", "Invalid code or auth state for the user.");
export const wrongTotp = () => error("CodeMismatchException", "Invalid code received for user");
export const codeExpired = () => error("ExpiredCodeException", "Invalid code provided, please request a code again.");
export const tooManyAttempts = () =>
  error("LimitExceededException", "Attempt limit exceeded, please try after some time.");
/** Source: https://github.com/getmoto/moto/blob/master/tests/test_cognitoidp/test_cognitoidp.py (a test run against AWS) */
export const totpUsed = () => error("ExpiredCodeException", "Your software token has already been used once.");
export const softwareTokenMismatch = () => error("EnableSoftwareTokenMFAException", "Code mismatch");
export const softwareTokenNotFound = () =>
  error("SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userPool");

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html */
export const weakPassword = (why: string) =>
  error("InvalidPasswordException", `Password did not conform with policy: ${why}`);
export const passwordUsedBefore = () =>
  error(
    "PasswordHistoryPolicyViolationException",
    "Password has previously been used. Please choose a different password.",
  );

export const missingParameter = (name: string) => invalidParameter(`Missing required parameter ${name}`);
export const flowNotSupported = () => invalidParameter("Initiate Auth method not supported");
export const noRecoveryAddress = () =>
  invalidParameter("Cannot reset password for the user as there is no registered/verified email or phone_number");
export const alreadyConfirmed = () => invalidParameter("User is already confirmed.");
/** Source: https://github.com/aws-amplify/amplify-js/issues/2167 */
export const nonconforming = (why: string) => invalidParameter(`Attributes did not conform to the schema: ${why}`);
export const invalidToken = () => invalidParameter("Invalid pagination token");

export const deletionProtected = () =>
  invalidParameter(
    "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
  );
export const poolHasDomain = () =>
  invalidParameter("User pool cannot be deleted. It has a domain configured that should be deleted first.");
export const domainTaken = () => invalidParameter("Domain already associated with another user pool.");
export const invalidDomain = (name: string, pattern: string) =>
  invalidParameter(
    `1 validation error detected: Value '${name}' at 'domain' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
  );
export const domainConfigured = () => invalidParameter("User pool already has a domain configured.");

export const scopeNotFound = (scope: string) =>
  error("ScopeDoesNotExistException", `Invalid scope requested: ${scope}`);
export const invalidOAuthFlow = (message: string) => error("InvalidOAuthFlowException", message);
export const tooMany = (message: string) => error("LimitExceededException", message);

/** What Cognito says where it could not call a trigger's function. Source: https://github.com/anomalyco/sst/issues/1815 */
export const triggerFailed = (trigger: string, why: string) =>
  error("UnexpectedLambdaException", `${trigger} invocation failed due to error ${why}.`);
export const triggerTooLate = (trigger: string) =>
  triggerFailed(trigger, "Socket timeout while invoking Lambda function");
export const customAuthUnset = () =>
  invalidParameter("Custom auth lambda trigger is not configured for the user pool.");
/** The function said no, in its own words. Source: https://github.com/aws-amplify/amplify-flutter/pull/1051 */
export const triggerRefused = (trigger: string, why: string) =>
  error("UserLambdaValidationException", `${trigger} failed with error ${why}.`);
/** Source: https://github.com/amazon-archives/amazon-cognito-identity-js/issues/633 */
const OF_FUNCTIONS: readonly string[] = [
  "UserLambdaValidationException",
  "UnexpectedLambdaException",
  "InvalidLambdaResponseException",
];
export const isRefusalOfFunction = (code: string): boolean => OF_FUNCTIONS.includes(code);
export const unrecognizableAnswer = () => error("InvalidLambdaResponseException", "Unrecognizable lambda output");
export const invalidAttributes = (why: string) => invalidParameter(`Invalid user attributes: ${why}`);
export const unsupportedState = () =>
  error("UnsupportedUserStateException", "User password cannot be reset in the current state.");
export const adminMustReset = () => notAuthorized("Contact administrator to reset password.");
export const tokenNotRevocable = () =>
  error("UnsupportedOperationException", "Token revocation is not enabled for this client.");
export const brandingExists = () =>
  error("ManagedLoginBrandingExistsException", "Managed login branding already exists for this client.");
export const termsExist = () => error("TermsExistsException", "Terms of this name already exist for this client.");
/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html (words KMS's) */
export const codeUndelivered = (why: string) => error("CodeDeliveryFailureException", why);
/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-sender-triggers.html (words ours) */
export const senderKeyMissing = () => invalidParameter("KMSKeyID is required for custom senders.");
/** Goes to the app, in the words that the authorization endpoint's page has. */
export const federationFailed = (why: string) => invalidParameter(why);
/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-specifying-attribute-mapping.html (words as clients know them) */
export const attributesRequired = (names: readonly string[]) =>
  invalidParameter(`attributes required: [${names.join(", ")}]`);
export const notBuilt = (setting: string) =>
  unmodelled("NotImplemented", `Kumobako does not implement the setting ${setting} of user pools yet.`);
export const smsRoleUntrusted = () =>
  error(
    "InvalidSmsRoleTrustRelationshipException",
    "Role does not have a trust relationship allowing Cognito to assume the role",
  );
export const tokenTypeUnsupported = () =>
  error("UnsupportedTokenTypeException", "Access and identity tokens cannot be revoked.");
export const passkeysNotEnabled = () =>
  error("WebAuthnNotEnabledException", "Passkeys are not enabled for this user pool.");
export const passkeysMisconfigured = () =>
  error("WebAuthnConfigurationMissingException", "The user pool has neither a relying party id nor a domain.");
export const passkeyChallengeNotFound = () =>
  error(
    "WebAuthnChallengeNotFoundException",
    "The challenge from StartWebAuthnRegistration has expired or does not match.",
  );
export const passkeyOriginForbidden = () =>
  error("WebAuthnOriginNotAllowedException", "The origin of the passkey is not allowed.");
export const relyingPartyMismatch = () =>
  error("WebAuthnRelyingPartyMismatchException", "The passkey was made for another relying party.");
export const credentialNotSupported = () =>
  error("WebAuthnCredentialNotSupportedException", "The passkey is of a kind that is not supported.");
export const passkeyNotFound = () => notFound("The credential does not exist.");
export const wrongPasskey = () => notAuthorized("Invalid credential.");

/** Source: https://github.com/aws-amplify/amplify-js/issues/6416 */
export const importFileMissing = (id: string) => preconditionNotMet(`No csv file was uploaded for ${id}`);
export const importNotCreated = (id: string, status: string) =>
  preconditionNotMet(`The import job ${id} cannot be started in the status ${status}.`);
export const importNotActive = (id: string, status: string) =>
  preconditionNotMet(`The import job ${id} cannot be stopped in the status ${status}.`);
/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html (words ours) */
export const importUnverified = () => preconditionNotMet("The user pool has no auto verified attributes.");
/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html (words ours) */
export const otherImportActive = () => preconditionNotMet("Another import job is active.");
export const importJobNotFound = (id: string) => notFound(`The import job ${id} does not exist.`);
export const importInProgress = () =>
  error("UserImportInProgressException", "A user import job is in progress for this user pool.");

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html (words ours) */
export const hashMalformed = (algorithm: string) => invalidParameter(`The password hash is none of ${algorithm}.`);
export const hashOutOfBounds = (algorithm: string) =>
  invalidParameter(`The parameters of the password hash exceed what ${algorithm} may have.`);
export const hashUnverified = () => notAuthorized("The imported password takes too long to verify.");

/** Said where an address is blocked. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RiskExceptionConfigurationType.html (words as clients know them) */
export const requestBlocked = () => notAuthorized("Request not allowed due to security reasons.");
export const featureNotInTier = (feature: string) =>
  error("FeatureUnavailableInTierException", `${feature} is not available in the user pool's tier.`);

export const trackingDisabled = () =>
  error("OperationNotEnabledException", "User session tracking is not enabled for this user pool.");
export const sessionNotFound = () => notFound("Session does not exist.");

export const addOnNotEnabled = () =>
  error("UserPoolAddOnNotEnabledException", "Threat protection is not enabled for this user pool.");
export const authEventNotFound = (id: string) => notFound(`The event ${id} does not exist.`);
export const invalidFeedbackToken = () => notAuthorized("Invalid feedback token.");
