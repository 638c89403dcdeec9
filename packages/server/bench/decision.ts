/**
 * What a decision costs: 10 attached policies with 200 statements between them, then the same with
 * ever more statements that have nothing to do with the call.
 */
import { performance } from "node:perf_hooks";
import { RequestKeys } from "../src/identity/condition-keys.ts";
import { decide, type Question } from "../src/identity/decide.ts";
import type { NamedPolicy } from "../src/identity/directory.ts";
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

function questionOf(identity: readonly NamedPolicy[], account: string): Question {
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
  return { principal: ALICE, access, account, policies: { identity, tags: {} }, keys };
}

/** Microseconds for one decision: the median of several runs. */
function measure(count: number): number {
  const compiler = new PolicyCompiler({ capacity: 100 });
  const identity = policiesOf(count);
  const run = (times: number): number => {
    const began = performance.now();
    for (let index = 0; index < times; index++) {
      const { decision } = decide(questionOf(identity, "111111111111"), compiler);
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
    { name: "decision, 2,000 statements instead of 20", measured: many / few, goal: "≤ 2", unit: "× its cost" },
  ];
}
