/**
 * The errors of the authorization service, each once. They have OAuth's members and no message.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html, https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
import { error } from "./kit.ts";

const NO_MESSAGE = "";

export const invalidRequest = (error_description: string) =>
  error("InvalidRequestException", NO_MESSAGE, { error: "invalid_request", error_description });
export const invalidClient = () =>
  error("InvalidClientException", NO_MESSAGE, {
    error: "invalid_client",
    error_description: "Invalid client provided",
  });
export const invalidClientMetadata = (error_description: string) =>
  error("InvalidClientMetadataException", NO_MESSAGE, { error: "invalid_client_metadata", error_description });
export const invalidRedirectUri = () =>
  error("InvalidRedirectUriException", NO_MESSAGE, {
    error: "invalid_redirect_uri",
    error_description: "Invalid redirect URI provided",
  });
export const invalidGrant = (error_description: string) =>
  error("InvalidGrantException", NO_MESSAGE, { error: "invalid_grant", error_description });
export const invalidScope = () =>
  error("InvalidScopeException", NO_MESSAGE, { error: "invalid_scope", error_description: "Invalid scope provided" });
export const unauthorizedClient = () =>
  error("UnauthorizedClientException", NO_MESSAGE, {
    error: "unauthorized_client",
    error_description: "Unauthorized client",
  });
export const unsupportedGrantType = () =>
  error("UnsupportedGrantTypeException", NO_MESSAGE, {
    error: "unsupported_grant_type",
    error_description: "Unsupported grant type",
  });
export const authorizationPending = () =>
  error("AuthorizationPendingException", NO_MESSAGE, { error: "authorization_pending" });
export const slowDown = () => error("SlowDownException", NO_MESSAGE, { error: "slow_down" });
export const accessDenied = () => error("AccessDeniedException", NO_MESSAGE, { error: "access_denied" });
export const expiredToken = () => error("ExpiredTokenException", NO_MESSAGE, { error: "expired_token" });
