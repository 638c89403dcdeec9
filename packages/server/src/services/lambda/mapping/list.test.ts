import { GetEventSourceMappingCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { readQueue, REMEMBERS } from "../../../../test/function-queue.ts";
import { functionWorld } from "../../../../test/functions.ts";

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
test("mappings are listed by their function and by their source", async () => {
  const world = await functionWorld();
  const { UUID } = await readQueue(world, REMEMBERS);
  const { lambda } = world;
  const list = async (input: object = {}) =>
    (await lambda.send(new ListEventSourceMappingsCommand(input))).EventSourceMappings?.map((mapping) => mapping.UUID);
  const EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:jobs";
  const FunctionName = "arn:aws:lambda:us-east-1:000000000000:function:work";
  for (const input of [{}, { EventSourceArn }, { FunctionName: "work" }, { FunctionName, EventSourceArn }])
    expect(await list(input)).toEqual([UUID]);
  expect(await list({ FunctionName: "other" })).toEqual([]);
  expect(await list({ EventSourceArn: `${EventSourceArn}-2` })).toEqual([]);
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html
test("a mapping is read by its id, and one that is not there is not found", async () => {
  const world = await functionWorld();
  const { UUID, mapping } = await readQueue(world, REMEMBERS);
  const { lambda } = world;
  await world.cloud.clock.advance(1);
  const { State, EventSourceArn, BatchSize } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
  expect({ State, EventSourceArn, BatchSize }).toEqual({
    State: "Enabled",
    EventSourceArn: mapping.EventSourceArn,
    BatchSize: 10,
  });
  const none = "01234567-89ab-4def-8123-456789abcdef";
  await expect(lambda.send(new GetEventSourceMappingCommand({ UUID: none }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
