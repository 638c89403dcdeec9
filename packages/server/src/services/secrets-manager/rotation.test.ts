import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  type RotationRulesType,
} from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";

const DAY_SECONDS = 86_400;

/** As AWS's own template does it. Source: https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas */
const ROTATES = `
import { SecretsManagerClient, DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand,
  UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
const client = new SecretsManagerClient({});
export const handler = async ({ Step, SecretId, ClientRequestToken }) => {
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  const current = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id].includes("AWSCURRENT"));
  const asked = { SecretId, VersionId: ClientRequestToken, VersionStage: "AWSPENDING" };
  if (Step === "createSecret") {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId }));
    await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString: SecretString + "+",
      VersionStages: ["AWSPENDING"] }));
  }
  if (Step === "testSecret") {
    const { SecretString } = await client.send(new GetSecretValueCommand(asked));
    if (SecretString.length > 6) throw new Error("the database does not take it");
  }
  if (Step === "finishSecret") {
    const more = { MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current };
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: "AWSCURRENT", ...more }));
    const done = { RemoveFromVersionId: ClientRequestToken };
    await client.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage: "AWSPENDING", ...done }));
  }
};`;

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:rotates";

async function rotatingWorld() {
  const world = await functionWorld();
  const Role = await world.role("rotator", "secretsmanager:*");
  await world.create("rotates", ROTATES, { Role, Timeout: 30 });
  const manager = world.cloud.client(SecretsManagerClient);
  await manager.send(new CreateSecretCommand({ Name: "s", SecretString: "one" }));
  const RotationRules = { AutomaticallyAfterDays: 30 };
  return {
    ...world,
    manager,
    allow: () =>
      world.lambda.send(
        new AddPermissionCommand({
          FunctionName: "rotates",
          StatementId: "secrets",
          Action: "lambda:InvokeFunction",
          Principal: "secretsmanager.amazonaws.com",
          SourceAccount: "000000000000",
        }),
      ),
    rotate: (more: object = {}) =>
      manager.send(new RotateSecretCommand({ SecretId: "s", RotationLambdaARN: FUNCTION, RotationRules, ...more })),
    read: async (VersionStage = "AWSCURRENT") =>
      (await manager.send(new GetSecretValueCommand({ SecretId: "s", VersionStage }))).SecretString,
    describe: () => manager.send(new DescribeSecretCommand({ SecretId: "s" })),
  };
}

test("a function that does not let Secrets Manager in rotates nothing", async () => {
  const { rotate, describe, manager } = await rotatingWorld();
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager (recorded: test_rotate_secret_invalid_lambda_arn)
  await expect(rotate()).rejects.toMatchObject({
    name: "AccessDeniedException",
    message:
      "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.",
  });
  expect(await describe()).not.toHaveProperty("RotationEnabled");
  // Source: the same (test_first_rotate_secret_with_missing_lambda_arn)
  await expect(manager.send(new RotateSecretCommand({ SecretId: "s" }))).rejects.toMatchObject({
    message: "No Lambda rotation function ARN is associated with this secret.",
  });
});

test("a secret is rotated in four steps, at once and again when its days are over", async () => {
  const { cloud, allow, rotate, read, describe } = await rotatingWorld();
  await allow();
  const { VersionId = "" } = await rotate();
  await cloud.clock.advance(1);
  expect(await read()).toBe("one+");
  expect(await read("AWSPREVIOUS")).toBe("one");
  const described = await describe();
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/secretsmanager (recorded: test_rotate_secret_with_lambda_success)
  expect(described).toMatchObject({
    RotationEnabled: true,
    RotationLambdaARN: FUNCTION,
    RotationRules: { AutomaticallyAfterDays: 30 },
    LastRotatedDate: expect.any(Date),
    NextRotationDate: expect.any(Date),
  });
  expect(described.VersionIdsToStages?.[VersionId]).toEqual(["AWSCURRENT"]);
  await cloud.clock.advance(29 * DAY_SECONDS);
  expect(await read()).toBe("one+");
  await cloud.clock.advance(DAY_SECONDS);
  expect(await read()).toBe("one++");
});

test("without haste only the test step is run, and nothing changes but the schedule", async () => {
  const { cloud, allow, rotate, read, describe } = await rotatingWorld();
  await allow();
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (RotateImmediately)
  await rotate({ RotateImmediately: false });
  await cloud.clock.advance(1);
  expect(await read()).toBe("one");
  expect(Object.values((await describe()).VersionIdsToStages ?? {})).toEqual([["AWSCURRENT"]]);
  await cloud.clock.advance(30 * DAY_SECONDS);
  expect(await read()).toBe("one+");
});

test("a rotation that fails leaves the current value, and is tried again", async () => {
  const { cloud, allow, rotate, read, describe, manager } = await rotatingWorld();
  await allow();
  await manager.send(new CreateSecretCommand({ Name: "long", SecretString: "far too long" }));
  await rotate({ SecretId: "long" });
  await cloud.clock.advance(1);
  const { VersionIdsToStages = {} } = await manager.send(new DescribeSecretCommand({ SecretId: "long" }));
  expect(Object.values(VersionIdsToStages).flat().toSorted()).toEqual(["AWSCURRENT", "AWSPENDING"]);
  // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (InvalidRequestException)
  await expect(rotate({ SecretId: "long" })).rejects.toThrow("A previous rotation isn't complete.");
  await rotate();
  await manager.send(new CancelRotateSecretCommand({ SecretId: "s" }));
  expect(await describe()).toMatchObject({ RotationEnabled: false, RotationLambdaARN: FUNCTION });
  expect(await read()).toMatch(/^one/);
});

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
test("rotations are recorded, and a value that somebody puts meanwhile ends the one that is under way", async () => {
  const { cloud, allow, rotate, manager } = await rotatingWorld();
  await allow();
  await manager.send(new CreateSecretCommand({ Name: "long", SecretString: "far too long" }));
  const { VersionId: ClientRequestToken } = await rotate({ SecretId: "long" });
  await cloud.clock.advance(1);
  await manager.send(new PutSecretValueCommand({ SecretId: "long", SecretString: "by hand" }));
  const { ARN: SecretId, VersionIdsToStages = {} } = await manager.send(
    new DescribeSecretCommand({ SecretId: "long" }),
  );
  expect(Object.values(VersionIdsToStages).flat().toSorted()).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
  await rotate();
  await cloud.clock.advance(3600);
  const { Events = [] } = await cloud.client(CloudTrailClient).send(new LookupEventsCommand({}));
  const own = Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent)).filter(
    ({ eventType }) => eventType === "AwsServiceEvent",
  );
  const userIdentity = { accountId: "000000000000", invokedBy: "secretsmanager.amazonaws.com" };
  const additionalEventData = { SecretId, ClientRequestToken };
  expect(own.toReversed()).toMatchObject([
    { eventName: "RotationStarted", userIdentity, additionalEventData },
    { eventName: "RotationFailed", errorMessage: expect.any(String), additionalEventData },
    { eventName: "RotationAbandoned", additionalEventData },
    { eventName: "RotationStarted" },
    { eventName: "RotationSucceeded" },
  ]);
});

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html (examples) */
test.each<[RotationRulesType, string]>([
  [{ ScheduleExpression: "rate(10 days)" }, "2030-01-11T23:59:59.000Z"],
  [{ ScheduleExpression: "cron(0 16 1,15 * ? *)", Duration: "2h" }, "2030-01-15T18:00:00.000Z"],
  [{ ScheduleExpression: "cron(0 8 1 * ? *)", Duration: "4h" }, "2030-02-01T12:00:00.000Z"],
  [{ ScheduleExpression: "rate(4 hours)" }, "2030-01-02T00:59:59.000Z"],
])("the window of %j closes at %s", async (RotationRules, expected) => {
  const { cloud, allow, rotate, describe } = await rotatingWorld();
  await allow();
  const begin = Date.parse("2030-01-01T20:30:00Z");
  await cloud.clock.advance((begin - cloud.clock.now().getTime()) / 1000);
  await rotate({ RotationRules, RotateImmediately: false });
  expect((await describe()).NextRotationDate?.toISOString()).toBe(expected);
});

test("schedules that are too short, and windows that do not fit, are refused", async () => {
  const { allow, rotate } = await rotatingWorld();
  await allow();
  for (const RotationRules of [
    { ScheduleExpression: "rate(3 hours)" },
    { ScheduleExpression: "rate(10 minutes)" },
    { ScheduleExpression: "rate(4 hours)", Duration: "5h" },
    // Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html (Duration)
    { ScheduleExpression: "cron(0 */4 * * ? *)", Duration: "5h" },
    { ScheduleExpression: "cron(0 22 * * ? *)", Duration: "3h" },
    { ScheduleExpression: "rate(4 days)", Duration: "0h" },
    { ScheduleExpression: "rate(4 days)", AutomaticallyAfterDays: 4 },
  ]) {
    await expect(rotate({ RotationRules })).rejects.toMatchObject({ name: "InvalidParameterException" });
  }
});

// Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html (ClientRequestToken)
test("a rotation that is asked for again with its token is none, and takes no value away", async () => {
  const { cloud, allow, rotate, read } = await rotatingWorld();
  await allow();
  const { VersionId: ClientRequestToken = "" } = await rotate();
  await cloud.clock.advance(1);
  expect(await read()).toBe("one+");
  expect(await rotate({ ClientRequestToken })).toMatchObject({ VersionId: ClientRequestToken });
  await cloud.clock.advance(1);
  expect(await read()).toBe("one+");
});

// Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version
test("a rotation makes room for its version as any new value does", async () => {
  const { cloud, allow, rotate, manager } = await rotatingWorld();
  await allow();
  for (let at = 1; at < 100; at++) {
    await manager.send(new PutSecretValueCommand({ SecretId: "s", SecretString: String(at) }));
  }
  const count = async () => {
    const asked = new ListSecretVersionIdsCommand({ SecretId: "s", IncludeDeprecated: true, MaxResults: 100 });
    const { Versions = [], NextToken } = await manager.send(asked);
    return Versions.length + (NextToken === undefined ? 0 : 1);
  };
  expect(await count()).toBe(100);
  await expect(rotate()).rejects.toMatchObject({ name: "LimitExceededException" });
  await cloud.clock.advance(2 * DAY_SECONDS);
  await rotate();
  expect(await count()).toBe(100);
});
