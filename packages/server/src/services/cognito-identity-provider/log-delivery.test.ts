import {
  GetLogDeliveryConfigurationCommand,
  SetLogDeliveryConfigurationCommand,
  type LogConfigurationType,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makePool } from "../../../test/user-pools.ts";

const GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/pool";

const ERRORS: LogConfigurationType = {
  EventSource: "userNotification",
  LogLevel: "ERROR",
  CloudWatchLogsConfiguration: { LogGroupArn: GROUP },
};

async function withLogs(tier: "ESSENTIALS" | "PLUS" = "ESSENTIALS") {
  const { idp, poolId: UserPoolId } = await makePool({ UserPoolTier: tier });
  const set = (...LogConfigurations: LogConfigurationType[]) =>
    idp.send(new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations }));
  const get = async () =>
    (await idp.send(new GetLogDeliveryConfigurationCommand({ UserPoolId }))).LogDeliveryConfiguration;
  return { UserPoolId, set, get };
}

test("where undelivered messages are logged is answered as it was set", async () => {
  const { UserPoolId, set, get } = await withLogs();
  expect(await get()).toEqual({ UserPoolId, LogConfigurations: [] });
  const { LogDeliveryConfiguration } = await set(ERRORS);
  expect(LogDeliveryConfiguration).toEqual({ UserPoolId, LogConfigurations: [ERRORS] });
  expect(await get()).toEqual(LogDeliveryConfiguration);
  await set();
  expect(await get()).toEqual({ UserPoolId, LogConfigurations: [] });
});

// Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_LogConfigurationType.html
test("a destination has to fit its source, and be the account's own", async () => {
  const { set } = await withLogs();
  const wrong: readonly LogConfigurationType[][] = [
    [{ ...ERRORS, LogLevel: "INFO" }],
    [{ ...ERRORS, CloudWatchLogsConfiguration: undefined, S3Configuration: { BucketArn: "arn:aws:s3:::logs" } }],
    [{ ...ERRORS, CloudWatchLogsConfiguration: { LogGroupArn: GROUP.replace("000000000000", "111111111111") } }],
    [ERRORS, ERRORS],
  ];
  for (const configurations of wrong) {
    await expect(set(...configurations)).rejects.toMatchObject({ name: "InvalidParameterException" });
  }
});

test("the activity of users is exported in the PLUS tier alone, and is not built", async () => {
  const activity: LogConfigurationType = {
    EventSource: "userAuthEvents",
    LogLevel: "INFO",
    S3Configuration: { BucketArn: "arn:aws:s3:::logs" },
  };
  const essentials = await withLogs();
  await expect(essentials.set(activity)).rejects.toMatchObject({ name: "FeatureUnavailableInTierException" });
  const plus = await withLogs("PLUS");
  await expect(plus.set(activity)).rejects.toMatchObject({ name: "NotImplemented" });
});
