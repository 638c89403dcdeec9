/** The role that a pool sends text messages with. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-sms.html */
import type { SmsConfigurationType } from "@aws-sdk/client-cognito-identity-provider";
import { AwsError } from "../../kernel/aws-error.ts";
import { formatArn, parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { invalidParameter, smsRoleUntrusted } from "./errors.ts";
import { arnOf, type Pool } from "./pool-row.ts";

type StsSdk = typeof import("@aws-sdk/client-sts");

const SERVICE_PRINCIPAL = "cognito-idp.amazonaws.com";
const SESSION_NAME = "CognitoUserPools";

/** @throws {AwsError} where the caller may not pass the role, or it does not trust user pools */
export async function requireSmsRole(sms: SmsConfigurationType, pool: Pool, context: Context): Promise<void> {
  const role = parseArn(sms.SnsCallerArn ?? "");
  if (!role) throw invalidParameter("SnsCallerArn is not the ARN of a role.");
  await context.require({
    action: "iam:PassRole",
    resource: formatArn(role),
    keys: { "iam:PassedToService": SERVICE_PRINCIPAL },
  });
  await takeSmsRole(sms, pool, context);
}

/**
 * Takes the role on, as sending a message does.
 * @throws {AwsError} `InvalidSmsRoleTrustRelationshipException`, `InvalidParameterException`
 */
export async function takeSmsRole(
  { SnsCallerArn: RoleArn, ExternalId }: SmsConfigurationType,
  pool: Pool,
  context: Context,
): Promise<void> {
  const { account, region } = pool;
  try {
    await context.call<StsSdk, "AssumeRole">({
      service: "sts",
      operation: "AssumeRole",
      as: { type: "service", service: SERVICE_PRINCIPAL },
      source: { account, arn: arnOf(pool) },
      account,
      region,
      input: { RoleArn: RoleArn ?? "", RoleSessionName: SESSION_NAME, ...(ExternalId !== undefined && { ExternalId }) },
    });
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
