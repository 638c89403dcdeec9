import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { measured } from "../../../../test/measured.ts";
import { zipOf } from "../../../../test/zip.ts";

// Source of all: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json

const TYPE = "export const handler = async () => process.env.AWS_LAMBDA_INITIALIZATION_TYPE;";
const FunctionName = "f";

async function provisioned(source: string) {
  const world = await functionWorld();
  await world.create(FunctionName, source);
  await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  const provide = (Qualifier: string, ProvisionedConcurrentExecutions: number) =>
    world.lambda.send(
      new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }),
    );
  const read = (Qualifier: string) =>
    world.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
  return { ...world, provide, read, settle: () => world.cloud.clock.advance(1) };
}

test("instances that were asked for are ready when it is said, and calls of the version find them", async () => {
  const world = await provisioned(TYPE);
  const { provide, read, settle } = world;
  expect(await provide("1", 2)).toMatchObject({
    Status: "IN_PROGRESS",
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
  });
  await settle();
  expect(await read("1")).toMatchObject({ Status: "READY", AvailableProvisionedConcurrentExecutions: 2 });
  expect((await world.invoke(FunctionName, {}, { Qualifier: "1" })).answer).toBe("provisioned-concurrency");
  expect((await world.invoke(FunctionName)).answer).toBe("on-demand");
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html (provisioned concurrency metrics)
test("calls that find an instance ready are measured, and those that find them all taken", async () => {
  const world = await provisioned("export const handler = async () => new Promise((go) => setTimeout(go, 300));");
  await world.provide("1", 1);
  await world.settle();
  await Promise.all([1, 2].map(() => world.invoke(FunctionName, {}, { Qualifier: "1" })));
  await world.cloud.clock.advance(120);
  const dimensions = { FunctionName, Resource: `${FunctionName}:1` };
  const of = (name: string) => measured(world.cloud, ["AWS/Lambda", name], dimensions);
  expect(await of("ProvisionedConcurrencyInvocations")).toMatchObject({ Sum: 1 });
  expect(await of("ProvisionedConcurrencySpilloverInvocations")).toMatchObject({ Sum: 1 });
  expect(await of("ProvisionedConcurrentExecutions")).toMatchObject({ Maximum: 1 });
  expect(await of("ProvisionedConcurrencyUtilization")).toMatchObject({ Maximum: 1 });
  const claimed = await measured(world.cloud, ["AWS/Lambda", "ClaimedAccountConcurrency"], {});
  expect(claimed).toMatchObject({ Maximum: 1 });
});

test("where they cannot begin it is said so, and calls begin their own", async () => {
  const source = `
    if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE === "provisioned-concurrency") throw new Error("not like this");
    ${TYPE}`;
  const world = await provisioned(source);
  const { provide, read, settle, cloud, iam } = world;
  const Statement = [{ Effect: "Allow", Action: "logs:*", Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: "f-role", PolicyName: "logs", PolicyDocument }));
  await provide("1", 1);
  await settle();
  expect(await read("1")).toMatchObject({
    Status: "FAILED",
    StatusReason: "FUNCTION_ERROR_INIT_FAILURE",
    AvailableProvisionedConcurrentExecutions: 0,
  });
  expect((await world.invoke(FunctionName, {}, { Qualifier: "1" })).answer).toBe("on-demand");
  await settle();
  const { events = [] } = await cloud
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/f" }));
  expect(events.some(({ message = "" }) => message.includes("not like this"))).toBe(true);
});

test("what is provisioned is taken off what a function has reserved", async () => {
  const world = await provisioned(TYPE);
  const { provide, settle, lambda } = world;
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1 }));
  expect((await world.invoke(FunctionName)).answer).toBe("on-demand");
  await provide("1", 1);
  await settle();
  await expect(world.invoke(FunctionName)).rejects.toMatchObject({
    name: "TooManyRequestsException",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
  });
  expect((await world.invoke(FunctionName, {}, { Qualifier: "1" })).answer).toBe("provisioned-concurrency");
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html (an alias)
test("what is kept ready for an alias moves along with it", async () => {
  const world = await provisioned(TYPE);
  const { provide, read, settle, lambda } = world;
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  await provide("live", 1);
  await settle();
  const ZipFile = zipOf({ "index.mjs": `${TYPE} // changed` });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
  await lambda.send(new UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "2" }));
  expect(await read("live")).toMatchObject({ Status: "IN_PROGRESS" });
  await settle();
  expect(await read("live")).toMatchObject({ Status: "READY" });
  expect(await world.invoke(FunctionName, {}, { Qualifier: "live" })).toMatchObject({
    answer: "provisioned-concurrency",
    version: "2",
  });
});
