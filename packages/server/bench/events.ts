/** An event against three hundred rules; and the way from an object that is put to the function that a rule starts. */
import { CloudTrailClient, PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AddPermissionCommand, CreateFunctionCommand, GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createServer } from "node:http";
import { parsePattern } from "../src/kernel/event-pattern/pattern.ts";
import { PatternIndex } from "../src/kernel/event-pattern/pattern-index.ts";
import { makeLoggingTrail } from "../test/logging-trail.ts";
import { serviceTrust } from "../test/service-policy.ts";
import { zipOf } from "../test/zip.ts";
import { kumobako } from "./processes.ts";
import { median, type Row } from "./table.ts";

const RULES = 300;
const EVENTS = 2000;
const ACCOUNT = "000000000000";

interface Options {
  readonly dataDirectory: string;
  readonly rounds: number;
}

export async function events({ dataDirectory, rounds }: Options): Promise<Row[]> {
  await using cloud = await kumobako({ dataDirectory });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const config = { region: "us-east-1", endpoint: `http://127.0.0.1:${cloud.port}`, credentials };
  return [matching(rounds), await putting(config, rounds), await starting(config, rounds)];
}

/** As rules on calls are: most have a source and a name that others do not have, some have neither. */
const patternOf = (at: number): object =>
  at % 10 === 0
    ? { source: [{ prefix: "aws." }], detail: { bytes: [{ numeric: [">", at] }] } }
    : { source: ["aws.s3"], "detail-type": ["AWS API Call via CloudTrail"], detail: { eventName: [`Call${at}`] } };

const EVENT = {
  source: "aws.s3",
  "detail-type": "AWS API Call via CloudTrail",
  detail: {
    eventName: "Call7",
    bytes: 5,
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::000000000000:user/ann", sessionContext: { attributes: {} } },
    requestParameters: { bucketName: "b", key: "k", list: ["a", "b", { c: "d" }] },
  },
};

function matching(rounds: number): Row {
  const patterns = Array.from({ length: RULES }, (_, of) => ({
    of,
    pattern: parsePattern(JSON.stringify(patternOf(of))),
  }));
  const index = new PatternIndex(patterns);
  const microseconds = Array.from({ length: rounds }, () => {
    const start = performance.now();
    for (let at = 0; at < EVENTS; at++) index.match(EVENT);
    return ((performance.now() - start) / EVENTS) * 1000;
  });
  return { name: "An event against 300 rules", measured: median(microseconds), goal: "≤ 200", unit: "µs" };
}

interface Config {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** `PutEvents` on a bus with the rules, beside one without. */
async function putting(config: Config, rounds: number): Promise<Row> {
  const client = new EventBridgeClient(config);
  const { "detail-type": DetailType, detail } = EVENT;
  const entry = { Source: "shop", DetailType, Detail: JSON.stringify(detail) };
  const put = async (): Promise<number> => {
    const start = performance.now();
    for (let at = 0; at < 100; at++) await client.send(new PutEventsCommand({ Entries: [entry] }));
    return performance.now() - start;
  };
  await put();
  const bare = median(await inTurn(rounds, put));
  for (let at = 0; at < RULES; at++) {
    await client.send(new PutRuleCommand({ Name: `r${at}`, EventPattern: JSON.stringify(patternOf(at)) }));
  }
  await put();
  const ruled = median(await inTurn(rounds, put));
  client.destroy();
  const note = `${(ruled / 100).toFixed(2)} ms a call`;
  return {
    name: "PutEvents with 300 rules (embedded)",
    measured: ruled / bare,
    goal: "≤ 1.2",
    unit: "× without rules",
    note,
  };
}

async function inTurn(rounds: number, measure: () => Promise<number>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) found.push(await measure());
  return found;
}

/** From an object that is put, by CloudTrail's event and a rule, to the first line of a function that is warm. */
async function starting(config: Config, rounds: number): Promise<Row> {
  const started = { tell: (): void => {} };
  const server = createServer((_request, response) => {
    started.tell();
    response.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await prepare(config, s3, `await fetch("http://127.0.0.1:${port}/");`);
  const put = async (): Promise<number> => {
    const heard = new Promise<void>((resolve) => void (started.tell = resolve));
    const start = performance.now();
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "k", Body: "1" }));
    await heard;
    return performance.now() - start;
  };
  await put();
  const milliseconds = median(await inTurn(rounds, put));
  s3.destroy();
  server.close();
  return {
    name: "PutObject to a warm function, by trail and rule (embedded)",
    measured: milliseconds,
    goal: "≤ 150",
    unit: "ms",
  };
}

async function prepare(config: Config, s3: S3Client, source: string): Promise<void> {
  const [trails, lambda, iam, buses] = [
    new CloudTrailClient(config),
    new LambdaClient(config),
    new IAMClient(config),
    new EventBridgeClient(config),
  ];
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await makeLoggingTrail(config, { Name: "all", S3BucketName: "trail" });
  const DataResources = [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::photos/"] }];
  await trails.send(new PutEventSelectorsCommand({ TrailName: "all", EventSelectors: [{ DataResources }] }));
  const AssumeRolePolicyDocument = serviceTrust("lambda");
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "f", AssumeRolePolicyDocument }));
  const ZipFile = zipOf({ "index.mjs": `export const handler = async () => { ${source} };` });
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "hello",
      Role: Role?.Arn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile },
    }),
  );
  for (let state: string | undefined; state !== "Active";) {
    state = (await lambda.send(new GetFunctionCommand({ FunctionName: "hello" }))).Configuration?.State;
  }
  const Principal = "events.amazonaws.com";
  const Action = "lambda:InvokeFunction";
  await lambda.send(new AddPermissionCommand({ FunctionName: "hello", StatementId: "s", Action, Principal }));
  const pattern = {
    source: ["aws.s3"],
    detail: { eventName: ["PutObject"], requestParameters: { bucketName: ["photos"] } },
  };
  await buses.send(new PutRuleCommand({ Name: "photos", EventPattern: JSON.stringify(pattern) }));
  const Arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:hello`;
  await buses.send(new PutTargetsCommand({ Rule: "photos", Targets: [{ Id: "f", Arn }] }));
  for (const client of [trails, lambda, iam, buses]) client.destroy();
}
