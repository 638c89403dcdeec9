import {
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  ListPhoneNumbersOptedOutCommand,
  PublishCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { startCloud } from "@kumobako/server/testing";
import { expect, test } from "vitest";
import { run } from "../src/main.ts";
import { RecordingTerminal } from "./recording-terminal.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };

async function withUsers() {
  const cloud = await startCloud();
  const idp = new CognitoIdentityProviderClient({
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  const { UserPool } = await idp.send(
    new CreateUserPoolCommand({ PoolName: "customers", AutoVerifiedAttributes: ["email"] }),
  );
  const { UserPoolClient } = await idp.send(
    new CreateUserPoolClientCommand({ UserPoolId: UserPool?.Id, ClientName: "app" }),
  );
  const signUp = (Username: string) =>
    idp.send(
      new SignUpCommand({
        ClientId: UserPoolClient?.ClientId,
        Username,
        Password: "Wonderland-1865",
        UserAttributes: [{ Name: "email", Value: `${Username}@example.com` }],
      }),
    );
  const kumobako = async (...args: readonly string[]) => {
    const terminal = new RecordingTerminal({ directory: "/nowhere" });
    const code = await run([...args, "--endpoint", cloud.endpoint], terminal);
    return { code, out: terminal.out, err: terminal.err };
  };
  return { cloud, signUp, kumobako };
}

test("the mails that services sent are listed, the newest last", async () => {
  const { cloud, signUp, kumobako } = await withUsers();
  await using _ = cloud;
  expect(await kumobako("outbox")).toEqual({ code: 0, out: "no messages\n", err: "" });
  for (const name of ["alice", "bob"]) await signUp(name);
  const { out } = await kumobako("outbox");
  expect(out).toMatch(/email from \S+ to alice@example\.com[^]*\d{6}[^]*email from \S+ to bob@example\.com/);
  expect((await kumobako("outbox", "--limit", "1")).out).not.toContain("alice");
});

test("a program reads them as JSON, from the command as from the control API", async () => {
  const { cloud, signUp, kumobako } = await withUsers();
  await using _ = cloud;
  await signUp("alice");
  const { out } = await kumobako("outbox", "--json");
  const { messages }: { messages: object[] } = JSON.parse(out);
  expect(messages).toMatchObject([{ kind: "email", to: "alice@example.com", service: "cognito-identity-provider" }]);
  const response = await fetch(`${cloud.endpoint}/_kumobako/outbox?limit=5`);
  expect(await response.json()).toEqual({ messages });
  expect((await fetch(`${cloud.endpoint}/_kumobako/outbox?limit=0`)).status).toBe(400);
});

test("notifications for devices are listed with their payload, and what the platform is told beside it", async () => {
  const { cloud, kumobako } = await withUsers();
  await using _ = cloud;
  const sns = new SNSClient({ endpoint: cloud.endpoint, region: "us-east-1", credentials });
  const Attributes = { PlatformCredential: "key" };
  const application = new CreatePlatformApplicationCommand({ Name: "shop", Platform: "GCM", Attributes });
  const { PlatformApplicationArn } = await sns.send(application);
  const endpoint = new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token: "t1" });
  const { EndpointArn } = await sns.send(endpoint);
  await sns.send(new PublishCommand({ TargetArn: EndpointArn, Message: "hello" }));
  const { out } = await kumobako("outbox");
  expect(out).toContain(`push from app/GCM/shop to ${EndpointArn}`);
  expect(out).toContain('  token: t1\n  {"notification":{"body":"hello"}}');
});

test("a text message is answered through the control API", async () => {
  const { cloud } = await withUsers();
  await using _ = cloud;
  const reply = (body: object) =>
    fetch(`${cloud.endpoint}/_kumobako/outbox/reply`, { method: "POST", body: JSON.stringify(body) });
  expect((await reply({ from: "nobody", text: "STOP" })).status).toBe(400);
  expect((await reply({ from: "+15551234567", text: "" })).status).toBe(400);
  expect((await reply({ from: "+15551234567", text: "STOP", account: "1" })).status).toBe(400);
  expect(await (await reply({ from: "+15551234567", text: "STOP" })).json()).toEqual({ heard: true });
  const sns = new SNSClient({ endpoint: cloud.endpoint, region: "us-east-1", credentials });
  const { phoneNumbers } = await sns.send(new ListPhoneNumbersOptedOutCommand({}));
  expect(phoneNumbers).toEqual(["+15551234567"]);
});
