/**
 * Rules about keys, functions, topics, queues, trails, secrets and alarms.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */
import { isForAnybody, statementsIn } from "./policy-text.ts";
import {
  daysSince,
  listOf,
  memberOf,
  namesIn,
  NOT_APPLICABLE,
  ofAccount,
  textOf,
  verdict,
  type Look,
  type ManagedRule,
} from "./rule-kind.ts";

type TrailSdk = typeof import("@aws-sdk/client-cloudtrail");

async function trailsOf({ reader }: Look) {
  const { trailList = [] } = await reader.call<TrailSdk, "DescribeTrails">({
    service: "cloudtrail",
    operation: "DescribeTrails",
    input: {},
  });
  const logging = await Promise.all(
    trailList.map(async ({ TrailARN: Name = "" }) => {
      const status = await reader.call<TrailSdk, "GetTrailStatus">({
        service: "cloudtrail",
        operation: "GetTrailStatus",
        input: { Name },
      });
      return status.IsLogging === true;
    }),
  );
  return trailList.filter((_, at) => logging[at] === true);
}

export const WORKLOAD_RULES: readonly ManagedRule[] = [
  {
    identifier: "CMK_BACKING_KEY_ROTATION_ENABLED",
    trigger: "change",
    types: ["AWS::KMS::Key"],
    judge(view) {
      const isRotatable =
        view.configuration("keyManager") === "CUSTOMER" &&
        view.configuration("keySpec") === "SYMMETRIC_DEFAULT" &&
        view.configuration("keyState") === "Enabled" &&
        view.configuration("origin") === "AWS_KMS";
      if (!isRotatable) return NOT_APPLICABLE;
      return verdict(view.supplementary("KeyRotationStatus") === true, "Key rotation is not enabled.");
    },
  },
  {
    identifier: "KMS_CMK_NOT_SCHEDULED_FOR_DELETION",
    trigger: "change",
    types: ["AWS::KMS::Key"],
    parameters: ["kmsKeyIds"],
    judge(view, { kmsKeyIds = "" }) {
      const wanted = namesIn(kmsKeyIds);
      const isMeant = wanted.length === 0 || wanted.some((name) => name.endsWith(view.item.id));
      if (!isMeant || view.configuration("keyManager") !== "CUSTOMER") return NOT_APPLICABLE;
      return verdict(view.configuration("keyState") !== "PendingDeletion", "The key is scheduled for deletion.");
    },
  },
  {
    identifier: "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    judge(view) {
      const isPublic = statementsIn(textOf(view.supplementary("Policy"))).some(
        (statement) => statement.effect === "Allow" && isForAnybody(statement) && statement.conditions.length === 0,
      );
      return verdict(!isPublic, "The function's policy allows public access.");
    },
  },
  {
    identifier: "LAMBDA_DLQ_CHECK",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    parameters: ["dlqArns"],
    judge(view, { dlqArns = "" }) {
      const target = textOf(view.configuration("deadLetterConfig", "TargetArn"));
      const wanted = namesIn(dlqArns);
      return verdict(
        target !== "" && (wanted.length === 0 || wanted.includes(target)),
        "The function has no dead-letter queue.",
      );
    },
  },
  {
    identifier: "LAMBDA_INSIDE_VPC",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    parameters: ["subnetIds"],
    judge: (view) =>
      verdict(textOf(view.configuration("vpcConfig", "VpcId")) !== "", "The function is not inside a VPC."),
  },
  {
    identifier: "LAMBDA_CONCURRENCY_CHECK",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    parameters: ["ConcurrencyLimitLow", "ConcurrencyLimitHigh"],
    judge(view, { ConcurrencyLimitLow: low, ConcurrencyLimitHigh: high }) {
      const reserved = view.configuration("concurrency", "ReservedConcurrentExecutions");
      const isIn =
        typeof reserved === "number" &&
        (low === undefined || reserved >= Number(low)) &&
        (high === undefined || reserved <= Number(high));
      return verdict(isIn, "The function has no reserved concurrency within the limits.");
    },
  },
  {
    identifier: "LAMBDA_FUNCTION_SETTINGS_CHECK",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    parameters: ["runtime", "role", "timeout", "memorySize"],
    required: ["runtime"],
    judge(view, { runtime = "", role, timeout, memorySize }) {
      if (view.configuration("packageType") === "Image") return NOT_APPLICABLE;
      const isGood =
        namesIn(runtime).includes(textOf(view.configuration("runtime"))) &&
        (role === undefined || view.configuration("role") === role) &&
        (timeout === undefined || view.configuration("timeout") === Number(timeout)) &&
        (memorySize === undefined || view.configuration("memorySize") === Number(memorySize));
      return verdict(isGood, "The function's settings are not those that are expected.");
    },
  },
  {
    identifier: "SNS_ENCRYPTED_KMS",
    trigger: "change",
    types: ["AWS::SNS::Topic"],
    parameters: ["kmsKeyIds"],
    judge: (view) =>
      verdict(textOf(view.configuration("KmsMasterKeyId")) !== "", "The topic is not encrypted with KMS."),
  },
  {
    identifier: "SNS_TOPIC_NO_PUBLIC_ACCESS",
    trigger: "change",
    types: ["AWS::SNS::Topic"],
    judge(view) {
      const isPublic = statementsIn(textOf(view.configuration("Policy"))).some(
        (statement) => statement.effect === "Allow" && isForAnybody(statement) && statement.conditions.length === 0,
      );
      return verdict(!isPublic, "The topic's policy allows public access.");
    },
  },
  {
    identifier: "SQS_QUEUE_NO_PUBLIC_ACCESS",
    trigger: "change",
    types: ["AWS::SQS::Queue"],
    judge(view) {
      const isPublic = statementsIn(textOf(view.configuration("Policy"))).some(
        (statement) => statement.effect === "Allow" && isForAnybody(statement) && statement.conditions.length === 0,
      );
      return verdict(!isPublic, "The queue's policy allows public access.");
    },
  },
  {
    identifier: "SQS_QUEUE_DLQ_CHECK",
    trigger: "change",
    types: ["AWS::SQS::Queue"],
    parameters: ["deadLetterArns"],
    judge: (view) => verdict(textOf(view.configuration("RedrivePolicy")) !== "", "The queue has no dead-letter queue."),
  },
  {
    identifier: "CLOUD_TRAIL_ENABLED",
    trigger: "periodic",
    parameters: ["s3BucketName", "snsTopicArn", "cloudWatchLogsLogGroupArn"],
    async look(look) {
      const { s3BucketName, cloudWatchLogsLogGroupArn: group } = look.parameters;
      const found = (await trailsOf(look)).some(
        ({ S3BucketName, CloudWatchLogsLogGroupArn }) =>
          (s3BucketName === undefined || s3BucketName === S3BucketName) &&
          (group === undefined || group === CloudWatchLogsLogGroupArn),
      );
      return ofAccount(verdict(found, "No trail is logging."), look);
    },
  },
  {
    identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED",
    trigger: "periodic",
    parameters: [
      "s3BucketName",
      "snsTopicArn",
      "cloudWatchLogsLogGroupArn",
      "includeManagementEvents",
      "readWriteType",
    ],
    look: async (look) =>
      ofAccount(
        verdict(
          (await trailsOf(look)).some(({ IsMultiRegionTrail }) => IsMultiRegionTrail === true),
          "No multi-region trail is logging.",
        ),
        look,
      ),
  },
  {
    identifier: "CLOUD_TRAIL_ENCRYPTION_ENABLED",
    trigger: "change",
    types: ["AWS::CloudTrail::Trail"],
    judge: (view) => verdict(textOf(view.configuration("kmsKeyId")) !== "", "The trail is not encrypted with KMS."),
  },
  {
    identifier: "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
    trigger: "change",
    types: ["AWS::CloudTrail::Trail"],
    judge: (view) =>
      verdict(view.configuration("logFileValidationEnabled") === true, "Log file validation is not enabled."),
  },
  {
    identifier: "CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED",
    trigger: "change",
    types: ["AWS::CloudTrail::Trail"],
    judge: (view) =>
      verdict(
        textOf(view.configuration("cloudWatchLogsLogGroupArn")) !== "",
        "The trail does not send logs to CloudWatch Logs.",
      ),
  },
  {
    identifier: "SECRETSMANAGER_ROTATION_ENABLED_CHECK",
    trigger: "change",
    types: ["AWS::SecretsManager::Secret"],
    parameters: ["maximumAllowedRotationFrequency"],
    judge(view, { maximumAllowedRotationFrequency: days }) {
      const every = view.configuration("RotationRules", "AutomaticallyAfterDays");
      const isOften = days === undefined || (typeof every === "number" && every <= Number(days));
      return verdict(view.configuration("RotationEnabled") === true && isOften, "Rotation is not enabled.");
    },
  },
  {
    identifier: "SECRETSMANAGER_USING_CMK",
    trigger: "change",
    types: ["AWS::SecretsManager::Secret"],
    parameters: ["kmsKeyArns"],
    judge(view) {
      const key = textOf(view.configuration("KmsKeyId"));
      return verdict(
        key !== "" && !key.endsWith("alias/aws/secretsmanager"),
        "The secret has no key of the customer's.",
      );
    },
  },
  {
    identifier: "SECRETSMANAGER_SECRET_PERIODIC_ROTATION",
    trigger: "change",
    types: ["AWS::SecretsManager::Secret"],
    parameters: ["maxDaysSinceRotation"],
    judge(view, { maxDaysSinceRotation = "90" }, nowMs) {
      const last = Date.parse(textOf(view.configuration("LastRotatedDate")));
      const sinceMs = Number.isNaN(last) ? view.item.createdAtMs : last;
      const isYoung = sinceMs === undefined || daysSince(sinceMs, nowMs) <= Number(maxDaysSinceRotation);
      return verdict(isYoung, "The secret has not been rotated for longer than allowed.");
    },
  },
  {
    identifier: "CLOUDWATCH_ALARM_ACTION_CHECK",
    trigger: "change",
    types: ["AWS::CloudWatch::Alarm"],
    parameters: [
      "alarmActionRequired",
      "insufficientDataActionRequired",
      "okActionRequired",
      "action1",
      "action2",
      "action3",
      "action4",
      "action5",
    ],
    required: ["alarmActionRequired", "insufficientDataActionRequired", "okActionRequired"],
    judge(view, parameters) {
      const wanted = [
        ["alarmActionRequired", "alarmActions"],
        ["insufficientDataActionRequired", "insufficientDataActions"],
        ["okActionRequired", "okactions"],
      ] as const;
      const isGood = wanted.every(
        ([name, member]) => parameters[name] !== "true" || listOf(view.configuration(member)).length > 0,
      );
      return verdict(isGood, "The alarm lacks an action.");
    },
  },
  {
    identifier: "REQUIRED_TAGS",
    trigger: "change",
    types: "any",
    parameters: [1, 2, 3, 4, 5, 6].flatMap((at) => [`tag${at}Key`, `tag${at}Value`]),
    required: ["tag1Key"],
    judge({ item }, parameters) {
      const isGood = [1, 2, 3, 4, 5, 6].every((at) => {
        const key = parameters[`tag${at}Key`];
        if (key === undefined) return true;
        const value = memberOf(item.tags, key);
        const values = namesIn(parameters[`tag${at}Value`] ?? "");
        return typeof value === "string" && (values.length === 0 || values.includes(value));
      });
      return verdict(isGood, "The resource lacks a required tag.");
    },
  },
];
