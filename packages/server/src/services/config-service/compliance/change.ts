/** What a rule found of a resource, kept; where it is not what was found before, EventBridge and the channel's topic hear of it. */
import type { ComplianceType } from "@aws-sdk/client-config-service";
import type { Context } from "../../../service/context.ts";
import { recordCompliance } from "./item.ts";
import { findChannel } from "../channel/row.ts";
import { notify } from "../channel/notification.ts";
import { deleteResultRow, putResultRow, results, type Result } from "../evaluation/result-row.ts";
import { ruleArn, type Rule } from "../rule/row.ts";

export interface Found {
  readonly type: string;
  readonly id: string;
  readonly compliance: ComplianceType;
  readonly annotation?: string;
  readonly orderedAtMs: number;
  readonly invokedAtMs: number;
}

export async function keepResult(rule: Rule, found: Found, context: Context): Promise<void> {
  const tx = context.tx.in({ region: rule.region });
  const before = await tx.get(results, rule.name, found.type, found.id);
  const result: Result = { ...found, rule: rule.name, recordedAtMs: context.now().getTime() };
  if (found.compliance === "NOT_APPLICABLE") {
    if (before !== undefined) deleteResultRow(before, tx);
  } else {
    putResultRow(result, tx);
  }
  const was = before?.compliance ?? "NOT_APPLICABLE";
  if (was === found.compliance) return;
  await tellOfCompliance(rule, { result, before }, context);
  await recordCompliance({ ...result, region: rule.region }, context);
}

interface Change {
  readonly result: Result;
  readonly before: Result | undefined;
}

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html */
async function tellOfCompliance(rule: Rule, { result, before }: Change, context: Context): Promise<void> {
  const { account, region } = rule;
  const message = {
    resourceId: result.id,
    awsRegion: region,
    awsAccountId: account,
    configRuleName: rule.name,
    configRuleARN: ruleArn(rule),
    resourceType: result.type,
    newEvaluationResult: shown(result),
    ...(before && { oldEvaluationResult: shown(before) }),
  };
  await context.announce(
    {
      source: "aws.config",
      detailType: "Config Rules Compliance Change",
      resources: [],
      detail: {
        ...message,
        notificationCreationTime: context.now().toISOString(),
        messageType: "ComplianceChangeNotification",
        recordVersion: "1.0",
      },
    },
    { account, region },
  );
  const subject = `[AWS Config:${region}] ${result.type} ${result.id} is ${result.compliance} with ${rule.name} in Account ${account}`;
  const channel = await findChannel(context.tx.in({ region }));
  await notify({ subject, messageType: "ComplianceChangeNotification", message }, channel, context);
}

const shown = ({ rule, type, id, compliance, annotation, orderedAtMs, invokedAtMs, recordedAtMs }: Result) => ({
  evaluationResultIdentifier: {
    evaluationResultQualifier: {
      configRuleName: rule,
      resourceType: type,
      resourceId: id,
      evaluationMode: "DETECTIVE",
    },
    orderingTimestamp: new Date(orderedAtMs).toISOString(),
  },
  complianceType: compliance,
  resultRecordedTime: new Date(recordedAtMs).toISOString(),
  configRuleInvokedTime: new Date(invokedAtMs).toISOString(),
  ...(annotation !== undefined && { annotation }),
});
