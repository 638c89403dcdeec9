/** Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html (90 days) */
export const CLIENT_MS = 90 * 86_400_000;

/** Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_StartDeviceAuthorization.html (expiresIn, interval in its example) */
export const DEVICE_SECONDS = 600;
export const POLL_SECONDS = 1;
/**
 * The AWS CLI asks twice before it waits at all, in case it was let in before.
 * Source: https://github.com/aws/aws-cli/blob/v2/awscli/botocore/utils.py (SSOTokenFetcher)
 */
export const POLLS_AT_ONCE = 2;

/** Source: https://www.rfc-editor.org/rfc/rfc8628#section-3.5 (slow_down) */
export const SLOWER_BY_SECONDS = 5;

/** Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html (tokens with scopes are renewed every hour) */
export const SCOPED_TOKEN_MS = 3_600_000;
