import {
  DeleteArchiveCommand,
  GetDataRetrievalPolicyCommand,
  ListJobsCommand,
  ListProvisionedCapacityCommand,
  paginateListJobs,
  PurchaseProvisionedCapacityCommand,
  SetDataRetrievalPolicyCommand,
  type DataRetrievalRule,
} from "@aws-sdk/client-glacier";
import { expect, test } from "vitest";
import { DAY, HOUR, MIB, patterned, treeHash, vaultWorld, type VaultWorld } from "../../../../test/vaults.ts";

const ACCOUNT = { accountId: "-" };

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/downloading-an-archive-two-steps.html
test.each([
  ["Expedited", 300],
  ["Standard", 5 * HOUR],
  ["Bulk", 12 * HOUR],
])("a retrieval of tier %s is done after %i seconds and kept for a day", async (Tier, seconds) => {
  const { begin, cloud, describe, output, upload } = await vaultWorld();
  const jobId = await begin({ Type: "archive-retrieval", ArchiveId: await upload("x"), Tier });
  await cloud.clock.advance(seconds - 1);
  expect(await describe(jobId)).toMatchObject({ Completed: false, Tier });
  await cloud.clock.advance(1);
  expect(await describe(jobId)).toMatchObject({ Completed: true, CompletionDate: cloud.clock.now().toISOString() });
  await cloud.clock.advance(DAY - 1);
  expect((await output(jobId)).bytes.toString()).toBe("x");
  await cloud.clock.advance(1);
  // Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html (Example 1)
  await expect(describe(jobId)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `The job ID was not found: ${jobId}`,
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-GlacierJobDescription.html (SHA256TreeHash)
test("a range is retrieved by whole megabytes, with its hash where it is a part of the tree", async () => {
  const { begin, cloud, describe, output, upload } = await vaultWorld();
  const body = patterned(6 * MIB + 5);
  const ArchiveId = await upload(body);
  const order = { Type: "archive-retrieval", ArchiveId, Tier: "Expedited" };
  for (const RetrievalByteRange of ["1-5", `0-${MIB}`, "5-4", `0-${9 * MIB - 1}`, "all"]) {
    await expect(begin({ ...order, RetrievalByteRange })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      $metadata: { httpStatusCode: 400 },
    });
  }
  const part = body.subarray(4 * MIB);
  const aligned = await begin({ ...order, RetrievalByteRange: `${4 * MIB}-${6 * MIB + 4}` });
  const askew = await begin({ ...order, RetrievalByteRange: `${MIB}-${3 * MIB - 1}` });
  expect(await describe(aligned)).toMatchObject({
    SHA256TreeHash: treeHash(part),
    ArchiveSHA256TreeHash: treeHash(body),
    ArchiveSizeInBytes: body.byteLength,
  });
  expect((await describe(askew)).SHA256TreeHash).toBeUndefined();
  await cloud.clock.advance(HOUR);
  const whole = await output(aligned);
  expect([whole.checksum, whole.bytes.equals(part)]).toEqual([treeHash(part), true]);
  const last = await output(aligned, `bytes=${2 * MIB}-`);
  expect(last).toMatchObject({ status: 206, contentRange: `bytes ${2 * MIB}-${2 * MIB + 4}/${2 * MIB + 5}` });
  expect([last.checksum, last.bytes.length]).toEqual([treeHash(part.subarray(2 * MIB)), 5]);
  const inner = await output(askew, `bytes=0-${MIB - 1}`);
  expect(inner.checksum).toBeUndefined();
  expect(inner.bytes.equals(body.subarray(MIB, 2 * MIB))).toBe(true);
  await expect(output(askew, `bytes=${9 * MIB}-`)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
});

test.each([
  [{ Type: "archive-retrieval" }, "MissingParameterValueException"],
  [{}, "MissingParameterValueException"],
  [{ Type: "fetch" }, "InvalidParameterValueException"],
  [{ Type: "archive-retrieval", ArchiveId: "A".repeat(138) }, "ResourceNotFoundException"],
  [{ Type: "inventory-retrieval" }, "ResourceNotFoundException"],
  [{ Type: "inventory-retrieval", ArchiveId: "x" }, "InvalidParameterValueException"],
  [{ Type: "inventory-retrieval", Format: "XML" }, "InvalidParameterValueException"],
  [{ Type: "inventory-retrieval", SNSTopic: "topic" }, "InvalidParameterValueException"],
  [{ Type: "inventory-retrieval", Description: "naïve" }, "InvalidParameterValueException"],
  // Source: https://aws.amazon.com/blogs/storage/how-to-optimize-querying-your-data-in-amazon-s3/ (closed to new customers)
  [{ Type: "select", ArchiveId: "x" }, "NoLongerSupportedException"],
])("the job %j is refused: %s", async (parameters, name) => {
  const { begin } = await vaultWorld();
  await expect(begin(parameters)).rejects.toMatchObject({ name });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-jobs-get.html
test("jobs are listed in the order in which they were begun, by what became of them", async () => {
  const { begin, cloud, glacier, upload, vault } = await vaultWorld();
  const ArchiveId = await upload("x");
  const order = { Type: "archive-retrieval", ArchiveId };
  const ids: string[] = [];
  for (const Tier of ["Expedited", "Bulk", "Expedited", "Standard"]) {
    ids.push(await begin({ ...order, Tier }));
    await cloud.clock.advance(1);
  }
  await cloud.clock.advance(HOUR);
  const listed = async (filter: object) => {
    const found: (string | undefined)[] = [];
    for await (const page of paginateListJobs({ client: glacier, pageSize: 1 }, { ...vault, ...filter })) {
      found.push(...(page.JobList ?? []).map(({ JobId }) => JobId));
    }
    return found;
  };
  expect(await listed({})).toEqual(ids);
  expect(await listed({ completed: "true" })).toEqual([ids[0], ids[2]]);
  expect(await listed({ statuscode: "InProgress" })).toEqual([ids[1], ids[3]]);
  expect(await listed({ statuscode: "Succeeded", completed: "false" })).toEqual([]);
  await glacier.send(new DeleteArchiveCommand({ ...vault, archiveId: ArchiveId }));
  await cloud.clock.advance(12 * HOUR);
  expect(await listed({ statuscode: "Failed" })).toEqual([ids[1], ids[3]]);
  // Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html (Example 2)
  await expect(glacier.send(new ListJobsCommand({ ...vault, statuscode: "finished" }))).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "The job status code is not valid: finished",
  });
});

const setRule = ({ glacier }: VaultWorld, ...Rules: DataRetrievalRule[]) =>
  glacier.send(new SetDataRetrievalPolicyCommand({ ...ACCOUNT, Policy: { Rules } }));

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/data-retrieval-policy.html
test("standard retrievals above the rate that the account allows are refused", async () => {
  const world = await vaultWorld();
  const { begin, cloud, glacier, upload } = world;
  const order = { Type: "archive-retrieval", ArchiveId: await upload(patterned(5 * MIB)) };
  const policy = async () => (await glacier.send(new GetDataRetrievalPolicyCommand(ACCOUNT))).Policy?.Rules;
  expect(await policy()).toEqual([{ Strategy: "None" }]);
  await setRule(world, { Strategy: "BytesPerHour", BytesPerHour: MIB });
  expect(await policy()).toEqual([{ Strategy: "BytesPerHour", BytesPerHour: MIB }]);
  await begin(order);
  await expect(begin(order)).rejects.toMatchObject({
    name: "PolicyEnforcedException",
    message: "InitiateJob request denied by current data retrieval policy.",
    $metadata: { httpStatusCode: 400 },
  });
  await begin({ ...order, Tier: "Expedited" });
  await begin({ ...order, Tier: "Bulk" });
  await cloud.clock.advance(5 * HOUR);
  await begin(order);
  await setRule(world, { Strategy: "None" });
  await begin(order);
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/data-retrieval-policy.html (ten gigabytes a month, by the day)
test("with the free tier only, what goes beyond it is refused until the next day", async () => {
  const world = await vaultWorld();
  const { begin, cloud, upload } = world;
  const order = { Type: "archive-retrieval", ArchiveId: await upload(patterned(64 * MIB)) };
  await setRule(world, { Strategy: "FreeTier" });
  for (let at = 0; at < 5; at++) await begin(order);
  await expect(begin(order)).rejects.toMatchObject({ name: "PolicyEnforcedException" });
  await cloud.clock.advance(DAY);
  await begin(order);
});

test.each([
  [],
  [{ Strategy: "All" }],
  [{ Strategy: "BytesPerHour" }],
  [{ Strategy: "BytesPerHour", BytesPerHour: 0 }],
  [{ Strategy: "None", BytesPerHour: 5 }],
  [{ Strategy: "None" }, { Strategy: "None" }],
])("a data retrieval policy of %j is refused", async (...rules: DataRetrievalRule[]) => {
  await expect(setRule(await vaultWorld(), ...rules)).rejects.toMatchObject({
    name: expect.stringMatching(/^(Invalid|Missing)ParameterValueException$/),
  });
});

// Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-PurchaseProvisionedCapacity.html
test("two units of capacity last a month each", async () => {
  const { cloud, glacier } = await vaultWorld();
  const purchase = () => glacier.send(new PurchaseProvisionedCapacityCommand(ACCOUNT));
  const { capacityId } = await purchase();
  await purchase();
  await expect(purchase()).rejects.toMatchObject({ name: "LimitExceededException" });
  const list = async () => (await glacier.send(new ListProvisionedCapacityCommand(ACCOUNT))).ProvisionedCapacityList;
  const units = (await list()) ?? [];
  expect(units).toHaveLength(2);
  const own = units.find(({ CapacityId }) => CapacityId === capacityId);
  const start = new Date(own?.StartDate ?? "");
  const end = new Date(own?.ExpirationDate ?? "");
  expect((end.getUTCMonth() - start.getUTCMonth() + 12) % 12).toBe(1);
  await cloud.clock.advance((end.getTime() - start.getTime()) / 1000);
  expect(await list()).toEqual([]);
});
