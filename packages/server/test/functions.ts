/** A cloud with functions, and a client of Lambda. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  type CreateFunctionCommandInput,
  type InvokeCommandInput,
} from "@aws-sdk/client-lambda";
import type { CloudOptions } from "../src/main.ts";
import { serviceTrust } from "./service-policy.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";
import { zipOf } from "./zip.ts";

export interface FunctionWorld {
  readonly cloud: TestCloud;
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
  /** A role that Lambda may take on, which may do `actions`. Its ARN. */
  role(name: string, ...actions: readonly string[]): Promise<string>;
  /** A function in Node.js of this module's source. */
  create(name: string, source: string, more?: Partial<CreateFunctionCommandInput>): Promise<void>;
  /** What it answers to `event`. */
  invoke(name: string, event?: unknown, more?: Partial<InvokeCommandInput>): Promise<Invoked>;
}

interface Invoked {
  readonly answer: unknown;
  readonly error: string | undefined;
  readonly log: string;
  readonly version: string | undefined;
}

export async function functionWorld(options: Partial<CloudOptions> = {}): Promise<FunctionWorld> {
  const cloud = await testCloud(options);
  const lambda = cloud.client(LambdaClient);
  const iam = cloud.client(IAMClient);
  const world: FunctionWorld = {
    cloud,
    lambda,
    iam,
    async role(RoleName, ...actions) {
      const { Role } = await iam.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: serviceTrust("lambda") }),
      );
      if (actions.length > 0) {
        const Statement = [{ Effect: "Allow", Action: actions, Resource: "*" }];
        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
      }
      return Role?.Arn ?? "";
    },
    async create(FunctionName, source, more = {}) {
      const Role = more.Role ?? (await world.role(`${FunctionName}-role`));
      const Code = { ZipFile: zipOf({ "index.mjs": source }) };
      const usual = { Runtime: "nodejs24.x", Handler: "index.handler", Code } as const;
      await lambda.send(new CreateFunctionCommand({ FunctionName, ...usual, ...more, Role }));
    },
    async invoke(FunctionName, event = {}, more = {}) {
      const Payload = Buffer.from(JSON.stringify(event));
      const output = await lambda.send(new InvokeCommand({ FunctionName, Payload, ...more }));
      const text = Buffer.from(output.Payload ?? []).toString("utf8");
      return {
        answer: text === "" ? undefined : JSON.parse(text),
        error: output.FunctionError,
        log: Buffer.from(output.LogResult ?? "", "base64").toString("utf8"),
        version: output.ExecutedVersion,
      };
    },
  };
  return world;
}
