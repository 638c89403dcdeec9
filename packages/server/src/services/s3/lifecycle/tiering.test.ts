import {
  DeleteBucketIntelligentTieringConfigurationCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  PutBucketIntelligentTieringConfigurationCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  type IntelligentTieringConfiguration,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const DAY_SECONDS = 24 * 3600;
const WATCHED = Buffer.alloc(128 * 1024);

const ARCHIVE: IntelligentTieringConfiguration = {
  Id: "cold",
  Status: "Enabled",
  Tierings: [
    { AccessTier: "ARCHIVE_ACCESS", Days: 90 },
    { AccessTier: "DEEP_ARCHIVE_ACCESS", Days: 180 },
  ],
};

async function world() {
  const { s3, bucket, cloud, ...rest } = await s3World();
  return {
    ...rest,
    s3,
    bucket,
    cloud,
    days: (count: number) => cloud.clock.advance(count * DAY_SECONDS),
    set: (configuration: IntelligentTieringConfiguration, Id = configuration.Id) =>
      s3.send(
        new PutBucketIntelligentTieringConfigurationCommand({
          Bucket: bucket,
          Id,
          IntelligentTieringConfiguration: configuration,
        }),
      ),
    list: async () => {
      const found = await s3.send(new ListBucketIntelligentTieringConfigurationsCommand({ Bucket: bucket }));
      return found.IntelligentTieringConfigurationList;
    },
    write: (Key: string, Body = WATCHED) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, StorageClass: "INTELLIGENT_TIERING" })),
    get: (Key: string) => s3.send(new GetObjectCommand({ Bucket: bucket, Key })),
    head: (Key: string) => s3.send(new HeadObjectCommand({ Bucket: bucket, Key })),
  };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_intelligent_tier_config)
test("configurations are put, read, replaced, listed and deleted by their ids", async () => {
  const { s3, bucket, set, list } = await world();
  expect(await list()).toBeUndefined();
  expect(await refusal(set(ARCHIVE, "other"))).toMatchObject({ code: "MalformedXML", status: 400 });
  expect((await set(ARCHIVE)).$metadata.httpStatusCode).toBe(204);
  const got = await s3.send(new GetBucketIntelligentTieringConfigurationCommand({ Bucket: bucket, Id: "cold" }));
  expect(got.IntelligentTieringConfiguration).toEqual(ARCHIVE);
  const filtered = { ...ARCHIVE, Filter: { Prefix: "logs/" } };
  await set(filtered);
  expect(await list()).toEqual([filtered]);
  const remove = (Id: string) =>
    s3.send(new DeleteBucketIntelligentTieringConfigurationCommand({ Bucket: bucket, Id }));
  const missing = {
    code: "NoSuchConfiguration",
    status: 404,
    message: "The specified configuration does not exist.",
  };
  expect(await refusal(remove("other"))).toMatchObject(missing);
  await remove("cold");
  expect(await list()).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html (Days)
test.each([
  ["ARCHIVE_ACCESS", 89],
  ["DEEP_ARCHIVE_ACCESS", 179],
  ["ARCHIVE_ACCESS", 731],
] as const)("%s after %i days is refused", async (AccessTier, Days) => {
  const { set } = await world();
  const refused = { code: "InvalidArgument", status: 400 };
  expect(await refusal(set({ ...ARCHIVE, Tierings: [{ AccessTier, Days }] }))).toMatchObject(refused);
});

test("what nobody reads is archived, and comes back to stay", async () => {
  const { s3, bucket, cloud, set, write, get, head, days } = await world();
  await set(ARCHIVE);
  await write("read");
  await write("unread");
  await write("small", Buffer.alloc(10));
  await days(60);
  expect((await get("read")).ContentLength).toBe(WATCHED.length);
  await days(31);
  expect(await refusal(get("unread"))).toMatchObject({
    code: "InvalidObjectState",
    status: 403,
    error: { StorageClass: "INTELLIGENT_TIERING", AccessTier: "ARCHIVE_ACCESS" },
  });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-archive-status)
  expect((await head("unread")).ArchiveStatus).toBe("ARCHIVE_ACCESS");
  expect((await get("read")).ContentLength).toBe(WATCHED.length);
  expect((await get("small")).ContentLength).toBe(10);
  await days(90);
  expect((await head("unread")).ArchiveStatus).toBe("DEEP_ARCHIVE_ACCESS");
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreRequest.html (Days: not for Intelligent-Tiering)
  const restore = (RestoreRequest: object) =>
    s3.send(new RestoreObjectCommand({ Bucket: bucket, Key: "unread", RestoreRequest }));
  expect(await refusal(restore({ Days: 1 }))).toMatchObject({ code: "MalformedXML" });
  expect((await restore({})).$metadata.httpStatusCode).toBe(202);
  expect((await head("unread")).Restore).toBe('ongoing-request="true"');
  await cloud.clock.advance(12 * 3600 + 1);
  expect(await head("unread")).toMatchObject({ ContentLength: WATCHED.length });
  expect((await head("unread")).Restore).toBeUndefined();
  await days(80);
  expect((await get("unread")).ContentLength).toBe(WATCHED.length);
});

test("only what a configuration is for is archived, and only while it is in force", async () => {
  const { set, write, head, days } = await world();
  await set({ ...ARCHIVE, Filter: { Prefix: "logs/" } });
  await set({ ...ARCHIVE, Id: "off", Status: "Disabled" });
  await write("logs/a");
  await write("a");
  await days(100);
  expect((await head("logs/a")).ArchiveStatus).toBe("ARCHIVE_ACCESS");
  expect((await head("a")).ArchiveStatus).toBeUndefined();
});

test("setting and removing configurations need one permission, reading them another", async () => {
  const { user, bucket, set } = await world();
  await set(ARCHIVE);
  const Resource = `arn:aws:s3:::${bucket}`;
  const allow = (action: string) => [
    { Effect: "Allow", Action: `s3:${action}IntelligentTieringConfiguration`, Resource },
  ];
  const writer = await user(allow("Put"), { name: "writer" });
  const reader = await user(allow("Get"), { name: "reader" });
  const read = () => new ListBucketIntelligentTieringConfigurationsCommand({ Bucket: bucket });
  const remove = () => new DeleteBucketIntelligentTieringConfigurationCommand({ Bucket: bucket, Id: "cold" });
  expect(await refusal(writer.send(read()))).toMatchObject({ code: "AccessDenied" });
  expect((await reader.send(read())).IntelligentTieringConfigurationList).toHaveLength(1);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketIntelligentTieringConfiguration.html
  expect(await refusal(reader.send(remove()))).toMatchObject({ code: "AccessDenied" });
  await writer.send(remove());
});
