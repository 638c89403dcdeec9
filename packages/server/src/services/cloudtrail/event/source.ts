/** Where events say they come from, and in which region they are recorded. */
import { findOwn } from "../../../kernel/lookup.ts";

/**
 * By the model's id, where the name is another. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-aws-service-specific-topics.html,
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const NAMES: Readonly<Record<string, string>> = {
  accessanalyzer: "access-analyzer",
  "api-gateway": "apigateway",
  apigatewayv2: "apigateway",
  "application-auto-scaling": "application-autoscaling",
  "auto-scaling": "autoscaling",
  cloudwatch: "monitoring",
  "cloudwatch-logs": "logs",
  "cognito-identity-provider": "cognito-idp",
  "config-service": "config",
  "database-migration-service": "dms",
  "dynamodb-streams": "dynamodb",
  efs: "elasticfilesystem",
  "elastic-load-balancing": "elasticloadbalancing",
  "elastic-load-balancing-v2": "elasticloadbalancing",
  eventbridge: "events",
  "resource-groups-tagging-api": "tagging",
  "route-53": "route53",
  "s3-control": "s3",
  "secrets-manager": "secretsmanager",
  sfn: "states",
  "sso-admin": "sso",
  "sso-oidc": "sso",
};

/** `s3`; what EventBridge calls `aws.s3`. */
export const sourceName = (service: string): string => findOwn(NAMES, service) ?? service;

/**
 * Services of the whole world, whose events are recorded in one region.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
const GLOBAL: ReadonlySet<string> = new Set(["iam", "cloudfront", "route-53", "organizations", "account"]);
const GLOBAL_REGION = "us-east-1";

export const isGlobal = (service: string): boolean => GLOBAL.has(service);

export const regionOf = ({ service, region }: { readonly service: string; readonly region: string }): string =>
  isGlobal(service) || region === "" ? GLOBAL_REGION : region;
