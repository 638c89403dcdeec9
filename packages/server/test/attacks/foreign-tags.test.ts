/** Tags of what an ARN names in another account or region, while something of the same name is here. */
import * as eventbridge from "@aws-sdk/client-eventbridge";
import * as pipes from "@aws-sdk/client-pipes";
import * as scheduler from "@aws-sdk/client-scheduler";
import { expect, test } from "vitest";
import { withPipe } from "../pipes.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";

const OWN = "000000000000";
const OTHER = "111111111111";

interface Tagging {
  /** What the ARN of something is that `prepare` makes. */
  readonly arnOf: (region: string, account: string) => string;
  readonly prepare: (cloud: TestCloud) => Promise<unknown>;
  readonly tag: (cloud: TestCloud, arn: string) => Promise<unknown>;
  readonly untag: (cloud: TestCloud, arn: string) => Promise<unknown>;
  readonly list: (cloud: TestCloud, arn: string) => Promise<unknown>;
}

const rule: Tagging = {
  arnOf: (region, account) => `arn:aws:events:${region}:${account}:rule/r`,
  prepare: (cloud) =>
    cloud
      .client(eventbridge.EventBridgeClient)
      .send(new eventbridge.PutRuleCommand({ Name: "r", EventPattern: '{"source":["s"]}' })),
  tag: (cloud, ResourceARN) =>
    cloud
      .client(eventbridge.EventBridgeClient)
      .send(new eventbridge.TagResourceCommand({ ResourceARN, Tags: [{ Key: "a", Value: "b" }] })),
  untag: (cloud, ResourceARN) =>
    cloud
      .client(eventbridge.EventBridgeClient)
      .send(new eventbridge.UntagResourceCommand({ ResourceARN, TagKeys: ["a"] })),
  list: (cloud, ResourceARN) =>
    cloud.client(eventbridge.EventBridgeClient).send(new eventbridge.ListTagsForResourceCommand({ ResourceARN })),
};

const bus: Tagging = { ...rule, arnOf: (region, account) => `arn:aws:events:${region}:${account}:event-bus/default` };

const group: Tagging = {
  arnOf: (region, account) => `arn:aws:scheduler:${region}:${account}:schedule-group/default`,
  prepare: async () => undefined,
  tag: (cloud, ResourceArn) =>
    cloud
      .client(scheduler.SchedulerClient)
      .send(new scheduler.TagResourceCommand({ ResourceArn, Tags: [{ Key: "a", Value: "b" }] })),
  untag: (cloud, ResourceArn) =>
    cloud.client(scheduler.SchedulerClient).send(new scheduler.UntagResourceCommand({ ResourceArn, TagKeys: ["a"] })),
  list: (cloud, ResourceArn) =>
    cloud.client(scheduler.SchedulerClient).send(new scheduler.ListTagsForResourceCommand({ ResourceArn })),
};

const pipe: Tagging = {
  arnOf: (region, account) => `arn:aws:pipes:${region}:${account}:pipe/flow`,
  prepare: async (cloud) => (await withPipe(cloud)).create({}),
  tag: (cloud, resourceArn) =>
    cloud.client(pipes.PipesClient).send(new pipes.TagResourceCommand({ resourceArn, tags: { a: "b" } })),
  untag: (cloud, resourceArn) =>
    cloud.client(pipes.PipesClient).send(new pipes.UntagResourceCommand({ resourceArn, tagKeys: ["a"] })),
  list: (cloud, resourceArn) =>
    cloud.client(pipes.PipesClient).send(new pipes.ListTagsForResourceCommand({ resourceArn })),
};

test.each(Object.entries({ rule, bus, group, pipe }))("%s", async (_, { arnOf, prepare, tag, untag, list }) => {
  const cloud = await testCloud();
  await prepare(cloud);
  await tag(cloud, arnOf("us-east-1", OWN));
  for (const use of [tag, untag, list]) {
    // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    await expect(use(cloud, arnOf("us-east-1", OTHER))).rejects.toMatchObject({ name: "AccessDeniedException" });
    // Source: https://docs.aws.amazon.com/general/latest/gr/rande.html (an endpoint is for what is in its region)
    await expect(use(cloud, arnOf("eu-west-1", OWN))).rejects.toMatchObject({
      name: expect.stringMatching(/NotFoundException$/),
    });
  }
  expect(JSON.stringify(await list(cloud, arnOf("us-east-1", OWN)))).toMatch(/"Key":"a"|"a":"b"/);
});
