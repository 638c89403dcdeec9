import {
  CreateCodeSigningConfigCommand,
  ListFunctionsByCodeSigningConfigCommand,
  PutFunctionCodeSigningConfigCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";

const SOURCE = "export const handler = async () => {};";

// Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionsByCodeSigningConfig.html
test("the functions of a signing configuration come page by page", async () => {
  const world = await functionWorld();
  const { lambda } = world;
  const AllowedPublishers = {
    SigningProfileVersionArns: ["arn:aws:signer:us-east-1:000000000000:/signing-profiles/p/1"],
  };
  const { CodeSigningConfig } = await lambda.send(new CreateCodeSigningConfigCommand({ AllowedPublishers }));
  const CodeSigningConfigArn = CodeSigningConfig?.CodeSigningConfigArn ?? "";
  const Role = await world.role("runs");
  for (const FunctionName of ["one", "three", "two"]) {
    await world.create(FunctionName, SOURCE, { Role });
    await lambda.send(new PutFunctionCodeSigningConfigCommand({ FunctionName, CodeSigningConfigArn }));
  }
  const list = (Marker?: string) =>
    lambda.send(new ListFunctionsByCodeSigningConfigCommand({ CodeSigningConfigArn, MaxItems: 2, Marker }));
  const first = await list();
  const second = await list(first.NextMarker);
  expect(first.FunctionArns).toHaveLength(2);
  expect([...(first.FunctionArns ?? []), ...(second.FunctionArns ?? [])].map((arn) => arn.split(":").at(-1))).toEqual([
    "one",
    "three",
    "two",
  ]);
  expect(second.NextMarker).toBeUndefined();
});
