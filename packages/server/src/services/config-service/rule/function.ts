/**
 * Rules that a function evaluates: it is invoked by AWS Config itself, so its policy decides.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { functionRefused } from "../errors.ts";
import type { Item } from "../item/row.ts";
import { ITSELF } from "../kit.ts";
import { itemDocument } from "../channel/notification.ts";
import { formatToken } from "../evaluation/result-token.ts";
import { ruleArn, type Rule } from "./row.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");

/** @throws {AwsError} `InsufficientPermissionsException` */
export async function requireInvocable(functionArn: string, context: Context): Promise<void> {
  try {
    await context.call<LambdaSdk, "Invoke">({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName: functionArn, InvocationType: "DryRun" },
      as: ITSELF,
      source: { account: context.account },
    });
  } catch (error) {
    if (error instanceof AwsError && error.code !== "NotImplemented") throw functionRefused(functionArn);
    throw error;
  }
}

/** `item`: what has changed; where it is left out, it is time to look. @throws {AwsError} what Lambda answers */
export async function invokeRule(
  rule: Rule,
  { functionArn, item }: { readonly functionArn: string; readonly item?: Item | undefined },
  context: Context,
): Promise<void> {
  const { account, region } = rule;
  const invokingEvent = {
    ...(item && { configurationItem: itemDocument(item), configurationItemDiff: null }),
    ...(!item && { awsAccountId: account }),
    notificationCreationTime: context.now().toISOString(),
    messageType: item ? "ConfigurationItemChangeNotification" : "ScheduledNotification",
    recordVersion: item ? "1.3" : "1.0",
  };
  const event = {
    version: "1.0",
    invokingEvent: JSON.stringify(invokingEvent),
    ruleParameters: rule.parameters ?? "{}",
    resultToken: formatToken(rule, context),
    eventLeftScope: item?.status === "ResourceDeleted",
    executionRoleArn: "",
    configRuleArn: ruleArn(rule),
    configRuleName: rule.name,
    configRuleId: rule.id,
    accountId: account,
  };
  await context.call<LambdaSdk, "Invoke">({
    service: "lambda",
    operation: "Invoke",
    input: {
      FunctionName: functionArn,
      InvocationType: "Event",
      Payload: Buffer.from(JSON.stringify(event), "utf8"),
    },
    as: ITSELF,
    source: { arn: ruleArn(rule), account },
    account,
    region,
  });
}
