import { AccessAnalyzerClient, CreateAnalyzerCommand, ListFindingsCommand } from "@aws-sdk/client-accessanalyzer";
import { CreateSecretCommand, PutResourcePolicyCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { policyText } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";

test("an analyzer finds the secrets that let another account in", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  await manager.send(new CreateSecretCommand({ Name: "closed", SecretString: "x" }));
  const { ARN: SecretId } = await manager.send(new CreateSecretCommand({ Name: "open", SecretString: "x" }));
  const grant = {
    Effect: "Allow",
    Principal: { AWS: "111111111111" },
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
  };
  await manager.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policyText({ Statement: [grant] }) }));
  const analyzer = cloud.client(AccessAnalyzerClient);
  const { arn: analyzerArn } = await analyzer.send(
    new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ACCOUNT" }),
  );
  const { findings = [] } = await analyzer.send(new ListFindingsCommand({ analyzerArn }));
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-secrets-manager
  expect(findings).toMatchObject([
    {
      resourceType: "AWS::SecretsManager::Secret",
      resource: SecretId,
      principal: { AWS: "111111111111" },
      action: ["secretsmanager:GetSecretValue"],
    },
  ]);
});
