/** What events are called. */
import { findOwn } from "../../../kernel/lookup.ts";

/** The date of the interface is part of the names. Source: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html */
const LAMBDA_NAMES: Readonly<Record<string, string>> = {
  AddPermission: "AddPermission20150331v2",
  CreateAlias: "CreateAlias20150331",
  CreateEventSourceMapping: "CreateEventSourceMapping20150331",
  CreateFunction: "CreateFunction20150331",
  DeleteAlias: "DeleteAlias20150331",
  DeleteEventSourceMapping: "DeleteEventSourceMapping20150331",
  DeleteFunction: "DeleteFunction20150331",
  GetEventSourceMapping: "GetEventSourceMapping20150331",
  GetFunction: "GetFunction20150331v2",
  GetFunctionConfiguration: "GetFunctionConfiguration20150331v2",
  GetPolicy: "GetPolicy20150331v2",
  ListAliases: "ListAliases20150331",
  ListEventSourceMappings: "ListEventSourceMappings20150331",
  ListFunctions: "ListFunctions20150331",
  ListVersionsByFunction: "ListVersionsByFunction20150331",
  PublishVersion: "PublishVersion20150331",
  RemovePermission: "RemovePermission20150331v2",
  TagResource: "TagResource20170331v2",
  UntagResource: "UntagResource20170331v2",
  UpdateAlias: "UpdateAlias20150331",
  UpdateEventSourceMapping: "UpdateEventSourceMapping20150331",
  UpdateFunctionCode: "UpdateFunctionCode20150331v2",
  UpdateFunctionConfiguration: "UpdateFunctionConfiguration20150331v2",
};

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
function s3Name(operation: string): string {
  switch (operation) {
    case "ListObjectsV2":
      return "ListObjects";
    case "GetBucketAccelerateConfiguration":
    case "PutBucketAccelerateConfiguration":
    case "GetPublicAccessBlock":
    case "PutPublicAccessBlock":
    case "DeletePublicAccessBlock":
      return operation.replace("BucketAccelerate", "Accelerate").replace("PublicAccess", "BucketPublicAccess");
    default:
      return operation.replace(/^(Get|Put)Bucket(Lifecycle|Notification)Configuration$/, "$1Bucket$2");
  }
}

export interface Named {
  readonly service: string;
  readonly operation: string;
}

export function eventName({ service, operation }: Named): string {
  if (service === "lambda") return findOwn(LAMBDA_NAMES, operation) ?? operation;
  return service === "s3" ? s3Name(operation) : operation;
}
