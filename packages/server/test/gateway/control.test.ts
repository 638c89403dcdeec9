import { CreateUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { testServer } from "./raw-http.ts";

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

async function call(endpoint: string, method: string, path: string, more: RequestInit = {}) {
  const response = await fetch(`${endpoint}/_kumobako/${path}`, { method, ...more });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const iamOf = (endpoint: string): IAMClient =>
  new IAMClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });

test("health says that the server runs, and on what", async () => {
  const { endpoint } = await testServer();
  const { body } = await call(endpoint, "GET", "health");
  expect(body).toMatchObject({ status: "running", account: "000000000000", store: "memory", endpoint });
});

test("HEAD is answered as GET is, without the body", async () => {
  const { endpoint } = await testServer();
  const [head, get] = await Promise.all(
    ["HEAD", "GET"].map((method) => fetch(`${endpoint}/_kumobako/clock`, { method })),
  );
  expect([head?.status, head?.headers.get("content-type")]).toEqual([200, get?.headers.get("content-type")]);
  expect(await head?.text()).toBe("");
});

test("reset empties the cloud", async () => {
  const { endpoint } = await testServer();
  const iam = iamOf(endpoint);
  await iam.send(new CreateUserCommand({ UserName: "alice" }));
  expect((await call(endpoint, "POST", "reset")).status).toBe(200);
  expect((await iam.send(new ListUsersCommand({}))).Users).toEqual([]);
  iam.destroy();
});

test("what did not arrive where a service sent it is listed, with the reason", async () => {
  const { endpoint } = await testServer();
  const s3 = new S3Client({ endpoint, region: "us-east-1", credentials: CREDENTIALS, forcePathStyle: true });
  const Bucket = "photos";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const QueueArn = "arn:aws:sqs:us-east-1:000000000000:nobody";
  const QueueConfigurations = [{ QueueArn, Events: ["s3:ObjectCreated:*" as const] }];
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: { QueueConfigurations },
      SkipDestinationValidation: true,
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  s3.destroy();
  await call(endpoint, "POST", "clock/advance", { body: JSON.stringify({ seconds: 60 }) });
  const { body } = await call(endpoint, "GET", "deliveries?limit=5");
  expect(body["deliveries"]).toMatchObject([
    {
      to: QueueArn,
      service: "s3",
      attempts: 5,
      failed: true,
      error: expect.stringContaining("QueueDoesNotExist"),
      content: { kind: "message", text: expect.stringContaining("ObjectCreated:Put") },
    },
  ]);
  expect((await call(endpoint, "GET", "deliveries?limit=0")).status).toBe(400);
});

test("the clock is advanced by seconds and stands still when frozen", async () => {
  const { endpoint } = await testServer();
  const advance = { body: JSON.stringify({ seconds: 3600 }) };
  expect((await call(endpoint, "POST", "clock/advance", advance)).body["offsetSeconds"]).toBe(3600);
  await call(endpoint, "POST", "clock/freeze");
  const first = await call(endpoint, "GET", "clock");
  const second = await call(endpoint, "GET", "clock");
  expect(first.body).toMatchObject({ frozen: true });
  expect(second.body["now"]).toBe(first.body["now"]);
  expect((await call(endpoint, "POST", "clock/resume")).body).toMatchObject({ frozen: false });
});

test.each(['{"seconds":-1}', '{"seconds":"1"}', "{}", "nonsense", "[1]"])(
  "advance refuses the body %s",
  async (body) => {
    const { endpoint } = await testServer();
    expect((await call(endpoint, "POST", "clock/advance", { body })).status).toBe(400);
  },
);

test("a denied call is found by its request id, with an explanation", async () => {
  const { endpoint } = await testServer();
  const iam = iamOf(endpoint);
  const { CreateAccessKeyCommand } = await import("@aws-sdk/client-iam");
  await iam.send(new CreateUserCommand({ UserName: "alice" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "alice" }));
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  };
  const alice = new IAMClient({ endpoint, region: "us-east-1", credentials });
  const refusal: unknown = await alice.send(new ListUsersCommand({})).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ name: "AccessDenied" });
  const { requestId = "" } = (refusal as { $metadata: { requestId?: string } }).$metadata;
  const { status, body } = await call(endpoint, "GET", `decisions/${requestId}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ requestId, operation: "ListUsers", error: { code: "AccessDenied" } });
  expect(JSON.stringify(body["explanation"])).toContain("iam:ListUsers");
  const denied = await call(endpoint, "GET", "decisions?decision=deny&principal=user/alice&action=iam:listusers");
  expect(denied.body["decisions"]).toHaveLength(1);
  iam.destroy();
  alice.destroy();
});

test("a call whose signature was refused is found too, under the key it claimed", async () => {
  const { endpoint } = await testServer();
  const credentials = { accessKeyId: "test", secretAccessKey: "wrong" };
  const stranger = new IAMClient({ endpoint, region: "us-east-1", credentials });
  const refusal: unknown = await stranger.send(new ListUsersCommand({})).catch((error: unknown) => error);
  const { requestId = "" } = (refusal as { $metadata: { requestId?: string } }).$metadata;
  const { body } = await call(endpoint, "GET", `decisions/${requestId}`);
  expect(body).toMatchObject({ userIdentity: { type: "Unknown", accessKeyId: "test" } });
  expect(body["explanation"]).toContain("refused: SignatureDoesNotMatch");
  stranger.destroy();
});

test("an unknown request id is a 404 that names it", async () => {
  const { endpoint } = await testServer();
  const { status, body } = await call(endpoint, "GET", "decisions/00000000-0000-0000-0000-000000000000");
  expect(status).toBe(404);
  expect(body["error"]).toContain("00000000-0000-0000-0000-000000000000");
});

test.each([
  ["a page of another site", { origin: "http://evil.example" }],
  ["a fetch that the browser calls cross-site", { "sec-fetch-site": "cross-site" }],
])("%s is refused", async (_who, headers) => {
  const { endpoint } = await testServer();
  expect((await call(endpoint, "POST", "reset", { headers })).status).toBe(403);
});

test("a foreign host name is refused, as a rebound name would be", async () => {
  const { port } = await testServer();
  const { exchangeBytes } = await import("./raw-http.ts");
  const answer = await exchangeBytes(port, "GET /_kumobako/health HTTP/1.1\r\nHost: evil.example\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 403 /);
});

test("an unknown control call is a 404", async () => {
  const { endpoint } = await testServer();
  expect((await call(endpoint, "GET", "nothing")).status).toBe(404);
});

test("who shows the root secret may use any host name, who shows another none", async () => {
  const { endpoint } = await testServer({ rootSecret: "the-root-secret" });
  const { port } = new URL(endpoint);
  const { exchangeBytes } = await import("./raw-http.ts");
  const asked = (authorization: string) =>
    exchangeBytes(
      Number(port),
      `GET /_kumobako/health HTTP/1.1\r\nHost: build.example\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
  expect(await asked("Bearer the-root-secret")).toMatch(/^HTTP\/1.1 200 /);
  for (const wrong of ["Bearer the-root-secreT", "Bearer ", "the-root-secret", "Bearer the-root-secret2"]) {
    expect(await asked(wrong)).toMatch(/^HTTP\/1.1 403 /);
  }
});
