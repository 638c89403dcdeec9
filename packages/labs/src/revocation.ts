/**
 * What the console's button "Revoke active sessions" does: it denies everything to the sessions of a role that were
 * issued before now. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
import { policy } from "./policy.ts";
import { send } from "./service-call.ts";

export const REVOCATION_NAME = "AWSRevokeOlderSessions";

export const revocation = (now: Date): string =>
  policy({
    Effect: "Deny",
    Action: ["*"],
    Resource: ["*"],
    Condition: { DateLessThan: { "aws:TokenIssueTime": now.toISOString() } },
  });

export interface RoleSessions {
  readonly endpoint: string;
  readonly account: string;
  readonly role: string;
  /** Of root users. */
  readonly rootSecret?: string | undefined;
  /** Virtual now. */
  readonly now: Date;
}

/** As the root user of the role's account. @throws IAM's exception where there is no such role. */
export async function revokeSessions({
  endpoint,
  account,
  role,
  rootSecret = "test",
  now,
}: RoleSessions): Promise<void> {
  await send({
    service: "iam",
    operation: "PutRolePolicy",
    input: { RoleName: role, PolicyName: REVOCATION_NAME, PolicyDocument: revocation(now) },
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: account, secretAccessKey: rootSecret },
  });
}
