/**
 * AWS's Powertools as people write functions with them, unmodified. Their idempotency keeps what was done in DynamoDB,
 * and is not among them.
 */
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

/** As users pack it: the libraries go along, AWS's own clients are there. */
async function packed(contents: string): Promise<Buffer> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@aws-sdk/*"],
    write: false,
  });
  return zipOf({ "index.js": outputFiles[0]?.text ?? "" });
}

/** A function of this source, whose role may do `actions`. */
async function orders(world: FunctionWorld, source: string, ...actions: readonly string[]): Promise<void> {
  const Role = await world.role("orders", ...actions);
  await world.create("orders", "", { Role, Timeout: 20, MemorySize: 256, Code: { ZipFile: await packed(source) } });
}

const documents = (log: string): readonly Readonly<Record<string, unknown>>[] =>
  log
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

const WRITES_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

test("the logger's lines have keys of the context, and of which start and which trace they are", async () => {
  const world = await functionWorld();
  await orders(
    world,
    `
    import { Logger } from "@aws-lambda-powertools/logger";
    const logger = new Logger({ serviceName: "orders", persistentKeys: { team: "shop" } });
    export const handler = async (event, context) => {
      logger.addContext(context);
      logger.debug("hidden");
      logger.info("seen", { n: event.n });
      logger.error("failed", new RangeError("too many"));
      return context.awsRequestId;
    };`,
  );
  const { answer, log } = await world.invoke("orders", { n: 7 }, { LogType: "Tail" });
  const context = {
    service: "orders",
    team: "shop",
    cold_start: true,
    function_name: "orders",
    function_memory_size: "256",
    function_arn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
    function_request_id: answer,
    xray_trace_id: expect.stringMatching(/^1-[\da-f]{8}-[\da-f]{24}$/),
  };
  // Source: https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
  expect(documents(log)).toMatchObject([
    { ...context, level: "INFO", message: "seen", n: 7 },
    { ...context, level: "ERROR", error: { name: "RangeError", message: "too many" } },
  ]);
  const second = await world.invoke("orders", { n: 8 }, { LogType: "Tail" });
  expect(documents(second.log)[0]).toMatchObject({ cold_start: false, n: 8 });
});

test("metrics that the function writes into its log are metrics of CloudWatch", async () => {
  const world = await functionWorld();
  await orders(
    world,
    `
    import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
    const metrics = new Metrics({ namespace: "shop", serviceName: "orders" });
    export const handler = async ({ amounts }, context) => {
      metrics.setFunctionName(context.functionName);
      metrics.captureColdStartMetric();
      for (const amount of amounts) metrics.addMetric("amount", MetricUnit.Count, amount);
      metrics.addMetadata("request", context.awsRequestId);
      metrics.publishStoredMetrics();
    };`,
    ...WRITES_LOGS,
  );
  await world.invoke("orders", { amounts: [10, 20] });
  await world.invoke("orders", { amounts: [3] });
  await world.cloud.clock.advance(120);
  const statistics = async (MetricName: string, dimensions: Readonly<Record<string, string>>) => {
    const end = world.cloud.clock.now().getTime();
    const { Datapoints = [] } = await world.cloud.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "shop",
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(end - 3_600_000),
        EndTime: new Date(end),
        Period: 3600,
        Statistics: ["Sum", "SampleCount"],
      }),
    );
    const sum = (of: "Sum" | "SampleCount") => Datapoints.reduce((all, point) => all + (point[of] ?? 0), 0);
    return { Sum: sum("Sum"), SampleCount: sum("SampleCount") };
  };
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  expect(await statistics("amount", { service: "orders" })).toEqual({ Sum: 33, SampleCount: 3 });
  // Source: https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/#capturing-a-cold-start-invocation-as-metric
  expect(await statistics("ColdStart", { service: "orders", function_name: "orders" })).toEqual({
    Sum: 1,
    SampleCount: 1,
  });
  const { events = [] } = await world.cloud
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/orders", filterPattern: "{ $.amount = 3 }" }));
  expect(events).toHaveLength(1);
});

test("parameters and secrets are read with the role's rights, and kept for a while", async () => {
  const world = await functionWorld();
  const ssm = world.cloud.client(SSMClient);
  const secrets = world.cloud.client(SecretsManagerClient);
  const put = (Name: string, Value: string, Type: "String" | "SecureString" = "String") =>
    ssm.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
  await put("/shop/name", "kumo");
  await put("/shop/options", '{"limit":3}');
  await put("/shop/key", "hidden", "SecureString");
  await secrets.send(new CreateSecretCommand({ Name: "database", SecretString: '{"password":"first"}' }));
  await orders(
    world,
    `
    import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
    import { getParameter, getParameters, getParametersByName } from "@aws-lambda-powertools/parameters/ssm";
    export const handler = async ({ forceFetch = false }) => ({
      name: await getParameter("/shop/name", { forceFetch }),
      options: await getParameter("/shop/options", { transform: "json", forceFetch }),
      key: await getParameter("/shop/key", { decrypt: true, forceFetch }),
      all: Object.keys(await getParameters("/shop", { forceFetch })),
      some: (await getParametersByName({ "/shop/name": {}, "/shop/none": {} }, { throwOnError: false }))._errors,
      secret: (await getSecret("database", { transform: "json", forceFetch })).password,
    });`,
    "ssm:GetParameter*",
    "secretsmanager:GetSecretValue",
  );
  const all = expect.arrayContaining(["name", "options", "key"]);
  const first = { name: "kumo", options: { limit: 3 }, key: "hidden", all, some: ["/shop/none"], secret: "first" };
  expect((await world.invoke("orders")).answer).toEqual(first);
  await put("/shop/name", "hako");
  await secrets.send(new PutSecretValueCommand({ SecretId: "database", SecretString: '{"password":"second"}' }));
  expect((await world.invoke("orders")).answer).toEqual(first);
  const fresh = (await world.invoke("orders", { forceFetch: true })).answer;
  expect(fresh).toMatchObject({ name: "hako", secret: "second" });
});

test("a parameter that the role may not read is the library's error", async () => {
  const world = await functionWorld();
  await orders(
    world,
    `
    import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
    export const handler = () => getParameter("/shop/name");`,
  );
  const { answer, error } = await world.invoke("orders");
  expect({ answer, error }).toMatchObject({
    error: "Unhandled",
    answer: { errorType: "GetParameterError", errorMessage: expect.stringContaining("ssm:GetParameter") },
  });
});

test("a batch processor deals with a queue, and what it cannot deal with ends as a dead letter", async () => {
  const world = await functionWorld();
  const sqs = world.cloud.client(SQSClient);
  await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead",
    maxReceiveCount: 2,
  });
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: "jobs", Attributes: { RedrivePolicy, VisibilityTimeout: "30" } }),
  );
  await orders(
    world,
    `
    import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
    import { Logger } from "@aws-lambda-powertools/logger";
    const processor = new BatchProcessor(EventType.SQS);
    let dealt = [];
    const deal = async ({ body }) => {
      if (body === "bad") throw new Error("bad");
      dealt.push(body);
    };
    export const handler = async (event, context) =>
      event.Records ? processPartialResponse(event, deal, processor, { context }) : dealt.sort();`,
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
  );
  for (const MessageBody of ["one", "bad", "two"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await world.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: "orders",
      EventSourceArn: "arn:aws:sqs:us-east-1:000000000000:jobs",
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    }),
  );
  await world.cloud.clock.advance(90);
  expect((await world.invoke("orders")).answer).toEqual(["one", "two"]);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: QueueUrl?.replace("/jobs", "/dead"), MaxNumberOfMessages: 10 }),
  );
  expect(Messages.map(({ Body }) => Body)).toEqual(["bad"]);
});

test("a function's URL leads to an event handler's routes, what comes in is validated, and all of it is traced", async () => {
  const world = await functionWorld();
  await orders(
    world,
    `
    import { Router, BadRequestError } from "@aws-lambda-powertools/event-handler/http";
    import { Tracer } from "@aws-lambda-powertools/tracer";
    import { validate } from "@aws-lambda-powertools/validation";
    const tracer = new Tracer({ serviceName: "orders" });
    const schema = { type: "object", properties: { count: { type: "integer", minimum: 1 } }, required: ["count"] };
    const app = new Router();
    app.get("/orders/:id", ({ params: { id } }) => ({ id, traced: tracer.getRootXrayTraceId() !== undefined }));
    app.post("/orders", async ({ req }) => {
      const payload = await req.json();
      try {
        validate({ payload, schema });
      } catch {
        throw new BadRequestError("no order");
      }
      tracer.putAnnotation("count", payload.count);
      return { ordered: payload.count };
    });
    export const handler = (event, context) => app.resolve(event, context);`,
  );
  const lets = { FunctionName: "orders", Principal: "*" } as const;
  const url = { Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" } as const;
  const invoke = { Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true };
  await world.lambda.send(new AddPermissionCommand({ ...lets, ...url, StatementId: "url" }));
  await world.lambda.send(new AddPermissionCommand({ ...lets, ...invoke, StatementId: "invoke" }));
  const { FunctionUrl = "" } = await world.lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: "orders", AuthType: "NONE" }),
  );
  const ask = async (method: string, path: string, sent?: unknown) => {
    const headers = { host: new URL(FunctionUrl).host, "content-type": "application/json" };
    const { statusCode, body } = await world.cloud.send({ method, path, headers, body: JSON.stringify(sent) });
    return { statusCode, answer: JSON.parse(Buffer.from(body).toString("utf8")) };
  };
  expect(await ask("GET", "/orders/42")).toEqual({ statusCode: 200, answer: { id: "42", traced: true } });
  expect(await ask("POST", "/orders", { count: 3 })).toEqual({ statusCode: 200, answer: { ordered: 3 } });
  expect(await ask("POST", "/orders", { count: 0 })).toMatchObject({
    statusCode: 400,
    answer: { message: "no order" },
  });
  expect(await ask("GET", "/nothing")).toMatchObject({ statusCode: 404 });
});
