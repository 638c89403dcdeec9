import {
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

// Source of all: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json

const ONE = "export const handler = async () => 1;";
const FunctionName = "f";

async function world() {
  const made = await functionWorld();
  await made.create(FunctionName, ONE);
  const read = () => made.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return { ...made, read, revision: async () => (await read()).RevisionId };
}

test("an answer of a change has a revision of its own, which is over when the change is done", async () => {
  const { lambda, read } = await world();
  const before = await read();
  const change = { FunctionName, Description: "new", RevisionId: before.RevisionId };
  const changing = await lambda.send(new UpdateFunctionConfigurationCommand(change));
  expect(changing).toMatchObject({
    State: "Active",
    LastUpdateStatus: "InProgress",
    LastUpdateStatusReason: "The function is being created.",
    LastUpdateStatusReasonCode: "Creating",
  });
  const after = await read();
  expect(after).toMatchObject({ LastUpdateStatus: "Successful", Description: "new" });
  expect(new Set([before, changing, after].map(({ RevisionId }) => RevisionId)).size).toBe(3);
  const stale = { FunctionName, Description: "newer", RevisionId: changing.RevisionId };
  await expect(lambda.send(new UpdateFunctionConfigurationCommand(stale))).rejects.toMatchObject({
    name: "PreconditionFailedException",
  });
});

test("tags and published versions give a function another revision, and no other instances", async () => {
  const made = await world();
  const { lambda, revision, read } = made;
  await lambda.send(
    new UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: zipOf({ "index.mjs": "let n = 0; export const handler = async () => ++n;" }),
    }),
  );
  expect((await made.invoke(FunctionName)).answer).toBe(1);
  const first = await revision();
  const { FunctionArn = "" } = await read();
  await lambda.send(new TagResourceCommand({ Resource: FunctionArn, Tags: { team: "a" } }));
  const tagged = await revision();
  const version = await lambda.send(new PublishVersionCommand({ FunctionName, RevisionId: tagged }));
  const published = await revision();
  expect(new Set([first, tagged, version.RevisionId, published]).size).toBe(4);
  expect((await made.invoke(FunctionName)).answer).toBe(2);
  await expect(lambda.send(new TagResourceCommand({ Resource: FunctionArn, Tags: {} }))).rejects.toThrow(
    "An error occurred and the request cannot be processed.",
  );
});

test("another description is a change worth a version, one that only the version has is none", async () => {
  const { lambda } = await world();
  const publish = async (Description?: string) =>
    (await lambda.send(new PublishVersionCommand({ FunctionName, Description }))).Version;
  expect(await publish("the first")).toBe("1");
  expect(await publish()).toBe("1");
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: "mine" }));
  expect(await publish()).toBe("2");
  expect(await publish("the third")).toBe("2");
});

test("a version that comes with new code is pending, and lists leave out what changes by itself", async () => {
  const { lambda } = await world();
  const ZipFile = zipOf({ "index.mjs": "export const handler = async () => 2;" });
  const made = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
  expect(made).toMatchObject({ Version: "1", State: "Pending", StateReasonCode: "Creating" });
  expect(made).not.toHaveProperty("LastUpdateStatus");
  const { Functions: [listed] = [] } = await lambda.send(new ListFunctionsCommand({}));
  for (const name of ["State", "LastUpdateStatus", "RuntimeVersionConfig"]) expect(listed).not.toHaveProperty(name);
});

test("code counts with each version and each layer that has it", async () => {
  const { lambda } = await world();
  const size = async () =>
    (await lambda.send(new GetAccountSettingsCommand({}))).AccountUsage?.TotalCodeSize ?? Number.NaN;
  const zip = zipOf({ "index.mjs": ONE });
  expect(await size()).toBe(zip.byteLength);
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  expect(await size()).toBe(2 * zip.byteLength);
  await lambda.send(new PublishLayerVersionCommand({ LayerName: "l", Content: { ZipFile: zip } }));
  expect(await size()).toBe(3 * zip.byteLength);
});

test("a function that is deleted says so", async () => {
  const { lambda } = await world();
  const deleted = await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  expect(deleted).toMatchObject({ StatusCode: 204, $metadata: { httpStatusCode: 204 } });
});
