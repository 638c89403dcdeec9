/**
 * The service-linked role through which Access Analyzer looks at an account.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-using-service-linked-roles.html
 */
import type { RoleSession } from "../../identity/principal.ts";
import { formatArn, parseArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context, InnerCall } from "../../service/context.ts";
import type { OperationName, OutputOf, Sdk } from "../../service/sdk.ts";
import { mayNotMakeRole } from "./errors.ts";
import { SERVICE_PRINCIPAL } from "./kit.ts";

export type IamSdk = typeof import("@aws-sdk/client-iam");
export type OrganizationsSdk = typeof import("@aws-sdk/client-organizations");
type StsSdk = typeof import("@aws-sdk/client-sts");

const ROLE_NAME = "AWSServiceRoleForAccessAnalyzer";
const SESSION_NAME = "AccessAnalyzer";

const roleArnIn = (account: AccountId, { partition }: Pick<Context, "partition">): Arn =>
  formatArn({
    partition,
    service: "iam",
    region: "",
    account,
    resource: `role/aws-service-role/${SERVICE_PRINCIPAL}/${ROLE_NAME}`,
  });

/** Has the role made in the caller's account where it is not there yet: the caller needs the right to. */
export async function provideServiceRole(context: Context): Promise<void> {
  if (await context.directory.findRole(roleArnIn(context.account, context), context.tx)) return;
  try {
    await context.call<IamSdk, "CreateServiceLinkedRole">({
      service: "iam",
      operation: "CreateServiceLinkedRole",
      input: { AWSServiceName: SERVICE_PRINCIPAL },
    });
  } catch (error) {
    throw error instanceof AwsError && error.code === "AccessDenied" ? mayNotMakeRole(error.message) : error;
  }
}

type Asked<S extends Sdk, Name extends OperationName<S>> = Pick<InnerCall<S, Name>, "service" | "operation" | "input">;

/** Does a call in `account` by its service-linked role. */
export async function callAsService<S extends Sdk, Name extends OperationName<S>>(
  asked: Asked<S, Name>,
  account: AccountId,
  context: Context,
): Promise<OutputOf<S, Name>> {
  return context.call<S, Name>({ ...asked, as: await serviceSession(account, context), account });
}

/** A session of the role in `account`. */
export async function serviceSession(account: AccountId, context: Context): Promise<RoleSession> {
  const roleArn = roleArnIn(account, context);
  const { Credentials, AssumedRoleUser } = await assumeRole(roleArn, account, context);
  const arn = parseArn(AssumedRoleUser?.Arn ?? "");
  const userId = AssumedRoleUser?.AssumedRoleId;
  const expires = Credentials?.Expiration;
  assert(arn !== undefined && userId !== undefined && expires !== undefined, "a role that is assumed gives a session");
  return {
    type: "role-session",
    account,
    arn: formatArn(arn),
    userId,
    roleArn,
    roleId: userId.split(":")[0] ?? "",
    roleName: ROLE_NAME,
    sessionName: SESSION_NAME,
    accessKeyId: Credentials?.AccessKeyId ?? "",
    session: {
      issuedAtMs: context.now().getTime(),
      expiresAtMs: expires.getTime(),
      tags: {},
      transitiveTagKeys: [],
      policies: [],
      policyArns: [],
      chained: false,
    },
  };
}

async function assumeRole(RoleArn: Arn, account: AccountId, context: Context) {
  if (!(await context.directory.findRole(RoleArn, context.tx))) {
    await context.directory.createRole({ kind: "service-linked", account, service: SERVICE_PRINCIPAL }, context);
  }
  return context.call<StsSdk, "AssumeRole">({
    service: "sts",
    operation: "AssumeRole",
    input: { RoleArn, RoleSessionName: SESSION_NAME },
    as: { type: "service", service: SERVICE_PRINCIPAL },
    account,
  });
}
