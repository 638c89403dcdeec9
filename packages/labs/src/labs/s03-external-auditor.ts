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
    await trail(teller, admin);
    const auditor = await assumeAuditor(teller);
    await look(teller, { auditor, bucket });
    await touchNothing(teller, { auditor, bucket });
    await readTrail(teller, auditor);
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

const trailBucket = (teller: Teller): string => `audit-trail-${teller.suffix}`;

/** A trail whose files the auditor's role may read, and no other. */
async function trail(teller: Teller, admin: Actor): Promise<void> {
  const [bucket, account] = [trailBucket(teller), teller.account("A")];
  const cloudTrail = { Principal: { Service: "cloudtrail.amazonaws.com" } };
  const owned = { Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } } };
  await teller.step({
    does: "What happens in the account is to be kept in a bucket,",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "into which CloudTrail writes, and from which the auditor reads.",
    as: admin,
    call: ["s3", "PutBucketPolicy"],
    input: {
      Bucket: bucket,
      Policy: policy(
        allow("s3:GetBucketAcl", `arn:aws:s3:::${bucket}`, cloudTrail),
        allow("s3:PutObject", `arn:aws:s3:::${bucket}/AWSLogs/${account}/*`, { ...cloudTrail, ...owned }),
        allow(["s3:ListBucket", "s3:GetObject"], [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`], {
          Principal: { AWS: `arn:aws:iam::${account}:role/auditor` },
        }),
      ),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "A trail of all regions",
    as: admin,
    call: ["cloudtrail", "CreateTrail"],
    input: { Name: "audit", S3BucketName: bucket, IsMultiRegionTrail: true, EnableLogFileValidation: true },
    expect: succeeds,
  });
  await teller.step({
    does: "begins to log.",
    as: admin,
    call: ["cloudtrail", "StartLogging"],
    input: { Name: "audit" },
    expect: succeeds,
  });
}

async function readTrail(teller: Teller, auditor: Actor): Promise<void> {
  await teller.wait("Ten minutes later", 600);
  await teller.step({
    does: "the auditor finds the account's log files, his own calls in them.",
    as: auditor,
    call: ["s3", "ListObjectsV2"],
    input: { Bucket: trailBucket(teller), Prefix: `AWSLogs/${teller.account("A")}/CloudTrail/us-east-1/` },
    expect: {
      outcome: "succeeds",
      check: ({ Contents = [] }) => (Contents.some(({ Key }) => Key?.endsWith(".json.gz")) ? undefined : "a log file"),
    },
  });
  await teller.step({
    does: "The event history names him as well.",
    as: auditor,
    call: ["cloudtrail", "LookupEvents"],
    input: { LookupAttributes: [{ AttributeKey: "Username", AttributeValue: "audit" }] },
    expect: {
      outcome: "succeeds",
      check: ({ Events = [] }) =>
        Events.some(({ EventName }) => EventName === "ListRoles") ? undefined : "the listing of the roles",
    },
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
  await teller.step({
    does: "He looks at the trails.",
    as: auditor,
    call: ["cloudtrail", "DescribeTrails"],
    input: {},
    expect: { outcome: "succeeds", check: ({ trailList = [] }) => (trailList.length === 1 ? undefined : "one trail") },
  });
  teller.notBuilt("He looks at security groups.", "EC2");
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
