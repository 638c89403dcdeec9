import { SecretsManagerClient, BatchGetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

test("an operation that is not built says so", async () => {
  const cloud = await testCloud();
  const calling = cloud.client(SecretsManagerClient).send(new BatchGetSecretValueCommand({} as never));
  await expect(calling).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
});
