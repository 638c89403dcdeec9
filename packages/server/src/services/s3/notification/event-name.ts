/**
 * The kinds of events that a bucket tells of.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
 */

import type { Event } from "@aws-sdk/client-s3";

const PREFIX = "s3:";

/** What a configuration may ask for, without `s3:`. */
const KNOWN = new Set([
  "ReducedRedundancyLostObject",
  "ObjectCreated:*",
  "ObjectCreated:Put",
  "ObjectCreated:Post",
  "ObjectCreated:Copy",
  "ObjectCreated:CompleteMultipartUpload",
  "ObjectRemoved:*",
  "ObjectRemoved:Delete",
  "ObjectRemoved:DeleteMarkerCreated",
  "ObjectRestore:*",
  "ObjectRestore:Post",
  "ObjectRestore:Completed",
  "ObjectRestore:Delete",
  "Replication:*",
  "Replication:OperationFailedReplication",
  "Replication:OperationNotTracked",
  "Replication:OperationMissedThreshold",
  "Replication:OperationReplicatedAfterThreshold",
  "LifecycleTransition",
  "LifecycleExpiration:*",
  "LifecycleExpiration:Delete",
  "LifecycleExpiration:DeleteMarkerCreated",
  "IntelligentTiering",
  "ObjectAcl:Put",
  "ObjectTagging:*",
  "ObjectTagging:Put",
  "ObjectTagging:Delete",
  "ObjectAnnotation:*",
  "ObjectAnnotation:Put",
  "ObjectAnnotation:Delete",
]);

export const isKnownEvent = (name: string): name is Event =>
  name.startsWith(PREFIX) && KNOWN.has(name.slice(PREFIX.length));

/** Whether who asks for `asked`, `s3:ObjectCreated:*`, hears of `name`, `ObjectCreated:Put`. */
export function isAskedFor(asked: string, name: string): boolean {
  const wanted = asked.slice(PREFIX.length);
  return wanted.endsWith(":*") ? name.startsWith(wanted.slice(0, -1)) : wanted === name;
}

/** Whether there are events that both ask for. */
export const shareEvents = (one: string, other: string): boolean =>
  isAskedFor(one, other.slice(PREFIX.length)) || isAskedFor(other, one.slice(PREFIX.length));
