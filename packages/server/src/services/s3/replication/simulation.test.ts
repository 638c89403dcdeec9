/** Random changes at one end, at random times: both ends have the same versions in the same order when all is done. */
import {
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutBucketReplicationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { replicated, ROLE, rule } from "../../../../test/replicated-world.ts";

const STEPS = 60;
const KEYS = ["a", "b", "b/c"];

/** A number below `limit`, the next of those that begin with the seed. */
function chance(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
}

const withMarkers = (target: string) =>
  rule({
    DeleteMarkerReplication: { Status: "Enabled" },
    SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" } },
    Destination: { Bucket: `arn:aws:s3:::${target}` },
  });

/** Every version with its place, and the tags of the objects. */
async function stateOf(s3: S3Client, Bucket: string) {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const tagged = await Promise.all(
    Versions.map(async ({ Key, VersionId }) => {
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }));
      return { VersionId, TagSet };
    }),
  );
  const place = ({ Key, VersionId, IsLatest }: (typeof DeleteMarkers)[number]) => ({ Key, VersionId, IsLatest });
  return { versions: Versions.map((each) => place(each)), markers: DeleteMarkers.map((each) => place(each)), tagged };
}

test.each([1, 2, 3, 4])("seed %i: both buckets are alike in the end", async (seed) => {
  const below = chance(seed);
  const rights = [{ Effect: "Allow", Action: "s3:*", Resource: "*" }];
  const { s3, there, cloud } = await replicated({ rules: [withMarkers("copies")], rights });
  const ReplicationConfiguration = { Role: ROLE, Rules: [withMarkers("photos")] };
  await there.send(new PutBucketReplicationCommand({ Bucket: "copies", ReplicationConfiguration }));
  for (let step = 0; step < STEPS; step++) {
    const [client, Bucket] = below(3) === 0 ? [there, "copies"] : [s3, "photos"];
    const Key = KEYS[below(KEYS.length)] ?? "";
    const what = below(10);
    if (what < 5) await client.send(new PutObjectCommand({ Bucket, Key, Body: String(step) }));
    else if (what < 7) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    else if (what < 9) await cloud.clock.advance(below(4));
    else {
      const Tagging = { TagSet: [{ Key: "step", Value: String(step) }] };
      // there may be nothing to tag
      await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging })).catch(() => undefined);
      await cloud.clock.advance(5);
    }
  }
  await cloud.clock.advance(60);
  expect(await stateOf(there, "copies")).toEqual(await stateOf(s3, "photos"));
});
