/**
 * What has become of the copies of an object, or that it is one itself.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
 */

/** How one destination stands. */
export type CopyStatus = "PENDING" | "COMPLETED" | "FAILED";

export interface ObjectReplication {
  readonly status: CopyStatus | "REPLICA";
  /** By the ARN of the destination's bucket; of a replica that has no copies of its own, none. */
  readonly copies?: Readonly<Record<string, CopyStatus>>;
}

/** As rows keep it; left out where no rule was ever about the object. */
export interface Replicated {
  readonly replication?: ObjectReplication | undefined;
}

/** As headers tell it. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-replication-status) */
export const formatReplication = ({ replication }: Replicated) =>
  replication && { ReplicationStatus: replication.status };
