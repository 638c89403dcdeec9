/**
 * Whether a trail logs, since when, and how its deliveries go.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
 */
import { isoSeconds } from "../../kernel/iso-seconds.ts";
import { tellAudience } from "./audience.ts";
import { followValidation } from "./delivery/digest.ts";
import { keyOf } from "./delivery/pending.ts";
import { statuses, type Attempt } from "./delivery/status.ts";
import { operation } from "./kit.ts";
import { onTrail, requireOwnTrail, requireTrail } from "./trail-name.ts";
import { isLogging, putTrail, type Logging } from "./trail-row.ts";

export const startLogging = operation("StartLogging", {
  authorize: ({ Name }, context) => onTrail("StartLogging", Name, context),

  async handle({ Name }, context) {
    const trail = await requireOwnTrail(Name, context);
    if (isLogging(trail)) return {};
    const { stoppedAtMs } = trail.logging ?? {};
    const logging: Logging = { isOn: true, startedAtMs: context.now().getTime(), stoppedAtMs };
    const started = { ...trail, logging };
    putTrail(started, context.tx);
    await followValidation(started, context);
    await tellAudience(started, context);
    return {};
  },
});

export const stopLogging = operation("StopLogging", {
  authorize: ({ Name }, context) => onTrail("StopLogging", Name, context),

  async handle({ Name }, context) {
    const trail = await requireOwnTrail(Name, context);
    const { logging } = trail;
    if (logging === undefined || !logging.isOn) return {};
    const stopped = { ...trail, logging: { ...logging, isOn: false, stoppedAtMs: context.now().getTime() } };
    putTrail(stopped, context.tx);
    await tellAudience(stopped, context);
    return {};
  },
});

export const getTrailStatus = operation("GetTrailStatus", {
  authorize: ({ Name }, context) => onTrail("GetTrailStatus", Name, context),

  async handle({ Name }, context) {
    const trail = await requireTrail(Name, context);
    const { files, notices, logs, digests } = (await context.tx.get(statuses, keyOf(trail))) ?? {};
    const { startedAtMs, stoppedAtMs } = trail.logging ?? {};
    return {
      IsLogging: isLogging(trail),
      ...errorAs("LatestDeliveryError", files),
      ...errorAs("LatestNotificationError", notices),
      ...timeAs("LatestDeliveryTime", files?.succeededAtMs),
      ...timeAs("LatestNotificationTime", notices?.succeededAtMs),
      ...timeAs("StartLoggingTime", startedAtMs),
      ...timeAs("StopLoggingTime", stoppedAtMs),
      ...errorAs("LatestCloudWatchLogsDeliveryError", logs),
      ...timeAs("LatestCloudWatchLogsDeliveryTime", logs?.succeededAtMs),
      ...timeAs("LatestDigestDeliveryTime", digests?.succeededAtMs),
      ...errorAs("LatestDigestDeliveryError", digests),
      LatestDeliveryAttemptTime: textOf(files?.atMs),
      LatestNotificationAttemptTime: textOf(notices?.atMs),
      LatestNotificationAttemptSucceeded: textOf(notices?.succeededAtMs),
      LatestDeliveryAttemptSucceeded: textOf(files?.succeededAtMs),
      TimeLoggingStarted: textOf(startedAtMs),
      TimeLoggingStopped: textOf(stoppedAtMs),
    };
  },
});

const timeAs = <Name extends string>(name: Name, ms: number | undefined): Partial<Record<Name, Date>> =>
  ms === undefined ? {} : named(name, new Date(ms));

const errorAs = <Name extends string>(name: Name, attempt: Attempt | undefined): Partial<Record<Name, string>> =>
  attempt?.error === undefined ? {} : named(name, attempt.error);

function named<Name extends string, Value>(name: Name, value: Value): Partial<Record<Name, Value>> {
  const members: Partial<Record<Name, Value>> = {};
  members[name] = value;
  return members;
}

const textOf = (ms: number | undefined): string => (ms === undefined ? "" : isoSeconds(ms));
