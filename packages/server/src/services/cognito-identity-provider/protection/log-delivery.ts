/**
 * Where a pool's logs go: what users do to get in, and messages that could not be delivered; here every message arrives
 * in the outbox, so there is nothing to log of those.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
 */
import type { LogConfigurationType } from "@aws-sdk/client-cognito-identity-provider";
import { formatArn, parseArn } from "../../../kernel/arn.ts";
import { featureNotInTier, invalidParameter, notBuilt } from "../errors.ts";
import { operation, plain } from "../kit.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { letLogsIn, logDeliveries, type LogDelivery } from "./activity-log.ts";

export const setLogDeliveryConfiguration = operation("SetLogDeliveryConfiguration", {
  authorize: onPool("SetLogDeliveryConfiguration"),

  async handle({ UserPoolId, LogConfigurations }, context) {
    const pool = await requirePool(UserPoolId, context);
    const configurations = plain<LogConfigurationType[]>(LogConfigurations);
    for (const configuration of configurations) requireDeliverable(pool, configuration);
    const sources = new Set(configurations.map(({ EventSource }) => EventSource));
    if (sources.size < configurations.length) throw invalidParameter("Each event source can be configured once.");
    const activity = configurations.find(({ EventSource }) => EventSource === "userAuthEvents");
    const group = parseArn(activity?.CloudWatchLogsConfiguration?.LogGroupArn ?? "");
    if (group !== undefined) await letLogsIn(pool, formatArn(group), context);
    const delivery = { poolId: pool.id, configurations };
    context.tx.put(logDeliveries, delivery);
    return { LogDeliveryConfiguration: format(delivery) };
  },
});

export const getLogDeliveryConfiguration = operation("GetLogDeliveryConfiguration", {
  authorize: onPool("GetLogDeliveryConfiguration"),

  async handle({ UserPoolId }, context) {
    const { id: poolId } = await requirePool(UserPoolId, context);
    const delivery = await context.tx.get(logDeliveries, poolId);
    return { LogDeliveryConfiguration: format(delivery ?? { poolId, configurations: [] }) };
  },
});

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LogConfigurationType.html */
function requireDeliverable(pool: Pool, configuration: LogConfigurationType): void {
  const { EventSource, LogLevel, CloudWatchLogsConfiguration: group } = configuration;
  if (EventSource === "userAuthEvents") requireActivity(pool, configuration);
  else if (LogLevel !== "ERROR") throw invalidParameter("The log level of userNotification is ERROR.");
  const arn = parseArn(group?.LogGroupArn ?? "");
  if (arn?.service !== "logs") throw invalidParameter(`${EventSource} is delivered to a log group.`);
  if (arn.account !== pool.account) throw invalidParameter("The log group is of another account.");
}

function requireActivity(pool: Pool, configuration: LogConfigurationType): void {
  const { LogLevel, CloudWatchLogsConfiguration, FirehoseConfiguration, S3Configuration } = configuration;
  if (pool.settings.UserPoolTier !== "PLUS") throw featureNotInTier("userAuthEvents");
  if (LogLevel !== "INFO") throw invalidParameter("The log level of userAuthEvents is INFO.");
  const places = [CloudWatchLogsConfiguration, FirehoseConfiguration, S3Configuration];
  if (places.filter((place) => place !== undefined).length !== 1)
    throw invalidParameter("userAuthEvents is delivered to one place.");
  if (FirehoseConfiguration !== undefined) throw notBuilt("FirehoseConfiguration");
  if (S3Configuration !== undefined) throw notBuilt("S3Configuration");
}

const format = ({ poolId, configurations }: LogDelivery) => ({
  UserPoolId: poolId,
  LogConfigurations: configurations.slice(),
});
