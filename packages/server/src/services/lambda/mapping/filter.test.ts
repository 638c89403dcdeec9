import { expect, test } from "vitest";
import { readQueue, REMEMBERS } from "../../../../test/function-queue.ts";
import { functionWorld } from "../../../../test/functions.ts";

const filters = (...patterns: readonly object[]) => ({
  FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
test.each([
  ["a text", { body: ["plain"] }, ["plain"]],
  ["the beginning of a text", { body: [{ prefix: "pl" }] }, ["plain"]],
  ["what a document holds", { body: { kind: ["order"] } }, ['{"kind":"order","count":7}']],
  ["a number", { body: { count: [{ numeric: [">", 5] }] } }, ['{"kind":"order","count":7}']],
  ["what is not there", { body: { count: [{ exists: false }] } }, ['{"kind":"other"}']],
  [
    "either of two",
    { body: { $or: [{ kind: ["other"] }, { count: [7] }] } },
    ['{"kind":"order","count":7}', '{"kind":"other"}'],
  ],
  ["an attribute", { messageAttributes: { from: { stringValue: ["shop"] } } }, ['{"kind":"other"}']],
])("a filter may name %s", async (_what, pattern, wanted) => {
  const world = await functionWorld();
  const { send, left } = await readQueue(world, REMEMBERS, filters(pattern));
  await send("plain");
  await send("other");
  await send('{"kind":"order","count":7}');
  const MessageAttributes = { from: { DataType: "String", StringValue: "shop" } };
  await send('{"kind":"other"}', { MessageAttributes });
  await world.cloud.clock.advance(5);
  const batches: readonly (readonly string[])[] = JSON.parse(JSON.stringify((await world.invoke("work")).answer));
  expect(batches.flat().toSorted()).toEqual(wanted.toSorted());
  // the others are gone, and were never seen
  expect(await left()).toEqual([0, 0]);
});

test("one of several filters is enough", async () => {
  const world = await functionWorld();
  const { send } = await readQueue(world, REMEMBERS, filters({ body: { a: [1] } }, { body: { b: [2] } }));
  for (const body of ['{"a":1}', '{"b":2}', '{"a":2,"b":1}']) await send(body);
  await world.cloud.clock.advance(5);
  const batches: readonly (readonly string[])[] = JSON.parse(JSON.stringify((await world.invoke("work")).answer));
  expect(batches.flat().toSorted()).toEqual(['{"a":1}', '{"b":2}']);
});

test("a pattern that is none is refused", async () => {
  const world = await functionWorld();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_sqs.snapshot.json
  await expect(readQueue(world, REMEMBERS, filters({ body: "text" }))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "Invalid filter pattern definition.",
  });
});

const many = (count: number) => filters(...Array.from({ length: count }, (_, at) => ({ body: [String(at)] })));

test("a mapping has five filters at the most", async () => {
  const world = await functionWorld();
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
  await expect(readQueue(world, REMEMBERS, many(6))).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await readQueue(await functionWorld(), REMEMBERS, many(5));
});
