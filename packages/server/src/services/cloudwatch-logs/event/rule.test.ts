import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";
import { policyText } from "../../../../test/identities.ts";

const GROUP = "/aws/events/orders";
const ARN = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
test("a rule writes events into a group whose account lets it, and into no other", async () => {
  const world = await eventWorld();
  const { cloud } = world;
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await world.rule("to-logs", { source: ["shop"] }, [{ Id: "1", Arn: ARN }]);
  const order = async (n: number) => {
    await world.put({ Source: "shop", DetailType: "order", Detail: JSON.stringify({ n }) });
    await cloud.clock.advance(86_400);
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP }));
    return events.map(({ message = "" }) => JSON.parse(message));
  };
  expect(await order(1)).toEqual([]);
  const Statement = [
    {
      Effect: "Allow",
      Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/*:*",
    },
  ];
  await logs.send(new PutResourcePolicyCommand({ policyName: "rules", policyDocument: policyText({ Statement }) }));
  expect(await order(2)).toMatchObject([{ source: "shop", "detail-type": "order", detail: { n: 2 } }]);
});
