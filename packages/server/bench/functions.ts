/** Invocations of functions: warm ones one after another and many at a time, and what a new instance costs. */
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { zipOf } from "../test/zip.ts";
import { kumobako, load, type Served } from "./processes.ts";
import { signedRequest } from "./signed.ts";
import { median, type Row } from "./table.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const NODE = "export const handler = async () => 'hello';";
const PYTHON = "def handler(event, context):\n    return 'hello'\n";
const CONNECTIONS = 8;

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export async function functions({
  rounds,
  seconds,
}: {
  readonly rounds: number;
  readonly seconds: number;
}): Promise<Row[]> {
  await using cloud = await kumobako({});
  const own = { region: "us-east-1", endpoint: `http://127.0.0.1:${cloud.port}`, credentials };
  const lambda = new LambdaClient(own);
  const role = { RoleName: "bench", AssumeRolePolicyDocument: TRUST };
  const { Role } = await new IAMClient(own).send(new CreateRoleCommand(role));
  const create = (
    FunctionName: string,
    Runtime: "nodejs24.x" | "python3.13",
    files: Readonly<Record<string, string>>,
  ) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime,
        Role: Role?.Arn,
        Handler: "index.handler",
        Code: { ZipFile: zipOf(files) },
      }),
    );
  await create("node", "nodejs24.x", { "index.mjs": NODE });
  await create("python", "python3.13", { "index.py": PYTHON });
  return [
    ...(await warm(cloud, { rounds, seconds })),
    await cold("node", "Node.js", lambda, rounds),
    await cold("python", "Python", lambda, rounds),
  ];
}

async function warm(
  { port }: Served,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<Row[]> {
  const request = await signedRequest(LambdaClient, new InvokeCommand({ FunctionName: "node", Payload: "{}" }), {
    port,
    credentials,
  });
  const requests = [request.toString("base64")];
  const drive = async (connections: number): Promise<number> => {
    const { answers, failures, firstFailure, seconds: took } = await load({ port, requests, connections, seconds });
    if (failures > 0) throw new Error(`an invocation failed: ${firstFailure}`);
    return answers / took;
  };
  await drive(CONNECTIONS);
  const alone: number[] = [];
  const together: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alone.push(1000 / (await drive(1)));
    together.push(await drive(CONNECTIONS));
  }
  return [
    { name: "Lambda, a warm invocation of a hello function", measured: median(alone), goal: "≤ 1", unit: "ms" },
    {
      name: `Lambda, warm invocations, ${CONNECTIONS} connections`,
      measured: median(together) / 1000,
      goal: "≥ 1.5",
      unit: "thousand/s",
    },
  ];
}

/** A changed configuration ends the instances, so that the next invocation begins one. */
async function cold(FunctionName: string, language: string, lambda: LambdaClient, rounds: number): Promise<Row> {
  const took: number[] = [];
  for (let round = 0; round < rounds + 1; round++) {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: String(round) }));
    const start = performance.now();
    await lambda.send(new InvokeCommand({ FunctionName }));
    took.push(performance.now() - start);
  }
  const [, ...after] = took;
  return { name: `Lambda, a cold invocation in ${language}`, measured: median(after), goal: "≤ 120", unit: "ms" };
}
