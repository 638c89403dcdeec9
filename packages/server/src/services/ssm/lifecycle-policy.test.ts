import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { servicePolicy } from "../../../test/service-policy.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const DAY_SECONDS = 86_400;

/** A queue that hears what EventBridge hears of parameters. */
async function hearingWorld() {
  const cloud = await testCloud();
  const queues = cloud.client(SQSClient);
  const events = cloud.client(EventBridgeClient);
  const Policy = servicePolicy({ service: "events", may: "sqs:SendMessage" });
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: "heard", Attributes: { Policy } }));
  await events.send(new PutRuleCommand({ Name: "parameters", EventPattern: JSON.stringify({ source: ["aws.ssm"] }) }));
  const Arn = "arn:aws:sqs:us-east-1:000000000000:heard";
  await events.send(new PutTargetsCommand({ Rule: "parameters", Targets: [{ Id: "1", Arn }] }));
  return {
    cloud,
    ssm: cloud.client(SSMClient),
    heard: async () => {
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = "" }): object => JSON.parse(Body));
    },
  };
}

const inDays = (now: Date, days: number): string => new Date(now.getTime() + days * DAY_SECONDS * 1000).toISOString();

const action = (type: string) => ({
  "detail-type": "Parameter Store Policy Action",
  detail: { "policy-type": type, "parameter-name": "/p", "parameter-type": "String", "action-status": "Success" },
});

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html (examples of events) */
test("who listens hears of a parameter that is made, that nobody has changed, and that is about to go", async () => {
  const { cloud, ssm, heard } = await hearingWorld();
  const Policies = JSON.stringify([
    { Type: "Expiration", Version: "1.0", Attributes: { Timestamp: inDays(cloud.clock.now(), 30) } },
    { Type: "ExpirationNotification", Version: "1.0", Attributes: { Before: "5", Unit: "Days" } },
    { Type: "NoChangeNotification", Version: "1.0", Attributes: { After: "20", Unit: "Days" } },
  ]);
  await ssm.send(
    new PutParameterCommand({ Name: "/p", Value: "v", Type: "String", Description: "d", Tier: "Advanced", Policies }),
  );
  await cloud.clock.advance(1);
  expect(await heard()).toMatchObject([
    {
      "detail-type": "Parameter Store Change",
      resources: ["arn:aws:ssm:us-east-1:000000000000:parameter/p"],
      detail: { operation: "Create", name: "/p", type: "String", description: "d" },
    },
  ]);
  await cloud.clock.advance(20 * DAY_SECONDS);
  expect(await heard()).toMatchObject([action("NoChangeNotification")]);
  await cloud.clock.advance(5 * DAY_SECONDS);
  expect(await heard()).toMatchObject([action("ExpirationNotification")]);
  await cloud.clock.advance(5 * DAY_SECONDS);
  // two deliveries of one moment keep no order
  const last = (await heard()).toSorted((one) => (JSON.stringify(one).includes('"Expiration"') ? -1 : 1));
  expect(last).toMatchObject([action("Expiration"), { detail: { operation: "Delete", name: "/p" } }]);
  expect(await ssm.send(new DescribeParametersCommand({}))).toMatchObject({ Parameters: [] });
});

test("a new version has its own time, and policies that contradict each other are refused", async () => {
  const { cloud, ssm } = await hearingWorld();
  const put = (policies: readonly object[], more: object = {}) =>
    ssm.send(
      new PutParameterCommand({
        Name: "/p",
        Value: "v",
        Type: "String",
        Tier: "Advanced",
        Policies: JSON.stringify(policies),
        ...more,
      }),
    );
  const expiration = (days: number) => ({
    Type: "Expiration",
    Version: "1.0",
    Attributes: { Timestamp: inDays(cloud.clock.now(), days) },
  });
  await expect(put([expiration(1), expiration(2)])).rejects.toMatchObject({ name: "IncompatiblePolicyException" });
  await expect(put([expiration(-1)])).rejects.toMatchObject({ name: "InvalidPolicyAttributeException" });
  await expect(put([{ Type: "Other", Version: "1.0" }])).rejects.toMatchObject({ name: "InvalidPolicyTypeException" });
  await put([expiration(1)]);
  await put([expiration(10)], { Overwrite: true });
  await cloud.clock.advance(5 * DAY_SECONDS);
  const { Parameters } = await ssm.send(new DescribeParametersCommand({}));
  expect(Parameters).toMatchObject([{ Name: "/p", Version: 2, Policies: [{ PolicyType: "Expiration" }] }]);
});
