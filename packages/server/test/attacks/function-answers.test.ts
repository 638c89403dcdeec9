/** Functions whose answers attack who passes them on. */
import { request } from "node:http";
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  type InvokeMode,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateFunctionCommand } from "@aws-sdk/client-lambda";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/main.ts";
import { zipOf } from "../zip.ts";

/** A function with a URL of a real server. */
async function behindUrl(source: string, InvokeMode: InvokeMode = "BUFFERED") {
  const reported: string[] = [];
  const server = await startServer({ port: 0, report: (error: unknown) => void reported.push(String(error)) });
  onTestFinished(() => server.close());
  const client = {
    endpoint: server.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const lambda = new LambdaClient(client);
  const iam = new IAMClient(client);
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument }));
  const FunctionName = "f";
  const Code = { ZipFile: zipOf({ "index.mjs": source }) };
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Timeout: 10,
      Code,
    }),
  );
  const { FunctionUrl } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: "NONE", InvokeMode }),
  );
  const open = { FunctionName, Principal: "*" };
  await lambda.send(
    new AddPermissionCommand({
      ...open,
      StatementId: "a",
      Action: "lambda:InvokeFunctionUrl",
      FunctionUrlAuthType: "NONE",
    }),
  );
  await lambda.send(
    new AddPermissionCommand({
      ...open,
      StatementId: "b",
      Action: "lambda:InvokeFunction",
      InvokedViaFunctionUrl: true,
    }),
  );
  const ask = (body: unknown) => asked(server.port, new URL(FunctionUrl ?? "").host, JSON.stringify(body));
  return { ask, reported };
}

interface Heard {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function asked(port: number, host: string, body: string): Promise<Heard> {
  return new Promise((done, failed) => {
    const going = request({
      port,
      host: "127.0.0.1",
      method: "POST",
      headers: { host, "content-type": "application/json" },
      timeout: 8000,
    });
    going.on("timeout", () => going.destroy(new Error("no answer")));
    going.on("error", failed);
    going.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      response.on("error", failed);
      response.on("end", () => done({ status: response.statusCode, headers: response.headers, body: text }));
    });
    going.end(body);
  });
}

test("whatever a function answers at its URL is an answer, and no fault of ours", async () => {
  const { ask, reported } = await behindUrl(`export const handler = async ({ body }) => JSON.parse(body);`);
  const answers: readonly unknown[] = [
    { statusCode: 200, headers: { "bad name": "x" }, body: "" },
    { statusCode: 200, headers: { "x-a": "a\r\nset-cookie: evil=1" }, body: "b" },
    { statusCode: 200, headers: { "x-a": "\u0100\u0000" }, body: "b" },
    { statusCode: 200, headers: { "": "x" }, body: "b" },
    { statusCode: 200, headers: { "content-length": "5000" }, body: "short" },
    { statusCode: 200, headers: { "transfer-encoding": "chunked" }, body: "b" },
    { statusCode: 200, headers: { connection: "upgrade", upgrade: "x" }, body: "b" },
    { statusCode: 200, headers: { trailer: "x", te: "y", "keep-alive": "z" }, body: "b" },
    { statusCode: 200, cookies: ["a=1\r\nx: y", 7, null], body: "b" },
    { statusCode: 100, body: "b" },
    { statusCode: 101, body: "b" },
    { statusCode: 199, body: "b" },
    { statusCode: 204, headers: { "content-type": "a" }, body: "b" },
    { statusCode: 304, body: "b" },
    { statusCode: "nonsense", body: "b" },
    { statusCode: {}, headers: [], cookies: {}, body: { a: 1 }, isBase64Encoded: true },
    { statusCode: 200, headers: { a: { toString: 1 } }, body: "b" },
    { statusCode: 200, headers: null, cookies: [{ toString: null }], body: [] },
  ];
  for (const answer of answers) {
    const { status, headers } = await ask(answer);
    expect([200, 204, 304, 502], JSON.stringify(answer)).toContain(status);
    expect(headers["set-cookie"] ?? [], JSON.stringify(answer)).not.toContain("evil=1");
  }
  expect(reported).toEqual([]);
});

test("whatever a function streams first at its URL is no fault of ours", async () => {
  const { ask, reported } = await behindUrl(
    `export const handler = awslambda.streamifyResponse(async ({ body }, out) => {
      const { prelude, type } = JSON.parse(body);
      out.setContentType(type ?? "application/vnd.awslambda.http-integration-response");
      out.write(Buffer.from(prelude));
      out.end(Buffer.concat([Buffer.alloc(8), Buffer.from("rest")]));
    });`,
    "RESPONSE_STREAM",
  );
  for (const order of [
    { prelude: "{" },
    { prelude: "null" },
    { prelude: "[]" },
    { prelude: '{"statusCode":101}' },
    { prelude: '{"statusCode":200,"headers":{"a b":"c\\r\\n"}}' },
    { prelude: "x".repeat(300_000) },
    { prelude: "well", type: "text/plain\r\nx: y" },
  ]) {
    const { status } = await ask(order);
    expect([200, 502], JSON.stringify(order).slice(0, 100)).toContain(status);
  }
  expect(reported).toEqual([]);
});
