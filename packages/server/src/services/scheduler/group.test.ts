import {
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-scheduler";
import { expect, test } from "vitest";
import { ACCOUNT, received, withQueue } from "../../../test/schedules.ts";
import { testCloud } from "../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
test("there is a default group, which stays", async () => {
  const cloud = await testCloud();
  const { scheduler } = await withQueue(cloud);
  await expect(scheduler.send(new GetScheduleGroupCommand({ Name: "default" }))).resolves.toMatchObject({
    Arn: `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule-group/default`,
    State: "ACTIVE",
  });
  await expect(scheduler.send(new DeleteScheduleGroupCommand({ Name: "default" }))).rejects.toMatchObject({
    name: "ValidationException",
  });
  await scheduler.send(new CreateScheduleGroupCommand({ Name: "a" }));
  const { ScheduleGroups = [] } = await scheduler.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups.map(({ Name }) => Name)).toEqual(["a", "default"]);
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group-delete.html
test("a group goes with all that is in it", async () => {
  const cloud = await testCloud();
  const { url, scheduler, create } = await withQueue(cloud);
  await scheduler.send(new CreateScheduleGroupCommand({ Name: "old" }));
  for (let at = 0; at < 250; at++) {
    await create({ Name: `one-${at}`, GroupName: "old", ScheduleExpression: "cron(0 * * * ? *)" });
  }
  await scheduler.send(new DeleteScheduleGroupCommand({ Name: "old" }));
  await cloud.clock.advance(7200);
  await expect(scheduler.send(new GetScheduleGroupCommand({ Name: "old" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Schedule group old does not exist.",
    $metadata: { httpStatusCode: 404 },
  });
  await expect(scheduler.send(new GetScheduleCommand({ Name: "one-1", GroupName: "old" }))).rejects.toThrow(
    "does not exist",
  );
  expect(await received(cloud, url)).toEqual([]);
});

test("groups have tags", async () => {
  const cloud = await testCloud();
  const { scheduler } = await withQueue(cloud);
  const { ScheduleGroupArn: ResourceArn } = await scheduler.send(
    new CreateScheduleGroupCommand({ Name: "a", Tags: [{ Key: "team", Value: "one" }] }),
  );
  await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "stage", Value: "test" }] }));
  await scheduler.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["team"] }));
  const { Tags } = await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(Tags).toEqual([{ Key: "stage", Value: "test" }]);
});
