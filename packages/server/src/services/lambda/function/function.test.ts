import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateUserCommand, CreateAccessKeyCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";
import { measured } from "../../../../test/measured.ts";
import { zipOf } from "../../../../test/zip.ts";

const ONE = "export const handler = async () => 1;";
const ZIP = zipOf({ "index.mjs": ONE });

/** A client of a user who may do `actions`. */
async function userClient(world: FunctionWorld, ...actions: readonly string[]) {
  await world.iam.send(new CreateUserCommand({ UserName: "dev" }));
  const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await world.iam.send(new PutUserPolicyCommand({ UserName: "dev", PolicyName: "own", PolicyDocument }));
  const { AccessKey } = await world.iam.send(new CreateAccessKeyCommand({ UserName: "dev" }));
  return world.cloud.client(LambdaClient, AccessKey ?? {});
}

test("a function is read back as AWS shows it", async () => {
  const world = await functionWorld();
  const Role = await world.role("plain");
  const made = await world.lambda.send(
    new CreateFunctionCommand({
      FunctionName: "f",
      Role,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: ZIP },
    }),
  );
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json
  const shown = {
    FunctionName: "f",
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
    Runtime: "nodejs22.x",
    Role,
    Handler: "index.handler",
    CodeSize: ZIP.byteLength,
    Description: "",
    Timeout: 3,
    MemorySize: 128,
    Version: "$LATEST",
    TracingConfig: { Mode: "PassThrough" },
    PackageType: "Zip",
    Architectures: ["x86_64"],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/f" },
  };
  expect(made).toMatchObject({ ...shown, State: "Pending", StateReasonCode: "Creating" });
  expect(made).not.toHaveProperty("Environment");
  const { Configuration, Code } = await world.lambda.send(new GetFunctionCommand({ FunctionName: "f" }));
  expect(Configuration).toMatchObject({ ...shown, State: "Active", LastUpdateStatus: "Successful" });
  const link = new URL(Code?.Location ?? "");
  const query = Object.fromEntries(link.searchParams);
  const download = await world.cloud.send({ method: "GET", path: link.pathname, query, headers: { host: link.host } });
  expect(Buffer.from(download.body).equals(ZIP)).toBe(true);
  await world.cloud.clock.advance(600);
  const late = await world.cloud.send({ method: "GET", path: link.pathname, query, headers: { host: link.host } });
  expect(late.statusCode).toBe(403);
});

test("what AWS refuses is refused in its words", async () => {
  const world = await functionWorld();
  const Role = await world.role("plain");
  const create = (more: object) =>
    world.lambda.send(
      new CreateFunctionCommand({
        FunctionName: "f",
        Role,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: ZIP },
        ...more,
      }),
    );
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json
  await expect(create({ Code: { ZipFile: Buffer.from("no zip") } })).rejects.toThrow(
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
  );
  await expect(create({ Runtime: "nodejs12.x" })).rejects.toThrow(
    "The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
  );
  await expect(create({ Role: "arn:aws:iam::000000000000:role/none" })).rejects.toThrow(
    "The role defined for the function cannot be assumed by Lambda.",
  );
  await expect(create({ Code: { S3Bucket: "none", S3Key: "k" } })).rejects.toThrow(
    "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist",
  );
  await expect(create({ PackageType: "Image", Code: { ImageUri: "x" } })).rejects.toMatchObject({
    name: "NotImplemented",
  });
  const Code = { S3Bucket: "none", S3Key: "k", S3ObjectStorageMode: "REFERENCE" } as const;
  await expect(create({ Code })).rejects.toMatchObject({ name: "NotImplemented" });
  // Source: https://github.com/aws-cloudformation/cfn-lint/pull/4685, https://github.com/covidatlas/li/pull/575
  await expect(create({ Timeout: 901 })).rejects.toMatchObject({
    name: "ValidationException",
    message:
      "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
  });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html, https://github.com/aws/aws-cdk/pull/28045
  await expect(create({ MemorySize: 10_241 })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to 10240",
  });
  await expect(create({ LoggingConfig: { LogFormat: "Text", SystemLogLevel: "INFO" } })).rejects.toThrow(
    'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "Json" and try again.',
  );
  await create({ Timeout: 900, MemorySize: 10_240 });
  await expect(create({})).rejects.toMatchObject({ name: "ResourceConflictException" });
});

test("code comes out of S3 with the caller's rights, and a role is to be passed", async () => {
  const world = await functionWorld();
  const s3 = world.cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "code" }));
  await s3.send(new PutObjectCommand({ Bucket: "code", Key: "f.zip", Body: ZIP }));
  const Role = await world.role("plain");
  const lambda = await userClient(world, "lambda:*");
  const order = { FunctionName: "f", Role, Runtime: "nodejs22.x", Handler: "index.handler" } as const;
  const Code = { S3Bucket: "code", S3Key: "f.zip" };
  await expect(lambda.send(new CreateFunctionCommand({ ...order, Code }))).rejects.toThrow(/iam:PassRole/);
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["lambda:*", "iam:PassRole"], Resource: "*" }],
  });
  await world.iam.send(new PutUserPolicyCommand({ UserName: "dev", PolicyName: "own", PolicyDocument }));
  await expect(lambda.send(new CreateFunctionCommand({ ...order, Code }))).rejects.toThrow(
    /S3 Error Code: AccessDenied/,
  );
  await world.lambda.send(new CreateFunctionCommand({ ...order, Code }));
  expect((await world.invoke("f")).answer).toBe(1);
});

test("versions stay as they were, and an alias leads to them", async () => {
  const world = await functionWorld();
  await world.create("f", ONE);
  const FunctionName = "f";
  const first = await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  expect(first.FunctionArn).toBe("arn:aws:lambda:us-east-1:000000000000:function:f:1");
  expect((await world.lambda.send(new PublishVersionCommand({ FunctionName }))).Version).toBe("1");
  const ZipFile = zipOf({ "index.mjs": "export const handler = async () => 2;" });
  await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
  await world.lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  expect(await world.invoke("f", {}, { Qualifier: "live" })).toMatchObject({ answer: 1, version: "1" });
  expect(await world.invoke("f:2")).toMatchObject({ answer: 2, version: "2" });
  const { Versions = [] } = await world.lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  expect(Versions.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
  const used = world.lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: "1" }));
  await expect(used).rejects.toMatchObject({ name: "ResourceConflictException" });
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName }));
  expect((await world.lambda.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
});

test("an alias sends its share of calls to the other version", async () => {
  const world = await functionWorld();
  await world.create("f", ONE);
  const FunctionName = "f";
  await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  const ZipFile = zipOf({ "index.mjs": "export const handler = async () => 2;" });
  await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }));
  const RoutingConfig = { AdditionalVersionWeights: { 2: 1 } };
  await world.lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1", RoutingConfig }));
  expect(await world.invoke("f", {}, { Qualifier: "live" })).toMatchObject({ answer: 2, version: "2" });
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html (Concurrency metrics)
test("how many of a function run at once is measured", async () => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => new Promise((go) => setTimeout(go, 300));");
  await Promise.all([world.invoke("f"), world.invoke("f")]);
  await world.cloud.clock.advance(120);
  expect(await measured(world.cloud, ["AWS/Lambda", "ConcurrentExecutions"], { FunctionName: "f" })).toMatchObject({
    Maximum: 2,
  });
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
test("an account's functions are measured together, and so is what of its concurrency is in use or set apart", async () => {
  const world = await functionWorld();
  const waiting = "export const handler = async () => new Promise((go) => setTimeout(go, 300));";
  for (const name of ["f", "g", "own"]) await world.create(name, waiting);
  const own = { FunctionName: "own", ReservedConcurrentExecutions: 5 };
  await world.lambda.send(new PutFunctionConcurrencyCommand(own));
  await Promise.all(["f", "g", "own"].map((name) => world.invoke(name)));
  await world.lambda.send(new PutFunctionConcurrencyCommand({ ...own, ReservedConcurrentExecutions: 0 }));
  await expect(world.invoke("own")).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await world.lambda.send(new PutFunctionConcurrencyCommand({ ...own, ReservedConcurrentExecutions: 7 }));
  await world.cloud.clock.advance(120);
  expect(await measured(world.cloud, ["AWS/Lambda", "ConcurrentExecutions"], {})).toMatchObject({ Maximum: 3 });
  expect(await measured(world.cloud, ["AWS/Lambda", "UnreservedConcurrentExecutions"], {})).toMatchObject({
    Maximum: 2,
  });
  expect(await measured(world.cloud, ["AWS/Lambda", "Invocations"], {})).toMatchObject({ Sum: 3 });
  expect(await measured(world.cloud, ["AWS/Lambda", "Throttles"], { FunctionName: "own" })).toMatchObject({ Sum: 1 });
  expect(await measured(world.cloud, ["AWS/Lambda", "ClaimedAccountConcurrency"], {})).toMatchObject({ Maximum: 7 });
});

test("reserved concurrency bounds a function, and none stops it", async () => {
  const world = await functionWorld();
  await world.create("f", "export const handler = async () => new Promise((go) => setTimeout(go, 300));");
  const reserve = (ReservedConcurrentExecutions: number) =>
    world.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "f", ReservedConcurrentExecutions }));
  await reserve(1);
  const both = await Promise.allSettled([world.invoke("f"), world.invoke("f")]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  await reserve(0);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json
  await expect(world.invoke("f")).rejects.toMatchObject({
    name: "TooManyRequestsException",
    message: "Rate Exceeded.",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    $metadata: { httpStatusCode: 429 },
  });
  await expect(reserve(901)).rejects.toThrow(
    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  );
});

test("a layer's modules are found, and its programs are on the path", async () => {
  const world = await functionWorld();
  const module = {
    "nodejs/node_modules/shared/package.json": '{"name":"shared","exports":"./i.js"}',
    "nodejs/node_modules/shared/i.js": "module.exports = 7;",
  };
  const layer = await world.lambda.send(
    new PublishLayerVersionCommand({ LayerName: "shared", Content: { ZipFile: zipOf(module) } }),
  );
  const source = `import seven from "shared"; import { existsSync } from "node:fs";
    export const handler = async () => [seven, existsSync("/opt/nodejs/node_modules")];`;
  await world.create("f", source, { Layers: [layer.LayerVersionArn ?? ""] });
  expect((await world.invoke("f")).answer).toEqual([7, true]);
  const extension = { "extensions/watcher": "#!/bin/sh" };
  const other = await world.lambda.send(
    new PublishLayerVersionCommand({ LayerName: "ext", Content: { ZipFile: zipOf(extension) } }),
  );
  const refused = world.create("g", ONE, { Layers: [other.LayerVersionArn ?? ""] });
  await expect(refused).rejects.toMatchObject({ name: "NotImplemented" });
});

test("variables under a key of one's own are read by who may use the key", async () => {
  const world = await functionWorld();
  const { KeyMetadata } = await world.cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const KMSKeyArn = KeyMetadata?.Arn ?? "";
  await world.create("f", "export const handler = async () => process.env.TOKEN;", {
    KMSKeyArn,
    Environment: { Variables: { TOKEN: "s3cret" } },
  });
  expect((await world.invoke("f")).answer).toBe("s3cret");
  const dev = await userClient(world, "lambda:*");
  const shown = await dev.send(new GetFunctionConfigurationCommand({ FunctionName: "f" }));
  // Source: https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentError.html
  expect(shown.Environment).toMatchObject({ Error: { ErrorCode: "AccessDeniedException" } });
  const many = { FunctionName: "f", Environment: { Variables: { AWS_REGION: "x" } } };
  await expect(world.lambda.send(new UpdateFunctionConfigurationCommand(many))).rejects.toThrow(
    /reserved keys.*AWS_REGION$/,
  );
});

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/function_test.go (envVariables, KMSKeyARN_noEnvironmentVariables)
test("a function whose variables are taken away has neither an environment nor a key for one", async () => {
  const world = await functionWorld();
  const { KeyMetadata } = await world.cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const key = { KMSKeyArn: KeyMetadata?.Arn ?? "" };
  const read = () => world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "f" }));
  await world.create("f", ONE, key);
  expect(await read()).not.toHaveProperty("KMSKeyArn");
  const update = (given: object) =>
    world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "f", ...given }));
  await update({ ...key, Environment: { Variables: { AB: "c" } } });
  expect(await read()).toMatchObject({ ...key, Environment: { Variables: { AB: "c" } } });
  await update({ Environment: { Variables: {} } });
  expect(await read()).not.toHaveProperty("Environment");
  expect(await read()).not.toHaveProperty("KMSKeyArn");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_function_lifecycle)
  await world.create("g", ONE, { Environment: { Variables: {} } });
  const bare = await world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "g" }));
  expect(bare.Environment).toEqual({ Variables: {} });
});

test("a policy's statements show in AWS's form, and belong to what they were added to", async () => {
  const world = await functionWorld();
  await world.create("f", ONE);
  const permission = {
    FunctionName: "f",
    StatementId: "s3",
    Action: "lambda:InvokeFunction",
    Principal: "s3.amazonaws.com",
    SourceArn: "arn:aws:s3:::inbox",
  };
  await world.lambda.send(new AddPermissionCommand(permission));
  const { Policy = "" } = await world.lambda.send(new GetPolicyCommand({ FunctionName: "f" }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json
  expect(JSON.parse(Policy)).toEqual({
    Version: "2012-10-17",
    Id: "default",
    Statement: [
      {
        Sid: "s3",
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: "arn:aws:lambda:us-east-1:000000000000:function:f",
        Condition: { ArnLike: { "AWS:SourceArn": "arn:aws:s3:::inbox" } },
      },
    ],
  });
  await expect(world.lambda.send(new AddPermissionCommand(permission))).rejects.toThrow(
    "The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.",
  );
  const latest = world.lambda.send(new AddPermissionCommand({ ...permission, Qualifier: "$LATEST" }));
  await expect(latest).rejects.toThrow("We currently do not support adding policies for $LATEST.");
});

test("payloads are JSON, and not too large", async () => {
  const world = await functionWorld();
  await world.create("f", ONE);
  const send = (Payload: Uint8Array, more: object = {}) =>
    world.lambda.send(new InvokeCommand({ FunctionName: "f", Payload, ...more }));
  await expect(send(Buffer.from("{oops"))).rejects.toMatchObject({ name: "InvalidRequestContentException" });
  const large = Buffer.from(JSON.stringify("x".repeat(1_048_576)));
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  await expect(send(large, { InvocationType: "Event" })).rejects.toMatchObject({ name: "RequestTooLargeException" });
  expect((await send(large)).StatusCode).toBe(200);
  expect((await send(Buffer.from("{}"), { InvocationType: "DryRun" })).StatusCode).toBe(204);
});
