/** What one service asks of another, shown on a queue's operations that stand for it. */
import { CreateRoleCommand, IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { AwsError } from "../../src/kernel/aws-error.ts";
import { table } from "../../src/kernel/table.ts";
import type { Context } from "../../src/service/context.ts";
import { serviceKit } from "../../src/service/operation.ts";
import { defineService } from "../../src/service/service.ts";
import { makeUser } from "../identities.ts";
import { testCloud } from "../test-cloud.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type IamSdk = typeof import("@aws-sdk/client-iam");
type StsSdk = typeof import("@aws-sdk/client-sts");

const { operation } = serviceKit<SqsSdk>("sqs");

/** A cloud whose `CreateQueue` does `work` and answers with the text that comes of it. */
async function withQueues(work: (context: Context) => Promise<string>) {
  const createQueue = operation("CreateQueue", {
    authorize: () => ({ action: "sqs:CreateQueue", resource: "*" }),
    handle: async (_input, context) => ({ QueueUrl: await work(context) }),
  });
  const cloud = await testCloud({ services: { sqs: defineService<SqsSdk>("sqs", { operations: [createQueue] }) } });
  const create = async (by?: Parameters<typeof cloud.client>[1]) => {
    const { QueueUrl } = await cloud.client(SQSClient, by).send(new CreateQueueCommand({ QueueName: "q" }));
    return QueueUrl;
  };
  return { cloud, create };
}

const attempts = table<{ readonly name: string }>("test.attempt", "account", ({ name }) => [name]);

const whoAmI = async (context: Context): Promise<string> => {
  const asked = { service: "sts", operation: "GetCallerIdentity", input: {} } as const;
  const { Arn = "nobody" } = await context.call<StsSdk, "GetCallerIdentity">(asked);
  return Arn;
};

const listRoles = async (context: Context): Promise<string> => {
  const { Roles = [] } = await context.call<IamSdk, "ListRoles">({ service: "iam", operation: "ListRoles", input: {} });
  return String(Roles.length);
};

const makeRole = (context: Context, RoleName: string) =>
  context.call<IamSdk, "CreateRole">({
    service: "iam",
    operation: "CreateRole",
    input: { RoleName, AssumeRolePolicyDocument: trust },
  });

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: "sqs.amazonaws.com" }, Action: "sts:AssumeRole" },
});

test("a service calls as its caller, and the call has a record that names the service", async () => {
  const { cloud, create } = await withQueues(whoAmI);
  const ann = await makeUser(cloud, "ann", { allow: ["sqs:*"] });
  expect(await create(ann)).toBe("arn:aws:iam::000000000000:user/ann");
  const [made] = await cloud.cloud.journal.find({ limit: 1, matches: ({ service }) => service === "sts" });
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html (invokedBy)
  expect(made).toMatchObject({
    operation: "GetCallerIdentity",
    sourceIp: "sqs.amazonaws.com",
    userIdentity: { type: "IAMUser", userName: "ann", invokedBy: "sqs.amazonaws.com" },
  });
});

test("the caller's own rights are asked, and conditions see by way of whom", async () => {
  const { cloud, create } = await withQueues(listRoles);
  const bare = await makeUser(cloud, "bare", { allow: ["sqs:*"] });
  await expect(create(bare)).rejects.toThrow("iam:ListRoles");
  const byWay = await makeUser(cloud, "by-way", {
    allow: {
      Statement: [
        { Effect: "Allow", Action: "sqs:*", Resource: "*" },
        {
          Effect: "Allow",
          Action: "iam:ListRoles",
          Resource: "*",
          Condition: { "ForAnyValue:StringEquals": { "aws:CalledVia": "sqs.amazonaws.com" } },
        },
      ],
    },
  });
  expect(await create(byWay)).toBe("0");
  await expect(cloud.client(IAMClient, byWay).send(new ListRolesCommand({}))).rejects.toThrow("iam:ListRoles");
});

test("what is done inside is undone with the call that it was done for, and kept with it", async () => {
  let isRefused = true;
  const { cloud, create } = await withQueues(async (context) => {
    await makeRole(context, "inner");
    if (isRefused) throw new AwsError("QueueNameExists", "no");
    return "made";
  });
  const roles = async () => (await cloud.client(IAMClient).send(new ListRolesCommand({}))).Roles?.length;
  await expect(create()).rejects.toThrow("no");
  expect(await roles()).toBe(0);
  isRefused = false;
  expect(await create()).toBe("made");
  expect(await roles()).toBe(1);
});

test("an input is held to its model, and a refusal may be caught", async () => {
  const { cloud, create } = await withQueues(async (context) => {
    const refusals: string[] = [];
    for (const name of ["not a name", "taken"]) {
      await makeRole(context, name).catch((error: unknown) => {
        if (error instanceof AwsError) refusals.push(error.code);
      });
    }
    return refusals.join();
  });
  await cloud.client(IAMClient).send(new CreateRoleCommand({ RoleName: "taken", AssumeRolePolicyDocument: trust }));
  expect(await create()).toBe("ValidationError,EntityAlreadyExistsException");
});

test("what a refused call leaves behind is written, and a message of it is not sent", async () => {
  const { cloud, create } = await withQueues(async (context) => {
    if ((await context.tx.get(attempts, "q")) !== undefined) throw new AwsError("QueueNameExists", "not again");
    await context.post({ kind: "sms", from: "Q", to: "+15550100", text: "hello" });
    context.evenIfRefused(async (tx) => tx.put(attempts, { name: "q" }));
    throw new AwsError("QueueNameExists", "no");
  });
  await expect(create()).rejects.toThrow("no");
  await expect(create()).rejects.toThrow("not again");
  expect(await cloud.cloud.outbox(10)).toEqual([]);
});

test("all that a call does in its transaction it does at one moment", async () => {
  const { create } = await withQueues(async (context) => {
    const before = context.now().getTime();
    const tick = Date.now();
    while (Date.now() === tick);
    return String(context.now().getTime() - before);
  });
  expect(await create()).toBe("0");
});
