import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { withPipe } from "../../test/pipes.ts";
import { testCloud } from "../../test/test-cloud.ts";

const GROUP = "/aws/vendedlogs/pipes/flow";
const LogGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;

test("what is written to a log group is written again where the attempt before made the stream alone", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud);
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  const allow = (...Action: readonly string[]) => {
    const Principal = { Service: ["pipes.amazonaws.com", "delivery.logs.amazonaws.com"] };
    const Statement = [{ Effect: "Allow", Principal, Action, Resource: `${LogGroupArn}:*` }];
    const policyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
    return logs.send(new PutResourcePolicyCommand({ policyName: "pipes", policyDocument }));
  };
  await allow("logs:CreateLogStream");
  await cloud.cloud.clock.freeze();
  await create({ LogConfiguration: { Level: "INFO", CloudwatchLogsLogDestination: { LogGroupArn } } });
  await send("one");
  await settle();
  const events = async () => (await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP }))).events ?? [];
  expect(await events()).toEqual([]);
  await allow("logs:CreateLogStream", "logs:PutLogEvents");
  await cloud.clock.advance(60);
  expect((await events()).length).toBeGreaterThan(0);
});
