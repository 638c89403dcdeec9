/** Roles that a pool's owner lets user pools use: handed over by somebody who may, and trusting the service. */
import { formatArn, parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { invalidParameter } from "../errors.ts";
import { arnOf, type Pool } from "./pool-row.ts";

type StsSdk = typeof import("@aws-sdk/client-sts");

export const SERVICE_PRINCIPAL = "cognito-idp.amazonaws.com";
const SESSION_NAME = "CognitoUserPools";

/**
 * @param member what the caller named it as
 * @throws {AwsError} where it is no role's ARN, or the caller may not pass the role
 */
export async function requireOwnRole(arn: string, member: string, context: Context): Promise<void> {
  const role = parseArn(arn);
  if (!role) throw invalidParameter(`${member} is not the ARN of a role.`);
  await context.require({
    action: "iam:PassRole",
    resource: formatArn(role),
    keys: { "iam:PassedToService": SERVICE_PRINCIPAL },
  });
}

interface Role {
  readonly arn: string;
  readonly externalId?: string | undefined;
}

/**
 * Takes the role on, as a pool does that uses it.
 * @throws {AwsError} STS's own
 */
export async function takeOwnRole({ arn, externalId }: Role, pool: Pool, context: Context): Promise<void> {
  const { account, region } = pool;
  await context.call<StsSdk, "AssumeRole">({
    service: "sts",
    operation: "AssumeRole",
    as: { type: "service", service: SERVICE_PRINCIPAL },
    source: { account, arn: arnOf(pool) },
    account,
    region,
    input: { RoleArn: arn, RoleSessionName: SESSION_NAME, ...(externalId !== undefined && { ExternalId: externalId }) },
  });
}
