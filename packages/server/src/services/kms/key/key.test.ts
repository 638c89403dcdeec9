import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { withKey } from "../../../../test/keys.ts";
import { testCloud } from "../../../../test/test-cloud.ts";

const DAY_SECONDS = 86_400;
const Tags = [{ TagKey: "team", TagValue: "a" }];

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/customer-managed-policies.html
test("who may make keys makes one with the usual policy, which leaves it to the account", async () => {
  const cloud = await testCloud();
  const maker = cloud.client(KMSClient, await makeUser(cloud, "maker", { allow: ["kms:CreateKey"] }));
  await maker.send(new CreateKeyCommand({}));
  const own = { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "kms:Encrypt", Resource: "*" };
  const locking = new CreateKeyCommand({ Policy: policyText({ Statement: [own] }) });
  await expect(maker.send(locking)).rejects.toMatchObject({ name: "MalformedPolicyDocumentException" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (Tags)
test("a key with tags takes the right to tag as well", async () => {
  const cloud = await testCloud();
  const maker = cloud.client(KMSClient, await makeUser(cloud, "maker", { allow: ["kms:CreateKey"] }));
  await expect(maker.send(new CreateKeyCommand({ Tags }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("no identity-based policy allows the kms:TagResource action"),
  });
  const statement = {
    Effect: "Allow",
    Action: ["kms:CreateKey", "kms:TagResource"],
    Resource: ["*", "arn:aws:kms:*:000000000000:key/*"],
  };
  const tagger = cloud.client(KMSClient, await makeUser(cloud, "tagger", { allow: { Statement: [statement] } }));
  expect((await tagger.send(new CreateKeyCommand({ Tags }))).KeyMetadata?.Enabled).toBe(true);
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html#KMS-ScheduleKeyDeletion-request-PendingWindowInDays
test("a key is deleted after seven days at the soonest, and thirty at the latest", async () => {
  const { kms, KeyId } = await withKey();
  const schedule = (PendingWindowInDays: number) =>
    kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  for (const days of [6, 31]) await expect(schedule(days)).rejects.toMatchObject({ name: "ValidationException" });
  expect(await schedule(7)).toMatchObject({ KeyState: "PendingDeletion" });
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
test("a key that is to be deleted takes another policy, and neither tags, aliases nor a description", async () => {
  const { kms, KeyId } = await withKey();
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  const refused = { name: "KMSInvalidStateException", message: expect.stringMatching(/is pending deletion\.$/) };
  await expect(kms.send(new TagResourceCommand({ KeyId, Tags }))).rejects.toMatchObject(refused);
  const alias = new CreateAliasCommand({ AliasName: "alias/late", TargetKeyId: KeyId });
  await expect(kms.send(alias)).rejects.toMatchObject(refused);
  const described = new UpdateKeyDescriptionCommand({ KeyId, Description: "late" });
  await expect(kms.send(described)).rejects.toMatchObject(refused);
  await kms.send(new CancelKeyDeletionCommand({ KeyId }));
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata).toMatchObject({ KeyState: "Disabled", Enabled: false });
});

// Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
test("a policy may keep a key on while it is in use", async () => {
  const { cloud, kms, KeyId, arn } = await withKey();
  const Condition = { NumericGreaterThanEquals: { "kms:TrailingDaysWithoutKeyUsage": "30" } };
  const statement = {
    Effect: "Allow",
    Action: ["kms:DisableKey", "kms:ScheduleKeyDeletion"],
    Resource: arn,
    Condition,
  };
  const keeper = cloud.client(KMSClient, await makeUser(cloud, "keeper", { allow: { Statement: [statement] } }));
  await cloud.clock.advance(29 * DAY_SECONDS);
  await expect(keeper.send(new DisableKeyCommand({ KeyId }))).rejects.toMatchObject({ name: "AccessDeniedException" });
  await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("x") }));
  await cloud.clock.advance(2 * DAY_SECONDS);
  const removing = keeper.send(new ScheduleKeyDeletionCommand({ KeyId }));
  await expect(removing).rejects.toMatchObject({ name: "AccessDeniedException" });
  await cloud.clock.advance(29 * DAY_SECONDS);
  expect(await keeper.send(new ScheduleKeyDeletionCommand({ KeyId }))).toMatchObject({ KeyState: "PendingDeletion" });
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit
test("a policy has 32,768 bytes at most", async () => {
  const { kms, KeyId } = await withKey();
  const Principal = { AWS: "000000000000" };
  const put = (length: number) => {
    const one = { Sid: "", Effect: "Allow", Principal, Action: "kms:*", Resource: "*" };
    const rest = length - policyText({ Statement: [one] }).length;
    const Policy = policyText({ Statement: [{ ...one, Sid: "a".repeat(rest) }] });
    return kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  };
  await put(32_768);
  await expect(put(32_769)).rejects.toMatchObject({ name: "LimitExceededException" });
});
