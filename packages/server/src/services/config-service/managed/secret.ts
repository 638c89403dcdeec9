/** Rules about secrets. Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html (secretsmanager-…) */
import { allPages } from "../resource/kind.ts";
import { daysSince, isListed, textOf, verdict, type ItemView, type Look, type ManagedRule } from "./rule-kind.ts";

type SecretsManagerSdk = typeof import("@aws-sdk/client-secrets-manager");

const secretsOf = ({ reader }: Look) =>
  allPages(async (NextToken) => {
    const { SecretList = [], NextToken: next } = await reader.call<SecretsManagerSdk, "ListSecrets">({
      service: "secrets-manager",
      operation: "ListSecrets",
      input: { NextToken },
    });
    return { items: SecretList, next };
  });

/** Of schedules by the clock it is not known how often that is: they count as seldom. */
function rotationHoursOf(view: ItemView): number {
  const days = view.configuration("RotationRules", "AutomaticallyAfterDays");
  if (typeof days === "number") return days * 24;
  const schedule = textOf(view.configuration("RotationRules", "ScheduleExpression"));
  const [, count, unit] = /^rate\((\d+) (day|hour)s?\)$/.exec(schedule) ?? [];
  return count === undefined ? Infinity : Number(count) * (unit === "day" ? 24 : 1);
}

export const SECRET_RULES: readonly ManagedRule[] = [
  {
    identifier: "SECRETSMANAGER_ROTATION_ENABLED_CHECK",
    trigger: "change",
    types: ["AWS::SecretsManager::Secret"],
    parameters: ["maximumAllowedRotationFrequency", "maximumAllowedRotationFrequencyInHours"],
    judge(view, { maximumAllowedRotationFrequency: days, maximumAllowedRotationFrequencyInHours: hours }) {
      const most = Math.min(Number(days ?? Infinity) * 24, Number(hours ?? Infinity));
      const isOften = most === Infinity || rotationHoursOf(view) <= most;
      return verdict(view.configuration("RotationEnabled") === true && isOften, "Rotation is not enabled.");
    },
  },
  {
    identifier: "SECRETSMANAGER_USING_CMK",
    trigger: "change",
    types: ["AWS::SecretsManager::Secret"],
    parameters: ["kmsKeyArns"],
    judge(view, { kmsKeyArns }) {
      const key = textOf(view.configuration("KmsKeyId"));
      return verdict(
        key !== "" && !key.endsWith("alias/aws/secretsmanager") && isListed(key, kmsKeyArns),
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
    identifier: "SECRETSMANAGER_SECRET_UNUSED",
    trigger: "periodic",
    parameters: ["unusedForDays"],
    async look(look) {
      const days = Number(look.parameters["unusedForDays"] ?? 90);
      return (await secretsOf(look)).map(({ ARN: id = "", LastAccessedDate: used, CreatedDate: made }) => {
        const last = used ?? made;
        const isUsed = last === undefined || daysSince(last.getTime(), look.nowMs) <= days;
        return {
          ...verdict(isUsed, "The secret has not been used for longer than allowed."),
          type: "AWS::SecretsManager::Secret",
          id,
        };
      });
    },
  },
];
