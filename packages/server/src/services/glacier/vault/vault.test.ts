import {
  AddTagsToVaultCommand,
  CreateVaultCommand,
  DeleteArchiveCommand,
  DeleteVaultCommand,
  DescribeVaultCommand,
  ListTagsForVaultCommand,
  ListVaultsCommand,
  paginateListVaults,
  RemoveTagsFromVaultCommand,
} from "@aws-sdk/client-glacier";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { DAY, vaultWorld } from "../../../../test/vaults.ts";

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-get.html
test("a new vault is empty, and was never looked through", async () => {
  const { arn, cloud, glacier, vault } = await vaultWorld();
  const { $metadata: _, ...described } = await glacier.send(new DescribeVaultCommand(vault));
  expect(described).toEqual({
    VaultARN: arn,
    VaultName: "records",
    CreationDate: cloud.clock.now().toISOString(),
    NumberOfArchives: 0,
    SizeInBytes: 0,
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-put.html
test("making a vault again changes nothing, and answers its path", async () => {
  const { cloud, glacier, vault } = await vaultWorld();
  const before = await glacier.send(new DescribeVaultCommand(vault));
  await cloud.clock.advance(60);
  const { location, $metadata } = await glacier.send(new CreateVaultCommand(vault));
  expect([location, $metadata.httpStatusCode]).toEqual(["/000000000000/vaults/records", 201]);
  expect(await glacier.send(new DescribeVaultCommand(vault))).toMatchObject({ CreationDate: before.CreationDate });
});

test.each(["with space", "ümlaut", "a".repeat(256)])("a vault cannot be called %s", async (vaultName) => {
  const { glacier } = await vaultWorld();
  await expect(glacier.send(new CreateVaultCommand({ accountId: "-", vaultName }))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: `Invalid vault name: ${vaultName}`,
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html (Example 1)
test("a vault that does not exist is told by its ARN", async () => {
  const { glacier } = await vaultWorld();
  const asked = glacier.send(new DescribeVaultCommand({ accountId: "-", vaultName: "none" }));
  await expect(asked).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Vault not found for ARN: arn:aws:glacier:us-east-1:000000000000:vaults/none",
    code: "ResourceNotFoundException",
    type: "Client",
    $metadata: { httpStatusCode: 404 },
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vaults-get.html
test("vaults are listed by name, ten at a time, each once", async () => {
  const { glacier } = await vaultWorld();
  const names = Array.from({ length: 23 }, (_, at) => `v${String(at).padStart(2, "0")}`);
  for (const vaultName of names) await glacier.send(new CreateVaultCommand({ accountId: "-", vaultName }));
  const pages: (readonly (string | undefined)[])[] = [];
  for await (const { VaultList = [] } of paginateListVaults({ client: glacier }, { accountId: "-" })) {
    pages.push(VaultList.map(({ VaultName }) => VaultName));
  }
  expect(pages.map((page) => page.length)).toEqual([10, 10, 4]);
  expect(pages.flat()).toEqual(["records", ...names]);
  const { Marker, VaultList } = await glacier.send(new ListVaultsCommand({ accountId: "000000000000", limit: 1 }));
  expect(Marker).toBe(VaultList?.[0]?.VaultARN);
  const zero = glacier.send(new ListVaultsCommand({ accountId: "-", limit: 0 }));
  await expect(zero).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/creating-vaults.html
test("an account has at most a thousand vaults in a region", { timeout: 20_000 }, async () => {
  const { clientOf, cloud, glacier } = await vaultWorld();
  const make = (vaultName: string) => glacier.send(new CreateVaultCommand({ accountId: "-", vaultName }));
  for (let at = 1; at < 1000; at++) await make(`v${at}`);
  await expect(make("one-too-many")).rejects.toMatchObject({
    name: "LimitExceededException",
    $metadata: { httpStatusCode: 400 },
  });
  await make("v1");
  await clientOf(cloud.rootOf("111111111111")).send(new CreateVaultCommand({ accountId: "-", vaultName: "v1" }));
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vault-delete.html
test("a vault is deleted only when the last inventory found it empty and nothing was written since", async () => {
  const { arn, cloud, glacier, upload, vault } = await vaultWorld();
  const deletion = () => glacier.send(new DeleteVaultCommand(vault));
  const refusal = {
    name: "InvalidParameterValueException",
    message: `Vault not empty or recently written to: ${arn}`,
  };
  const archiveId = await upload("body");
  await expect(deletion()).rejects.toMatchObject(refusal);
  await cloud.clock.advance(DAY);
  await expect(deletion()).rejects.toMatchObject(refusal);
  await glacier.send(new DeleteArchiveCommand({ ...vault, archiveId }));
  await expect(deletion()).rejects.toMatchObject(refusal);
  await cloud.clock.advance(DAY);
  expect((await deletion()).$metadata.httpStatusCode).toBe(204);
  await expect(glacier.send(new DescribeVaultCommand(vault))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await deletion();
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-common-request-headers.html;
// https://github.com/aws/aws-sdk-cpp/issues/117 (the words)
test("a request that does not say the version of the interface is refused", async () => {
  const { glacier } = await vaultWorld();
  glacier.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (HttpRequest.isInstance(request)) delete request.headers["x-amz-glacier-version"];
      return next(args);
    },
    { step: "build", priority: "low" },
  );
  await expect(glacier.send(new ListVaultsCommand({ accountId: "-" }))).rejects.toMatchObject({
    name: "MissingParameterValueException",
    message: "Required parameter missing: API version",
    $metadata: { httpStatusCode: 400 },
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/tagging.html
test("tags are added, overwritten and removed, up to fifty", async () => {
  const { glacier, vault } = await vaultWorld();
  const tags = async () => (await glacier.send(new ListTagsForVaultCommand(vault))).Tags;
  await glacier.send(new AddTagsToVaultCommand({ ...vault, Tags: { team: "a", stage: "" } }));
  await glacier.send(new AddTagsToVaultCommand({ ...vault, Tags: { team: "b" } }));
  expect(await tags()).toEqual({ team: "b", stage: "" });
  await glacier.send(new RemoveTagsFromVaultCommand({ ...vault, TagKeys: ["stage", "none"] }));
  expect(await tags()).toEqual({ team: "b" });
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, "v"]));
  await expect(glacier.send(new AddTagsToVaultCommand({ ...vault, Tags: many }))).rejects.toMatchObject({
    name: "LimitExceededException",
  });
  for (const Tags of [{ "aws:x": "v" }, { "a*b": "v" }, { a: "v".repeat(256) }]) {
    await expect(glacier.send(new AddTagsToVaultCommand({ ...vault, Tags }))).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
  }
});
