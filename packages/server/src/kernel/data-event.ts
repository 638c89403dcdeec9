/**
 * Which calls are data events, and on what type of resource. All others are management events.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html#logging-data-events,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-data-events
 */

interface DataEvents {
  /** The model's id. */
  readonly service: string;
  /** The type of the resources. */
  readonly type: string;
  readonly operations: readonly string[];
  /** Members, at any depth, whose values are the data itself: events hide them. */
  readonly hidden?: readonly string[];
}

const TYPES: readonly DataEvents[] = [
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
    // Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
    hidden: ["Item", "Items", "Attributes", "ExpressionAttributeValues", "RequestItems", "TransactItems", "Statement"],
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
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html
    hidden: ["MessageBody", "MessageAttributes", "MessageSystemAttributes", "Body"],
  },
  {
    service: "sns",
    type: "AWS::SNS::Topic",
    operations: ["Publish", "PublishBatch"],
    // Source: https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html
    hidden: ["Message", "MessageAttributes", "Subject"],
  },
  { service: "eventbridge", type: "AWS::Events::EventBus", operations: ["PutEvents"], hidden: ["Detail"] },
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

/**
 * By service: members and keys, at any depth, whose values are secrets, though the models do not say so. The address of
 * a subscription may have a password in it, and is had from GetSubscriptionAttributes alone.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
const SECRETS: ReadonlyMap<string, readonly string[]> = new Map([
  ["sns", ["Endpoint", "PlatformCredential", "PlatformPrincipal", "Token", "OneTimePassword"]],
]);

/** By service and operation. */
const KNOWN: ReadonlyMap<string, ReadonlyMap<string, DataEvents>> = new Map(
  [...Map.groupBy(TYPES, ({ service }) => service)].map(([service, types]) => [
    service,
    new Map(types.flatMap((events) => events.operations.map((operation) => [operation, events]))),
  ]),
);

export interface NamedCall {
  /** The model's id. */
  readonly service: string;
  readonly operation: string;
}

const eventsOf = ({ service, operation }: NamedCall): DataEvents | undefined => KNOWN.get(service)?.get(operation);

/** `AWS::S3::Object`; `undefined`: it is a management event. */
export const dataTypeOf = (call: NamedCall): string | undefined => eventsOf(call)?.type;

/** As CloudTrail has it. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html */
const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** What a record may say of a call: the data itself is none of it, and secrets are not. */
export function withoutData(value: object, call: NamedCall): object {
  const [data, secrets] = [eventsOf(call)?.hidden, SECRETS.get(call.service)];
  if (data === undefined && secrets === undefined) return value;
  return hiding(value, new Set([...(data ?? []), ...(secrets ?? [])]));
}

const hiding = (value: object, names: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, names.has(name) ? HIDDEN : shown(one, names)]));

function shown(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => shown(one, names));
  return typeof value === "object" && value !== null ? hiding(value, names) : value;
}
