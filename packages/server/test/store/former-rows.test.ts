/** Rows that earlier versions have written: a cloud over a store of theirs goes on with them. */
import {
  CreateArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  CreateBucketMetadataConfigurationCommand,
  GetBucketMetadataConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { table } from "../../src/kernel/table.ts";
import { readTable } from "../iceberg-reader.ts";
import { lastingStore } from "../lasting-store.ts";
import type { TestCloud } from "../test-cloud.ts";

const DAY_SECONDS = 86_400;

interface FormerEvent {
  readonly archive: string;
  readonly atMs: number;
  readonly id: string;
}

const archivedEvents = table<FormerEvent>("eventbridge.archived-event", "region", ({ archive, atMs, id }) => [
  archive,
  atMs,
  id,
]);
const arrivals = table("eventbridge.archived-arrival", "region", () => []);

test("events that were archived before it was kept when they came are replayed, and forgotten", async () => {
  const { open, rewrite } = lastingStore();
  const one = await open();
  const EventSourceArn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
  const archive = new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn, RetentionDays: 2 });
  const { ArchiveArn } = await one.client(EventBridgeClient).send(archive);
  const Entries = [{ Source: "shop", DetailType: "order", Detail: "{}" }];
  await one.client(EventBridgeClient).send(new PutEventsCommand({ Entries }));
  await one.clock.advance(1);
  await one.close();
  await rewrite(async (tx) => {
    const all = await tx.scan(archivedEvents, { limit: 10 });
    for (const event of all) {
      tx.delete(archivedEvents, event.archive, event.atMs, event.id);
      tx.put(archivedEvents, { ...event, atMs: event.atMs + 7 });
    }
    expect(await tx.clear(arrivals, { limit: 10 })).toBe(1);
  });
  const other = await open();
  const events = other.client(EventBridgeClient);
  const replayed = async (ReplayName: string) => {
    const now = other.clock.now();
    const range = { EventStartTime: new Date(now.getTime() - 30 * DAY_SECONDS * 1000), EventEndTime: now };
    const Destination = { Arn: EventSourceArn };
    await events.send(new StartReplayCommand({ ReplayName, EventSourceArn: ArchiveArn, ...range, Destination }));
    await other.clock.advance(60);
    const { EventLastReplayedTime } = await events.send(new DescribeReplayCommand({ ReplayName }));
    return EventLastReplayedTime !== undefined;
  };
  await other.clock.advance(60);
  expect(await replayed("early")).toBe(true);
  await other.clock.advance(4 * DAY_SECONDS);
  expect(await replayed("late")).toBe(false);
});

interface Stretch {
  readonly bucket: string;
  readonly after: string;
  readonly files?: readonly object[];
  readonly file?: object | undefined;
}

const stretches = table<Stretch>("s3.inventory-stretch", "global", ({ bucket, after }) => [bucket, after]);

test("an inventory whose stretches had one file each goes on", async () => {
  const { open, rewrite } = lastingStore();
  const one = await open();
  const Bucket = "photos";
  const put = (cloud: TestCloud, Key: string) =>
    cloud.client(S3Client).send(new PutObjectCommand({ Bucket, Key, Body: "a" }));
  await one.client(S3Client).send(new CreateBucketCommand({ Bucket }));
  await put(one, "a");
  const MetadataConfiguration = {
    JournalTableConfiguration: { RecordExpiration: { Expiration: "DISABLED" } },
    InventoryTableConfiguration: { ConfigurationState: "ENABLED" },
  } as const;
  await one.client(S3Client).send(new CreateBucketMetadataConfigurationCommand({ Bucket, MetadataConfiguration }));
  await one.clock.advance(60);
  await one.close();
  await rewrite(async (tx) => {
    const all = await tx.scan(stretches, { limit: 10 });
    expect(all).toHaveLength(1);
    for (const { files = [], bucket, after } of all) tx.put(stretches, { bucket, after, file: files[0] });
  });
  const other = await open();
  await put(other, "b");
  await other.clock.advance(3600);
  const told = await other.client(S3Client).send(new GetBucketMetadataConfigurationCommand({ Bucket }));
  const { TableArn } =
    told.GetBucketMetadataConfigurationResult?.MetadataConfigurationResult?.InventoryTableConfigurationResult ?? {};
  const { rows } = await readTable(other, TableArn);
  expect(rows.map((row) => row["key"])).toEqual(["a", "b"]);
});
