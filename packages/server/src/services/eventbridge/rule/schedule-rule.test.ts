import {
  DeleteRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

/** A queue that a schedule fills. */
async function scheduled(ScheduleExpression: string) {
  const world = await eventWorld();
  const queue = await world.queue("q", { MessageRetentionPeriod: "1209600" });
  await world.events.send(new PutRuleCommand({ Name: "s", ScheduleExpression }));
  await world.events.send(new PutTargetsCommand({ Rule: "s", Targets: [{ Id: "1", Arn: queue.arn }] }));
  return { ...world, queue };
}

test("a rate comes round by the virtual clock, also where it jumps a week", async () => {
  const { cloud, queue, events } = await scheduled("rate(1 day)");
  await cloud.clock.advance(7 * 86_400);
  const bodies = await queue.bodies();
  expect(bodies).toHaveLength(7);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_schedule.snapshot.json (recorded answers)
  expect(JSON.parse(bodies[0] ?? "")).toMatchObject({
    version: "0",
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    resources: ["arn:aws:events:us-east-1:000000000000:rule/s"],
    detail: {},
  });
  await events.send(new DisableRuleCommand({ Name: "s" }));
  await cloud.clock.advance(2 * 86_400);
  expect(await queue.bodies()).toEqual([]);
  await events.send(new EnableRuleCommand({ Name: "s" }));
  await cloud.clock.advance(86_400);
  expect(await queue.bodies()).toHaveLength(1);
  await events.send(new RemoveTargetsCommand({ Rule: "s", Ids: ["1"] }));
  await events.send(new DeleteRuleCommand({ Name: "s" }));
  await cloud.clock.advance(86_400);
  expect(await queue.bodies()).toEqual([]);
});

test("a cron expression comes round when the virtual clock shows it", async () => {
  const { cloud, queue } = await scheduled("cron(30 9 * * ? *)");
  await cloud.clock.advance(3 * 86_400);
  const times = (await queue.bodies()).map((body) => JSON.parse(body).time);
  expect(times).toHaveLength(3);
  for (const time of times) expect(time).toMatch(/T09:30:00Z$/);
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_schedule.snapshot.json (recorded answers) */
test("schedules are for the default bus, and have to be valid", async () => {
  const { events } = await eventWorld();
  const put = (ScheduleExpression: string, more = {}) =>
    events.send(new PutRuleCommand({ Name: "s", ScheduleExpression, ...more }));
  await expect(put("rate(1 minutes)")).rejects.toThrow("Parameter ScheduleExpression is not valid.");
  await expect(put("at(2030-01-01T00:00:00)")).rejects.toThrow("Parameter ScheduleExpression is not valid.");
  const EventBusName = "arn:aws:events:eu-west-1:000000000000:event-bus/default";
  await expect(put("rate(1 minute)", { EventBusName })).rejects.toThrow(
    "ScheduleExpression is supported only on the default event bus.",
  );
  await expect(events.send(new PutRuleCommand({ Name: "s" }))).rejects.toThrow(
    "Parameter(s) EventPattern or ScheduleExpression must be specified.",
  );
});
