/** Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html (90 days) */
export const CLIENT_MS = 90 * 86_400_000;

/** Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html (expiresIn, interval in its example) */
export const DEVICE_SECONDS = 600;
export const POLL_SECONDS = 1;
/** Source: https://www.rfc-editor.org/rfc/rfc8628#section-3.5 (slow_down) */
export const SLOWER_BY_SECONDS = 5;

/** Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html (tokens with scopes are renewed every hour) */
export const SCOPED_TOKEN_MS = 3_600_000;
