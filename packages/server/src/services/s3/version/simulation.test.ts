import { GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { versionedWorld, type VersionedWorld } from "../../../../test/versioned-bucket.ts";

interface Modelled {
  readonly id: string;
  readonly key: string;
  /** `undefined`: a delete marker. */
  readonly body: string | undefined;
}

const KEYS = ["a", "a/b", "a0", "b"] as const;
const ROUNDS = 8;
const STEPS_OF_ROUND = 10;

/** Small numbers that look random and are the same each time. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
}

/** What a bucket has to be like: per key, its versions from the newest to the oldest. */
class Model {
  status: "Enabled" | "Suspended" = "Enabled";
  readonly versions = new Map<string, Modelled[]>(KEYS.map((key) => [key, []]));

  of(key: string): Modelled[] {
    return this.versions.get(key) ?? [];
  }

  add(version: Modelled): void {
    const others = this.of(version.key).filter(({ id }) => version.id !== "null" || id !== "null");
    this.versions.set(version.key, [version, ...others]);
  }

  remove({ key, id }: Modelled): void {
    this.versions.set(
      key,
      this.of(key).filter((version) => version.id !== id),
    );
  }
}

async function step(world: VersionedWorld, model: Model, chance: (below: number) => number): Promise<void> {
  const key = KEYS[chance(KEYS.length)] ?? "a";
  const victim = model.of(key)[chance(3)];
  switch (chance(8)) {
    case 0:
      model.status = model.status === "Enabled" ? "Suspended" : "Enabled";
      return world.setVersioning(model.status);
    case 1:
    case 2:
      return model.add({ key, id: (await world.remove(key)).VersionId ?? "none", body: undefined });
    case 3:
    case 4:
      if (victim === undefined) return;
      await world.remove(key, victim.id);
      return model.remove(victim);
    default: {
      const body = String(chance(1_000_000));
      model.add({ key, id: (await world.write(key, body)) ?? "null", body });
    }
  }
}

/** Listed one by one, so that versions and delete markers come in their common order. */
async function listed({ s3, bucket: Bucket }: VersionedWorld): Promise<readonly string[]> {
  const found: string[] = [];
  let place: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...place }));
    for (const { Key, VersionId, IsLatest } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      found.push(`${Key}=${VersionId}${IsLatest ? "*" : ""}`);
    }
    if (!page.IsTruncated) return found;
    place = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

const expected = (model: Model): readonly string[] =>
  KEYS.flatMap((key) => model.of(key).map(({ id }, index) => `${key}=${id}${index === 0 ? "*" : ""}`));

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
test.each([1, 2, 3])("random changes leave what a simple model says, in every page (seed %i)", async (seed) => {
  const world = await versionedWorld();
  const model = new Model();
  const chance = chanceOf(seed);
  for (let round = 0; round < ROUNDS; round++) {
    for (let index = 0; index < STEPS_OF_ROUND; index++) await step(world, model, chance);
    expect(await listed(world)).toEqual(expected(model));
  }
  const { s3, bucket: Bucket } = world;
  for (const { key, id, body } of KEYS.flatMap((name) => model.of(name))) {
    if (body === undefined) continue;
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: key, VersionId: id }));
    expect(await got.Body?.transformToString()).toBe(body);
  }
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(KEYS.filter((key) => model.of(key)[0]?.body !== undefined));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Welcome.html#ConsistencyModel (each of concurrent writes is kept as a version)
test("writes and deletions at once all leave something, one of them the latest", async () => {
  const { s3, bucket: Bucket, write, remove } = await versionedWorld();
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      if (index % 4 === 3) await remove("k");
      else await write("k", String(index));
    }),
  );
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect([Versions.length, DeleteMarkers.length]).toEqual([30, 10]);
  const there = [...Versions, ...DeleteMarkers];
  expect(new Set(there.map(({ VersionId }) => VersionId)).size).toBe(40);
  expect(there.filter(({ IsLatest }) => IsLatest)).toHaveLength(1);
});
