import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteResourcePolicyCommand,
  DescribeResourcePoliciesCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  GetLogDeliveryConfigurationCommand,
  SetLogDeliveryConfigurationCommand,
  type LogConfigurationType,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { claimsOf, makePool } from "../../../../test/user-pools.ts";

const GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/pool";

const PASSWORD = "Correct-Horse-7";

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

const ACTIVITY: LogConfigurationType = {
  EventSource: "userAuthEvents",
  LogLevel: "INFO",
  CloudWatchLogsConfiguration: { LogGroupArn: GROUP },
};

test("the activity of users is logged in the PLUS tier alone, in one place", async () => {
  const essentials = await withLogs();
  await expect(essentials.set(ACTIVITY)).rejects.toMatchObject({ name: "FeatureUnavailableInTierException" });
  const { set } = await withLogs("PLUS");
  const S3Configuration = { BucketArn: "arn:aws:s3:::logs" };
  await expect(set({ ...ACTIVITY, S3Configuration })).rejects.toMatchObject({ name: "InvalidParameterException" });
  await expect(set({ ...ACTIVITY, LogLevel: "ERROR" })).rejects.toMatchObject({ name: "InvalidParameterException" });
  const inBucket = { ...ACTIVITY, CloudWatchLogsConfiguration: undefined, S3Configuration };
  await expect(set(inBucket)).rejects.toMatchObject({ name: "NotImplemented" });
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
test("what users do to get in is in the log group, as long as the account lets its delivery in", async () => {
  const pool = await makePool({ UserPoolTier: "PLUS", UserPoolAddOns: { AdvancedSecurityMode: "AUDIT" } });
  const { idp, cloud, poolId: UserPoolId, clientId } = pool;
  const logs = cloud.client(CloudWatchLogsClient);
  const logGroupName = "/aws/vendedlogs/pool";
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const set = () => idp.send(new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations: [ACTIVITY] }));
  await set();
  await pool.makeUser("ann", PASSWORD);
  const signIn = (password: string) => {
    const AuthParameters = { USERNAME: "ann", PASSWORD: password };
    return idp.send(new InitiateAuthCommand({ ClientId: clientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }));
  };
  const { AuthenticationResult } = await signIn(PASSWORD);
  await expect(signIn("wrong")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const logged = async () => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events.map(({ message = "" }): unknown => JSON.parse(message));
  };
  const [passed, failed] = await logged();
  expect(passed).toEqual({
    eventTimestamp: expect.stringMatching(/^\d{13}$/),
    eventSource: "USER_ACTIVITY",
    logLevel: "INFO",
    message: {
      version: "1",
      eventId: claimsOf(AuthenticationResult?.IdToken)["event_id"],
      eventType: "SignIn",
      userSub: claimsOf(AuthenticationResult?.IdToken)["sub"],
      userName: "ann",
      userPoolId: UserPoolId,
      clientId,
      creationDate: expect.stringMatching(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}$/),
      eventResponse: "Pass",
      riskLevel: "",
      riskDecision: "PASS",
      challenges: expect.any(Array),
      deviceName: expect.any(String),
      ipAddress: "127.0.0.1",
      requestId: expect.any(String),
      idpName: "",
      compromisedCredentialDetected: "false",
      city: "",
      country: "",
      eventFeedbackValue: "",
      eventFeedbackDate: "",
      eventFeedbackProvider: "",
      hasContextData: "true",
    },
    logSourceId: { userPoolId: UserPoolId },
  });
  expect(failed).toMatchObject({ message: { eventResponse: "Fail" } });

  // set again, it is the same right
  await set();
  const { resourcePolicies = [] } = await logs.send(new DescribeResourcePoliciesCommand({}));
  const { Statement } = JSON.parse(resourcePolicies[0]?.policyDocument ?? "{}");
  expect(Statement).toHaveLength(1);
  await logs.send(new DeleteResourcePolicyCommand({ policyName: resourcePolicies[0]?.policyName }));
  expect((await signIn(PASSWORD)).AuthenticationResult?.AccessToken).toBeDefined();
  expect(await logged()).toHaveLength(2);
});

test("who sets where activity is logged needs rights to the logs", async () => {
  const { cloud, poolId: UserPoolId } = await makePool({ UserPoolTier: "PLUS" });
  const rights = ["cognito-idp:SetLogDeliveryConfiguration", "logs:CreateLogDelivery", "logs:DescribeResourcePolicies"];
  const setAs = async (name: string, ...allowed: string[]) => {
    const client = cloud.client(CognitoIdentityProviderClient, await makeUser(cloud, name, { allow: allowed }));
    return client.send(new SetLogDeliveryConfigurationCommand({ UserPoolId, LogConfigurations: [ACTIVITY] }));
  };
  await expect(setAs("ann", ...rights)).rejects.toThrow(/logs:PutResourcePolicy/);
  await setAs("bob", ...rights, "logs:PutResourcePolicy");
});
