import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, policy, trust } from "../policy.ts";

const succeeds = { outcome: "succeeds" } as const;
const denied = { outcome: "refused", code: "AccessDenied" } as const;

export const s02: Lab = {
  id: "S02",
  title: "A third-party web application must start and stop our EC2, and nobody else may misuse that",
  proves: [
    "iam-xacct-role-third-party",
    "iam-xacct-no-misuse-by-others",
    "iam-xacct-least-privilege",
    "iam-xacct-no-credential-leak",
    "iam-access-analyzer-external",
  ],
  async run(teller) {
    const [ours, vendor, stranger] = (["A", "B", "C"] as const).map((letter) => teller.account(letter));
    if (ours === undefined || vendor === undefined || stranger === undefined) return;
    const admin = teller.root(ours);
    await createVendorRole(teller, { admin, vendor });
    const app = await userWhoMayAssume(teller, {
      account: vendor,
      name: "app",
      role: `arn:aws:iam::${ours}:role/vendor`,
    });
    const mallory = await userWhoMayAssume(teller, { account: stranger, name: "mallory", role: "*" });
    const session = await assumeWithExternalId(teller, { app, mallory, ours });
    await leastPrivilege(teller, { admin, session, ours });
    const analyzer = await lookFromOutside(teller, { admin, vendor });
    await takeBack(teller, { admin, app, ours, stranger });
    await teller.step({
      does: "Access Analyzer sees that it is shared with the vendor no more.",
      as: admin,
      call: ["accessanalyzer", "ListFindings"],
      input: { analyzerArn: analyzer },
      expect: { outcome: "succeeds", check: ({ findings }) => hasFinding(findings, vendor, "RESOLVED") },
    });
    teller.notBuilt("An API without an authorizer needs no IAM at all.", "API Gateway");
  },
};

type Findings = readonly {
  readonly principal?: Readonly<Record<string, string>> | undefined;
  readonly resource?: string | undefined;
  readonly status: string | undefined;
}[];

function hasFinding(findings: Findings | undefined, vendor: string, status: string): string | undefined {
  const found = findings?.some(
    (finding) =>
      finding.resource?.endsWith(":role/vendor") === true &&
      finding.principal?.["AWS"] === vendor &&
      finding.status === status,
  );
  return found === true ? undefined : `the role vendor, with ${vendor}, ${status}`;
}

/** Gives the ARN of the analyzer. */
async function lookFromOutside(
  teller: Teller,
  { admin, vendor }: { admin: Actor; vendor: string },
): Promise<string | undefined> {
  const { arn } = await teller.step({
    does: "Who from outside has access to anything of ours? An analyzer looks,",
    as: admin,
    call: ["accessanalyzer", "CreateAnalyzer"],
    input: { analyzerName: "outside", type: "ACCOUNT" },
    expect: succeeds,
  });
  await teller.step({
    does: "and finds the role that is shared with the vendor's account.",
    as: admin,
    call: ["accessanalyzer", "ListFindings"],
    input: { analyzerArn: arn },
    expect: { outcome: "succeeds", check: ({ findings }) => hasFinding(findings, vendor, "ACTIVE") },
  });
  return arn;
}

async function createVendorRole(teller: Teller, { admin, vendor }: { admin: Actor; vendor: string }): Promise<void> {
  await teller.step({
    does: "In our account a role for the vendor, who has to show the external id agreed upon.",
    as: admin,
    call: ["iam", "CreateRole"],
    input: {
      RoleName: "vendor",
      AssumeRolePolicyDocument: trust(`arn:aws:iam::${vendor}:root`, {
        Condition: { StringEquals: { "sts:ExternalId": "k7" } },
      }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It carries no more than the application needs.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: {
      RoleName: "vendor",
      PolicyName: "start-and-stop",
      PolicyDocument: policy(
        allow("ec2:DescribeInstances", "*"),
        allow(["ec2:StartInstances", "ec2:StopInstances"], "*", {
          Condition: { StringEquals: { "aws:ResourceTag/app": "web" } },
        }),
      ),
    },
    expect: succeeds,
  });
}

interface Hopeful {
  readonly account: string;
  readonly name: string;
  /** What its own account lets it assume. */
  readonly role: string;
}

async function userWhoMayAssume(teller: Teller, { account, name, role }: Hopeful): Promise<Actor> {
  const root = teller.root(account);
  await teller.step({
    does: `In account ${account} there is ${name},`,
    as: root,
    call: ["iam", "CreateUser"],
    input: { UserName: name },
    expect: succeeds,
  });
  await teller.step({
    does: "allowed by its own account to assume the role.",
    as: root,
    call: ["iam", "PutUserPolicy"],
    input: { UserName: name, PolicyName: "assume", PolicyDocument: policy(allow("sts:AssumeRole", role)) },
    expect: succeeds,
  });
  const { AccessKey } = await teller.step({
    does: `The keys of ${name}.`,
    as: root,
    call: ["iam", "CreateAccessKey"],
    input: { UserName: name },
    expect: succeeds,
  });
  return teller.actor(name, credentialsOf(AccessKey));
}

async function assumeWithExternalId(
  teller: Teller,
  { app, mallory, ours }: { app: Actor; mallory: Actor; ours: string },
): Promise<Actor> {
  const RoleArn = `arn:aws:iam::${ours}:role/vendor`;
  const { Credentials } = await teller.step({
    does: "The vendor's application assumes the role with the external id.",
    as: app,
    call: ["sts", "AssumeRole"],
    input: { RoleArn, RoleSessionName: "app", ExternalId: "k7" },
    expect: succeeds,
  });
  await teller.step({
    does: "Without the external id it may not,",
    as: app,
    call: ["sts", "AssumeRole"],
    input: { RoleArn, RoleSessionName: "app" },
    expect: denied,
  });
  await teller.step({
    does: "with a wrong one it may not,",
    as: app,
    call: ["sts", "AssumeRole"],
    input: { RoleArn, RoleSessionName: "app", ExternalId: "k8" },
    expect: denied,
  });
  await teller.step({
    does: "and somebody from another account may not, though it knows the id.",
    as: mallory,
    call: ["sts", "AssumeRole"],
    input: { RoleArn, RoleSessionName: "app", ExternalId: "k7" },
    expect: denied,
  });
  return teller.actor("the vendor's session", credentialsOf(Credentials));
}

async function leastPrivilege(
  teller: Teller,
  { admin, session, ours }: { admin: Actor; session: Actor; ours: string },
): Promise<void> {
  teller.notBuilt("The session stops a tagged instance, and may not terminate one or stop an untagged one.", "EC2");
  const questions = [
    { action: "ec2:StopInstances", tag: "web", decision: "allowed" },
    { action: "ec2:StopInstances", tag: "db", decision: "implicitDeny" },
    { action: "ec2:TerminateInstances", tag: "web", decision: "implicitDeny" },
  ] as const;
  for (const { action, tag, decision } of questions) {
    await teller.step({
      does: `The simulator says of ${action} on an instance tagged app=${tag}: ${decision}.`,
      as: admin,
      call: ["iam", "SimulatePrincipalPolicy"],
      input: {
        PolicySourceArn: `arn:aws:iam::${ours}:role/vendor`,
        ActionNames: [action],
        ResourceArns: [`arn:aws:ec2:us-east-1:${ours}:instance/i-0123456789abcdef0`],
        ContextEntries: [{ ContextKeyName: "aws:ResourceTag/app", ContextKeyType: "string", ContextKeyValues: [tag] }],
      },
      expect: {
        outcome: "succeeds",
        check: ({ EvaluationResults }) =>
          EvaluationResults?.[0]?.EvalDecision === decision
            ? undefined
            : `${decision}, not ${EvaluationResults?.[0]?.EvalDecision}`,
      },
    });
  }
  await teller.step({
    does: "It cannot list buckets,",
    as: session,
    call: ["s3", "ListBuckets"],
    input: {},
    expect: denied,
  });
  await teller.step({ does: "nor users.", as: session, call: ["iam", "ListUsers"], input: {}, expect: denied });
}

async function takeBack(
  teller: Teller,
  { admin, app, ours, stranger }: { admin: Actor; app: Actor; ours: string; stranger: string },
): Promise<void> {
  await teller.step({
    does: "Nothing was created for the vendor in our account: no user, so no key to leak.",
    as: admin,
    call: ["iam", "ListUsers"],
    input: {},
    expect: { outcome: "succeeds", check: ({ Users }) => (Users?.length === 0 ? undefined : "no users") },
  });
  await teller.step({
    does: "The contract ends: the trust goes to somebody else.",
    as: admin,
    call: ["iam", "UpdateAssumeRolePolicy"],
    input: { RoleName: "vendor", PolicyDocument: trust(`arn:aws:iam::${stranger}:root`) },
    expect: succeeds,
  });
  await teller.step({
    does: "The vendor's next attempt is refused.",
    as: app,
    call: ["sts", "AssumeRole"],
    input: { RoleArn: `arn:aws:iam::${ours}:role/vendor`, RoleSessionName: "app", ExternalId: "k7" },
    expect: denied,
  });
}
