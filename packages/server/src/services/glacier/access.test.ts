import {
  AbortVaultLockCommand,
  AddTagsToVaultCommand,
  CompleteVaultLockCommand,
  CreateVaultCommand,
  DeleteArchiveCommand,
  DeleteVaultAccessPolicyCommand,
  DescribeVaultCommand,
  GetDataRetrievalPolicyCommand,
  GetVaultAccessPolicyCommand,
  GetVaultLockCommand,
  InitiateVaultLockCommand,
  ListVaultsCommand,
  SetVaultAccessPolicyCommand,
  UploadArchiveCommand,
} from "@aws-sdk/client-glacier";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../test/identities.ts";
import { DAY, HOUR, vaultWorld, type VaultWorld } from "../../../test/vaults.ts";

const OTHER = "111111111111";
const DENIED = { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } };

const textOf = (...Statement: readonly object[]): string => policyText({ Statement });

const setPolicy = ({ glacier, vault }: VaultWorld, ...statements: readonly object[]) =>
  glacier.send(new SetVaultAccessPolicyCommand({ ...vault, policy: { Policy: textOf(...statements) } }));

async function startLock({ glacier, vault }: VaultWorld, ...statements: readonly object[]): Promise<string> {
  const policy = { Policy: textOf(...statements) };
  return (await glacier.send(new InitiateVaultLockCommand({ ...vault, policy }))).lockId ?? "";
}

const completeLock = ({ glacier, vault }: VaultWorld, lockId: string) =>
  glacier.send(new CompleteVaultLockCommand({ ...vault, lockId }));

test("a user needs the right to what it does, to the vault it does it to", async () => {
  const { arn, clientOf, cloud, vault } = await vaultWorld();
  const allow = { Statement: [{ Effect: "Allow", Action: "glacier:DescribeVault", Resource: arn }] };
  const user = clientOf(await makeUser(cloud, "reader", { allow }));
  await user.send(new DescribeVaultCommand(vault));
  await expect(user.send(new UploadArchiveCommand({ ...vault, body: "x" }))).rejects.toMatchObject({
    ...DENIED,
    message: expect.stringContaining(`is not authorized to perform: glacier:UploadArchive on resource: ${arn}`),
  });
  await expect(user.send(new ListVaultsCommand({ accountId: "-" }))).rejects.toMatchObject(DENIED);
  const other = { accountId: "-", vaultName: "others" };
  await expect(user.send(new DescribeVaultCommand(other))).rejects.toMatchObject(DENIED);
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html (Example 1)
test("another account uploads where the vault's policy and its own let it", async () => {
  const world = await vaultWorld();
  const { arn, clientOf, cloud, glacier, vault } = world;
  const there = { accountId: "000000000000", vaultName: "records" };
  const put = new UploadArchiveCommand({ ...there, body: "from afar" });
  const root = clientOf(cloud.rootOf(OTHER));
  await expect(root.send(put)).rejects.toMatchObject(DENIED);
  await setPolicy(world, {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
    Action: "glacier:UploadArchive",
    Resource: arn,
  });
  expect((await root.send(put)).location).toMatch(/^\/000000000000\/vaults\/records\/archives\//);
  await expect(root.send(new DescribeVaultCommand(there))).rejects.toMatchObject(DENIED);
  const without = clientOf(await makeUser(cloud, "without", { account: OTHER }));
  await expect(without.send(put)).rejects.toMatchObject(DENIED);
  const allowed = clientOf(await makeUser(cloud, "allowed", { account: OTHER, allow: ["glacier:*"] }));
  await allowed.send(put);
  // a day later they are counted where they are
  await cloud.clock.advance(DAY);
  expect((await glacier.send(new DescribeVaultCommand(vault))).NumberOfArchives).toBe(2);
  // their own account has no such vault
  await expect(root.send(new DescribeVaultCommand(vault))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/glacier-api-permissions-ref.html
test("what an account has as a whole is nobody else's", async () => {
  const { clientOf, cloud } = await vaultWorld();
  const root = clientOf(cloud.rootOf(OTHER));
  const accountId = "000000000000";
  await expect(root.send(new ListVaultsCommand({ accountId }))).rejects.toMatchObject(DENIED);
  await expect(root.send(new GetDataRetrievalPolicyCommand({ accountId }))).rejects.toMatchObject(DENIED);
  const made = root.send(new CreateVaultCommand({ accountId, vaultName: "theirs" }));
  await expect(made).rejects.toMatchObject(DENIED);
});

test("a policy is given back as it was put, until it is deleted", async () => {
  const world = await vaultWorld();
  const { arn, cloud, glacier, vault } = world;
  const { arn: user } = await makeUser(cloud, "named");
  const statement = { Effect: "Allow", Principal: { AWS: user }, Action: "glacier:*", Resource: arn };
  const read = () => glacier.send(new GetVaultAccessPolicyCommand(vault));
  const nothing = { name: "ResourceNotFoundException", message: `No vault access policy is set for: ${arn}` };
  await expect(read()).rejects.toMatchObject(nothing);
  await setPolicy(world, statement);
  expect((await read()).policy?.Policy).toBe(textOf(statement));
  await glacier.send(new DeleteVaultAccessPolicyCommand(vault));
  await glacier.send(new DeleteVaultAccessPolicyCommand(vault));
  await expect(read()).rejects.toMatchObject(nothing);
});

test.each([
  ["of another vault", { Resource: "arn:aws:glacier:us-east-1:000000000000:vaults/other" }],
  ["with an action that there is not", { Action: "glacier:Thaw" }],
  ["with an action of identities alone", { Action: "glacier:CreateVault" }],
  ["of nobody", { Principal: undefined }],
  ["of somebody who does not exist", { Principal: { AWS: "arn:aws:iam::000000000000:user/none" } }],
])("a policy %s is refused", async (_what, wrong) => {
  const world = await vaultWorld();
  const statement = { Effect: "Deny", Principal: "*", Action: "glacier:DeleteArchive", Resource: world.arn, ...wrong };
  await expect(setPolicy(world, statement)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  // Source: https://github.com/aws/aws-cli/pull/1427 (an answer of AWS)
  await expect(startLock(world, statement)).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "The specified vault lock policy is invalid. Provide a valid policy.",
  });
});

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock-policy.html (Example 1) */
const retention = (Resource: string) => ({
  Sid: "deny-based-on-archive-age",
  Principal: "*",
  Effect: "Deny",
  Action: "glacier:DeleteArchive",
  Resource: [Resource],
  Condition: { NumericLessThan: { "glacier:ArchiveAgeInDays": "365" } },
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock.html
test("a lock is tried out, completed, and then holds against everyone for good", async () => {
  const world = await vaultWorld();
  const { arn, cloud, glacier, upload, vault } = world;
  const remove = async (archiveId: string) => glacier.send(new DeleteArchiveCommand({ ...vault, archiveId }));
  const archiveId = await upload("kept for a year");
  const lockId = await startLock(world, retention(arn));
  expect(lockId).toHaveLength(24);
  expect(await glacier.send(new GetVaultLockCommand(vault))).toMatchObject({
    Policy: textOf(retention(arn)),
    State: "InProgress",
    ExpirationDate: new Date(cloud.clock.now().getTime() + DAY * 1000).toISOString(),
  });
  await expect(remove(archiveId)).rejects.toMatchObject(DENIED);
  await expect(startLock(world, retention(arn))).rejects.toMatchObject(DENIED);
  await expect(completeLock(world, "A".repeat(24))).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await completeLock(world, lockId);
  await completeLock(world, lockId);
  await expect(completeLock(world, "A".repeat(24))).rejects.toMatchObject(DENIED);
  await expect(glacier.send(new AbortVaultLockCommand(vault))).rejects.toMatchObject(DENIED);
  await cloud.clock.advance(2 * DAY);
  const { ExpirationDate, State } = await glacier.send(new GetVaultLockCommand(vault));
  expect([ExpirationDate, State]).toEqual([undefined, "Locked"]);
  await expect(remove(archiveId)).rejects.toMatchObject(DENIED);
  await cloud.clock.advance(363 * DAY);
  await remove(archiveId);
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-InitiateVaultLock.html
test("a lock that is aborted, or not completed within a day, is gone with its policy", async () => {
  const world = await vaultWorld();
  const { arn, cloud, glacier, upload, vault } = world;
  const archiveId = await upload("free again");
  await startLock(world, retention(arn));
  await glacier.send(new AbortVaultLockCommand(vault));
  await glacier.send(new AbortVaultLockCommand(vault));
  const lockId = await startLock(world, retention(arn));
  await cloud.clock.advance(DAY - HOUR);
  await expect(glacier.send(new DeleteArchiveCommand({ ...vault, archiveId }))).rejects.toMatchObject(DENIED);
  await cloud.clock.advance(HOUR);
  await expect(glacier.send(new GetVaultLockCommand(vault))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    $metadata: { httpStatusCode: 404 },
  });
  await expect(completeLock(world, lockId)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await glacier.send(new DeleteArchiveCommand({ ...vault, archiveId }));
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock-policy.html (Example 2)
test("a lock and the access policy count together, and a tag holds archives back", async () => {
  const world = await vaultWorld();
  const { arn, clientOf, cloud, glacier, upload, vault } = world;
  const user = await makeUser(cloud, "cleaner");
  const allowed = { Effect: "Allow", Principal: { AWS: user.arn }, Action: "glacier:DeleteArchive", Resource: arn };
  await setPolicy(world, allowed);
  await startLock(world, {
    Sid: "lock",
    Principal: "*",
    Effect: "Deny",
    Action: ["glacier:DeleteArchive"],
    Resource: [arn],
    Condition: { StringLike: { "glacier:ResourceTag/LegalHold": ["true", ""] } },
  });
  const remove = async () => {
    const archiveId = await upload("x");
    return clientOf(user).send(new DeleteArchiveCommand({ ...vault, archiveId }));
  };
  await remove();
  await glacier.send(new AddTagsToVaultCommand({ ...vault, Tags: { LegalHold: "true" } }));
  await expect(remove()).rejects.toMatchObject(DENIED);
  await glacier.send(new AddTagsToVaultCommand({ ...vault, Tags: { LegalHold: "false" } }));
  await remove();
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
test("a policy of the older language keeps its meaning beside one of the newer", async () => {
  const world = await vaultWorld();
  const { arn, clientOf, cloud, glacier, upload, vault } = world;
  // a variable in the newer language, a plain text in the older
  const Condition = { StringEquals: { "aws:username": "${aws:username}" } };
  const older = { Effect: "Deny", Principal: "*", Action: "glacier:DescribeVault", Resource: arn, Condition };
  const Policy = JSON.stringify({ Version: "2008-10-17", Statement: older });
  await glacier.send(new SetVaultAccessPolicyCommand({ ...vault, policy: { Policy } }));
  const user = clientOf(await makeUser(cloud, "reader", { allow: ["glacier:*"] }));
  await user.send(new DescribeVaultCommand(vault));
  await startLock(world, retention(arn));
  await user.send(new DescribeVaultCommand(vault));
  await expect(user.send(new DeleteArchiveCommand({ ...vault, archiveId: await upload("x") }))).rejects.toMatchObject(
    DENIED,
  );
});
