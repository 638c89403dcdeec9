import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

test("no value of a secret or a parameter is on record", async () => {
  const cloud = await testCloud();
  const manager = cloud.client(SecretsManagerClient);
  const ssm = cloud.client(SSMClient);
  const hush = "hush-3f9a";
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: hush }));
  await manager.send(new PutSecretValueCommand({ SecretId: "s", SecretBinary: Buffer.from(hush) }));
  await manager.send(new GetSecretValueCommand({ SecretId: "s", VersionStage: "AWSPREVIOUS" }));
  await ssm.send(new PutParameterCommand({ Name: "p", Type: "SecureString", Value: hush }));
  await ssm.send(new GetParameterCommand({ Name: "p", WithDecryption: true }));
  const records = await cloud.cloud.journal.find({ limit: 100, matches: () => true });
  const text = JSON.stringify(records);
  expect(text).toContain("CreateSecret");
  expect(text).toContain("GenerateDataKey");
  expect(text).not.toContain(hush);
  expect(text).not.toContain(Buffer.from(hush).toString("base64"));
});
