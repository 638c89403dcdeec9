/**
 * Numbers of the sign-in to the console.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */

export const SIGN_IN_TOKEN_SECONDS = 15 * 60;
export const CONSOLE_SESSION_SECONDS_MIN = 15 * 60;
export const CONSOLE_SESSION_SECONDS_MAX = 12 * 60 * 60;

/** How long a program may take to bring a code back. Assumed: AWS does not say. */
export const AUTHORIZATION_CODE_SECONDS = 10 * 60;

/** Source: https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html (expiresIn) */
export const PROGRAM_CREDENTIALS_SECONDS_MAX = 900;

/** How long somebody may take to think of another password. */
export const PASSWORD_CHANGE_SECONDS = 15 * 60;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html (SessionDuration) */
export const SAML_SESSION_SECONDS_USUAL = 60 * 60;
