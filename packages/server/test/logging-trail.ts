/** A trail that logs into a bucket of its own, on whatever server. */
import {
  CloudTrailClient,
  CreateTrailCommand,
  StartLoggingCommand,
  type CloudTrailClientConfig,
  type CreateTrailCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { servicePolicy } from "./service-policy.ts";

interface Trail extends CreateTrailCommandInput {
  readonly Name: string;
  readonly S3BucketName: string;
}

export async function makeLoggingTrail(config: CloudTrailClientConfig & S3ClientConfig, trail: Trail): Promise<void> {
  const { Name, S3BucketName: Bucket } = trail;
  const s3 = new S3Client(config);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const on = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  const Policy = servicePolicy({ service: "cloudtrail", may: ["s3:GetBucketAcl", "s3:PutObject"], on });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  const trails = new CloudTrailClient(config);
  await trails.send(new CreateTrailCommand(trail));
  await trails.send(new StartLoggingCommand({ Name }));
}
