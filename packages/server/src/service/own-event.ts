import type { Arn } from "../kernel/arn.ts";

/**
 * What a service did of itself, without a call: a key that was rotated. Plain JSON.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html
 */
export interface OwnEvent {
  /** `RotateKey` */
  readonly name: string;
  /** Who did it, as AWS says: `AWS Internal`, or the service's principal. Left out: whoever asked for a page. */
  readonly by?: string;
  readonly readOnly?: boolean;
  readonly resources?: readonly Arn[];
  /** `serviceEventDetails` */
  readonly details?: object;
  /** `responseElements` */
  readonly response?: object;
  /** `additionalEventData` */
  readonly additional?: object;
  /** What it is told as, where that is no `AwsServiceEvent`. */
  readonly type?: "AwsApiCall";
  /** Why it failed. */
  readonly failure?: string;
}
