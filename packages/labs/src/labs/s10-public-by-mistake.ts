import type { Lab, Teller } from "../lab.ts";
import { allow, policy } from "../policy.ts";
import {
  alarm,
  logNoObjects,
  makeCloser,
  makeRules,
  makeTrail,
  noteAlarm,
  notifyFunction,
  notifyNobody,
  type Story,
} from "./s10-watch.ts";

const succeeds = { outcome: "succeeds" } as const;
const HOUR = 3600;

export const s10: Lab = {
  id: "S10",
  title: "An object was made public by mistake: notice it, and close it",
  proves: [
    "s3-public-detect-plan1-events-lambda",
    "s3-public-detect-plan2-trail-sns",
    "s3-public-detect-simple-s3-trigger",
    "s3-public-block-realtime",
    "s3-log-monitoring-too-slow",
  ],
  async run(teller) {
    const account = teller.account("A");
    const { suffix } = teller;
    const names = { bucket: `photos-${suffix}`, logs: `photo-logs-${suffix}`, trailBucket: `trails-${suffix}` };
    const story = { teller, account, admin: teller.root(account), ...names };
    await openBucket(story);
    await makeTrail(story);
    await makeCloser(story);
    await makeRules(story);
    await madePublic(story, "p.jpg");
    await closedAgain(story);
    await privateOne(story);
    await unlogged(story);
    await simpleWay(story);
    await logsComeLate(story);
    await blocked(story);
  },
};

async function openBucket({ teller, admin, bucket }: Story): Promise<void> {
  await teller.step({
    does: "A bucket of the old kind, whose objects have access control lists.",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket, ObjectOwnership: "BucketOwnerPreferred" },
    expect: succeeds,
  });
  await teller.step({
    does: "Somebody took its public access block away.",
    as: admin,
    call: ["s3", "DeletePublicAccessBlock"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
}

const putPublic = ({ teller, admin, bucket }: Story, Key: string) =>
  teller.step({
    does: `Somebody puts ${Key} for all the world to read.`,
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key, Body: "a private photo", ACL: "public-read" },
    expect: succeeds,
  });

async function madePublic(story: Story, Key: string): Promise<void> {
  const { teller, bucket } = story;
  await putPublic(story, Key);
  await anybodyGets({ teller, bucket, Key, does: "All the world reads it.", status: 200 });
}

interface Visit {
  readonly teller: Teller;
  readonly bucket: string;
  readonly Key: string;
  readonly does: string;
  readonly status: number;
}

const anybodyGets = ({ teller, bucket, Key, does, status }: Visit): Promise<number | undefined> =>
  teller.deed({
    does,
    as: "anybody",
    command: `curl ${teller.endpoint}/${bucket}/${Key}`,
    act: async () => (await fetch(`${teller.endpoint}/${bucket}/${Key}`)).status,
    expect: { outcome: "succeeds", check: (got) => (got === status ? undefined : `HTTP ${status}`) },
  });

async function closedAgain(story: Story): Promise<void> {
  const { teller, admin, bucket } = story;
  await teller.wait("A moment later", 2);
  await teller.step({
    does: "the function has found the list and made it private.",
    as: admin,
    call: ["s3", "GetObjectAcl"],
    input: { Bucket: bucket, Key: "p.jpg" },
    expect: {
      outcome: "succeeds",
      check: ({ Grants = [] }) =>
        Grants.some(({ Grantee }) => Grantee?.URI?.endsWith("/AllUsers")) ? "no grant to AllUsers" : undefined,
    },
  });
  await anybodyGets({ teller, bucket, Key: "p.jpg", does: "It is closed.", status: 403 });
  await alarm(story, "The alarm says which object it was, and who did it.", "p.jpg");
  await noteAlarm(story);
}

/** Why the trail has to log objects. */
async function unlogged(story: Story): Promise<void> {
  const { teller, bucket } = story;
  await logNoObjects(story);
  await putPublic(story, "t.jpg");
  await teller.wait("However long one waits,", 600);
  await anybodyGets({ teller, bucket, Key: "t.jpg", does: "nobody closes what no trail logs,", status: 200 });
  await alarm(story, "and no alarm comes.", undefined);
}

async function simpleWay(story: Story): Promise<void> {
  const { teller, bucket } = story;
  await notifyFunction(story);
  await putPublic(story, "u.jpg");
  await teller.wait("A moment later", 2);
  await anybodyGets({ teller, bucket, Key: "u.jpg", does: "it is closed as well, without a trail.", status: 403 });
  await notifyNobody(story);
}

async function privateOne(story: Story): Promise<void> {
  const { teller, admin, bucket } = story;
  await teller.step({
    does: "Another photo is put as it should be:",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "q.jpg", Body: "another photo", ACL: "private" },
    expect: succeeds,
  });
  await teller.wait("a moment later", 2);
  await teller.step({
    does: "there is no public grant to be found.",
    as: admin,
    call: ["s3", "GetObjectAcl"],
    input: { Bucket: bucket, Key: "q.jpg" },
    expect: {
      outcome: "succeeds",
      check: ({ Grants = [] }) => (Grants.length === 1 ? undefined : "one grant, to the owner"),
    },
  });
  await alarm(story, "Nobody is alarmed.", undefined);
}

async function logsComeLate(story: Story): Promise<void> {
  const { teller, admin, bucket, logs, account } = story;
  await teller.step({
    does: "The bucket's access log would tell it as well: it goes to a bucket of its own,",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: logs },
    expect: succeeds,
  });
  await teller.step({
    does: "which lets S3's logging in.",
    as: admin,
    call: ["s3", "PutBucketPolicy"],
    input: {
      Bucket: logs,
      Policy: policy({
        ...allow("s3:PutObject", `arn:aws:s3:::${logs}/*`),
        Principal: { Service: "logging.s3.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      }),
    },
    expect: succeeds,
  });
  await teller.step({
    does: "From now on calls are logged.",
    as: admin,
    call: ["s3", "PutBucketLogging"],
    input: { Bucket: bucket, BucketLoggingStatus: { LoggingEnabled: { TargetBucket: logs, TargetPrefix: "" } } },
    expect: succeeds,
  });
  await madePublic(story, "r.jpg");
  await logged(story, { does: "Of that the log says nothing yet,", holds: (count) => count === 0 });
  await teller.wait("an hour passes,", HOUR);
  await logged(story, { does: "and then it does: too late for an alarm.", holds: (count) => count > 0 });
  teller.notBuilt("Trusted Advisor would show it at its next refresh, which is no alarm either.", "Trusted Advisor");
}

interface Look {
  readonly does: string;
  readonly holds: (count: number) => boolean;
}

const logged = ({ teller, admin, logs }: Story, { does, holds }: Look) =>
  teller.step({
    does,
    as: admin,
    call: ["s3", "ListObjectsV2"],
    input: { Bucket: logs },
    expect: {
      outcome: "succeeds",
      check: ({ KeyCount = 0 }) => (holds(KeyCount) ? undefined : "another number of logs"),
    },
  });

async function blocked({ teller, admin, bucket }: Story): Promise<void> {
  await teller.step({
    does: "So that it cannot happen again, the block is put back.",
    as: admin,
    call: ["s3", "PutPublicAccessBlock"],
    input: {
      Bucket: bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    },
    expect: succeeds,
  });
  await anybodyGets({
    teller,
    bucket,
    Key: "r.jpg",
    does: "What is public by its list is so no longer, at once,",
    status: 403,
  });
  await teller.step({
    does: "and no new list can be.",
    as: admin,
    call: ["s3", "PutObject"],
    input: { Bucket: bucket, Key: "s.jpg", Body: "a private photo", ACL: "public-read" },
    expect: { outcome: "refused", code: "AccessDenied", because: "BlockPublicAcls" },
  });
}
