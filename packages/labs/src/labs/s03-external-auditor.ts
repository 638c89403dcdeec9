import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { allow, policy, trust } from "../policy.ts";

const succeeds = { outcome: "succeeds" } as const;
const denied = { outcome: "refused", code: "AccessDenied" } as const;

export const s03: Lab = {
  id: "S03",
  title: "An external auditor's tool looks at the account",
  proves: ["iam-auditor-xacct-role"],
  async run(teller) {
    const admin = teller.root(teller.account("A"));
    const bucket = `audited-${teller.suffix}`;
    await prepare(teller, { admin, bucket });
    const auditor = await assumeAuditor(teller);
    await look(teller, { auditor, bucket });
    await touchNothing(teller, { auditor, bucket });
    teller.notBuilt("A trail records the auditor's calls, and he reads its bucket.", "CloudTrail");
  },
};

async function prepare(teller: Teller, { admin, bucket }: { admin: Actor; bucket: string }): Promise<void> {
  await teller.step({
    does: "Our account has a bucket",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "with a policy.",
    as: admin,
    call: ["s3", "PutBucketPolicy"],
    input: {
      Bucket: bucket,
      Policy: policy({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: `arn:aws:s3:::${bucket}/*`,
        Condition: { StringEquals: { "aws:PrincipalTag/guest": "yes" } },
      }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "A role for the auditor, who shows an external id.",
    as: admin,
    call: ["iam", "CreateRole"],
    input: {
      RoleName: "auditor",
      AssumeRolePolicyDocument: trust(`arn:aws:iam::${teller.account("B")}:root`, {
        Condition: { StringEquals: { "sts:ExternalId": "audit-2026" } },
      }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It may look at the security of everything.",
    as: admin,
    call: ["iam", "AttachRolePolicy"],
    input: { RoleName: "auditor", PolicyArn: "arn:aws:iam::aws:policy/SecurityAudit" },
    expect: succeeds,
  });
}

async function assumeAuditor(teller: Teller): Promise<Actor> {
  const root = teller.root(teller.account("B"));
  await teller.step({
    does: "The auditor's tool has a user,",
    as: root,
    call: ["iam", "CreateUser"],
    input: { UserName: "tool" },
    expect: succeeds,
  });
  await teller.step({
    does: "allowed to assume roles of its customers.",
    as: root,
    call: ["iam", "PutUserPolicy"],
    input: {
      UserName: "tool",
      PolicyName: "assume",
      PolicyDocument: policy(allow("sts:AssumeRole", "arn:aws:iam::*:role/auditor")),
    },
    expect: succeeds,
  });
  const { AccessKey } = await teller.step({
    does: "Its keys.",
    as: root,
    call: ["iam", "CreateAccessKey"],
    input: { UserName: "tool" },
    expect: succeeds,
  });
  const { Credentials } = await teller.step({
    does: "It assumes our role.",
    as: teller.actor("tool", credentialsOf(AccessKey)),
    call: ["sts", "AssumeRole"],
    input: {
      RoleArn: `arn:aws:iam::${teller.account("A")}:role/auditor`,
      RoleSessionName: "audit",
      ExternalId: "audit-2026",
    },
    expect: succeeds,
  });
  return teller.actor("the auditor", credentialsOf(Credentials));
}

async function look(teller: Teller, { auditor, bucket }: { auditor: Actor; bucket: string }): Promise<void> {
  await teller.step({
    does: "The auditor lists the roles,",
    as: auditor,
    call: ["iam", "ListRoles"],
    input: {},
    expect: {
      outcome: "succeeds",
      check: ({ Roles }) =>
        Roles?.some(({ RoleName }) => RoleName === "auditor") ? undefined : "the role auditor among them",
    },
  });
  await teller.step({
    does: "and reads the bucket's policy.",
    as: auditor,
    call: ["s3", "GetBucketPolicy"],
    input: { Bucket: bucket },
    expect: {
      outcome: "succeeds",
      check: ({ Policy }) => (Policy?.includes("guest") ? undefined : "the policy's text"),
    },
  });
  teller.notBuilt("He looks at security groups and trails.", "EC2 and CloudTrail");
}

async function touchNothing(teller: Teller, { auditor, bucket }: { auditor: Actor; bucket: string }): Promise<void> {
  await teller.step({
    does: "He cannot write an object,",
    as: auditor,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "mine", Body: "x" },
    expect: denied,
  });
  await teller.step({
    does: "nor make a user.",
    as: auditor,
    call: ["iam", "CreateUser"],
    input: { UserName: "mine" },
    expect: denied,
  });
  teller.notBuilt("He cannot run an instance.", "EC2");
}
