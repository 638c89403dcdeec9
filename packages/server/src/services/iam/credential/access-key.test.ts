import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const UserName = "ann";

const PolicyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
});

async function withUser() {
  const cloud = await testCloud();
  const root = cloud.client(IAMClient);
  await root.send(new CreateUserCommand({ UserName }));
  await root.send(new PutUserPolicyCommand({ UserName, PolicyName: "all", PolicyDocument }));
  return { cloud, root };
}

test("a key signs calls as its user until it is switched off", async () => {
  const { cloud, root } = await withUser();
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  expect(AccessKey).toMatchObject({ UserName, Status: "Active" });
  expect(AccessKey?.AccessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(AccessKey?.SecretAccessKey).toHaveLength(40);
  const ann = cloud.client(IAMClient, AccessKey);
  expect((await ann.send(new GetUserCommand({}))).User?.UserName).toBe(UserName);
  const AccessKeyId = AccessKey?.AccessKeyId;
  await root.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" }));
  await expect(ann.send(new GetUserCommand({}))).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  await root.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Active" }));
  await ann.send(new GetUserCommand({}));
  await root.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  await expect(ann.send(new GetUserCommand({}))).rejects.toMatchObject({ name: "InvalidClientTokenId" });
});

test("a user has at most two keys, and lists them without secrets", async () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  const { root } = await withUser();
  const made = [];
  for (let count = 0; count < 2; count++)
    made.push((await root.send(new CreateAccessKeyCommand({ UserName }))).AccessKey);
  await expect(root.send(new CreateAccessKeyCommand({ UserName }))).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Cannot exceed quota for AccessKeysPerUser: 2",
  });
  const { AccessKeyMetadata = [] } = await root.send(new ListAccessKeysCommand({ UserName }));
  expect(new Set(AccessKeyMetadata.map(({ AccessKeyId }) => AccessKeyId))).toEqual(
    new Set(made.map((key) => key?.AccessKeyId)),
  );
  for (const key of AccessKeyMetadata) expect(key).not.toHaveProperty("SecretAccessKey");
});

test("without a name the keys are the caller's own", async () => {
  const { cloud, root } = await withUser();
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  const ann = cloud.client(IAMClient, AccessKey);
  expect((await ann.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).toMatchObject([{ UserName }]);
  const own = await root.send(new CreateAccessKeyCommand({}));
  expect(own.AccessKey?.UserName).toBeUndefined();
  const asRoot = cloud.client(IAMClient, own.AccessKey);
  expect((await asRoot.send(new GetUserCommand({}))).User?.Arn).toBe("arn:aws:iam::000000000000:root");
  expect((await asRoot.send(new ListAccessKeysCommand({}))).AccessKeyMetadata).toHaveLength(1);
});

test("a key keeps its user through a new name", async () => {
  const { cloud, root } = await withUser();
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  await root.send(new UpdateUserCommand({ UserName, NewUserName: "eva" }));
  const ann = cloud.client(IAMClient, AccessKey);
  expect((await ann.send(new GetUserCommand({}))).User?.UserName).toBe("eva");
});

test("the last use of a key is told", async () => {
  const { cloud, root } = await withUser();
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  const AccessKeyId = AccessKey?.AccessKeyId;
  // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html
  expect(await root.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).toMatchObject({
    UserName,
    AccessKeyLastUsed: { ServiceName: "N/A", Region: "N/A" },
  });
  await cloud.client(IAMClient, AccessKey).send(new GetUserCommand({}));
  await cloud.cloud.journal.flush();
  const { AccessKeyLastUsed } = await root.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  expect(AccessKeyLastUsed).toMatchObject({ ServiceName: "iam", Region: "us-east-1" });
  const agoMs = cloud.clock.now().getTime() - (AccessKeyLastUsed?.LastUsedDate?.getTime() ?? 0);
  expect(AccessKeyLastUsed?.LastUsedDate?.getMilliseconds()).toBe(0);
  expect(agoMs).toBeLessThan(60_000);
});

test("of a key that nobody has no use is told", async () => {
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_users.snapshot.json
  const { root } = await withUser();
  const AccessKeyId = "AKIAIOSFODNN7EXAMPLE";
  await expect(root.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }))).rejects.toMatchObject({
    name: "AccessDenied",
    $metadata: { httpStatusCode: 403 },
    message: `User: arn:aws:iam::000000000000:root is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
  });
});

test("another's key is not found", async () => {
  const { root } = await withUser();
  await root.send(new CreateUserCommand({ UserName: "bob" }));
  const { AccessKey } = await root.send(new CreateAccessKeyCommand({ UserName }));
  const AccessKeyId = AccessKey?.AccessKeyId;
  await expect(root.send(new DeleteAccessKeyCommand({ UserName: "bob", AccessKeyId }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
    message: `The Access Key with id ${AccessKeyId} cannot be found.`,
  });
});
