import { expect, test } from "vitest";
import { eventWorld } from "../../../test/event-world.ts";

test("an event reaches the queue of the rule that is for it, and no other", async () => {
  const world = await eventWorld();
  const paid = await world.queue("paid");
  const other = await world.queue("other");
  await world.rule("paid", { source: ["shop"], detail: { state: ["paid"] } }, [{ Id: "1", Arn: paid.arn }]);
  await world.rule("other", { source: ["shop"], detail: { state: ["open"] } }, [{ Id: "1", Arn: other.arn }]);
  const [id] = await world.put({
    Source: "shop",
    DetailType: "order",
    Detail: '{"state": "paid", "sum": 12345678901234567890}',
  });
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
