import {
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { Seeded } from "../../../../test/store/seeded.ts";
import { versionedWorld, type VersionedWorld } from "../../../../test/versioned-bucket.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const KEYS = ["a", "a/b", "b", "c"] as const;
const ROUNDS = 60;

const RULES: LifecycleRule[] = [
  { ID: "prefix", Filter: { Prefix: "a" }, Status: "Enabled", Expiration: { Days: 3 } },
  { ID: "tag", Filter: { Tag: { Key: "gone", Value: "soon" } }, Status: "Enabled", Expiration: { Days: 1 } },
  { ID: "marker", Filter: {}, Status: "Enabled", Expiration: { ExpiredObjectDeleteMarker: true } },
  {
    ID: "older",
    Filter: {},
    Status: "Enabled",
    NoncurrentVersionExpiration: { NoncurrentDays: 2, NewerNoncurrentVersions: 1 },
  },
];

interface Modelled {
  /** `undefined`: a delete marker. */
  readonly id: string | undefined;
  readonly tagged: boolean;
  readonly madeAtMs: number;
  /** Since when it is not the newest. */
  readonly sinceMs?: number;
}

const midnightAfter = (ms: number): number => Math.ceil(ms / DAY_MS) * DAY_MS;
const isOld = (sinceMs: number, days: number, nowMs: number): boolean =>
  midnightAfter(sinceMs + days * DAY_MS) <= nowMs;

/** A bucket that somebody looks through every night, whatever there is to do. */
class NightWatch {
  readonly #histories = new Map<string, readonly Modelled[]>(KEYS.map((key) => [key, []]));

  of(key: string): readonly Modelled[] {
    return this.#histories.get(key) ?? [];
  }

  add(key: string, version: Modelled): void {
    const [newest, ...older] = this.of(key);
    const stepped = newest ? [{ ...newest, sinceMs: version.madeAtMs }, ...older] : [];
    this.#histories.set(key, [version, ...stepped]);
  }

  night(nowMs: number): void {
    for (const key of KEYS) {
      const [newest] = this.of(key);
      const days = newest?.tagged ? 1 : key.startsWith("a") ? 3 : Infinity;
      if (newest?.id !== undefined && isOld(newest.madeAtMs, days, nowMs)) {
        this.add(key, { id: undefined, tagged: false, madeAtMs: nowMs });
      }
      const found = this.of(key);
      const isAlone = found.length === 1 && found[0]?.id === undefined;
      const left = found.filter(({ sinceMs }, at) => sinceMs === undefined || at < 2 || !isOld(sinceMs, 2, nowMs));
      this.#histories.set(key, isAlone ? [] : left);
    }
  }
}

const told = (watch: NightWatch) =>
  KEYS.map((key) => ({
    key,
    versions: watch.of(key).flatMap(({ id }) => id ?? []),
    markers: watch.of(key).filter(({ id }) => id === undefined).length,
  }));

async function listed({ s3, bucket: Bucket }: VersionedWorld) {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return KEYS.map((key) => ({
    key,
    versions: Versions.flatMap(({ Key, VersionId }) => (Key === key && VersionId ? [VersionId] : [])),
    markers: DeleteMarkers.filter(({ Key }) => Key === key).length,
  }));
}

async function change(world: VersionedWorld, watch: NightWatch, chance: Seeded): Promise<void> {
  const key = chance.pick(KEYS);
  const tagged = chance.below(3) === 0;
  const madeAtMs = world.cloud.clock.now().getTime();
  if (chance.below(4) === 0) {
    await world.remove(key);
    return watch.add(key, { id: undefined, tagged: false, madeAtMs });
  }
  const { s3, bucket: Bucket } = world;
  const Tagging = tagged ? "gone=soon" : undefined;
  const { VersionId: id } = await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: "x", Tagging }));
  watch.add(key, { id, tagged, madeAtMs });
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
test.each([1, 2, 3, 4])(
  "looking only when something is due leaves what looking every night would (seed %i)",
  async (seed) => {
    const world = await versionedWorld();
    const { s3, bucket: Bucket, cloud } = world;
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: RULES } }));
    const watch = new NightWatch();
    const chance = new Seeded(seed);
    // half past some hour: nothing happens near a midnight
    await cloud.clock.advance((HOUR_MS * 1.5 - (cloud.clock.now().getTime() % HOUR_MS)) / 1000);
    for (let round = 0; round < ROUNDS; round++) {
      for (let count = chance.below(3); count > 0; count--) await change(world, watch, chance);
      const beforeMs = cloud.clock.now().getTime();
      await cloud.clock.advance((1 + chance.below(60)) * 3600);
      const afterMs = cloud.clock.now().getTime();
      for (let nightMs = midnightAfter(beforeMs); nightMs <= afterMs; nightMs += DAY_MS) watch.night(nightMs);
      expect(await listed(world)).toEqual(told(watch));
    }
  },
);
