/**
 * What AWS's public parameters say of services: those that this cloud has models of.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
 */
const LONG_NAMES: Readonly<Record<string, string>> = {
  "access-analyzer": "AWS IAM Access Analyzer",
  acm: "AWS Certificate Manager",
  apigateway: "Amazon API Gateway",
  athena: "Amazon Athena",
  autoscaling: "Amazon EC2 Auto Scaling",
  backup: "AWS Backup",
  cloudformation: "AWS CloudFormation",
  cloudfront: "Amazon CloudFront",
  cloudtrail: "AWS CloudTrail",
  cloudwatch: "Amazon CloudWatch",
  "cognito-identity": "Amazon Cognito Identity",
  "cognito-idp": "Amazon Cognito Identity Provider",
  config: "AWS Config",
  dms: "AWS Database Migration Service",
  dynamodb: "Amazon DynamoDB",
  ec2: "Amazon Elastic Compute Cloud (EC2)",
  ecr: "Amazon Elastic Container Registry (ECR)",
  ecs: "Amazon Elastic Container Service (ECS)",
  efs: "Amazon Elastic File System (EFS)",
  elasticache: "Amazon ElastiCache",
  elb: "Elastic Load Balancing (ELB)",
  events: "Amazon EventBridge",
  firehose: "Amazon Data Firehose",
  glacier: "Amazon S3 Glacier",
  glue: "AWS Glue",
  guardduty: "Amazon GuardDuty",
  iam: "AWS Identity and Access Management (IAM)",
  kinesis: "Amazon Kinesis Data Streams",
  kms: "AWS Key Management Service",
  lambda: "AWS Lambda",
  logs: "Amazon CloudWatch Logs",
  organizations: "AWS Organizations",
  ram: "AWS Resource Access Manager",
  rds: "Amazon Relational Database Service (RDS)",
  redshift: "Amazon Redshift",
  route53: "Amazon Route 53",
  s3: "Amazon Simple Storage Service (S3)",
  secretsmanager: "AWS Secrets Manager",
  sns: "Amazon Simple Notification Service (SNS)",
  sqs: "Amazon Simple Queue Service (SQS)",
  ssm: "AWS Systems Manager",
  stepfunctions: "AWS Step Functions",
  sts: "AWS Security Token Service",
  wafv2: "AWS WAF",
};

const BASE = "/aws/service/global-infrastructure/services";

/** Values by their names. Of the regions in which a service is only that of the call is told. */
export function* serviceParameters(region: string): Generator<readonly [name: string, value: string]> {
  for (const [service, longName] of Object.entries(LONG_NAMES)) {
    const name = `${BASE}/${service}`;
    yield [name, service];
    yield [`${name}/longName`, longName];
    yield [`${name}/regions/${region}`, region];
  }
}
