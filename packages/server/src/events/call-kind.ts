/**
 * What kind of event a call is to CloudTrail: one of the management of resources, or of the data in them, which is only
 * logged where a trail says so.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */

const OBJECTS =
  /^(Abort|Complete|Create|List)?(MultipartUpload|UploadPart|UploadPartCopy|Parts)$|^(Get|Put|Head|Delete|Copy|Restore|List|Select|Rename|Update|Write)Objects?(s|V2|Versions|Acl|Attributes|Tagging|Retention|LegalHold|Torrent|Content|Encryption|Annotations?|GetObjectResponse)?$/;

/** By the model's id. Where a service is not listed, all its events are of management. */
const DATA_CALLS: Readonly<Record<string, RegExp>> = {
  "cloudwatch-logs": /^(PutLogEvents|GetLogEvents|FilterLogEvents|StartLiveTail|GetLogRecord|GetLogObject)$/,
  cloudwatch: /^(PutMetricData|GetMetricData|GetMetricStatistics|ListMetrics|GetMetricWidgetImage)$/,
  "cognito-identity":
    /^(GetId|GetCredentialsForIdentity|GetOpenIdToken|GetOpenIdTokenForDeveloperIdentity|UnlinkIdentity)$/,
  dynamodb: /^(Batch|Transact)|Item$|^(Query|Scan|ExecuteStatement|ExecuteTransaction)$/,
  eventbridge: /^PutEvents$/,
  firehose: /^PutRecord/,
  kinesis: /^(PutRecords?|GetRecords|GetShardIterator|SubscribeToShard)$/,
  lambda: /^Invoke/,
  s3: OBJECTS,
  sns: /^Publish(Batch)?$/,
  sqs: /^(Send|Receive|Delete)Message(Batch)?$|^ChangeMessageVisibility(Batch)?$/,
};

interface NamedCall {
  /** The model's id. */
  readonly service: string;
  readonly operation: string;
}

const known = new Map<string, boolean>();

/** Whether the call is a data event. */
export function isDataCall({ service, operation }: NamedCall): boolean {
  const pattern = DATA_CALLS[service];
  if (pattern === undefined) return false;
  const name = `${service} ${operation}`;
  const found = known.get(name) ?? pattern.test(operation);
  known.set(name, found);
  return found;
}

/** Whether the answer of a call of that name says no more than what is there. */
export const onlyReads = (operation: string): boolean =>
  /^(Get|List|Describe|Head|BatchGet|Lookup|Search|Simulate|Validate|Check|Test|Preview|Select)/.test(operation);
