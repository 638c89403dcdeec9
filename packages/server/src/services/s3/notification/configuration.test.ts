import { GetBucketNotificationConfigurationCommand, type NotificationConfiguration } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { CREATED, putNotifications as put, QUEUE } from "../../../../test/notifying-bucket.ts";
import { ACCOUNT, refusal, s3World, type S3World } from "../../../../test/s3-world.ts";

const get = async ({ s3, bucket: Bucket }: Pick<S3World, "s3" | "bucket">) => {
  const { $metadata: _, ...found } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  return found;
};

const prefixed = (Value: string, more: object = {}) => ({
  QueueArn: QUEUE,
  ...CREATED,
  Filter: { Key: { FilterRules: [{ Name: "prefix" as const, Value }] } },
  ...more,
});

test("a configuration comes back as it was put, with ids and the names of filters in capitals", async () => {
  const world = await s3World();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json
  expect(await get(world)).toEqual({});
  await put(world, { QueueConfigurations: [prefixed("in/")], EventBridgeConfiguration: {} });
  expect(await get(world)).toEqual({
    QueueConfigurations: [
      {
        Id: expect.stringMatching(/^.{48}$/),
        QueueArn: QUEUE,
        Events: ["s3:ObjectCreated:*"],
        Filter: { Key: { FilterRules: [{ Name: "Prefix", Value: "in/" }] } },
      },
    ],
    EventBridgeConfiguration: {},
  });
  await put(world, {});
  expect(await get(world)).toEqual({});
});

// Sources: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json,
// https://github.com/aws/aws-cli/issues/2387, https://github.com/minio/minio/issues/2472, https://github.com/cloud-custodian/cloud-custodian/issues/1720
const REFUSED: readonly [string, NotificationConfiguration, string][] = [
  ["no ARN", { QueueConfigurations: [{ QueueArn: "uploads", ...CREATED }] }, "The ARN could not be parsed"],
  [
    "an ARN of another service",
    { QueueConfigurations: [{ QueueArn: `arn:aws:sns:us-east-1:${ACCOUNT}:t`, ...CREATED }] },
    "The ARN is not well formed",
  ],
  [
    "another region",
    { QueueConfigurations: [{ QueueArn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:q`, ...CREATED }] },
    "The notification destination service region is not valid for the bucket location constraint",
  ],
  [
    "the same event of the same keys twice",
    { QueueConfigurations: [prefixed("a/"), prefixed("a/b/")] },
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
  ],
  [
    "the same event twice",
    {
      QueueConfigurations: [
        { QueueArn: QUEUE, ...CREATED },
        { QueueArn: QUEUE, Events: ["s3:ObjectCreated:Put"] },
      ],
    },
    "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
  ],
  [
    "one id for two",
    { QueueConfigurations: [prefixed("a/", { Id: "x" }), prefixed("b/", { Id: "x" })] },
    "Same ID used for multiple configurations. IDs must be unique",
  ],
];

test.each(REFUSED)("%s is refused", async (_what, configuration, message) => {
  const world = await s3World();
  expect(await refusal(put(world, configuration))).toMatchObject({ code: "InvalidArgument", status: 400, message });
});

test("rules for different keys stand beside each other", async () => {
  const world = await s3World();
  await put(world, { QueueConfigurations: [prefixed("a/"), prefixed("b/")] });
  expect((await get(world)).QueueConfigurations).toHaveLength(2);
});

// Source: https://docs.aws.amazon.com/general/latest/gr/s3.html#limits_s3 (Event notifications)
test("a bucket has a hundred rules at most", async () => {
  const world = await s3World();
  const rules = Array.from({ length: 101 }, (_, at) => prefixed(`${at}/`));
  await put(world, { QueueConfigurations: rules.slice(1) });
  await refusal(put(world, { QueueConfigurations: rules }));
  expect((await get(world)).QueueConfigurations).toHaveLength(100);
});

test("destinations that do not answer are refused, all of them by name", async () => {
  const world = await s3World();
  const other = `${QUEUE}-2`;
  const configuration = { QueueConfigurations: [prefixed("a/"), prefixed("b/", { QueueArn: other })] };
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json
  const { message, error } = await refusal(put(world, configuration, false));
  expect(message).toBe("Unable to validate the following destination configurations");
  expect(error).toMatchObject({
    ArgumentName1: QUEUE,
    ArgumentValue1: "The destination queue does not exist",
    ArgumentName2: other,
  });
});
