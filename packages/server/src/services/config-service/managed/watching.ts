/** Rules about alarms and log groups. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html */
import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { allPages } from "../resource/kind.ts";
import {
  isListed,
  listOf,
  namesIn,
  NOT_APPLICABLE,
  textOf,
  verdict,
  type Finding,
  type ItemView,
  type Look,
  type ManagedRule,
} from "./rule-kind.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

const groupsOf = ({ reader }: Look): Promise<readonly LogGroup[]> =>
  allPages(async (nextToken) => {
    const { logGroups = [], nextToken: next } = await reader.call<LogsSdk, "DescribeLogGroups">({
      service: "cloudwatch-logs",
      operation: "DescribeLogGroups",
      input: { nextToken },
    });
    return { items: logGroups, next };
  });

interface Judged {
  readonly isGood: (group: LogGroup) => boolean;
  readonly annotation: string;
}

const found = (groups: readonly LogGroup[], { isGood, annotation }: Judged): readonly Finding[] =>
  groups.map((group) => ({
    ...verdict(isGood(group), annotation),
    type: "AWS::Logs::LogGroup",
    id: group.logGroupName ?? "",
  }));

const YEAR_DAYS = 365;

const ACTIONS = {
  alarmActionRequired: "alarmActions",
  insufficientDataActionRequired: "insufficientDataActions",
  okActionRequired: "okactions",
} as const;
const NAMED_ACTIONS = ["action1", "action2", "action3", "action4", "action5"] as const;

const actionsOf = (view: ItemView, member: string): readonly string[] => listOf(view.configuration(member)).map(textOf);

/** By name: as numbers, or as texts. */
const SETTINGS = ["period", "statistic", "comparisonOperator", "threshold", "evaluationPeriods"] as const;

export const WATCHING_RULES: readonly ManagedRule[] = [
  {
    identifier: "CLOUDWATCH_ALARM_ACTION_CHECK",
    trigger: "change",
    types: ["AWS::CloudWatch::Alarm"],
    parameters: [...Object.keys(ACTIONS), ...NAMED_ACTIONS],
    required: Object.keys(ACTIONS),
    judge(view, parameters) {
      const isThere = Object.entries(ACTIONS).every(
        ([name, member]) => parameters[name] !== "true" || actionsOf(view, member).length > 0,
      );
      const named = NAMED_ACTIONS.flatMap((name) => namesIn(parameters[name] ?? ""));
      const all = Object.values(ACTIONS).flatMap((member) => actionsOf(view, member));
      const isNamed = named.length === 0 || named.some((arn) => all.includes(arn));
      return verdict(isThere && isNamed, "The alarm lacks an action.");
    },
  },
  {
    identifier: "CLOUDWATCH_ALARM_ACTION_ENABLED_CHECK",
    trigger: "change",
    types: ["AWS::CloudWatch::Alarm"],
    judge: (view) => verdict(view.configuration("actionsEnabled") === true, "The alarm's actions are not enabled."),
  },
  {
    identifier: "CLOUDWATCH_ALARM_SETTINGS_CHECK",
    trigger: "change",
    types: ["AWS::CloudWatch::Alarm"],
    parameters: ["metricName", ...SETTINGS],
    required: ["metricName"],
    judge(view, parameters) {
      if (view.configuration("metricName") !== parameters["metricName"]) return NOT_APPLICABLE;
      const isSo = SETTINGS.every((name) => {
        const [wanted, has] = [parameters[name], view.configuration(name)];
        return wanted === undefined || (typeof has === "number" ? has === Number(wanted) : has === wanted);
      });
      return verdict(isSo, "The alarm's settings are not those that are expected.");
    },
  },
  {
    // Source: https://docs.aws.amazon.com/config/latest/developerguide/cw-loggroup-retention-period-check.html
    identifier: "CW_LOGGROUP_RETENTION_PERIOD_CHECK",
    trigger: "periodic",
    parameters: ["LogGroupNames", "MinRetentionTime"],
    async look(look) {
      const { LogGroupNames: names, MinRetentionTime: least = YEAR_DAYS } = look.parameters;
      const groups = (await groupsOf(look)).filter(({ logGroupName = "" }) => isListed(logGroupName, names));
      return found(groups, {
        isGood: ({ retentionInDays: days }) => days === undefined || days >= Number(least),
        annotation: "The log group keeps its events for a shorter time than is expected.",
      });
    },
  },
  {
    identifier: "CLOUDWATCH_LOG_GROUP_ENCRYPTED",
    trigger: "periodic",
    parameters: ["KmsKeyId"],
    look: async (look) =>
      found(await groupsOf(look), {
        isGood: ({ kmsKeyId = "" }) => kmsKeyId !== "" && (look.parameters["KmsKeyId"] ?? kmsKeyId) === kmsKeyId,
        annotation: "The log group is not encrypted with such a key.",
      }),
  },
];
