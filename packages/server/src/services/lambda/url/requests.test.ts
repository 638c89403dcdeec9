import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  PutFunctionConcurrencyCommand,
  type CreateFunctionUrlConfigCommandInput,
} from "@aws-sdk/client-lambda";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";
import { Sha256 } from "../../../../test/sha256.ts";
import type { IssuedCredentials } from "../../../../test/test-cloud.ts";

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A function behind a URL, and what it answers to requests. */
async function behindUrl(
  world: FunctionWorld,
  source: string,
  more: Partial<CreateFunctionUrlConfigCommandInput> = {},
) {
  const FunctionName = "web";
  await world.create(FunctionName, source);
  const input = { FunctionName, AuthType: "NONE", ...more } as const;
  const { FunctionUrl = "" } = await world.lambda.send(new CreateFunctionUrlConfigCommand(input));
  const { host } = new URL(FunctionUrl);
  const open = { FunctionName, Principal: "*" };
  if (input.AuthType === "NONE") {
    const url = { StatementId: "url", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" } as const;
    await world.lambda.send(new AddPermissionCommand({ ...open, ...url }));
    const invoke = { StatementId: "invoke", Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true };
    await world.lambda.send(new AddPermissionCommand({ ...open, ...invoke }));
  }
  const send = async ({ method = "GET", path = "/", headers = {}, body }: Sent = {}) => {
    const answer = await world.cloud.send({ method, path, headers: { ...headers, host }, body });
    return { ...answer, text: Buffer.from(answer.body).toString("utf8") };
  };
  return { host, send };
}

const ECHO = "export const handler = async (event) => event;";

test("what is text comes as text, and everything else in base64", async () => {
  const world = await functionWorld();
  const { send } = await behindUrl(world, ECHO);
  const post = async (type: string) => {
    const sent = await send({ method: "POST", headers: { "content-type": type }, body: "a=1" });
    const { body, isBase64Encoded } = JSON.parse(sent.text);
    return { body, isBase64Encoded };
  };
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
  expect(await post("application/json")).toEqual({ body: "a=1", isBase64Encoded: false });
  expect(await post("image/png")).toEqual({ body: "YT0x", isBase64Encoded: true });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_url_invocation)
test.each([
  ["a text as it is", '"hello"', "hello"],
  ["a list without spaces", '["hello", 3, true]', '["hello",3,true]'],
  ["an object without spaces", '({ hello: "world" })', '{"hello":"world"}'],
  ["a number", "3.1", "3.1"],
])("what is no answer in HTTP's terms is answered as JSON: %s", async (_what, value, text) => {
  const world = await functionWorld();
  const { send } = await behindUrl(world, `export const handler = async () => ${value};`);
  expect(await send()).toMatchObject({ statusCode: 200, text, headers: { "content-type": "application/json" } });
});

test("a path is decoded, and begins with one slash", async () => {
  const world = await functionWorld();
  const { send } = await behindUrl(world, ECHO);
  const { text } = await send({ path: "//pa2%25Fth/1" });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_lambda_url_echo_http_fixture_default)
  expect(JSON.parse(text)).toMatchObject({ rawPath: "/pa2%Fth/1", requestContext: { http: { path: "/pa2%Fth/1" } } });
});

test("a host that is nobody's is refused without a word", async () => {
  const { cloud } = await functionWorld();
  const host = "0123456789abcdefghijklmnopqrstuv.lambda-url.us-east-1.on.aws";
  const { statusCode, headers, body } = await cloud.send({ method: "GET", path: "/", headers: { host } });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.py (test_lambda_url_non_existing_url, which AWS passes)
  expect({ statusCode, type: headers["x-amzn-errortype"], text: Buffer.from(body).toString("utf8") }).toEqual({
    statusCode: 403,
    type: "AccessDeniedException",
    text: '{"Message":null}',
  });
});

test("cookies come apart, and are among no headers", async () => {
  const world = await functionWorld();
  const source = `export const handler = async ({ cookies, headers }) => ({
    statusCode: 200, body: JSON.stringify({ cookies, cookie: headers.cookie }) });`;
  const { send } = await behindUrl(world, source);
  const { text } = await send({ headers: { cookie: "a=1; b=2" } });
  expect(JSON.parse(text)).toEqual({ cookies: ["a=1", "b=2"] });
});

test("bytes go out that the function answered in base64", async () => {
  const world = await functionWorld();
  const source = `export const handler = async () => ({
    statusCode: 200, isBase64Encoded: true, headers: { "content-type": "image/png" }, body: "iVBORw==" });`;
  const { send } = await behindUrl(world, source);
  const { body, headers } = await send();
  expect({ bytes: Buffer.from(body).toString("hex"), type: headers["content-type"] }).toEqual({
    bytes: "89504e47",
    type: "image/png",
  });
});

test("a function that fails is a bad gateway, and says nothing of why", async () => {
  const world = await functionWorld();
  const { send } = await behindUrl(world, `export const handler = async () => { throw new Error("secret"); };`);
  const { statusCode, text } = await send();
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html (502, Internal Server Error)
  expect({ statusCode, text }).toEqual({ statusCode: 502, text: "Internal Server Error" });
});

test("too many at once are told so", async () => {
  const world = await functionWorld();
  const { send } = await behindUrl(world, ECHO);
  const none = { FunctionName: "web", ReservedConcurrentExecutions: 0 };
  await world.lambda.send(new PutFunctionConcurrencyCommand(none));
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-throttling
  expect(await send()).toMatchObject({ statusCode: 429 });
});

test("a URL for signed requests knows who signed, and needs both rights of them", async () => {
  const world = await functionWorld();
  const { host } = await behindUrl(world, ECHO, { AuthType: "AWS_IAM" });
  await world.iam.send(new CreateUserCommand({ UserName: "ann" }));
  const { AccessKey = {} } = await world.iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const ask = async () => {
    const request = { method: "GET", protocol: "http:", hostname: host, path: "/", query: {}, headers: { host } };
    const signed = await signer(AccessKey).sign(request);
    const { statusCode, body } = await world.cloud.send({ ...request, headers: signed.headers });
    return { statusCode, event: JSON.parse(Buffer.from(body).toString("utf8")) };
  };
  const allow = (...Action: readonly string[]) =>
    world.iam.send(
      new PutUserPolicyCommand({
        UserName: "ann",
        PolicyName: "own",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action, Resource: "*" }],
        }),
      }),
    );
  await allow("lambda:InvokeFunctionUrl");
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html (both since October 2025)
  expect(await ask()).toMatchObject({ statusCode: 403 });
  await allow("lambda:InvokeFunctionUrl", "lambda:InvokeFunction");
  expect(await ask()).toMatchObject({
    statusCode: 200,
    event: {
      requestContext: {
        accountId: "000000000000",
        authorizer: { iam: { userArn: "arn:aws:iam::000000000000:user/ann", accountId: "000000000000" } },
      },
    },
  });
});

function signer({ AccessKeyId = "", SecretAccessKey = "" }: IssuedCredentials): SignatureV4 {
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  return new SignatureV4({ service: "lambda", region: "us-east-1", credentials, sha256: Sha256 });
}

test.each(["BUFFERED", "RESPONSE_STREAM"] as const)("requests are counted where answers are %s", async (InvokeMode) => {
  const world = await functionWorld();
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    stream.write("a"); stream.end(); });`;
  const { send } = await behindUrl(world, source, { InvokeMode });
  await send();
  await world.cloud.clock.advance(120);
  const end = world.cloud.clock.now().getTime();
  const { Datapoints = [] } = await world.cloud.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Lambda",
      MetricName: "Duration",
      Dimensions: [{ Name: "FunctionName", Value: "web" }],
      StartTime: new Date(end - 3_600_000),
      EndTime: new Date(end),
      Period: 3600,
      Statistics: ["SampleCount"],
    }),
  );
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  expect(Datapoints.reduce((all, { SampleCount = 0 }) => all + SampleCount, 0)).toBe(1);
});
