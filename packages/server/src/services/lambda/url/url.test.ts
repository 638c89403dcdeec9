import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  UpdateFunctionUrlConfigCommand,
  type UpdateFunctionUrlConfigCommandInput,
  type CreateFunctionUrlConfigCommandInput,
} from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";

const ECHO = `export const handler = async (event) => ({
  statusCode: 201,
  headers: { "X-Own": "yes" },
  cookies: ["a=1", "b=2"],
  body: JSON.stringify({ method: event.requestContext.http.method, path: event.rawPath, query: event.queryStringParameters, body: event.body, who: event.requestContext.accountId }),
});`;

/** A function with a URL: gives its host. */
async function addressed(
  world: FunctionWorld,
  source: string,
  more: Partial<CreateFunctionUrlConfigCommandInput> = {},
) {
  await world.create("web", source);
  const input = { FunctionName: "web", AuthType: "NONE", ...more } as const;
  const { FunctionUrl = "" } = await world.lambda.send(new CreateFunctionUrlConfigCommand(input));
  return new URL(FunctionUrl).host;
}

/** Both statements that an open URL needs. Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
async function open(world: FunctionWorld) {
  const own = { FunctionName: "web", Principal: "*" };
  const url = { StatementId: "url", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" } as const;
  await world.lambda.send(new AddPermissionCommand({ ...own, ...url }));
  const invoke = { StatementId: "invoke", Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true };
  await world.lambda.send(new AddPermissionCommand({ ...own, ...invoke }));
}

test("an open URL answers anybody whom its policy lets in", async () => {
  const world = await functionWorld();
  const host = await addressed(world, ECHO);
  const ask = () =>
    world.cloud.send({
      method: "POST",
      path: "/a/b",
      query: { q: ["1", "2"] },
      headers: { host, "content-type": "text/plain" },
      body: "hi",
    });
  const refused = await ask();
  expect(refused.statusCode).toBe(403);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json
  expect(JSON.parse(Buffer.from(refused.body).toString())).toMatchObject({
    Message:
      "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  });
  await open(world);
  const { statusCode, headers, body } = await ask();
  expect(statusCode).toBe(201);
  expect(headers).toMatchObject({ "x-own": "yes" });
  expect(JSON.parse(Buffer.from(body).toString())).toEqual({
    method: "POST",
    path: "/a/b",
    query: { q: "1,2" },
    body: "hi",
    who: "anonymous",
  });
});

test("a URL for signed requests refuses those that are not", async () => {
  const world = await functionWorld();
  const host = await addressed(world, ECHO, { AuthType: "AWS_IAM" });
  await open(world);
  const { statusCode } = await world.cloud.send({ method: "GET", path: "/", headers: { host } });
  expect(statusCode).toBe(403);
});

test("a streamed answer says its status first", async () => {
  const world = await functionWorld();
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    const http = awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { "content-type": "text/html" } });
    http.write("<p>");
    await new Promise((go) => setTimeout(go, 5));
    http.write("hello");
    http.end();
  });`;
  const host = await addressed(world, source, { InvokeMode: "RESPONSE_STREAM" });
  await open(world);
  const { statusCode, headers, body } = await world.cloud.send({ method: "GET", path: "/", headers: { host } });
  expect({ statusCode, type: headers["content-type"], text: Buffer.from(body).toString() }).toEqual({
    statusCode: 202,
    type: "text/html",
    text: "<p>hello",
  });
});

test("pages of the origins that a URL names may read its answers", async () => {
  const world = await functionWorld();
  const Cors = { AllowOrigins: ["https://*.example.com"], AllowMethods: ["GET"], AllowCredentials: true, MaxAge: 60 };
  const host = await addressed(world, ECHO, { Cors });
  const headers = { host, origin: "https://shop.example.com", "access-control-request-method": "GET" };
  const asked = await world.cloud.send({ method: "OPTIONS", path: "/", headers });
  expect(asked.headers).toMatchObject({
    "access-control-allow-origin": "https://shop.example.com",
    "access-control-allow-methods": "GET",
    "access-control-allow-credentials": "true",
    "access-control-max-age": "60",
  });
  const other = await world.cloud.send({
    method: "OPTIONS",
    path: "/",
    headers: { ...headers, origin: "https://evil.test" },
  });
  expect(other.headers["access-control-allow-origin"]).toBeUndefined();
});

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/function_url_test.go (Cors)
test("empty rules for pages take those away that a URL had", async () => {
  const world = await functionWorld();
  const FunctionName = "web";
  await addressed(world, ECHO, { Cors: { AllowOrigins: ["*"] } });
  await world.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, InvokeMode: "RESPONSE_STREAM" }));
  const read = () => world.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  expect((await read()).Cors).toEqual({ AllowOrigins: ["*"] });
  await world.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, Cors: {} }));
  expect(await read()).not.toHaveProperty("Cors");
});

test("a URL's mode shows where it was ever given, and when it is read", async () => {
  const world = await functionWorld();
  const FunctionName = "web";
  await world.create(FunctionName, ECHO);
  const made = await world.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE" }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_url_config_lifecycle), test_lambda.snapshot.json (test_lambda_update_function_url_config)
  expect(made.InvokeMode).toBeUndefined();
  const read = async () => (await world.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }))).InvokeMode;
  expect(await read()).toBe("BUFFERED");
  const change = async (more: Partial<UpdateFunctionUrlConfigCommandInput>) =>
    (await world.lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, ...more }))).InvokeMode;
  expect(await change({ AuthType: "AWS_IAM" })).toBeUndefined();
  expect(await change({ InvokeMode: "RESPONSE_STREAM" })).toBe("RESPONSE_STREAM");
  expect(await change({ AuthType: "NONE" })).toBe("RESPONSE_STREAM");
});
