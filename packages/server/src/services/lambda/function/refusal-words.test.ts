import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetLayerVersionCommand,
  InvokeCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

// Source of all: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:";
const LONG = "a".repeat(65);
const permission = { StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "s3.amazonaws.com" };

test.each([
  [
    "an invocation",
    (to: LambdaClient) => to.send(new InvokeCommand({ FunctionName: "none" })),
    `Function not found: ${ARN}none:$LATEST`,
  ],
  [
    "a read",
    (to: LambdaClient) => to.send(new GetFunctionCommand({ FunctionName: "none" })),
    `Function not found: ${ARN}none`,
  ],
  [
    "a read by a long name",
    (to: LambdaClient) => to.send(new GetFunctionCommand({ FunctionName: LONG })),
    `Function not found: ${ARN}${LONG}`,
  ],
  [
    "a deletion of a version",
    (to: LambdaClient) => to.send(new DeleteFunctionCommand({ FunctionName: "none", Qualifier: "7" })),
    `Function not found: ${ARN}none`,
  ],
  [
    "reserved concurrency",
    (to: LambdaClient) =>
      to.send(new PutFunctionConcurrencyCommand({ FunctionName: "none", ReservedConcurrentExecutions: 1 })),
    `Function not found: ${ARN}none:$LATEST`,
  ],
  [
    "an alias",
    (to: LambdaClient) => to.send(new CreateAliasCommand({ FunctionName: "none", Name: "a", FunctionVersion: "1" })),
    `Function not found: ${ARN}none:1`,
  ],
  [
    "a change of an alias",
    (to: LambdaClient) => to.send(new UpdateAliasCommand({ FunctionName: "f", Name: "none" })),
    `Alias not found: ${ARN}f:none`,
  ],
  [
    "a permission of an alias",
    (to: LambdaClient) => to.send(new AddPermissionCommand({ FunctionName: "f", Qualifier: "none", ...permission })),
    `Cannot find alias arn: ${ARN}f:none`,
  ],
  [
    "a permission of a version",
    (to: LambdaClient) => to.send(new AddPermissionCommand({ FunctionName: "f", Qualifier: "42", ...permission })),
    `Function not found: ${ARN}f:42`,
  ],
  [
    "a permission of what can be no alias",
    (to: LambdaClient) => to.send(new AddPermissionCommand({ FunctionName: "f", Qualifier: "with-$", ...permission })),
    `Function not found: ${ARN}f:with-$`,
  ],
  [
    "a permission taken from an alias",
    (to: LambdaClient) =>
      to.send(new RemovePermissionCommand({ FunctionName: "f", Qualifier: "none", StatementId: "s3" })),
    `Cannot find alias arn: ${ARN}f:none`,
  ],
  [
    "a change of a URL",
    (to: LambdaClient) => to.send(new UpdateFunctionUrlConfigCommand({ FunctionName: "none" })),
    "Function does not exist",
  ],
  [
    "a change of a URL that is none",
    (to: LambdaClient) => to.send(new UpdateFunctionUrlConfigCommand({ FunctionName: "f" })),
    "The resource you requested does not exist.",
  ],
  [
    "a layer",
    (to: LambdaClient) => to.send(new GetLayerVersionCommand({ LayerName: "none", VersionNumber: 1 })),
    "The resource you requested does not exist.",
  ],
  [
    "tags of a capacity provider",
    (to: LambdaClient) =>
      to.send(
        new TagResourceCommand({
          Resource: "arn:aws:lambda:us-east-1:000000000000:capacity-provider:none",
          Tags: { a: "b" },
        }),
      ),
    "Capacity provider not found: arn:aws:lambda:us-east-1:000000000000:capacity-provider:none",
  ],
])("what is not there is missed in the words of the call: %s", async (_what, call, message) => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  await expect(call(world.lambda)).rejects.toMatchObject({ name: "ResourceNotFoundException", message });
});

test.each([
  [
    "a runtime that is none",
    { Runtime: "PYTHON3.9" },
    "InvalidParameterValueException",
    /^Value PYTHON3\.9 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs20\.x, python3\.14, .*, java8\.al2\] or be a valid ARN$/,
  ],
  [
    "an architecture that is none",
    { Architectures: ["X86_64"] },
    "ValidationException",
    /^1 validation error detected: Value '\[X86_64\]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[x86_64, arm64\], Member must not be null\]$/,
  ],
  [
    "a name with a mark in it",
    { FunctionName: "my-function!" },
    "ValidationException",
    /Member must satisfy regular expression pattern: \(arn:\(aws\[a-zA-Z-\]\*\)\?:lambda:\)\?\(\(eusc-\)\?\[a-z\]\{2\}/,
  ],
  [
    "a name that is too long",
    { FunctionName: LONG },
    "InvalidParameterValueException",
    /Member must have length less than or equal to 64$/,
  ],
  [
    "a layer of another region before the name that is taken",
    { Layers: ["arn:aws:lambda:eu-west-1:000000000000:layer:l:1"] },
    "InvalidParameterValueException",
    /^Layers are not in the same region as the function\. Layers are expected to be in region us-east-1\.$/,
  ],
])("what is said wrongly of a new function is refused in AWS's words: %s", async (_what, more, name, message) => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  // what the SDK's types would not let anybody say
  const said: Partial<CreateFunctionCommandInput> = JSON.parse(JSON.stringify(more));
  const made = {
    FunctionName: "f",
    Role: "arn:aws:iam::000000000000:role/f-role",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: zipOf({ "index.mjs": "" }) },
  } as const;
  await expect(world.lambda.send(new CreateFunctionCommand({ ...made, ...said }))).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test("a weight is shown with its fraction", async () => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  const RoutingConfig = { AdditionalVersionWeights: { 2: -1 } };
  const alias = { FunctionName: "f", Name: "a", FunctionVersion: "1", RoutingConfig };
  await expect(world.lambda.send(new CreateAliasCommand(alias))).rejects.toThrow(
    "1 validation error detected: Value '{2=-1.0}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
  );
});

test("what a call does not say is missed before what it names", async () => {
  const world = await functionWorld();
  await expect(world.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "none" }))).rejects.toThrow(
    "You must specify at least one of error handling or destination setting.",
  );
  const EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:none";
  const DestinationConfig = { OnSuccess: { Destination: EventSourceArn } };
  await expect(
    world.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: "none", EventSourceArn, DestinationConfig })),
  ).rejects.toThrow("Unsupported DestinationConfig parameter for given event source mapping type.");
});

test("a permission of what has none yet may name the revision of the alias or the version", async () => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  const FunctionName = "f";
  await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  const { RevisionId } = await world.lambda.send(
    new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }),
  );
  const added = { FunctionName, Qualifier: "live", ...permission };
  await expect(world.lambda.send(new AddPermissionCommand({ ...added, RevisionId: "wrong" }))).rejects.toMatchObject({
    name: "PreconditionFailedException",
  });
  const { Statement = "" } = await world.lambda.send(new AddPermissionCommand({ ...added, RevisionId }));
  expect(JSON.parse(Statement)).toMatchObject({ Sid: "s3", Resource: `${ARN}f:live` });
});

test("what is provisioned has to leave an account its minimum", async () => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => 1;");
  const FunctionName = "f";
  await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  const put = (ProvisionedConcurrentExecutions: number) =>
    world.lambda.send(
      new PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: "1", ProvisionedConcurrentExecutions }),
    );
  await expect(put(1001)).rejects.toThrow(
    "Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [1000].",
  );
  await expect(put(1000)).rejects.toThrow(
    "Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
});
