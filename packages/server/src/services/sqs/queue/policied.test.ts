import { AccessAnalyzerClient, CreateAnalyzerCommand, ListFindingsCommand } from "@aws-sdk/client-accessanalyzer";
import { AddPermissionCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../../test/queues.ts";

test("an analyzer finds the queues that let another account in", async () => {
  const world = await queueWorld();
  const { cloud, sqs } = world;
  await world.create("closed");
  const QueueUrl = await world.create("open");
  const grant = { Label: "them", AWSAccountIds: ["111111111111"], Actions: ["SendMessage"] };
  await sqs.send(new AddPermissionCommand({ QueueUrl, ...grant }));
  const analyzer = cloud.client(AccessAnalyzerClient);
  const { arn: analyzerArn } = await analyzer.send(
    new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ACCOUNT" }),
  );
  const { findings = [] } = await analyzer.send(new ListFindingsCommand({ analyzerArn }));
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-sqs
  expect(findings).toMatchObject([
    {
      resourceType: "AWS::SQS::Queue",
      resource: "arn:aws:sqs:us-east-1:000000000000:open",
      principal: { AWS: "111111111111" },
      action: ["sqs:SendMessage"],
    },
  ]);
});
