import {
  DeletePipeCommand,
  DescribePipeCommand,
  ListPipesCommand,
  ListTagsForResourceCommand,
  StartPipeCommand,
  StopPipeCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePipeCommand,
} from "@aws-sdk/client-pipes";
import { expect, test } from "vitest";
import { withPipe } from "../../../test/pipes.ts";
import { ACCOUNT, makeRole, queueArn } from "../../../test/schedules.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const ARN = `arn:aws:pipes:us-east-1:${ACCOUNT}:pipe/flow`;

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_CreatePipe.html, API_DescribePipe.html
test("a pipe is read back as it was made, with what is usual where nothing was said", async () => {
  const cloud = await testCloud();
  const { role, pipes, create } = await withPipe(cloud);
  const made = await create({ Description: "orders", Tags: { team: "one" } });
  expect(made).toMatchObject({ Arn: ARN, Name: "flow", DesiredState: "RUNNING", CurrentState: "CREATING" });
  const found = await pipes.send(new DescribePipeCommand({ Name: "flow" }));
  expect(found).toMatchObject({
    Arn: ARN,
    Description: "orders",
    DesiredState: "RUNNING",
    CurrentState: "RUNNING",
    Source: queueArn("from"),
    SourceParameters: { SqsQueueParameters: { BatchSize: 10, MaximumBatchingWindowInSeconds: 0 } },
    Target: queueArn("to"),
    RoleArn: role,
    Tags: { team: "one" },
  });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_UpdatePipe.html
test("an update leaves what it does not say as it was", async () => {
  const cloud = await testCloud();
  const { role, pipes, create } = await withPipe(cloud);
  const Filters = [{ Pattern: '{"body":["a"]}' }];
  await create({ Description: "orders", SourceParameters: { FilterCriteria: { Filters } } });
  await pipes.send(
    new UpdatePipeCommand({
      Name: "flow",
      RoleArn: role,
      SourceParameters: { SqsQueueParameters: { BatchSize: 5 } },
      TargetParameters: { InputTemplate: "<$.body>" },
    }),
  );
  await expect(pipes.send(new DescribePipeCommand({ Name: "flow" }))).resolves.toMatchObject({
    Description: "orders",
    SourceParameters: { FilterCriteria: { Filters }, SqsQueueParameters: { BatchSize: 5 } },
    TargetParameters: { InputTemplate: "<$.body>" },
  });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-start-stop.html
test("a pipe starts and stops, and is gone when it is deleted", async () => {
  const cloud = await testCloud();
  const { pipes, create } = await withPipe(cloud);
  await create({ DesiredState: "STOPPED" });
  const state = async () => (await pipes.send(new DescribePipeCommand({ Name: "flow" }))).CurrentState;
  expect(await state()).toBe("STOPPED");
  await expect(pipes.send(new StartPipeCommand({ Name: "flow" }))).resolves.toMatchObject({ CurrentState: "STARTING" });
  expect(await state()).toBe("RUNNING");
  await expect(pipes.send(new StopPipeCommand({ Name: "flow" }))).resolves.toMatchObject({ CurrentState: "STOPPING" });
  expect(await state()).toBe("STOPPED");
  await expect(pipes.send(new DeletePipeCommand({ Name: "flow" }))).resolves.toMatchObject({
    DesiredState: "DELETED",
    CurrentState: "DELETING",
  });
  await expect(state()).rejects.toMatchObject({ name: "NotFoundException", $metadata: { httpStatusCode: 404 } });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_DescribePipe.html (CurrentState, StateReason)
test("a pipe whose role does not trust it, or may not read the source, has failed and says why", async () => {
  const cloud = await testCloud();
  const { pipes, create } = await withPipe(cloud);
  const strange = await makeRole(cloud, { name: "strange", service: "lambda.amazonaws.com", actions: ["sqs:*"] });
  const poor = await makeRole(cloud, { name: "poor", service: "pipes.amazonaws.com", actions: ["sqs:SendMessage"] });
  await create({ Name: "strange", RoleArn: strange });
  await create({ Name: "poor", RoleArn: poor });
  await expect(pipes.send(new DescribePipeCommand({ Name: "strange" }))).resolves.toMatchObject({
    CurrentState: "CREATE_FAILED",
    StateReason: expect.stringContaining("sts:AssumeRole"),
  });
  await expect(pipes.send(new DescribePipeCommand({ Name: "poor" }))).resolves.toMatchObject({
    CurrentState: "CREATE_FAILED",
    // Source: https://github.com/terraform-aws-modules/terraform-aws-eventbridge/pull/133
    StateReason:
      "Input parameter is invalid from the request due to : The provided customer role does not have permissions to call ReceiveMessage on SQS",
  });
});

// Source: https://github.com/hashicorp/terraform-provider-aws/issues/32018 (the form)
test("a target without what it needs is refused with the name of the field", async () => {
  const { create } = await withPipe(await testCloud());
  const made = create({ Target: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g` });
  await expect(made).rejects.toThrow(
    '{"ValidationErrorFields":[{"Name":"TargetParameters.CloudWatchLogsParameters.LogStreamName","Message":"Missing required parameter."}]}',
  );
});

test.each([
  [{ Source: "arn:aws:kinesis:us-east-1:000000000000:stream/s" }, "NotImplemented"],
  [{ Source: "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/now" }, "NotImplemented"],
  [{ Source: "arn:aws:s3:::bucket" }, "ValidationException"],
  [{ Target: "arn:aws:states:us-east-1:000000000000:stateMachine:m" }, "NotImplemented"],
  [{ Target: "arn:aws:s3:::bucket" }, "ValidationException"],
  [{ Enrichment: "arn:aws:states:us-east-1:000000000000:stateMachine:m" }, "NotImplemented"],
  [{ KmsKeyIdentifier: "alias/mine" }, "NotImplemented"],
  [
    {
      Target: "arn:aws:events:us-east-1:000000000000:event-bus/b",
      TargetParameters: { EventBridgeEventBusParameters: { EndpointId: "abcde.veo" } },
    },
    "NotImplemented",
  ],
  // Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
  [{ SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"body":"a"}' }] } } }, "ValidationException"],
  [
    { TargetParameters: { LambdaFunctionParameters: { InvocationType: "FIRE_AND_FORGET" as const } } },
    "ValidationException",
  ],
])("%j is refused with %s", async (more, name) => {
  const cloud = await testCloud();
  const { create } = await withPipe(cloud);
  await expect(create(more)).rejects.toMatchObject({ name });
});

test("names are taken once", async () => {
  const cloud = await testCloud();
  const { create } = await withPipe(cloud);
  await create();
  await expect(create()).rejects.toMatchObject({ name: "ConflictException", $metadata: { httpStatusCode: 409 } });
});

test("pipes are listed page by page, and by what they lead from and to", async () => {
  const cloud = await testCloud();
  const { pipes, create } = await withPipe(cloud);
  await create({ Name: "a" });
  await create({ Name: "b", DesiredState: "STOPPED" });
  await create({ Name: "c", Target: queueArn("other") });
  const names = async (asked: object) =>
    ((await pipes.send(new ListPipesCommand(asked))).Pipes ?? []).map(({ Name }) => Name);
  expect(await names({})).toEqual(["a", "b", "c"]);
  expect(await names({ CurrentState: "STOPPED" })).toEqual(["b"]);
  expect(await names({ TargetPrefix: queueArn("other") })).toEqual(["c"]);
  const first = await pipes.send(new ListPipesCommand({ Limit: 2 }));
  expect(await names({ Limit: 2, NextToken: first.NextToken })).toEqual(["c"]);
});

test("pipes have tags", async () => {
  const cloud = await testCloud();
  const { pipes, create } = await withPipe(cloud);
  await create({ Tags: { team: "one" } });
  await pipes.send(new TagResourceCommand({ resourceArn: ARN, tags: { stage: "test" } }));
  await pipes.send(new UntagResourceCommand({ resourceArn: ARN, tagKeys: ["team"] }));
  const { tags } = await pipes.send(new ListTagsForResourceCommand({ resourceArn: ARN }));
  expect(tags).toEqual({ stage: "test" });
});
