/**
 * What happens to objects, told to whoever follows it. Every creation, removal and restore of a version goes through
 * `announce`, within the transaction that makes it so. A follower is loaded, and asked, only where the bucket's own row
 * says that it has something to follow, so an ordinary write pays for none.
 */
import { inTurn, type Soon } from "../../../kernel/soon.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import type { StoredVersion } from "../version/row.ts";

/** As S3 names its events. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
export type EventKind =
  | `ObjectCreated:${"Put" | "Post" | "Copy" | "CompleteMultipartUpload"}`
  | `ObjectRemoved:${"Delete" | "DeleteMarkerCreated"}`
  | `ObjectRestore:${"Post" | "Completed" | "Delete"}`
  | `LifecycleExpiration:${"Delete" | "DeleteMarkerCreated"}`
  | "LifecycleTransition"
  | "IntelligentTiering"
  | `ObjectTagging:${"Put" | "Delete"}`
  | `ObjectAnnotation:${"Put" | "Delete"}`
  | "ObjectAcl:Put";

/** Of locks and of another encryption nobody is told, but copies follow the ones, and journals have the other. */
export type ChangeKind = EventKind | "ObjectLock:Put" | "ObjectEncryption:Put";

export interface ObjectChange {
  readonly kind: ChangeKind;
  readonly bucket: Bucket;
  /** The version, or delete marker, that came to be, was changed, or is gone now. */
  readonly version: StoredVersion;
}

/** What a follower does about a change: effects of the context alone, in the same transaction. */
export type Follow = (change: ObjectChange, context: Context) => Promise<void>;

interface Follower {
  /** By the bucket's own row, which every operation has at hand. */
  readonly isOn: (bucket: Bucket) => boolean;
  readonly load: () => Promise<Follow>;
}

const FOLLOWERS: readonly Follower[] = [
  {
    isOn: ({ lifecycle }) => lifecycle?.awake === false,
    load: async () => (await import("../lifecycle/wake.ts")).wakeOnChange,
  },
  {
    isOn: ({ notifies }) => notifies === true,
    load: async () => (await import("../notification/notify.ts")).notifyOfChange,
  },
  {
    isOn: ({ replicates }) => replicates === true,
    load: async () => (await import("../replication/follow.ts")).followByReplication,
  },
  {
    isOn: ({ metadata }) => metadata !== undefined,
    load: async () => (await import("../metadata-table/journal.ts")).journalChange,
  },
];

/**
 * Tells who is notified that a key has no object, which is a removal for them where it was asked for in a batch.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json (test_delete_objects)
 */
export async function announceNothing(bucket: Bucket, key: string, context: Context): Promise<void> {
  const { notify } = await import("../notification/notify.ts");
  const nothing = { deleteMarker: true, bucket: bucket.name, key, order: 0, modifiedAtMs: 0 } as const;
  await notify({ name: "ObjectRemoved:Delete", bucket, version: nothing }, context);
}

/** Tells the followers that the bucket has, one after the other. */
export function announce(change: ObjectChange, context: Context): Soon<void> {
  const followers = FOLLOWERS.filter(({ isOn }) => isOn(change.bucket));
  return inTurn(
    followers.map(
      ({ load }) =>
        async () =>
          (await load())(change, context),
    ),
  );
}
