/** What a service does of itself for an account, it does by a role that the account names. */
import type { RoleSession, Session } from "../identity/principal.ts";
import { assert } from "../kernel/assert.ts";
import { sealSession, unsealSession, type IssuedSession } from "../kernel/session-token.ts";
import { parseArn, type AccountId, type Arn } from "../kernel/arn.ts";
import { AwsError } from "../kernel/aws-error.ts";
import type { Context } from "./context.ts";

type StsSdk = typeof import("@aws-sdk/client-sts");

export interface RoleUse {
  readonly roleArn: string;
  /** Who takes it on: `batchoperations.s3.amazonaws.com`. */
  readonly service: string;
  readonly sessionName: string;
  readonly account: AccountId;
  /** What it is taken on for. */
  readonly sourceArn?: Arn;
  readonly policy?: string | undefined;
  readonly durationSeconds?: number | undefined;
}

/**
 * The credentials as STS issues them: no service takes on a role of one account for another.
 * @throws {AwsError} `AccessDenied` where the role does not trust the service.
 */
export async function assumeRole(use: RoleUse, context: Context) {
  const { roleArn, service, sessionName, account, sourceArn, policy, durationSeconds } = use;
  if (parseArn(roleArn)?.account !== account) {
    throw new AwsError("AccessDenied", "Cross-account pass role is not allowed.");
  }
  return context.call<StsSdk, "AssumeRole">({
    service: "sts",
    operation: "AssumeRole",
    input: {
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ...(policy !== undefined && { Policy: policy }),
      ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
    },
    as: { type: "service", service },
    source: { account, ...(sourceArn !== undefined && { arn: sourceArn }) },
    account,
  });
}

/** A session of the role, for the service's own calls. */
export async function roleSession(use: RoleUse, context: Context): Promise<RoleSession> {
  const { Credentials } = await assumeRole(use, context);
  return opened(Credentials?.SessionToken, context).principal;
}

/** Whose token it is. */
export const openedSession = (token: string, context: Pick<Context, "keys">): RoleSession =>
  opened(token, context).principal;

/** The token of a session, which from now on brings condition keys with every call. */
export function withKeys(token: string | undefined, keys: NonNullable<Session["keys"]>, context: Context): string {
  const issued = opened(token, context);
  const session = { ...issued.principal.session, keys: { ...issued.principal.session.keys, ...keys } };
  return sealSession(context.keys, { ...issued, principal: { ...issued.principal, session } });
}

function opened(token: string | undefined, { keys }: Pick<Context, "keys">): IssuedSession<RoleSession> {
  const issued = unsealSession<RoleSession>(keys, token ?? "");
  assert(issued !== undefined, "a session token of STS opens");
  return issued;
}
