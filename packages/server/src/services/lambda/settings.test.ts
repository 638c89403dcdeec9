import {
  AddLayerVersionPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  DeleteLayerVersionCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  ListAliasesCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListFunctionUrlConfigsCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListTagsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PutRuntimeManagementConfigCommand,
  RemoveLayerVersionPermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";
import { zipOf } from "../../../test/zip.ts";

const FunctionName = "work";
const ARN = "arn:aws:lambda:us-east-1:000000000000:function:work";
const GONE = { name: "ResourceNotFoundException" };

async function lambdaWithFunction() {
  const world = await functionWorld();
  await world.create(FunctionName, "export const handler = () => 1;");
  return world.lambda;
}

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html
test("the aliases of one version are listed, until they are deleted", async () => {
  const lambda = await lambdaWithFunction();
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  const live = { Name: "live", FunctionVersion: "1", AliasArn: `${ARN}:live` };
  await lambda.send(new CreateAliasCommand({ FunctionName, ...live }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "next", FunctionVersion: "$LATEST" }));
  const get = new GetAliasCommand({ FunctionName, Name: "live" });
  expect(await lambda.send(get)).toMatchObject(live);
  const listed = async (FunctionVersion?: string) =>
    (await lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion }))).Aliases?.map((alias) => alias.Name);
  expect([await listed(), await listed("1")]).toEqual([["live", "next"], ["live"]]);
  await lambda.send(new DeleteAliasCommand({ FunctionName, Name: "live" }));
  await expect(lambda.send(get)).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListLayers.html
test("layers are listed with their newest matching version, and a version is read until it is deleted", async () => {
  const lambda = await lambdaWithFunction();
  const Content = { ZipFile: zipOf({ "a.txt": "x" }) };
  for (const CompatibleRuntimes of [["python3.13"] as const, ["nodejs24.x"] as const]) {
    await lambda.send(
      new PublishLayerVersionCommand({ LayerName: "tools", Content, CompatibleRuntimes: [...CompatibleRuntimes] }),
    );
  }
  const LayerVersionArn = "arn:aws:lambda:us-east-1:000000000000:layer:tools:2";
  const newest = { LayerVersionArn, Version: 2, CompatibleRuntimes: ["nodejs24.x"] };
  const { Layers } = await lambda.send(new ListLayersCommand({}));
  expect(Layers).toMatchObject([{ LayerName: "tools", LatestMatchingVersion: newest }]);
  const ofPython = await lambda.send(new ListLayersCommand({ CompatibleRuntime: "python3.13" }));
  expect(ofPython.Layers).toMatchObject([{ LatestMatchingVersion: { Version: 1 } }]);
  const versions = async () =>
    (await lambda.send(new ListLayerVersionsCommand({ LayerName: "tools" }))).LayerVersions?.map(
      ({ Version }) => Version,
    );
  expect(await versions()).toEqual([2, 1]);
  const second = { LayerName: "tools", VersionNumber: 2 };
  expect(await lambda.send(new GetLayerVersionByArnCommand({ Arn: LayerVersionArn }))).toMatchObject(newest);
  expect(await lambda.send(new GetLayerVersionCommand(second))).toMatchObject(newest);
  await lambda.send(new DeleteLayerVersionCommand(second));
  expect(await versions()).toEqual([1]);
  await expect(lambda.send(new GetLayerVersionCommand(second))).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html
test("who may read a version of a layer stands in its policy, until that is taken back", async () => {
  const lambda = await lambdaWithFunction();
  const layer = { LayerName: "tools", VersionNumber: 1 };
  await lambda.send(new PublishLayerVersionCommand({ ...layer, Content: { ZipFile: zipOf({ "a.txt": "x" }) } }));
  const Action = "lambda:GetLayerVersion";
  const StatementId = "share";
  await lambda.send(new AddLayerVersionPermissionCommand({ ...layer, StatementId, Action, Principal: "*" }));
  const read = new GetLayerVersionPolicyCommand(layer);
  expect(JSON.parse((await lambda.send(read)).Policy ?? "")).toMatchObject({
    Statement: [{ Sid: StatementId, Action }],
  });
  await lambda.send(new RemoveLayerVersionPermissionCommand({ ...layer, StatementId }));
  await expect(lambda.send(read)).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetProvisionedConcurrencyConfig.html (Errors)
test("reserved and provisioned concurrency are read back and taken away", async () => {
  const lambda = await lambdaWithFunction();
  const reserved = async () =>
    (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }));
  expect(await reserved()).toBe(5);
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  expect(await reserved()).toBeUndefined();
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  const first = { FunctionName, Qualifier: "1" };
  await lambda.send(new PutProvisionedConcurrencyConfigCommand({ ...first, ProvisionedConcurrentExecutions: 1 }));
  const list = new ListProvisionedConcurrencyConfigsCommand({ FunctionName });
  expect((await lambda.send(list)).ProvisionedConcurrencyConfigs).toMatchObject([
    { FunctionArn: `${ARN}:1`, RequestedProvisionedConcurrentExecutions: 1 },
  ]);
  await lambda.send(new DeleteProvisionedConcurrencyConfigCommand(first));
  const read = lambda.send(new GetProvisionedConcurrencyConfigCommand(first));
  await expect(read).rejects.toMatchObject({ name: "ProvisionedConcurrencyConfigNotFoundException" });
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
test("an update keeps the settings of asynchronous invocations that it does not name", async () => {
  const lambda = await lambdaWithFunction();
  const read = new GetFunctionEventInvokeConfigCommand({ FunctionName });
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1 }));
  await lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 100 }));
  const both = { FunctionArn: `${ARN}:$LATEST`, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 100 };
  expect(await lambda.send(read)).toMatchObject(both);
  const list = new ListFunctionEventInvokeConfigsCommand({ FunctionName });
  expect((await lambda.send(list)).FunctionEventInvokeConfigs).toMatchObject([both]);
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 60 }));
  expect((await lambda.send(read)).MaximumRetryAttempts).toBeUndefined();
  await lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
  await expect(lambda.send(read)).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html
test("a function's URL is listed until it is deleted", async () => {
  const lambda = await lambdaWithFunction();
  const { FunctionUrl } = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }));
  const { FunctionUrlConfigs } = await lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }));
  expect(FunctionUrlConfigs).toMatchObject([{ FunctionUrl, AuthType: "NONE", InvokeMode: "BUFFERED" }]);
  await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
  await expect(lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).rejects.toMatchObject(GONE);
});

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PutRuntimeManagementConfig.html
test("when a runtime is updated, and a function's tags, are read back", async () => {
  const lambda = await lambdaWithFunction();
  const updated = async () =>
    (await lambda.send(new GetRuntimeManagementConfigCommand({ FunctionName }))).UpdateRuntimeOn;
  expect(await updated()).toBe("Auto");
  await lambda.send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: "FunctionUpdate" }));
  expect(await updated()).toBe("FunctionUpdate");
  await lambda.send(new TagResourceCommand({ Resource: ARN, Tags: { a: "1", b: "2" } }));
  await lambda.send(new UntagResourceCommand({ Resource: ARN, TagKeys: ["a"] }));
  expect((await lambda.send(new ListTagsCommand({ Resource: ARN }))).Tags).toEqual({ b: "2" });
});
