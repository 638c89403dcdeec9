import { findOwn } from "../../kernel/lookup.ts";
import { error } from "./kit.ts";

/** Why somebody is not signed in. Pages, not calls: a browser shows the words. */
export class SignInRefused extends Error {
  override readonly name = "SignInRefused";
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** Source: https://repost.aws/knowledge-center/invalid-credentials-parameter */
export const invalidCredentials = () => new SignInRefused(400, "Invalid credentials parameter");

export const missingParameter = (name: string) => new SignInRefused(400, `Missing parameter: ${name}`);

export const unknownAction = () => new SignInRefused(400, "Action has to be one of getSigninToken, login and logout");

export const invalidSessionType = () => new SignInRefused(400, "SessionType has to be json");

export const invalidSessionDuration = (secondsMin: number, secondsMax: number) =>
  new SignInRefused(400, `SessionDuration has to be a number of seconds from ${secondsMin} to ${secondsMax}`);

export const invalidSignInToken = () => new SignInRefused(400, "The sign-in token is not valid, or it has expired");

export const foreignDestination = () =>
  new SignInRefused(400, "Destination has to be a page of the console, or one of this server");

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html#troubleshoot_saml_invalid-response */
export const invalidSamlResponse = () => new SignInRefused(400, "Your request included an invalid SAML response");

/** How STS names its errors on the wire, where that is not the name of their shape. */
const STS_CODES: Readonly<Record<string, string>> = {
  InvalidIdentityTokenException: "InvalidIdentityToken",
  IDPRejectedClaimException: "IDPRejectedClaim",
};

/**
 * What STS said, as the sign-in page shows it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
 */
export function refusedBySts({ code, message }: { readonly code: string; readonly message: string }): SignInRefused {
  const status = code === "AccessDenied" ? 403 : 400;
  const facts = `service: AWSSecurityTokenService; status code: ${status}; error code: ${findOwn(STS_CODES, code) ?? code}`;
  return new SignInRefused(status, `${message} (${facts})`);
}

/** Whichever of account, name, password and code it is. Assumed: as people quote the page. */
export const wrongAuthenticationInformation = () =>
  new SignInRefused(400, "Your authentication information is incorrect. Please try again.");

export const passwordExpired = () =>
  new SignInRefused(403, "Your password has expired. Contact your administrator to reset it.");

export const passwordNotChanged = ({ message }: { readonly message: string }) =>
  new SignInRefused(400, `The password was not changed: ${message}`);

export const signInTooOld = () => new SignInRefused(400, "The sign-in has taken too long: begin again");

export const nobodySignedIn = () => new SignInRefused(401, "Nobody is signed in, or the session has ended");

export const noSuchPage = () => new SignInRefused(404, "There is no such page");

export const invalidAuthorizationRequest = (name: string) =>
  new SignInRefused(400, `The request to authorize a program is not valid: ${name}`);

export const foreignForm = () => new SignInRefused(403, "The form is from another site");

export const notLetIn = (arn: string) =>
  new SignInRefused(403, `${arn} is not authorized to perform: signin:AuthorizeOAuth2Access`);

/**
 * What programs are told is for them to tell by the code in `error`.
 * Source: https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html
 * Differs: AWS answers with 401 or 403, by that code.
 */
const denied = (code: string, message: string) => error("AccessDeniedException", message, { error: code });

export const codeExpired = () => denied("AUTHCODE_EXPIRED", "The authorization code has expired, or was never given");
export const tokenExpired = () => denied("TOKEN_EXPIRED", "The session has ended: sign in again");
export const credentialsChanged = () =>
  denied("USER_CREDENTIALS_CHANGED", "The one who signed in is no longer there: sign in again");
export const insufficientPermissions = () =>
  denied("INSUFFICIENT_PERMISSIONS", "Policies do not allow signin:CreateOAuth2Token");
export const invalidRequest = (message: string) => error("ValidationException", message, { error: "INVALID_REQUEST" });
