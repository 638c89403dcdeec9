/** The errors of the access portal's API, each once, in AWS's words. */
import { error, unmodelled } from "./kit.ts";

/** Source: https://github.com/aws/aws-cli/issues/7340 */
export const sessionInvalid = () => error("UnauthorizedException", "Session token not found or invalid");
/** Source: https://github.com/aws/aws-sam-cli/issues/2129 */
export const noAccess = () => unmodelled("ForbiddenException", "No access");
export const invalidNextToken = () => error("InvalidRequestException", "The next_token is not valid.");

/** The status of each error that the model leaves out. */
export const UNMODELLED_ERRORS = { ForbiddenException: 403 } as const;
