import { credentialsOf } from "../credentials.ts";
import type { Actor, Lab, Teller } from "../lab.ts";
import { trust } from "../policy.ts";
import { REVOCATION_NAME, revocation } from "../revocation.ts";

const HOUR = 3600;

export const s01: Lab = {
  id: "S01",
  title: "A wrong permission was handed out via STS: revoke it",
  proves: ["sts-temp-creds-live-until-expiry", "sts-revoke-sessions", "sts-revoke-procedure", "sts-revoke-is-per-role"],
  async run(teller) {
    const story = await begin(teller);
    await handOutTooMuch(story);
    const sessions = await openSessions(story);
    await revoke(story, sessions);
    await goOn(story, sessions);
  },
};

interface Story {
  readonly teller: Teller;
  readonly account: string;
  readonly admin: Actor;
  readonly alice: Actor;
  readonly bucket: string;
}

interface Sessions {
  readonly s1: Actor;
  readonly s2: Actor;
  readonly other: Actor;
}

const S3_FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
const succeeds = { outcome: "succeeds" } as const;

async function begin(teller: Teller): Promise<Story> {
  const account = teller.account("A");
  const admin = teller.root(account);
  const bucket = `payroll-${teller.suffix}`;
  await teller.step({
    does: "There is a user alice.",
    as: admin,
    call: ["iam", "CreateUser"],
    input: { UserName: "alice" },
    expect: succeeds,
  });
  const key = await teller.step({
    does: "She has an access key.",
    as: admin,
    call: ["iam", "CreateAccessKey"],
    input: { UserName: "alice" },
    expect: succeeds,
  });
  await teller.step({
    does: "The bucket to protect:",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "It holds an object.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "x", Body: "salaries" },
    expect: succeeds,
  });
  return { teller, account, admin, bucket, alice: teller.actor("alice", credentialsOf(key.AccessKey)) };
}

async function handOutTooMuch({ teller, account, admin }: Story): Promise<void> {
  for (const role of ["support", "other"]) {
    await teller.step({
      does: `A role ${role} that alice may assume, for up to twelve hours.`,
      as: admin,
      call: ["iam", "CreateRole"],
      input: {
        RoleName: role,
        MaxSessionDuration: 12 * HOUR,
        AssumeRolePolicyDocument: trust(`arn:aws:iam::${account}:user/alice`),
      },
      expect: succeeds,
    });
    await teller.step({
      does: "The mistake: far too wide a policy.",
      as: admin,
      call: ["iam", "AttachRolePolicy"],
      input: { RoleName: role, PolicyArn: S3_FULL_ACCESS },
      expect: succeeds,
    });
  }
}

async function openSessions(story: Story): Promise<Sessions> {
  const { teller } = story;
  const s1 = await assume(story, "support", "s1", "Alice gets the role for twelve hours.");
  await read(story, s1, "The session reads the payroll.");
  await teller.wait("Six hours pass.", 6 * HOUR);
  await read(story, s1, "It does not lapse early.");
  const s2 = await assume(story, "support", "s2", "A second session of the same role,");
  const other = await assume(story, "other", "o1", "and one of another role.");
  await read(story, s2, "The second session works too.");
  await read(story, other, "So does that of the other role.");
  return { s1, s2, other };
}

async function revoke(story: Story, { s1, s2, other }: Sessions): Promise<void> {
  const { teller, admin, alice } = story;
  await teller.wait("A moment later the mistake is seen.", 1);
  await teller.step({
    does: "Revoke: deny everything to sessions issued before now. This is what the console's button writes.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: {
      RoleName: "support",
      PolicyName: REVOCATION_NAME,
      PolicyDocument: revocation(await teller.now()),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "It stands beside the role's other policies.",
    as: admin,
    call: ["iam", "GetRolePolicy"],
    input: { RoleName: "support", PolicyName: REVOCATION_NAME },
    expect: {
      outcome: "succeeds",
      check: ({ PolicyDocument = "" }) => (PolicyDocument.includes("TokenIssueTime") ? undefined : "its text"),
    },
  });
  for (const session of [s1, s2]) {
    await teller.step({
      does: `The very next call of ${session.name} is refused.`,
      as: session,
      call: ["s3", "GetObject"],
      input: { Bucket: story.bucket, Key: "x" },
      expect: {
        outcome: "refused",
        code: "AccessDenied",
        because: "with an explicit deny in an identity-based policy",
      },
    });
  }
  await read(story, other, "The session of the other role still works.");
  await teller.step({
    does: "Alice's own key still works: she may assume the other role again.",
    as: alice,
    call: ["sts", "AssumeRole"],
    input: { RoleArn: `arn:aws:iam::${story.account}:role/other`, RoleSessionName: "again" },
    expect: succeeds,
  });
  await teller.step({
    does: "GetCallerIdentity needs no permission, so it still answers.",
    as: s1,
    call: ["sts", "GetCallerIdentity"],
    input: {},
    expect: {
      outcome: "succeeds",
      check: ({ Arn }) => (Arn?.endsWith("assumed-role/support/s1") ? undefined : `the session's ARN, not ${Arn}`),
    },
  });
}

async function goOn(story: Story, { s1 }: Sessions): Promise<void> {
  const { teller, admin, bucket } = story;
  await teller.wait("One second later", 1);
  const s3 = await assume(story, "support", "s3", "a new session of the role is not touched by the revocation.");
  await read(story, s3, "It reads.");
  await teller.step({
    does: "So the role's policy has to be mended as well.",
    as: admin,
    call: ["iam", "DetachRolePolicy"],
    input: { RoleName: "support", PolicyArn: S3_FULL_ACCESS },
    expect: succeeds,
  });
  await teller.step({
    does: "Now nothing allows the call.",
    as: s3,
    call: ["s3", "GetObject"],
    input: { Bucket: bucket, Key: "x" },
    expect: {
      outcome: "refused",
      code: "AccessDenied",
      because: "because no identity-based policy allows the s3:GetObject action",
    },
  });
  await teller.step({
    does: "The event history shows who revoked.",
    as: admin,
    call: ["cloudtrail", "LookupEvents"],
    input: { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "PutRolePolicy" }] },
    expect: {
      outcome: "succeeds",
      check: ({ Events = [] }) =>
        Events.some(({ CloudTrailEvent = "" }) => CloudTrailEvent.includes("AWSRevokeOlderSessions"))
          ? undefined
          : "the call that put the policy",
    },
  });
  await teller.wait("Twelve hours after it was issued", 12 * HOUR);
  await teller.step({
    does: "the first session has expired.",
    as: s1,
    call: ["sts", "GetCallerIdentity"],
    input: {},
    expect: { outcome: "refused", code: "ExpiredToken" },
  });
}

async function assume({ teller, account, alice }: Story, role: string, session: string, does: string): Promise<Actor> {
  const { Credentials } = await teller.step({
    does,
    as: alice,
    call: ["sts", "AssumeRole"],
    input: { RoleArn: `arn:aws:iam::${account}:role/${role}`, RoleSessionName: session, DurationSeconds: 12 * HOUR },
    expect: succeeds,
  });
  return teller.actor(`session ${session} of ${role}`, credentialsOf(Credentials));
}

async function read({ teller, bucket }: Story, as: Actor, does: string): Promise<void> {
  await teller.step({ does, as, call: ["s3", "GetObject"], input: { Bucket: bucket, Key: "x" }, expect: succeeds });
}
