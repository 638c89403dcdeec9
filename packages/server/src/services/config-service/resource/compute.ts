/** Functions, trails, secrets and alarms. */
import { afterPrefix, allPages, ifThere, tagsOf, type ResourceKind } from "./kind.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");
type TrailSdk = typeof import("@aws-sdk/client-cloudtrail");
type SecretsManagerSdk = typeof import("@aws-sdk/client-secrets-manager");
type CloudWatchSdk = typeof import("@aws-sdk/client-cloudwatch");

export const functionKind: ResourceKind = {
  type: "AWS::Lambda::Function",
  idOf: ({ service, resource }) =>
    service === "lambda" ? afterPrefix(resource, "function:")?.split(":")[0] : undefined,

  list: (reader) =>
    allPages(async (Marker) => {
      const { Functions = [], NextMarker: next } = await reader.call<LambdaSdk, "ListFunctions">({
        service: "lambda",
        operation: "ListFunctions",
        input: { Marker },
      });
      return { items: Functions.map(({ FunctionName = "" }) => FunctionName), next };
    }),

  async find(FunctionName, reader) {
    const input = { FunctionName };
    const got = await ifThere(
      reader.call<LambdaSdk, "GetFunction">({ service: "lambda", operation: "GetFunction", input }),
    );
    if (got?.Configuration === undefined) return undefined;
    const policy = await ifThere(
      reader.call<LambdaSdk, "GetPolicy">({ service: "lambda", operation: "GetPolicy", input }),
    );
    const { Configuration: found } = got;
    return {
      id: FunctionName,
      name: FunctionName,
      arn: found.FunctionArn ?? "",
      tags: got.Tags ?? {},
      configuration: {
        functionName: FunctionName,
        functionArn: found.FunctionArn,
        runtime: found.Runtime,
        role: found.Role,
        handler: found.Handler,
        codeSize: found.CodeSize,
        description: found.Description,
        timeout: found.Timeout,
        memorySize: found.MemorySize,
        lastModified: found.LastModified,
        codeSha256: found.CodeSha256,
        version: found.Version,
        packageType: found.PackageType,
        deadLetterConfig: found.DeadLetterConfig ?? null,
        vpcConfig: found.VpcConfig ?? null,
        tracingConfig: found.TracingConfig ?? null,
        concurrency: got.Concurrency ?? null,
      },
      supplementary: { Policy: policy?.Policy ?? null, Tags: got.Tags ?? {} },
    };
  },
};

export const trailKind: ResourceKind = {
  type: "AWS::CloudTrail::Trail",
  idOf: ({ service, resource }) => (service === "cloudtrail" ? afterPrefix(resource, "trail/") : undefined),

  async list(reader) {
    const { trailList = [] } = await reader.call<TrailSdk, "DescribeTrails">({
      service: "cloudtrail",
      operation: "DescribeTrails",
      input: { includeShadowTrails: false },
    });
    return trailList.map(({ Name = "" }) => Name);
  },

  async find(Name, reader) {
    const { trailList = [] } = await reader.call<TrailSdk, "DescribeTrails">({
      service: "cloudtrail",
      operation: "DescribeTrails",
      input: { trailNameList: [Name], includeShadowTrails: false },
    });
    const [trail] = trailList;
    if (trail === undefined) return undefined;
    const status = await reader.call<TrailSdk, "GetTrailStatus">({
      service: "cloudtrail",
      operation: "GetTrailStatus",
      input: { Name: trail.TrailARN ?? Name },
    });
    return {
      id: Name,
      name: Name,
      arn: trail.TrailARN ?? "",
      tags: {},
      configuration: {
        name: Name,
        s3BucketName: trail.S3BucketName,
        s3KeyPrefix: trail.S3KeyPrefix ?? null,
        snsTopicARN: trail.SnsTopicARN ?? null,
        includeGlobalServiceEvents: trail.IncludeGlobalServiceEvents,
        isMultiRegionTrail: trail.IsMultiRegionTrail,
        homeRegion: trail.HomeRegion,
        trailARN: trail.TrailARN,
        logFileValidationEnabled: trail.LogFileValidationEnabled,
        cloudWatchLogsLogGroupArn: trail.CloudWatchLogsLogGroupArn ?? null,
        kmsKeyId: trail.KmsKeyId ?? null,
        isOrganizationTrail: trail.IsOrganizationTrail,
        isLogging: status.IsLogging ?? false,
      },
    };
  },
};

export const secretKind: ResourceKind = {
  type: "AWS::SecretsManager::Secret",
  idOf: ({ service, resource, partition, region, account }) =>
    service === "secretsmanager" && !/[*?]/.test(resource)
      ? `arn:${partition}:secretsmanager:${region}:${account}:${resource}`
      : undefined,

  list: (reader) =>
    allPages(async (NextToken) => {
      const { SecretList = [], NextToken: next } = await reader.call<SecretsManagerSdk, "ListSecrets">({
        service: "secrets-manager",
        operation: "ListSecrets",
        input: { NextToken },
      });
      return { items: SecretList.map(({ ARN = "" }) => ARN), next };
    }),

  async find(SecretId, reader) {
    const secret = await ifThere(
      reader.call<SecretsManagerSdk, "DescribeSecret">({
        service: "secrets-manager",
        operation: "DescribeSecret",
        input: { SecretId },
      }),
    );
    if (secret === undefined || secret.DeletedDate !== undefined) return undefined;
    return {
      id: SecretId,
      name: secret.Name ?? "",
      arn: SecretId,
      ...(secret.CreatedDate && { createdAtMs: secret.CreatedDate.getTime() }),
      tags: tagsOf(secret.Tags),
      configuration: {
        Id: SecretId,
        Name: secret.Name,
        Description: secret.Description ?? null,
        KmsKeyId: secret.KmsKeyId ?? null,
        RotationEnabled: secret.RotationEnabled ?? false,
        RotationLambdaARN: secret.RotationLambdaARN ?? null,
        RotationRules: secret.RotationRules ?? null,
        LastRotatedDate: secret.LastRotatedDate?.toISOString() ?? null,
      },
    };
  },
};

export const alarmKind: ResourceKind = {
  type: "AWS::CloudWatch::Alarm",
  idOf: ({ service, resource }) => (service === "cloudwatch" ? afterPrefix(resource, "alarm:") : undefined),

  list: (reader) =>
    allPages(async (NextToken) => {
      const { MetricAlarms = [], NextToken: next } = await reader.call<CloudWatchSdk, "DescribeAlarms">({
        service: "cloudwatch",
        operation: "DescribeAlarms",
        input: { AlarmTypes: ["MetricAlarm"], NextToken },
      });
      return { items: MetricAlarms.map(({ AlarmName = "" }) => AlarmName), next };
    }),

  async find(AlarmName, reader) {
    const { MetricAlarms = [] } = await reader.call<CloudWatchSdk, "DescribeAlarms">({
      service: "cloudwatch",
      operation: "DescribeAlarms",
      input: { AlarmNames: [AlarmName] },
    });
    const [alarm] = MetricAlarms;
    if (alarm === undefined) return undefined;
    return {
      id: AlarmName,
      name: AlarmName,
      arn: alarm.AlarmArn ?? "",
      tags: {},
      configuration: {
        alarmName: AlarmName,
        alarmArn: alarm.AlarmArn,
        actionsEnabled: alarm.ActionsEnabled,
        okactions: alarm.OKActions ?? [],
        alarmActions: alarm.AlarmActions ?? [],
        insufficientDataActions: alarm.InsufficientDataActions ?? [],
        metricName: alarm.MetricName,
        namespace: alarm.Namespace,
        statistic: alarm.Statistic,
        period: alarm.Period,
        evaluationPeriods: alarm.EvaluationPeriods,
        threshold: alarm.Threshold,
        comparisonOperator: alarm.ComparisonOperator,
      },
    };
  },
};
