import { GetQueryResultsCommand } from "@aws-sdk/client-cloudtrail";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { lakeCloud, USERS } from "../../../../../test/lake.ts";
import { testCloud } from "../../../../../test/test-cloud.ts";

const ACCOUNT = "000000000000";

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html#default-kms-key-policy-eds */
const keyPolicy = (...actions: readonly string[]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
      { Effect: "Allow", Principal: { Service: "cloudtrail.amazonaws.com" }, Action: actions, Resource: "*" },
    ],
  });

/** A store whose events are encrypted with a key. */
async function sealedLake() {
  const cloud = await testCloud();
  const kms = cloud.client(KMSClient);
  const Policy = keyPolicy("kms:GenerateDataKey", "kms:Decrypt");
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy }));
  const KeyId = KeyMetadata?.Arn ?? "";
  return { ...(await lakeCloud({ KmsKeyId: KeyId }, cloud)), kms, KeyId };
}

/** CloudTrail uses a data key for some minutes. */
const LATER_SECONDS = 600;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html (KmsKeyId) */
test("a key that is disabled keeps events out of the store, and queries from those in it", async () => {
  const { kms, KeyId, ...lake } = await sealedLake();
  await lake.makeUsers("ann");
  const before = await lake.start(USERS);
  expect((await lake.results(before)).QueryResultRows).toEqual([[{ name: "ann" }]]);
  await kms.send(new DisableKeyCommand({ KeyId }));
  await lake.clock.advance(LATER_SECONDS);
  await lake.makeUsers("bob");
  const unusable = { name: "KmsException" };
  await expect(lake.start(USERS)).rejects.toMatchObject(unusable);
  await expect(lake.trails.send(new GetQueryResultsCommand({ QueryId: before }))).rejects.toMatchObject(unusable);
  await kms.send(new EnableKeyCommand({ KeyId }));
  await lake.clock.advance(LATER_SECONDS);
  await lake.makeUsers("cat");
  expect(await lake.ask(USERS)).toEqual([[{ name: "ann" }], [{ name: "cat" }]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
test("a query fails where CloudTrail may not decrypt, though who asks may", async () => {
  const { kms, KeyId, ...lake } = await sealedLake();
  await lake.makeUsers("ann");
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: keyPolicy("kms:GenerateDataKey") }));
  await lake.clock.advance(LATER_SECONDS);
  expect(await lake.results(await lake.start(USERS))).toMatchObject({
    QueryStatus: "FAILED",
    ErrorMessage: `Insufficient permissions to access KMS key ${KeyId}.`,
    QueryResultRows: [],
  });
});
