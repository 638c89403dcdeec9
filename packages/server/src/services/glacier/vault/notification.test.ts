import {
  DeleteVaultNotificationsCommand,
  GetVaultNotificationsCommand,
  SetVaultNotificationsCommand,
  type VaultNotificationConfig,
} from "@aws-sdk/client-glacier";
import { expect, test } from "vitest";
import { HOUR, vaultWorld } from "../../../../test/vaults.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:done";

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-notifications-get.html
test("a vault's notifications are given back as they were set, until they are deleted", async () => {
  const { arn, glacier, vault } = await vaultWorld();
  const vaultNotificationConfig = { SNSTopic: TOPIC, Events: ["ArchiveRetrievalCompleted"] };
  const read = () => glacier.send(new GetVaultNotificationsCommand(vault));
  const nothing = {
    name: "ResourceNotFoundException",
    message: `No notification configuration is set for vault: ${arn}`,
    $metadata: { httpStatusCode: 404 },
  };
  await expect(read()).rejects.toMatchObject(nothing);
  await glacier.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig }));
  expect((await read()).vaultNotificationConfig).toEqual(vaultNotificationConfig);
  await glacier.send(new DeleteVaultNotificationsCommand(vault));
  await expect(read()).rejects.toMatchObject(nothing);
});

test.each([
  [{ Events: ["ArchiveRetrievalCompleted"] }, "MissingParameterValueException"],
  [{ SNSTopic: TOPIC }, "MissingParameterValueException"],
  [{ SNSTopic: "done", Events: ["ArchiveRetrievalCompleted"] }, "InvalidParameterValueException"],
  [{ SNSTopic: TOPIC, Events: ["ArchiveUploaded"] }, "InvalidParameterValueException"],
] satisfies [VaultNotificationConfig, string][])("notifications of %j are refused: %s", async (config, name) => {
  const { glacier, vault } = await vaultWorld();
  const set = new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig: config });
  await expect(glacier.send(set)).rejects.toMatchObject({ name });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/configuring-notifications.html
test("a job that is done is told to the vault's topic, for what that asks for, and to the job's own", async () => {
  const { arn, begin, cloud, describe, glacier, upload, vault } = await vaultWorld();
  const vaultNotificationConfig = { SNSTopic: TOPIC, Events: ["ArchiveRetrievalCompleted"] };
  await glacier.send(new SetVaultNotificationsCommand({ ...vault, vaultNotificationConfig }));
  const order = { Type: "archive-retrieval", ArchiveId: await upload("x"), Tier: "Expedited" };
  const jobId = await begin({ ...order, SNSTopic: `${TOPIC}-too` });
  await cloud.clock.advance(HOUR);
  const sent = await cloud.cloud.deliveries(10);
  expect(sent.map(({ to }) => to).toSorted()).toEqual([TOPIC, `${TOPIC}-too`]);
  const { $metadata: _, ...described } = await describe(jobId);
  for (const { content, source } of sent) {
    expect(source).toEqual({ arn, account: "000000000000" });
    expect(JSON.parse(content.kind === "message" ? content.text : "")).toEqual(described);
  }
});
