import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

const EVENT = {
  Source: "shop",
  DetailType: "order",
  Time: new Date("2030-01-02T03:04:05Z"),
  Detail: JSON.stringify({ command: "pay", list: [{ n: 1 }, { n: 2 }], payload: { id: "7", name: "b" } }),
};

/** What one queue gets of the event, for each of some targets. */
async function bodiesFor(...inputs: readonly object[]): Promise<readonly string[]> {
  const world = await eventWorld();
  const found: string[] = [];
  for (const [at, input] of inputs.entries()) {
    const queue = await world.queue(`q${at}`);
    await world.rule(`r${at}`, { source: ["shop"] }, [{ Id: "1", Arn: queue.arn, ...input }]);
    await world.put(EVENT);
    found.push(...(await queue.bodies()).slice(0, 1));
  }
  return found;
}

test("numbers that are too long for a double stay what they are", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q");
  const target = { Arn: queue.arn };
  await world.rule("r", { source: ["shop"] }, [
    { ...target, Id: "1", InputPath: "$.detail" },
    { ...target, Id: "2", InputPath: "$.detail.id" },
    { ...target, Id: "3", InputPath: "$.detail.id.rawJSON" },
    { ...target, Id: "4", ...transformer('{"id":<id>,"said":"<id>"}', { id: "$.detail.id" }) },
  ]);
  await world.put({ ...EVENT, Detail: '{"id":12345678901234567890,"n":1}' });
  expect((await queue.bodies()).toSorted()).toEqual(
    [
      "12345678901234567890",
      "null",
      '{"id":12345678901234567890,"n":1}',
      '{"id":12345678901234567890,"said":"12345678901234567890"}',
    ].toSorted(),
  );
});

const transformer = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) => ({
  InputTransformer: { InputTemplate, InputPathsMap },
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_inputs.snapshot.json (recorded answers) */
test("an input is a constant, a part, or a text that is made", async () => {
  const paths = {
    type: "$.detail-type",
    at: "$.time",
    command: "$.detail.command",
    payload: "$.detail.payload",
    no: "$.no",
  };
  const bodies = await bodiesFor(
    { Input: '{"a": 1}' },
    { InputPath: "$.detail.payload" },
    { InputPath: "$.detail.command" },
    transformer('"Event of <type> type, at time <at>, info <command><no>"', paths),
    transformer('{"type": <type>,  "time": <at>, "command": <command>, "no": <no>}', paths),
    transformer('"Payload of <payload> with path users/<command>"', paths),
    transformer('{"path": "users/<command>", "body": <payload>, "all": <list>}', {
      ...paths,
      list: "$.detail.list[*].n",
    }),
  );
  expect(bodies).toEqual([
    '{"a": 1}',
    '{"id":"7","name":"b"}',
    '"pay"',
    '"Event of order type, at time 2030-01-02T03:04:05Z, info pay"',
    '{"type": "order",  "time": "2030-01-02T03:04:05Z", "command": "pay", "no": ""}',
    '"Payload of {id:7,name:b} with path users/pay"',
    '{"path": "users/pay", "body": {"id":"7","name":"b"}, "all": [1,2]}',
  ]);
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_inputs.py (test_input_transformer_nested_keys_replacement_not_valid) */
test("a document that is none once its values stand in it is not sent", async () => {
  const paths = { payload: "$.detail.payload", list: "$.detail.list", command: "$.detail.command" };
  const bodies = await bodiesFor(
    transformer('{"no": "users/<payload>", "bod": <payload>}', paths),
    transformer('{"payload": "<payload>"}', paths),
    transformer('{"list": "<list>"}', paths),
    transformer('{"command": "<command>"}', paths),
  );
  expect(bodies).toEqual(['{"command": "pay"}']);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html#eb-transform-input-predefined */
test("reserved variables stand for the rule and for the event", async () => {
  const [names = "", events = ""] = await bodiesFor(
    transformer('"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"'),
    transformer('{"event": <aws.events.event>, "json": <aws.events.event.json>}'),
  );
  expect(names).toMatch(/^"arn:aws:events:us-east-1:000000000000:rule\/r0 r0 \d{4}-\d\d-\d\dT[\d:.]+Z"$/);
  const { event, json } = JSON.parse(events);
  expect(event).toMatchObject({ detailType: "order", source: "shop", version: "0" });
  expect(event).not.toHaveProperty("detail");
  expect(json).toMatchObject({ "detail-type": "order", detail: { command: "pay" } });
});
