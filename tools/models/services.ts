import type { ProtocolName } from "../../packages/server/src/model/service-model.ts";

interface Extracted {
  /** The SDK package's name without `@aws-sdk/client-`. */
  readonly id: string;
  /** Where the SDK has no package with schemas: what is added to botocore's model, by the names of files beside it. */
  readonly botocore?: readonly string[];
  /** What is added to the SDK's model, a file among botocore's. */
  readonly added?: string;
  /** Where the service has no name below AWS's domain of services. */
  readonly hosts?: readonly string[];
  /** Protocols the service also speaks, beside the one its SDK client chose. */
  readonly alsoSpeaks?: readonly ProtocolName[];
  /** The namespace of Query answers, where the SDK has forgotten the protocol. */
  readonly xmlNamespace?: string;
}

/** Every service that has a model here, the first three being those this server began with. */
export const SERVICES: readonly Extracted[] = [
  { id: "sts" },
  { id: "iam" },
  { id: "s3" },
  { id: "accessanalyzer" },
  { id: "acm" },
  { id: "api-gateway" },
  { id: "apigatewayv2" },
  { id: "application-auto-scaling" },
  { id: "athena" },
  { id: "auto-scaling" },
  { id: "backup" },
  { id: "cloudformation" },
  { id: "cloudfront" },
  { id: "cloudtrail" },
  // Source: botocore 1.43.11, cloudwatch/2010-08-01, metadata.protocols
  { id: "cloudwatch", alsoSpeaks: ["rpc-v2-cbor", "aws-json-1.0", "aws-query"] },
  { id: "cloudwatch-logs" },
  { id: "cognito-identity" },
  { id: "cognito-identity-provider" },
  { id: "config-service" },
  { id: "database-migration-service" },
  { id: "dynamodb" },
  { id: "dynamodb-streams" },
  { id: "ec2" },
  { id: "ecr" },
  { id: "ecs" },
  { id: "efs" },
  { id: "elastic-load-balancing" },
  { id: "elastic-load-balancing-v2" },
  { id: "elasticache" },
  { id: "eventbridge" },
  { id: "firehose" },
  { id: "glacier" },
  { id: "glue" },
  { id: "guardduty" },
  { id: "identitystore" },
  { id: "kinesis" },
  { id: "kms" },
  { id: "lambda" },
  { id: "organizations" },
  { id: "pipes" },
  { id: "ram" },
  { id: "rds" },
  { id: "redshift" },
  { id: "resource-groups-tagging-api" },
  { id: "rolesanywhere", botocore: ["sessions"] },
  { id: "route-53" },
  { id: "s3-control" },
  { id: "s3tables", added: "s3tables-iceberg" },
  { id: "scheduler" },
  { id: "secrets-manager" },
  { id: "sfn" },
  // Source: https://docs.aws.amazon.com/general/latest/gr/signin-service.html (REGION.signin.aws.amazon.com)
  { id: "signin", botocore: [], hosts: [] },
  { id: "sns" },
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
  { id: "sqs", alsoSpeaks: ["aws-query"], xmlNamespace: "http://queue.amazonaws.com/doc/2012-11-05/" },
  { id: "ssm" },
  { id: "sso" },
  { id: "sso-admin" },
  { id: "sso-oidc" },
  { id: "wafv2" },
];
