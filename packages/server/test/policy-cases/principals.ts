/** The callers that cases speak of. */
import { formatArn, parseAccountId, type AccountId, type Arn } from "../../src/kernel/arn.ts";
import type { Principal, Session } from "../../src/identity/principal.ts";

export function accountId(text: string): AccountId {
  const account = parseAccountId(text);
  if (account === undefined) throw new Error(`no account id: ${text}`);
  return account;
}

const HOME = accountId("111111111111");
const OTHER = accountId("222222222222");

const arn = (service: "iam" | "sts", account: AccountId, resource: string): Arn =>
  formatArn({ partition: "aws", service, region: "", account, resource });

const ISSUED_AT = Date.UTC(2026, 0, 15, 11);

const session = (more: Partial<Session> = {}): Session => ({
  issuedAtMs: ISSUED_AT,
  expiresAtMs: ISSUED_AT + 3_600_000,
  tags: {},
  transitiveTagKeys: [],
  policies: [],
  policyArns: [],
  chained: false,
  ...more,
});

const user = (userName: string, account: AccountId, more: { path?: string; session?: Session } = {}): Principal => ({
  type: "user",
  account,
  arn: arn("iam", account, `user${more.path ?? "/"}${userName}`),
  userId: `AIDA${userName.toUpperCase().padEnd(17, "X").slice(0, 17)}`,
  userName,
  accessKeyId: "AKIAEXAMPLEEXAMPLE00",
  session: more.session,
});

const roleSession = (
  roleName: string,
  account: AccountId,
  { path = "/", more = {} }: { path?: string; more?: Partial<Session> } = {},
): Principal => ({
  type: "role-session",
  account,
  arn: arn("sts", account, `assumed-role/${roleName}/s1`),
  userId: `AROA${roleName.toUpperCase().padEnd(17, "X").slice(0, 17)}:s1`,
  roleArn: arn("iam", account, `role${path}${roleName}`),
  roleId: `AROA${roleName.toUpperCase().padEnd(17, "X").slice(0, 17)}`,
  roleName,
  sessionName: "s1",
  accessKeyId: "ASIAEXAMPLEEXAMPLE00",
  session: session(more),
});

const root = (account: AccountId, more?: Partial<Session>): Principal => ({
  type: "root",
  account,
  arn: arn("iam", account, "root"),
  userId: account,
  accessKeyId: "AKIAEXAMPLEEXAMPLE00",
  session: more && session(more),
});

const federated = (name: string, userName: string | undefined): Principal => ({
  type: "federated-user",
  account: HOME,
  arn: arn("sts", HOME, `federated-user/${name}`),
  userId: `${HOME}:${name}`,
  name,
  issuer: {
    arn: userName === undefined ? arn("iam", HOME, "root") : arn("iam", HOME, `user/${userName}`),
    userId: userName === undefined ? HOME : "AIDABROKERXXXXXXXXXXX",
    userName,
  },
  accessKeyId: "ASIAEXAMPLEEXAMPLE00",
  session: session(),
});

export const PRINCIPALS = {
  /** A user of 111111111111. */
  alice: user("alice", HOME),
  /** The same user with a session of GetSessionToken and a second factor, a quarter of an hour old. */
  "alice with mfa": user("alice", HOME, { session: session({ mfaAtMs: Date.UTC(2026, 0, 15, 11, 45) }) }),
  /** The same user with a session of GetSessionToken without a second factor. */
  "alice with token": user("alice", HOME, { session: session() }),
  "carol in accounting": user("carol", HOME, { path: "/accounting/" }),
  /** A user of 222222222222. */
  /** Whose path has the words of a session's ARN in it. */
  "a look-alike user": user("eve", HOME, { path: "/x:assumed-role/" }),
  oscar: user("oscar", OTHER),
  /** Session `s1` of role `support` in 111111111111. */
  "support session": roleSession("support", HOME),
  "support session with tags": roleSession("support", HOME, {
    more: { tags: { team: "blue", "cost-center": "42" }, transitiveTagKeys: ["team"] },
  }),
  "support session with source identity": roleSession("support", HOME, { more: { sourceIdentity: "mary" } }),
  "support session with mfa": roleSession("support", HOME, { more: { mfaAtMs: Date.UTC(2026, 0, 15, 11, 45) } }),
  "support session by web identity": roleSession("support", HOME, {
    more: {
      federatedProvider: "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com",
      keys: { "token.actions.githubusercontent.com:sub": "repo:octo/app:ref:refs/heads/main" },
    },
  }),
  /** A role with a path. */
  "deploy session": roleSession("deploy", HOME, { path: "/ci/" }),
  "instance session": roleSession("web-server", HOME),
  "service-linked session": roleSession("AWSServiceRoleForAutoScaling", HOME, {
    path: "/aws-service-role/autoscaling.amazonaws.com/",
  }),
  /** A role whose path has the words of a service-linked role's ARN in it. */
  "session of a look-alike": roleSession("look-alike", HOME, {
    path: "/x:role/aws-service-role/lambda.amazonaws.com/",
  }),
  /** A session of role `partner` in 222222222222. */
  "partner session": roleSession("partner", OTHER),
  root: root(HOME),
  "root of the other account": root(OTHER),
  "root by task policy": root(HOME, { policyArns: ["arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials"] }),
  /** Federated by user `broker`. */
  "federated bob": federated("bob", "broker"),
  "federated by root": federated("dora", undefined),
  anonymous: { type: "anonymous" },
  lambda: { type: "service", service: "lambda.amazonaws.com" },
  sns: { type: "service", service: "sns.amazonaws.com" },
  cloudtrail: { type: "service", service: "cloudtrail.amazonaws.com" },
} as const satisfies Readonly<Record<string, Principal>>;

export type PrincipalName = keyof typeof PRINCIPALS;
