/**
 * Rules that keep alarms quiet for a time.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
 */
import type { GetAlarmMuteRuleOutput, PutAlarmMuteRuleInput } from "@aws-sdk/client-cloudwatch";
import { page, type Page } from "../../../kernel/page.ts";
import { isTimeZone } from "../../../kernel/schedule/zone.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onAlarms } from "../alarm/access.ts";
import {
  invalidToken,
  muteDurationInvalid,
  muteExpressionInvalid,
  muteRuleNotFound,
  muteTimesInvalid,
  muteZoneInvalid,
  tooMany,
  tooManyMuteRules,
} from "../errors.ts";
import { muteRuleArn, operation } from "../kit.ts";
import { MUTE_RULES_MAX, MUTE_RULES_PER_PAGE, MUTED_ALARMS_MAX } from "../limits.ts";
import { tagsOf } from "../tag.ts";
import { unmuteNow } from "./muting.ts";
import { muteRules, muteTargets, type MuteRule } from "./row.ts";
import { parseMuteDuration, parseMuteSchedule, statusOf } from "./window.ts";

type Given = Validated<PutAlarmMuteRuleInput>;

async function onRule(action: string, name: string, context: Context, more: Partial<Access> = {}): Promise<Access> {
  const found = await context.tx.get(muteRules, name);
  return { action: `cloudwatch:${action}`, resource: muteRuleArn(context, name), resourceTags: found?.tags, ...more };
}

export const putAlarmMuteRule = operation("PutAlarmMuteRule", {
  async authorize({ Name, MuteTargets, Tags = [] }, context) {
    const rule = await onRule("PutAlarmMuteRule", Name, context, { requestTags: tagsOf(Tags) });
    const names = MuteTargets?.AlarmNames ?? [];
    return names.length === 0 ? rule : [rule, ...(await onAlarms("PutAlarmMuteRule", names, context))];
  },

  async handle(input, context) {
    const { tx } = context;
    const was = await tx.get(muteRules, input.Name);
    if (was === undefined) await requireRoom(context);
    const rule = ruleOf(input, was, context);
    if (was !== undefined) forgetTargets(was, context);
    tx.put(muteRules, rule);
    for (const alarm of rule.alarms ?? []) {
      tx.put(muteTargets, { alarm, rule: rule.name });
      unmuteNow(alarm, context);
    }
    return {};
  },
});

function ruleOf(input: Given, was: MuteRule | undefined, context: Context): MuteRule {
  const [startMs, expireMs] = [input.StartDate?.getTime(), input.ExpireDate?.getTime()];
  if (startMs !== undefined && expireMs !== undefined && startMs >= expireMs) throw muteTimesInvalid();
  const alarms = input.MuteTargets && [...new Set(input.MuteTargets.AlarmNames)];
  if (alarms !== undefined && alarms.length > MUTED_ALARMS_MAX) throw tooMany("AlarmNames", MUTED_ALARMS_MAX);
  return {
    name: input.Name,
    description: input.Description,
    ...requireSchedule(input.Rule.Schedule),
    alarms,
    startMs,
    expireMs,
    updatedAtMs: context.now().getTime(),
    tags: was?.tags ?? tagsOf(input.Tags ?? []),
  };
}

/** @throws {AwsError} `ValidationError` */
function requireSchedule({
  Expression: expression,
  Duration: duration,
  Timezone: timeZone,
}: Given["Rule"]["Schedule"]) {
  if (parseMuteSchedule(expression) === undefined) throw muteExpressionInvalid(expression);
  if (parseMuteDuration(duration) === undefined) throw muteDurationInvalid(duration);
  if (timeZone !== undefined && !isTimeZone(timeZone)) throw muteZoneInvalid(timeZone);
  return { expression, duration, timeZone };
}

async function requireRoom({ tx }: Context): Promise<void> {
  const rules = await tx.scan(muteRules, { limit: MUTE_RULES_MAX });
  if (rules.length === MUTE_RULES_MAX) throw tooManyMuteRules();
}

/** The alarms are heard at once, but where another rule keeps them quiet. */
function forgetTargets({ name, alarms = [] }: MuteRule, context: Context): void {
  for (const alarm of alarms) {
    context.tx.delete(muteTargets, alarm, name);
    unmuteNow(alarm, context);
  }
}

export const deleteAlarmMuteRule = operation("DeleteAlarmMuteRule", {
  authorize: ({ AlarmMuteRuleName }, context) => onRule("DeleteAlarmMuteRule", AlarmMuteRuleName, context),

  async handle({ AlarmMuteRuleName: name }, context) {
    const rule = await context.tx.get(muteRules, name);
    if (rule === undefined) return {};
    forgetTargets(rule, context);
    context.tx.delete(muteRules, name);
    return {};
  },
});

export const getAlarmMuteRule = operation("GetAlarmMuteRule", {
  authorize: ({ AlarmMuteRuleName }, context) => onRule("GetAlarmMuteRule", AlarmMuteRuleName, context),

  async handle({ AlarmMuteRuleName: name }, context) {
    const rule = await context.tx.get(muteRules, name);
    if (rule === undefined) throw muteRuleNotFound(name);
    return { ...summaryOf(rule, context), ...detailOf(rule) };
  },
});

const detailOf = (rule: MuteRule): GetAlarmMuteRuleOutput => ({
  Name: rule.name,
  Description: rule.description,
  Rule: { Schedule: { Expression: rule.expression, Duration: rule.duration, Timezone: rule.timeZone ?? "UTC" } },
  MuteTargets: rule.alarms && { AlarmNames: [...rule.alarms] },
  StartDate: dateOf(rule.startMs),
});

const summaryOf = (rule: MuteRule, context: Context) => ({
  AlarmMuteRuleArn: muteRuleArn(context, rule.name),
  ExpireDate: dateOf(rule.expireMs),
  Status: statusOf(rule, context.now().getTime()),
  MuteType: rule.expression.startsWith("at(") ? "ONE_TIME" : "RECURRING",
  LastUpdatedTimestamp: new Date(rule.updatedAtMs),
});

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

export const listAlarmMuteRules = operation("ListAlarmMuteRules", {
  authorize: (_input, context) => onRule("ListAlarmMuteRules", "*", context),

  async handle({ AlarmName: alarm, Statuses: statuses, MaxRecords = MUTE_RULES_PER_PAGE, NextToken: token }, context) {
    const paging = { token, limit: MaxRecords, max: MUTE_RULES_PER_PAGE, invalidToken };
    const { rows, next } = await rulesOf(alarm, paging, context);
    return {
      AlarmMuteRuleSummaries: rows
        .map((rule) => summaryOf(rule, context))
        .filter(({ Status }) => statuses === undefined || statuses.includes(Status)),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

type Paging = Parameters<typeof page>[2];

async function rulesOf(alarm: string | undefined, paging: Paging, { tx }: Context): Promise<Page<MuteRule>> {
  if (alarm === undefined) return page(tx, muteRules, paging);
  const { rows, ...rest } = await page(tx, muteTargets, { ...paging, prefix: [alarm] });
  const found: MuteRule[] = [];
  for (const { rule } of rows) {
    const row = await tx.get(muteRules, rule);
    if (row !== undefined) found.push(row);
  }
  return { rows: found, ...rest };
}
