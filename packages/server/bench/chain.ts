/** How long after an object is put a function hears of it, through a trail and a rule: both warm. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { performance } from "node:perf_hooks";
import { CloudTrailClient, PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startServer } from "../src/main.ts";
import { makeLoggingTrail } from "../test/logging-trail.ts";
import { serviceTrust } from "../test/service-policy.ts";
import { zipOf } from "../test/zip.ts";
import { median, type Row } from "./table.ts";

const ROLE = "arn:aws:iam::000000000000:role/bench";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:bench";
const OBJECTS = 30;
/** The first find nothing warm. */
const COLD = 5;

function configOf(endpoint: string) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { region: "us-east-1", endpoint, credentials, forcePathStyle: true };
}

type Config = ReturnType<typeof configOf>;

export async function chain({ dataDirectory }: { readonly dataDirectory: string }): Promise<Row[]> {
  const server = await startServer({ port: 0, dataDirectory });
  const heard = await listener();
  const config = configOf(server.endpoint);
  await makeTrail(config);
  await makeRule(config, heard.port);
  const s3 = new S3Client(config);
  const took: number[] = [];
  for (let at = 0; at < OBJECTS; at++) {
    const begin = performance.now();
    const call = once(heard.server, "request");
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: `photo-${at}`, Body: "x" }));
    await call;
    took.push(performance.now() - begin);
  }
  heard.server.close();
  await server.close();
  const name = "from PutObject through CloudTrail and EventBridge to a warm function (embedded)";
  return [{ name, measured: median(took.slice(COLD)), goal: "≤ 150", unit: "ms" }];
}

/** Whom the function calls when it starts. */
async function listener(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_request, response) => response.end("ok"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the listener has no port");
  return { server, port: address.port };
}

async function makeTrail(config: Config): Promise<void> {
  const s3 = new S3Client(config);
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await makeLoggingTrail(config, { Name: "bench", S3BucketName: "bench-trail" });
  const DataResources = [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::photos/"] }];
  const EventSelectors = [{ ReadWriteType: "WriteOnly" as const, DataResources }];
  await new CloudTrailClient(config).send(new PutEventSelectorsCommand({ TrailName: "bench", EventSelectors }));
}

async function makeRule(config: Config, port: number): Promise<void> {
  const AssumeRolePolicyDocument = serviceTrust("lambda");
  await new IAMClient(config).send(new CreateRoleCommand({ RoleName: "bench", AssumeRolePolicyDocument }));
  const source = `export const handler = async () => { await fetch("http://127.0.0.1:${port}/"); };`;
  const lambda = new LambdaClient(config);
  const code = {
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Code: { ZipFile: zipOf({ "index.mjs": source }) },
  } as const;
  await lambda.send(new CreateFunctionCommand({ FunctionName: "bench", Role: ROLE, ...code }));
  const allowed = { Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com" };
  await lambda.send(new AddPermissionCommand({ FunctionName: "bench", StatementId: "rules", ...allowed }));
  const detail = { eventName: ["PutObject"] };
  const pattern = { source: ["aws.s3"], "detail-type": ["AWS API Call via CloudTrail"], detail };
  const rules = new EventBridgeClient(config);
  await rules.send(new PutRuleCommand({ Name: "bench", EventPattern: JSON.stringify(pattern) }));
  await rules.send(new PutTargetsCommand({ Rule: "bench", Targets: [{ Id: "1", Arn: FUNCTION }] }));
}
