import { DeleteArchiveCommand, DescribeVaultCommand } from "@aws-sdk/client-glacier";
import { expect, test } from "vitest";
import { DAY, HOUR, patterned, treeHash, vaultWorld, type VaultWorld } from "../../../../test/vaults.ts";

const counts = async ({ glacier, vault }: VaultWorld) => {
  const { NumberOfArchives, SizeInBytes, LastInventoryDate } = await glacier.send(new DescribeVaultCommand(vault));
  return [NumberOfArchives, SizeInBytes, LastInventoryDate];
};

const remove = ({ glacier, vault }: VaultWorld, archiveId: string) =>
  glacier.send(new DeleteArchiveCommand({ ...vault, archiveId }));

/** Of each archive. Source: https://aws.amazon.com/s3/glacier/pricing/ */
const OVERHEAD = 32 * 1024;

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-inventory.html
test("a vault is counted a day after something came or went, and not when nothing did", async () => {
  const world = await vaultWorld();
  const { cloud, upload } = world;
  const first = await upload(patterned(1000));
  await upload(patterned(10));
  expect(await counts(world)).toEqual([0, 0, undefined]);
  await cloud.clock.advance(DAY);
  const countedAt = cloud.clock.now().toISOString();
  expect(await counts(world)).toEqual([2, 1010 + 2 * OVERHEAD, countedAt]);
  await cloud.clock.advance(3 * DAY);
  expect(await counts(world)).toEqual([2, 1010 + 2 * OVERHEAD, countedAt]);
  await remove(world, first);
  const short = await upload(patterned(7));
  await remove(world, short);
  await upload(patterned(5));
  await cloud.clock.advance(DAY);
  expect(await counts(world)).toEqual([2, 15 + 2 * OVERHEAD, cloud.clock.now().toISOString()]);
});

async function inventoryOf({ begin, cloud, output }: VaultWorld, order: object = {}) {
  const jobId = await begin({ Type: "inventory-retrieval", ...order });
  await cloud.clock.advance(5 * HOUR);
  return { jobId, ...(await output(jobId)) };
}

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-job-output-get.html
test("an inventory names what was there when it was made", async () => {
  const world = await vaultWorld();
  const { arn, cloud, describe, upload } = world;
  const gone = await upload("gone");
  await cloud.clock.advance(60);
  const stays = await upload("stays", "a description");
  const createdAt = cloud.clock.now().toISOString();
  await cloud.clock.advance(DAY - 60);
  const countedAt = cloud.clock.now().toISOString();
  await cloud.clock.advance(60);
  await remove(world, gone);
  await upload("late");
  const { jobId, bytes, contentType, checksum } = await inventoryOf(world, { Description: "all of it" });
  const inventory = JSON.parse(bytes.toString());
  expect(inventory).toMatchObject({ VaultARN: arn, InventoryDate: countedAt.replace(/\.\d+/, "") });
  expect(inventory.ArchiveList).toHaveLength(2);
  expect(inventory.ArchiveList[1]).toEqual({
    ArchiveId: stays,
    ArchiveDescription: "a description",
    CreationDate: createdAt,
    Size: 5,
    SHA256TreeHash: treeHash(Buffer.from("stays")),
  });
  expect([contentType, checksum]).toEqual(["application/json", undefined]);
  expect(await describe(jobId)).toMatchObject({
    Action: "InventoryRetrieval",
    JobDescription: "all of it",
    InventorySizeInBytes: bytes.byteLength,
    InventoryRetrievalParameters: { Format: "JSON" },
    StatusMessage: "Succeeded",
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-job-output-get.html (the note on quotes)
test("an inventory as CSV has five columns, and quotes escaped by a backslash", async () => {
  const world = await vaultWorld();
  const id = await world.upload("x", 'my archive description,1"2');
  await world.cloud.clock.advance(DAY);
  const { bytes, contentType } = await inventoryOf(world, { Format: "CSV" });
  const [head, row = ""] = bytes.toString().split("\n");
  expect(contentType).toBe("text/csv");
  expect(head).toBe("ArchiveId,ArchiveDescription,CreationDate,Size,SHA256TreeHash");
  expect(row.startsWith(`${id},"my archive description,1\\"2",`)).toBe(true);
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-initiate-job-post.html (Range Inventory Retrieval)
test("an inventory is retrieved in pages, and by when archives came", async () => {
  const world = await vaultWorld();
  const { cloud, describe, upload } = world;
  const ids: string[] = [];
  const times: string[] = [];
  for (let at = 0; at < 5; at++) {
    times.push(cloud.clock.now().toISOString());
    ids.push(await upload(`archive ${at}`));
    await cloud.clock.advance(HOUR);
  }
  await cloud.clock.advance(DAY);
  const namedBy = async (InventoryRetrievalParameters: object) => {
    const { jobId, bytes } = await inventoryOf(world, { InventoryRetrievalParameters });
    const { ArchiveList }: { ArchiveList: { ArchiveId: string }[] } = JSON.parse(bytes.toString());
    const { InventoryRetrievalParameters: said } = await describe(jobId);
    return { named: ArchiveList.map(({ ArchiveId }) => ArchiveId), marker: said?.Marker };
  };
  const [, second, , , fifth] = times;
  expect((await namedBy({ StartDate: second, EndDate: fifth })).named).toEqual(ids.slice(1, 4));
  expect((await namedBy({ StartDate: fifth })).named).toEqual(ids.slice(4));
  const first = await namedBy({ Limit: "2" });
  const next = await namedBy({ Limit: "2", Marker: first.marker });
  const last = await namedBy({ Limit: "2", Marker: next.marker });
  expect([first.named, next.named, last.named].flat()).toEqual(ids);
  expect(last.marker).toBeUndefined();
  for (const wrong of [{ Limit: "0" }, { StartDate: "yesterday" }, { Marker: "none" }]) {
    await expect(namedBy(wrong)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  }
});
