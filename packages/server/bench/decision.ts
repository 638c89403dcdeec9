/**
 * What a decision costs: 10 attached policies with 200 statements between them, then the same with
 * ever more statements that have nothing to do with the call.
 */
import { performance } from "node:perf_hooks";
import { RequestKeys } from "../src/identity/condition-keys.ts";
import { decide, type Question } from "../src/identity/decide.ts";
import type { NamedPolicy, PolicyLevel, PrincipalPolicies } from "../src/identity/directory.ts";
import { PolicyCompiler } from "../src/identity/policy/compile.ts";
import type { User } from "../src/identity/principal.ts";
import { formatArn, parseAccountId, type Arn } from "../src/kernel/arn.ts";
import type { Access } from "../src/service/access.ts";
import { median, type Row } from "./table.ts";

const ACCOUNT = parseAccountId("111111111111");
if (ACCOUNT === undefined) throw new Error("an account id has twelve digits");

const iamArn = (resource: string): Arn =>
  formatArn({ partition: "aws", service: "iam", region: "", account: ACCOUNT, resource });

const ALICE: User = {
  type: "user",
  account: ACCOUNT,
  arn: iamArn("user/alice"),
  userId: "AIDAEXAMPLEALICE00001",
  userName: "alice",
  accessKeyId: "AKIAEXAMPLE",
};

const SERVICES = ["ec2", "sqs", "sns", "dynamodb", "lambda", "logs", "s3", "kms", "iam", "ecr"];

/** A statement about something else: another service, another action, or another bucket. */
function bystander(index: number): object {
  const service = SERVICES[index % SERVICES.length] ?? "s3";
  const action = service === "s3" ? "s3:GetObject" : `${service}:Describe${index}`;
  const resource =
    service === "s3" ? `arn:aws:s3:::other-${index}/*` : `arn:aws:${service}:*:111111111111:thing/${index}`;
  return { Sid: `S${index}`, Effect: "Allow", Action: [action, `${service}:List*`], Resource: resource };
}

const ALLOWING = {
  Sid: "OwnObjects",
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::payroll/home/${aws:username}/*",
  Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
};

/** `count` statements in ten policies, the last of which allows. */
function policiesOf(count: number): readonly NamedPolicy[] {
  return Array.from({ length: 10 }, (_, policy) => {
    const size = Math.ceil(count / 10);
    const statements = Array.from({ length: size }, (_unused, index) => bystander(policy * size + index));
    const Statement = policy === 9 ? [...statements.slice(1), ALLOWING] : statements;
    return { name: `policy-${policy}`, document: JSON.stringify({ Version: "2012-10-17", Statement }) };
  });
}

function questionOf(policies: PrincipalPolicies, account: string): Question {
  const resource = formatArn({
    partition: "aws",
    service: "s3",
    region: "",
    account: "",
    resource: "payroll/home/alice/pay.pdf",
  });
  const access: Access = { action: "s3:GetObject", resource };
  const keys = new RequestKeys({
    principal: ALICE,
    access,
    resourceAccount: account,
    region: "us-east-1",
    nowMs: 1_750_000_000_000,
    origin: { sourceIp: "203.0.113.7", secureTransport: true },
  });
  return { principal: ALICE, access, account, policies, keys };
}

const named = (name: string, ...Statement: readonly object[]): NamedPolicy => ({
  name,
  document: JSON.stringify({ Version: "2012-10-17", Statement }),
});

const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };

/** A guardrail as organizations have them: outside of these regions nothing, and never that. */
const guardrail = (level: number, index: number): NamedPolicy =>
  named(
    `p-${level}${index}`,
    {
      Sid: `Regions${index}`,
      Effect: "Deny",
      NotAction: ["iam:*", "organizations:*", "support:*"],
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": ["us-east-1", `eu-west-${index}`] } },
    },
    { Sid: `Never${index}`, Effect: "Deny", Action: [`s3:DeleteBucket*`, `kms:Schedule*`], Resource: "*" },
    { ...EVERYTHING, Sid: `All${index}` },
  );

/** A root, four levels of units with five policies each, and the account. */
const LEVELS: readonly PolicyLevel[] = [
  { level: "r-ab12", policies: [named("p-FullAWSAccess", EVERYTHING)] },
  ...[1, 2, 3, 4].map((level) => ({
    level: `ou-ab12-0000000${level}`,
    policies: [1, 2, 3, 4, 5].map((index) => guardrail(level, index)),
  })),
  { level: "111111111111", policies: [named("p-FullAWSAccess", EVERYTHING)] },
];

/** All that may bound a caller at once, besides the ten attached policies. */
const BOUNDS: Omit<PrincipalPolicies, "identity" | "tags"> = {
  scps: LEVELS,
  boundary: named("boundary", { Effect: "Allow", Action: ["s3:*", "sqs:*"], Resource: "*" }),
  session: [named("session policy", { Effect: "Allow", Action: "s3:Get*", Resource: "arn:aws:s3:::payroll/*" })],
};

type Bounds = Partial<typeof BOUNDS>;

/** Microseconds for one decision: the median of several runs. */
function measure(count: number, bounds: Bounds = {}): number {
  const compiler = new PolicyCompiler({ capacity: 100 });
  const identity = policiesOf(count);
  const run = (times: number): number => {
    const began = performance.now();
    for (let index = 0; index < times; index++) {
      const { decision } = decide(questionOf({ ...bounds, identity, tags: {} }, "111111111111"), compiler);
      if (decision !== "allow") throw new Error("the question is one that is allowed");
    }
    return ((performance.now() - began) / times) * 1000;
  };
  run(20_000);
  return median(Array.from({ length: 9 }, () => run(5_000)));
}

export function decisions(): Row[] {
  const [few, usual, many] = [measure(20), measure(200), measure(2_000)];
  return [
    { name: "decision, 10 policies, 200 statements", measured: usual, goal: "≤ 5", unit: "µs" },
    {
      name: "decision, 4 levels of 5 SCPs, boundary, session policy, 10 policies",
      measured: measure(200, BOUNDS),
      goal: "≤ 15",
      unit: "µs",
    },
    { name: "decision, 2,000 statements instead of 20", measured: many / few, goal: "≤ 2", unit: "× its cost" },
  ];
}
