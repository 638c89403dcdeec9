import {
  CreateCodeSigningConfigCommand,
  DeleteCodeSigningConfigCommand,
  DeleteFunctionCodeSigningConfigCommand,
  GetCodeSigningConfigCommand,
  GetFunctionCodeSigningConfigCommand,
  ListCodeSigningConfigsCommand,
  ListFunctionsByCodeSigningConfigCommand,
  PutFunctionCodeSigningConfigCommand,
  UpdateCodeSigningConfigCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";

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

const AllowedPublishers = { SigningProfileVersionArns: ["arn:aws:signer:us-east-1:000000000000:/signing-profiles/p"] };

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_function_code_signing_config)
test("a signing configuration is changed, given to a function, and taken from it before it goes", async () => {
  const world = await functionWorld();
  const { lambda } = world;
  await world.create("f", SOURCE);
  const policies = { UntrustedArtifactOnDeployment: "Enforce" } as const;
  const made = await lambda.send(
    new CreateCodeSigningConfigCommand({ Description: "d", AllowedPublishers, CodeSigningPolicies: policies }),
  );
  const { CodeSigningConfigArn, CodeSigningConfigId } = made.CodeSigningConfig ?? {};
  expect(made.CodeSigningConfig).toMatchObject({
    CodeSigningConfigArn: `arn:aws:lambda:us-east-1:000000000000:code-signing-config:${CodeSigningConfigId}`,
    AllowedPublishers,
    CodeSigningPolicies: policies,
    Description: "d",
  });
  const CodeSigningPolicies = { UntrustedArtifactOnDeployment: "Warn" } as const;
  await lambda.send(new UpdateCodeSigningConfigCommand({ CodeSigningConfigArn, CodeSigningPolicies }));
  const { CodeSigningConfig } = await lambda.send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn }));
  expect(CodeSigningConfig).toMatchObject({ AllowedPublishers, CodeSigningPolicies, Description: "d" });
  const { CodeSigningConfigs } = await lambda.send(new ListCodeSigningConfigsCommand({}));
  expect(CodeSigningConfigs).toEqual([CodeSigningConfig]);
  const ofFunction = () => lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName: "f" }));
  expect((await ofFunction()).CodeSigningConfigArn).toBeUndefined();
  await lambda.send(new PutFunctionCodeSigningConfigCommand({ FunctionName: "f", CodeSigningConfigArn }));
  expect(await ofFunction()).toMatchObject({ FunctionName: "f", CodeSigningConfigArn });
  const remove = () => lambda.send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn }));
  // Source: https://docs.aws.amazon.com/lambda/latest/api/API_DeleteCodeSigningConfig.html
  await expect(remove()).rejects.toMatchObject({ name: "ResourceConflictException" });
  await lambda.send(new DeleteFunctionCodeSigningConfigCommand({ FunctionName: "f" }));
  await lambda.send(new DeleteFunctionCodeSigningConfigCommand({ FunctionName: "f" }));
  await remove();
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_code_signing_not_found_excs)
test("a signing configuration that is not there is not found, in other words where a function is to have it", async () => {
  const world = await functionWorld();
  const { lambda } = world;
  await world.create("f", SOURCE);
  const CodeSigningConfigArn = "arn:aws:lambda:us-east-1:000000000000:code-signing-config:csc-0123456789abcdef0";
  const notFound = {
    name: "ResourceNotFoundException",
    message: `The Lambda code signing configuration ${CodeSigningConfigArn} can not be found.`,
  };
  const named = { CodeSigningConfigArn };
  await expect(lambda.send(new GetCodeSigningConfigCommand(named))).rejects.toMatchObject(notFound);
  await expect(lambda.send(new UpdateCodeSigningConfigCommand(named))).rejects.toMatchObject(notFound);
  await expect(lambda.send(new DeleteCodeSigningConfigCommand(named))).rejects.toMatchObject(notFound);
  await expect(
    lambda.send(new PutFunctionCodeSigningConfigCommand({ ...named, FunctionName: "f" })),
  ).rejects.toMatchObject({
    name: "CodeSigningConfigNotFoundException",
    message: `The code signing configuration cannot be found. Check that the provided configuration is not deleted: ${CodeSigningConfigArn}.`,
  });
});
