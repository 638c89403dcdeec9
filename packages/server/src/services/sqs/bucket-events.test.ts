import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../test/queues.ts";
import { servicePolicy } from "../../../test/service-policy.ts";

const ARN = "arn:aws:sqs:us-east-1:000000000000:events";

test("what happens in a bucket arrives in a queue whose policy lets S3 send", async () => {
  const world = await queueWorld();
  const queue = await world.create("events");
  const s3 = world.cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const configure = () =>
    s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "photos",
        NotificationConfiguration: { QueueConfigurations: [{ QueueArn: ARN, Events: ["s3:ObjectCreated:*"] }] },
      }),
    );
  await expect(configure()).rejects.toMatchObject({ name: "InvalidArgument" });
  const where = { ArnLike: { "aws:SourceArn": "arn:aws:s3:::photos" } };
  const Policy = servicePolicy({ service: "s3", may: "sqs:SendMessage", on: ARN, where });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { Policy } }));
  await configure();
  const [first] = await world.receive(queue);
  expect(JSON.parse(first?.Body ?? "{}")).toMatchObject({ Event: "s3:TestEvent" });
  const waiting = world.receive(queue, { WaitTimeSeconds: 20 });
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat.jpg", Body: "meow" }));
  await world.cloud.clock.advance(1);
  const [event] = await waiting;
  expect(JSON.parse(event?.Body ?? "{}")).toMatchObject({
    Records: [{ eventName: "ObjectCreated:Put", s3: { object: { key: "cat.jpg" } } }],
  });
});
