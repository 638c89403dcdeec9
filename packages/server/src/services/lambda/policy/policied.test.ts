import {
  AccessAnalyzerClient,
  CreateAnalyzerCommand,
  ListFindingsCommand,
  StartResourceScanCommand,
} from "@aws-sdk/client-accessanalyzer";
import {
  AddLayerVersionPermissionCommand,
  DeleteLayerVersionCommand,
  LambdaClient,
  PublishLayerVersionCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";
import { zipOf } from "../../../../test/zip.ts";

test("an analyzer finds the layers that let another account in, and those that are there alone", async () => {
  const cloud = await testCloud();
  const lambda = cloud.client(LambdaClient);
  const publish = async () => {
    const Content = { ZipFile: zipOf({ "a.txt": "x" }) };
    const layer = await lambda.send(new PublishLayerVersionCommand({ LayerName: "tools", Content }));
    const of = { LayerName: "tools", VersionNumber: layer.Version };
    const Action = "lambda:GetLayerVersion";
    await lambda.send(
      new AddLayerVersionPermissionCommand({ ...of, StatementId: "them", Action, Principal: "111111111111" }),
    );
    return { ...of, arn: layer.LayerVersionArn };
  };
  const [gone, open] = [await publish(), await publish()];
  await lambda.send(new DeleteLayerVersionCommand(gone));
  const analyzer = cloud.client(AccessAnalyzerClient);
  const { arn: analyzerArn } = await analyzer.send(
    new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ACCOUNT" }),
  );
  const scan = (resourceArn?: string) => analyzer.send(new StartResourceScanCommand({ analyzerArn, resourceArn }));
  await scan(open.arn);
  await expect(scan(gone.arn)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const { findings = [] } = await analyzer.send(new ListFindingsCommand({ analyzerArn }));
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-lambda
  expect(findings).toMatchObject([
    {
      resourceType: "AWS::Lambda::LayerVersion",
      resource: open.arn,
      resourceOwnerAccount: "000000000000",
      principal: { AWS: "111111111111" },
      action: ["lambda:GetLayerVersion"],
    },
  ]);
});
