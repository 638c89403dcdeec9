/** Buckets that tell of what happens in them. */
import { PutBucketNotificationConfigurationCommand, type NotificationConfiguration } from "@aws-sdk/client-s3";
import { ACCOUNT, type S3World } from "./s3-world.ts";

export const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:uploads`;
export const CREATED = { Events: ["s3:ObjectCreated:*" as const] };

/** Has the bucket tell of what `NotificationConfiguration` names. */
export const putNotifications = (
  { s3, bucket: Bucket }: Pick<S3World, "s3" | "bucket">,
  NotificationConfiguration: NotificationConfiguration,
  SkipDestinationValidation = true,
) =>
  s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, SkipDestinationValidation }),
  );
