/** What IAM Identity Center does in an account it does as its own role there, taken on from STS as any role is. */
import type { RoleSession } from "../../identity/principal.ts";
import { formatArn, type AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";
import { SSO_PRINCIPAL } from "./instance-row.ts";

type StsSdk = typeof import("@aws-sdk/client-sts");

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/slrconcept.html */
const ROLE = "AWSServiceRoleForSSO";
const SESSION_NAME = "AWS-SSO";

export async function linkedSession(account: AccountId, context: Context): Promise<RoleSession> {
  const { partition } = context;
  await context.directory.createRole({ kind: "service-linked", account, service: SSO_PRINCIPAL }, context);
  const roleArn = formatArn({
    partition,
    service: "iam",
    region: "",
    account,
    resource: `role/aws-service-role/${SSO_PRINCIPAL}/${ROLE}`,
  });
  const issued = await context.call<StsSdk, "AssumeRole">({
    service: "sts",
    operation: "AssumeRole",
    input: { RoleArn: roleArn, RoleSessionName: SESSION_NAME },
    as: { type: "service", service: SSO_PRINCIPAL },
    account,
  });
  const { Credentials: credentials, AssumedRoleUser: user } = issued;
  assert(credentials?.AccessKeyId !== undefined && credentials.Expiration !== undefined, "STS gives credentials");
  assert(user?.AssumedRoleId !== undefined, "STS names the session");
  const resource = `assumed-role/${ROLE}/${SESSION_NAME}`;
  return {
    type: "role-session",
    account,
    arn: formatArn({ partition, service: "sts", region: "", account, resource }),
    userId: user.AssumedRoleId,
    roleArn,
    roleId: user.AssumedRoleId.split(":")[0] ?? "",
    roleName: ROLE,
    sessionName: SESSION_NAME,
    accessKeyId: credentials.AccessKeyId,
    session: {
      issuedAtMs: context.now().getTime(),
      expiresAtMs: credentials.Expiration.getTime(),
      tags: {},
      transitiveTagKeys: [],
      policies: [],
      policyArns: [],
      chained: false,
    },
  };
}
