import { CreateEventBusCommand, PutEventsCommand, PutTargetsCommand, type Target } from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";
import { makeRole } from "../../../../test/identities.ts";

const ORDER = { Source: "shop", DetailType: "order" } as const;

test("an event reaches the queue of the rule that is for it, and no other", async () => {
  const world = await eventWorld();
  const [paid, other] = [await world.queue("paid"), await world.queue("other")];
  await world.rule("paid", { source: ["shop"], detail: { state: ["paid"] } }, [{ Id: "1", Arn: paid.arn }]);
  await world.rule("other", { source: ["shop"], detail: { state: ["open"] } }, [{ Id: "1", Arn: other.arn }]);
  const [id] = await world.put({ ...ORDER, Detail: '{"state": "paid", "sum": 12345678901234567890}' });
  const [body = ""] = await paid.bodies();
  expect(JSON.parse(body)).toMatchObject({
    version: "0",
    id,
    "detail-type": "order",
    source: "shop",
    account: "000000000000",
    region: "us-east-1",
    resources: [],
    detail: { state: "paid" },
  });
  expect(body).toContain('"sum":12345678901234567890');
  expect(await other.bodies()).toEqual([]);
});

test("a rule that is changed, turned off or taken away is for other events, or none, at once", async () => {
  const world = await eventWorld();
  const { arn, bodies } = await world.queue("q");
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: arn }]);
  await world.put({ ...ORDER, Detail: "{}" });
  expect(await bodies()).toHaveLength(1);
  await world.rule("r", { source: ["else"] }, []);
  await world.put({ ...ORDER, Detail: "{}" });
  expect(await bodies()).toHaveLength(0);
  await world.rule("r", { source: ["shop"] }, [], { State: "DISABLED" });
  await world.put({ ...ORDER, Detail: "{}" });
  expect(await bodies()).toHaveLength(0);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html, https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py */
test("each entry is taken or refused by itself", async () => {
  const world = await eventWorld();
  const Entries = [
    { ...ORDER, Detail: "{}" },
    { ...ORDER },
    { DetailType: "order", Detail: "{}" },
    { ...ORDER, Detail: "[1]" },
    { ...ORDER, Detail: "{" },
    { ...ORDER, Source: "aws.s3", Detail: "{}" },
    // Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html (DetailType)
    { ...ORDER, DetailType: "d".repeat(129), Detail: "{}" },
  ];
  const { FailedEntryCount, Entries: answers } = await world.events.send(new PutEventsCommand({ Entries }));
  expect(FailedEntryCount).toBe(6);
  expect(answers).toMatchObject([
    { EventId: expect.stringMatching(/^[\da-f-]{36}$/) },
    {
      ErrorCode: "InvalidArgument",
      ErrorMessage: "Parameter Detail is not valid. Reason: Detail is a required argument.",
    },
    { ErrorCode: "InvalidArgument" },
    { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." },
    { ErrorCode: "MalformedDetail" },
    { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." },
    { ErrorCode: "InvalidArgument" },
  ]);
});

/** Source: https://www.bitslovers.com/serverless-1mb-payload-lambda-sqs-eventbridge/ (256 KB until January 2026) */
test("a request holds ten entries, and 1 MB in all", async () => {
  const { events } = await eventWorld();
  const many = Array.from({ length: 11 }, () => ({ ...ORDER, Detail: "{}" }));
  await expect(events.send(new PutEventsCommand({ Entries: many }))).rejects.toThrow(/less than or equal to 10$/);
  const Detail = JSON.stringify({ text: "x".repeat(1024 * 1024) });
  const asked = events.send(new PutEventsCommand({ Entries: [{ ...ORDER, Detail }] }));
  await expect(asked).rejects.toThrow("Total size of the entries in the request is over the limit.");
});

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/events (test_put_events_nonexistent_event_bus) */
test("what is put on a bus that there is not, is taken and goes nowhere", async () => {
  const world = await eventWorld();
  const { arn, bodies } = await world.queue("q");
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: arn }]);
  const ids = await world.put({ ...ORDER, Detail: "{}", EventBusName: "gone" }, { ...ORDER, Detail: "{}" });
  expect(ids).toHaveLength(2);
  expect(await bodies()).toHaveLength(1);
});

test("rules of a custom bus hear what is put on it alone", async () => {
  const world = await eventWorld();
  const { arn, bodies } = await world.queue("q");
  await world.events.send(new CreateEventBusCommand({ Name: "orders" }));
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: arn }], { EventBusName: "orders" });
  await world.put({ ...ORDER, Detail: "{}" }, { ...ORDER, Detail: '{"n":1}', EventBusName: "orders" });
  expect((await bodies()).map((body) => JSON.parse(body).detail)).toEqual([{ n: 1 }]);
});

test("a FIFO queue gets the group that the target names, in the order of the events", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" });
  const target = { Id: "1", Arn: queue.arn, SqsParameters: { MessageGroupId: "g" } };
  await world.rule("r", { source: ["shop"] }, [target]);
  const numbers = Array.from({ length: 10 }, (_, n) => n);
  await world.put(...numbers.map((n) => ({ ...ORDER, Detail: JSON.stringify({ n }) })));
  const messages = await queue.messages();
  expect(messages.map(({ Body = "" }) => JSON.parse(Body).detail.n)).toEqual(numbers);
  expect(messages[0]?.Attributes?.["MessageGroupId"]).toBe("g");
});

const trace = (of: string) => `Root=1-67f4141f-e1cd7672871da115129f8b1${of};Parent=d0ee9531727135a0;Sampled=1`;

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_x_ray_trace_propagation.py (recorded), https://docs.aws.amazon.com/xray/latest/devguide/xray-services-eventbridge.html */
test("the trace header of who puts an event follows it, over another bus too", async () => {
  const world = await eventWorld();
  const [queue, hub] = [await world.queue("q"), "arn:aws:events:us-east-1:000000000000:event-bus/hub"];
  await world.events.send(new CreateEventBusCommand({ Name: "hub" }));
  const RoleArn = await makeRole(world.cloud, "out", {
    principal: { Service: "events.amazonaws.com" },
    allow: ["events:PutEvents"],
  });
  await world.rule("out", { source: ["shop"] }, [{ Id: "1", Arn: hub, RoleArn }]);
  await world.rule("in", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn }], { EventBusName: "hub" });
  world.events.middlewareStack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) args.request.headers["x-amzn-trace-id"] = `${trace("8")};Lineage=1:0:0`;
      return next(args);
    },
    { step: "build" },
  );
  await world.put({ ...ORDER, Detail: "{}" }, { ...ORDER, Detail: "{}", TraceHeader: trace("9") });
  const traces = (await queue.messages()).map(({ Attributes }) => Attributes?.["AWSTraceHeader"]);
  expect(new Set(traces)).toEqual(new Set([trace("8"), trace("9")]));
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html */
test("what happens to a bucket's objects is on the default bus, as long as a rule is there", async () => {
  const world = await eventWorld();
  const s3 = world.cloud.client(S3Client, undefined, { forcePathStyle: true });
  const Bucket = "photos";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "unheard", Body: "1" }));
  const queue = await world.queue("q");
  const pattern = { source: ["aws.s3"], "detail-type": ["Object Created"], detail: { bucket: { name: [Bucket] } } };
  await world.rule("r", pattern, [{ Id: "1", Arn: queue.arn, InputPath: "$.detail.object.key" }]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "heard", Body: "1" }));
  expect(await queue.bodies()).toEqual(['"heard"']);
  expect((await world.cloud.cloud.events(10)).map(({ service }) => service)).toEqual(["eventbridge", "s3"]);
});

const targets = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ Id: `${from + n}`, Arn: "arn:aws:sqs:us-east-1:000000000000:q" }));

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json (test_add_exceed_fife_targets_per_rule) */
test("a rule has five targets at most", async () => {
  const world = await eventWorld();
  await world.rule("r", { source: ["shop"] }, []);
  const put = (Targets: Target[]) => world.events.send(new PutTargetsCommand({ Rule: "r", Targets }));
  await put(targets(0, 5));
  await put(targets(0, 5));
  await expect(put(targets(5, 6))).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "The requested resource exceeds the maximum number allowed.",
  });
});

test("targets are held to what they need", async () => {
  const world = await eventWorld();
  await world.rule("r", { source: ["shop"] }, []);
  const put = (Arn: string, more: object = {}) =>
    world.events.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "t", Arn, ...more }] }));
  const queue = "arn:aws:sqs:us-east-1:000000000000:q";
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py
  await expect(put("s3:test")).rejects.toThrow(
    "Parameter s3:test is not valid. Reason: Provided Arn is not in correct format.",
  );
  await expect(put(`${queue}.fifo`)).rejects.toThrow("Parameter(s) SqsParameters must be specified for target: t.");
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/events (test_events_inputs)
  const both = { InputPath: "$.detail", InputTransformer: { InputTemplate: '"x"' } };
  await expect(put(queue, both)).rejects.toThrow(
    "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
  );
  const unknown = { InputTransformer: { InputPathsMap: { a: "$.a" }, InputTemplate: '"<a> <b>"' } };
  await expect(put(queue, unknown)).rejects.toThrow("InputTemplate for target t contains invalid placeholder b.");
  await expect(put("arn:aws:kinesis:us-east-1:000000000000:stream/s")).rejects.toThrow(/^RoleArn is required/);
});
