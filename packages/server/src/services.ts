/** The services that are built, each loaded on first use. */
import { onceThere } from "./kernel/once.ts";
import type { Soon } from "./kernel/soon.ts";
import type { Service } from "./service/service.ts";

/** By the model's id. */
export const SERVICES: Readonly<Record<string, () => Soon<Service>>> = {
  accessanalyzer: onceThere(async () => (await import("./services/accessanalyzer/index.ts")).accessanalyzer),
  cloudtrail: onceThere(async () => (await import("./services/cloudtrail/index.ts")).cloudtrail),
  cloudwatch: onceThere(async () => (await import("./services/cloudwatch/index.ts")).cloudwatch),
  "cloudwatch-logs": onceThere(async () => (await import("./services/cloudwatch-logs/index.ts")).cloudwatchLogs),
  "cognito-identity": onceThere(async () => (await import("./services/cognito-identity/index.ts")).cognitoIdentity),
  "cognito-identity-provider": onceThere(
    async () => (await import("./services/cognito-identity-provider/index.ts")).cognitoIdentityProvider,
  ),
  "config-service": onceThere(async () => (await import("./services/config-service/index.ts")).configService),
  eventbridge: onceThere(async () => (await import("./services/eventbridge/index.ts")).eventbridge),
  glacier: onceThere(async () => (await import("./services/glacier/index.ts")).glacier),
  iam: onceThere(async () => (await import("./services/iam/index.ts")).iam),
  identitystore: onceThere(
    async () => (await import("./services/identity-center/identitystore/index.ts")).identitystore,
  ),
  kms: onceThere(async () => (await import("./services/kms/index.ts")).kms),
  lambda: onceThere(async () => (await import("./services/lambda/index.ts")).lambda),
  organizations: onceThere(async () => (await import("./services/organizations/index.ts")).organizations),
  pipes: onceThere(async () => (await import("./services/pipes/index.ts")).pipes),
  ram: onceThere(async () => (await import("./services/ram/index.ts")).ram),
  rolesanywhere: onceThere(async () => (await import("./services/rolesanywhere/index.ts")).rolesanywhere),
  s3: onceThere(async () => (await import("./services/s3/index.ts")).s3),
  "s3-control": onceThere(async () => (await import("./services/s3/control/index.ts")).s3Control),
  s3tables: onceThere(async () => (await import("./services/s3/tables/index.ts")).s3tables),
  scheduler: onceThere(async () => (await import("./services/scheduler/index.ts")).scheduler),
  "secrets-manager": onceThere(async () => (await import("./services/secrets-manager/index.ts")).secretStore),
  signin: onceThere(async () => (await import("./services/signin/index.ts")).signin),
  sns: onceThere(async () => (await import("./services/sns/index.ts")).sns),
  sqs: onceThere(async () => (await import("./services/sqs/index.ts")).sqs),
  ssm: onceThere(async () => (await import("./services/ssm/index.ts")).ssm),
  sso: onceThere(async () => (await import("./services/identity-center/sso/index.ts")).sso),
  "sso-admin": onceThere(async () => (await import("./services/identity-center/sso-admin/index.ts")).ssoAdmin),
  "sso-oidc": onceThere(async () => (await import("./services/identity-center/sso-oidc/index.ts")).ssoOidc),
  sts: onceThere(async () => (await import("./services/sts/index.ts")).sts),
};
