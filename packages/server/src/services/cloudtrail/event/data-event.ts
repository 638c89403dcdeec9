/**
 * Which calls are data events, and on what type of resource. All others are management events.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html#logging-data-events,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-data-events
 */
import type { Named } from "./name.ts";

const TYPES: readonly { readonly service: string; readonly type: string; readonly operations: readonly string[] }[] = [
  {
    service: "s3",
    type: "AWS::S3::Object",
    operations: [
      "AbortMultipartUpload",
      "CompleteMultipartUpload",
      "CopyObject",
      "CreateMultipartUpload",
      "DeleteObject",
      "DeleteObjectTagging",
      "DeleteObjects",
      "GetObject",
      "GetObjectAcl",
      "GetObjectAttributes",
      "GetObjectLegalHold",
      "GetObjectRetention",
      "GetObjectTagging",
      "GetObjectTorrent",
      "HeadBucket",
      "HeadObject",
      "ListMultipartUploads",
      "ListObjectVersions",
      "ListObjects",
      "ListObjectsV2",
      "ListParts",
      "PutObject",
      "PutObjectAcl",
      "PutObjectLegalHold",
      "PutObjectRetention",
      "PutObjectTagging",
      "RenameObject",
      "RestoreObject",
      "SelectObjectContent",
      "UpdateObjectEncryption",
      "UploadPart",
      "UploadPartCopy",
    ],
  },
  {
    service: "lambda",
    type: "AWS::Lambda::Function",
    operations: ["Invoke", "InvokeAsync", "InvokeWithResponseStream"],
  },
  {
    service: "dynamodb",
    type: "AWS::DynamoDB::Table",
    operations: [
      "BatchExecuteStatement",
      "BatchGetItem",
      "BatchWriteItem",
      "DeleteItem",
      "ExecuteStatement",
      "ExecuteTransaction",
      "GetItem",
      "PutItem",
      "Query",
      "Scan",
      "TransactGetItems",
      "TransactWriteItems",
      "UpdateItem",
    ],
  },
  { service: "dynamodb-streams", type: "AWS::DynamoDB::Stream", operations: ["GetRecords", "GetShardIterator"] },
  {
    service: "sqs",
    type: "AWS::SQS::Queue",
    operations: [
      "ChangeMessageVisibility",
      "ChangeMessageVisibilityBatch",
      "DeleteMessage",
      "DeleteMessageBatch",
      "ReceiveMessage",
      "SendMessage",
      "SendMessageBatch",
    ],
  },
  { service: "sns", type: "AWS::SNS::Topic", operations: ["Publish", "PublishBatch"] },
  { service: "eventbridge", type: "AWS::Events::EventBus", operations: ["PutEvents"] },
  {
    service: "kinesis",
    type: "AWS::Kinesis::Stream",
    operations: ["GetRecords", "GetShardIterator", "PutRecord", "PutRecords", "SubscribeToShard"],
  },
  { service: "firehose", type: "AWS::KinesisFirehose::DeliveryStream", operations: ["PutRecord", "PutRecordBatch"] },
  {
    service: "cloudwatch",
    type: "AWS::CloudWatch::Metric",
    operations: ["GetMetricData", "GetMetricStatistics", "GetMetricWidgetImage", "ListMetrics", "PutMetricData"],
  },
  {
    service: "cloudwatch-logs",
    type: "AWS::Logs::LogGroup",
    operations: ["FilterLogEvents", "GetLogEvents", "GetLogRecord", "PutLogEvents", "StartLiveTail"],
  },
  {
    service: "cognito-identity",
    type: "AWS::Cognito::IdentityPool",
    operations: [
      "GetCredentialsForIdentity",
      "GetId",
      "GetOpenIdToken",
      "GetOpenIdTokenForDeveloperIdentity",
      "UnlinkIdentity",
    ],
  },
];

const TYPE_OF: ReadonlyMap<string, string> = new Map(
  TYPES.flatMap(({ service, type, operations }) => operations.map((operation) => [`${service}:${operation}`, type])),
);

/** `AWS::S3::Object`; `undefined`: it is a management event. */
export const dataTypeOf = ({ service, operation }: Named): string | undefined => TYPE_OF.get(`${service}:${operation}`);
