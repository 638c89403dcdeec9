/**
 * Rules about keys, functions, topics and queues, and about tags.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */
import type { ResourceType } from "@aws-sdk/client-config-service";
import { letsAnybodyIn } from "./policy-text.ts";
import {
  isListed,
  memberOf,
  namesIn,
  NOT_APPLICABLE,
  textOf,
  verdict,
  type ChangeRule,
  type ManagedRule,
} from "./rule-kind.ts";

const PROTOCOLS = ["HTTP", "Application", "Lambda", "SQS", "Firehose"] as const;

/** Whether a resource has these tags, or any at all. */
const tagged = (identifier: string, type: ResourceType): ChangeRule => ({
  identifier,
  trigger: "change",
  types: [type],
  parameters: ["requiredKeyTags"],
  judge({ item }, { requiredKeyTags = "" }) {
    const keys = Object.keys(item.tags).filter((key) => !key.startsWith("aws:"));
    const isGood = keys.length > 0 && namesIn(requiredKeyTags).every((key) => keys.includes(key));
    return verdict(isGood, "The resource lacks tags.");
  },
});

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
    identifier: "KMS_KEY_POLICY_NO_PUBLIC_ACCESS",
    trigger: "change",
    types: ["AWS::KMS::Key"],
    judge(view) {
      if (view.configuration("keyManager") !== "CUSTOMER") return NOT_APPLICABLE;
      return verdict(!letsAnybodyIn(textOf(view.supplementary("Policy"))), "The key's policy allows public access.");
    },
  },
  tagged("KMS_KEY_TAGGED", "AWS::KMS::Key"),
  tagged("S3_BUCKET_TAGGED", "AWS::S3::Bucket"),
  {
    identifier: "LAMBDA_FUNCTION_DESCRIPTION",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    judge: (view) => verdict(textOf(view.configuration("description")) !== "", "The function has no description."),
  },
  {
    identifier: "LAMBDA_FUNCTION_XRAY_ENABLED",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    judge: (view) =>
      verdict(view.configuration("tracingConfig", "Mode") === "Active", "Tracing is not active for the function."),
  },
  {
    identifier: "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
    trigger: "change",
    types: ["AWS::Lambda::Function"],
    judge: (view) =>
      verdict(!letsAnybodyIn(textOf(view.supplementary("Policy"))), "The function's policy allows public access."),
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
    judge(view, { kmsKeyIds }) {
      const key = textOf(view.configuration("KmsMasterKeyId"));
      return verdict(key !== "" && isListed(key, kmsKeyIds), "The topic is not encrypted with KMS.");
    },
  },
  {
    identifier: "SNS_TOPIC_MESSAGE_DELIVERY_NOTIFICATION_ENABLED",
    trigger: "change",
    types: ["AWS::SNS::Topic"],
    judge: (view) =>
      verdict(
        PROTOCOLS.some((name) => textOf(view.configuration(`${name}FailureFeedbackRoleArn`)) !== ""),
        "The status of deliveries is not logged.",
      ),
  },
  {
    identifier: "SNS_TOPIC_NO_PUBLIC_ACCESS",
    trigger: "change",
    types: ["AWS::SNS::Topic"],
    judge: (view) =>
      verdict(!letsAnybodyIn(textOf(view.configuration("Policy"))), "The topic's policy allows public access."),
  },
  {
    identifier: "SQS_QUEUE_NO_PUBLIC_ACCESS",
    trigger: "change",
    types: ["AWS::SQS::Queue"],
    judge: (view) =>
      verdict(!letsAnybodyIn(textOf(view.configuration("Policy"))), "The queue's policy allows public access."),
  },
  {
    identifier: "SQS_QUEUE_DLQ_CHECK",
    trigger: "change",
    types: ["AWS::SQS::Queue"],
    judge: (view) => verdict(textOf(view.configuration("RedrivePolicy")) !== "", "The queue has no dead-letter queue."),
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
