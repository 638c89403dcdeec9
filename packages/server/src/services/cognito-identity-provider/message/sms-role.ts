/** The role that a pool sends text messages with. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-sms.html */
import type { SmsConfigurationType } from "@aws-sdk/client-cognito-identity-provider";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { invalidParameter, notBuilt, smsRoleUntrusted } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import { requireOwnRole, takeOwnRole } from "../pool/service-role.ts";

/** @throws {AwsError} `NotImplemented` of another service's messages; where the caller may not pass the role, or it does not trust user pools */
export async function requireSmsRole(sms: SmsConfigurationType, pool: Pool, context: Context): Promise<void> {
  if (sms.EumsSms !== undefined) throw notBuilt("SmsConfiguration.EumsSms");
  await requireOwnRole(sms.SnsCallerArn ?? "", "SnsCallerArn", context);
  await takeSmsRole(sms, pool, context);
}

/**
 * Takes the role on, as sending a message does.
 * @throws {AwsError} `InvalidSmsRoleTrustRelationshipException`, `InvalidParameterException`
 */
export async function takeSmsRole(
  { SnsCallerArn: arn = "", ExternalId: externalId }: SmsConfigurationType,
  pool: Pool,
  context: Context,
): Promise<void> {
  try {
    await takeOwnRole({ arn, externalId }, pool, context);
  } catch (error) {
    throw refusalBy(error);
  }
}

/** A role that does not trust user pools is one thing, what is no role's ARN or external id another. */
function refusalBy(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  if (error.code === "AccessDenied") return smsRoleUntrusted();
  return error.code === "ValidationError" ? invalidParameter(error.message) : error;
}
