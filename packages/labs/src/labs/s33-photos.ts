/** Each photo that is put into a bucket is handed to a function, which reads it. */
import type { Actor, Teller } from "../lab.ts";
import { allow } from "../policy.ts";
import { send } from "../service-call.ts";
import { makeFunction, makeServiceRole } from "../service-role.ts";
import { PHOTO_READER, pictureOf } from "./s33-photo-reader.ts";

const succeeds = { outcome: "succeeds" } as const;
const REGION = "us-east-1";
const GROUP = "/aws/lambda/photo-reader";
/** Three attempts: at once, after a minute, after two more. */
const ATTEMPTS_SECONDS = 200;

interface Story {
  readonly teller: Teller;
  readonly account: string;
  readonly admin: Actor;
  readonly bucket: string;
}

const arnOf = ({ account }: Story, service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${account}:${resource}`;

export async function photos(teller: Teller): Promise<void> {
  const account = teller.account("A");
  const story = { teller, account, admin: teller.root(account), bucket: `photos-${teller.suffix}` };
  await makeBucket(story);
  await makeRole(story);
  await makeReader(story);
  await notify(story);
  await readPhoto(story);
  await passOver(story);
  await giveUp(story);
}

async function makeBucket({ teller, admin, bucket }: Story): Promise<void> {
  await teller.step({
    does: "A bucket for photos,",
    as: admin,
    call: ["s3", "CreateBucket"],
    input: { Bucket: bucket },
    expect: succeeds,
  });
  await teller.step({
    does: "and a queue for what nobody could read.",
    as: admin,
    call: ["sqs", "CreateQueue"],
    input: { QueueName: "unreadable" },
    expect: succeeds,
  });
}

async function makeRole(story: Story): Promise<void> {
  await makeServiceRole(story, {
    name: "photo-reader",
    service: "lambda",
    does: "A role for the function that reads them:",
    rights: {
      does: "it may get photos, write its log, and put aside what cannot be read.",
      name: "read",
      statements: [
        allow("s3:GetObject", `arn:aws:s3:::${story.bucket}/*`),
        allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*"),
        allow("sqs:SendMessage", arnOf(story, "sqs", "unreadable")),
      ],
    },
  });
}

const makeReader = (story: Story) =>
  makeFunction(story, {
    does: "The function gets a photo with AWS's own client, and looks at it.",
    FunctionName: "photo-reader",
    Role: `arn:aws:iam::${story.account}:role/photo-reader`,
    MemorySize: 256,
    DeadLetterConfig: { TargetArn: arnOf(story, "sqs", "unreadable") },
    source: PHOTO_READER,
  });

async function notify(story: Story): Promise<void> {
  const { teller, admin, account, bucket } = story;
  const input = {
    Bucket: bucket,
    NotificationConfiguration: {
      LambdaFunctionConfigurations: [
        {
          LambdaFunctionArn: arnOf(story, "lambda", "function:photo-reader"),
          Events: ["s3:ObjectCreated:*" as const],
          Filter: { Key: { FilterRules: [{ Name: "suffix" as const, Value: ".png" }] } },
        },
      ],
    },
  };
  await teller.step({
    does: "The bucket may not call the function yet:",
    as: admin,
    call: ["s3", "PutBucketNotificationConfiguration"],
    input,
    expect: {
      outcome: "refused",
      code: "InvalidArgument",
      because: "Unable to validate the following destination configurations",
    },
  });
  await teller.step({
    does: "the function has to let in this bucket, of this account.",
    as: admin,
    call: ["lambda", "AddPermission"],
    input: {
      FunctionName: "photo-reader",
      StatementId: "photos",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      SourceArn: `arn:aws:s3:::${bucket}`,
      SourceAccount: account,
    },
    expect: succeeds,
  });
  await teller.step({
    does: "From now on it is called for each new picture.",
    as: admin,
    call: ["s3", "PutBucketNotificationConfiguration"],
    input,
    expect: succeeds,
  });
}

async function putObject({ teller, admin, bucket }: Story, photo: Photo): Promise<void> {
  const { does, Key, Body } = photo;
  await teller.deed({
    does,
    as: admin.name,
    command: `aws s3api put-object --bucket ${bucket} --key '${Key}' --body '${Key}'`,
    act: () =>
      send({
        service: "s3",
        operation: "PutObject",
        input: { Bucket: bucket, Key, Body },
        endpoint: teller.endpoint,
        region: REGION,
        credentials: admin.credentials,
      }),
    expect: succeeds,
  });
}

interface Photo {
  readonly does: string;
  readonly Key: string;
  readonly Body: Buffer;
}

async function readPhoto(story: Story): Promise<void> {
  const { teller } = story;
  const Body = pictureOf(640, 480);
  await putObject(story, { does: "Somebody puts a photo into the bucket.", Key: "Alice at sea.png", Body });
  await teller.wait("A moment later", 1);
  await logged(story, "the function has read it, and says how large it is.", [
    { photo: "Alice at sea.png", width: 640, height: 480 },
  ]);
  teller.notBuilt("It asks what is to be seen in the photo: labels, and whose face it is.", "Rekognition");
  teller.notBuilt("What it found is kept as an item of a table.", "DynamoDB");
}

async function passOver(story: Story): Promise<void> {
  const Body = Buffer.from("see you at nine");
  await putObject(story, { does: "A note is put there as well,", Key: "note.txt", Body });
  await story.teller.wait("and a moment later", 1);
  const alice = { photo: "Alice at sea.png", width: 640, height: 480 };
  await logged(story, "nobody has looked at it: it is no picture.", [alice]);
}

async function logged({ teller, admin }: Story, does: string, photosRead: readonly object[]): Promise<void> {
  await teller.step({
    does,
    as: admin,
    call: ["logs", "FilterLogEvents"],
    input: { logGroupName: GROUP, filterPattern: '"width"' },
    expect: {
      outcome: "succeeds",
      check: ({ events = [] }) => {
        const told = events.map(({ message = "" }) => message.slice(message.indexOf("{")).trim());
        return JSON.stringify(told) === JSON.stringify(photosRead.map((one) => JSON.stringify(one)))
          ? undefined
          : told.join(", ");
      },
    },
  });
}

async function giveUp(story: Story): Promise<void> {
  const { teller, admin, account } = story;
  const Body = Buffer.from("torn");
  await putObject(story, { does: "A file that is no picture but has the name of one", Key: "torn.png", Body });
  await teller.wait("is tried three times, within minutes,", ATTEMPTS_SECONDS);
  await teller.step({
    does: "as the log has it,",
    as: admin,
    call: ["logs", "FilterLogEvents"],
    input: { logGroupName: GROUP, filterPattern: '"Invoke Error"' },
    expect: {
      outcome: "succeeds",
      check: ({ events = [] }) => (events.length === 3 ? undefined : `${events.length} errors`),
    },
  });
  await teller.step({
    does: "and then it is put aside, with what was wrong with it.",
    as: admin,
    call: ["sqs", "ReceiveMessage"],
    input: {
      QueueUrl: `https://sqs.${REGION}.amazonaws.com/${account}/unreadable`,
      MessageAttributeNames: ["All"],
    },
    expect: {
      outcome: "succeeds",
      check: ({ Messages }) => {
        const letter = Messages?.[0];
        const why = letter?.MessageAttributes?.["ErrorMessage"]?.StringValue;
        const isIt = letter?.Body?.includes("torn.png") === true && why === "not a picture: torn.png";
        return isIt ? undefined : "no dead letter of torn.png";
      },
    },
  });
}
