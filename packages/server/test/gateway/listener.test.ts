import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { request as secureRequest } from "node:https";
import { connect as connectHttp2 } from "node:http2";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/main.ts";
import { exchangeBytes, testServer } from "./raw-http.ts";

const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

test("a signed call is answered over a socket", async () => {
  const { endpoint } = await testServer();
  const sts = new STSClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: "000000000000",
    Arn: "arn:aws:iam::000000000000:root",
  });
  sts.destroy();
});

test("TLS is spoken on the same port", async () => {
  const { port } = await testServer();
  const status = await new Promise((done, failed) => {
    const request = secureRequest(
      { port, host: "localhost", path: "/_kumobako/health", rejectUnauthorized: false },
      (response) => {
        response.resume();
        done(response.statusCode);
      },
    );
    request.on("error", failed);
    request.end();
  });
  expect(status).toBe(200);
});

test("HTTP/2 without TLS is spoken on the same port", async () => {
  const { endpoint } = await testServer();
  const session = connectHttp2(endpoint);
  const stream = session.request({ ":path": "/_kumobako/health" });
  const [headers] = await new Promise<[Record<string, unknown>]>((done) =>
    stream.on("response", (...args) => done([args[0]])),
  );
  stream.resume();
  session.destroy();
  expect(headers[":status"]).toBe(200);
});

test("bytes that are no HTTP are refused and the connection closed", async () => {
  const { port } = await testServer();
  const answer = await exchangeBytes(port, "\u0001\u0002 nonsense\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1.1 400 /);
  expect(answer).toContain("Connection: close");
});

test("a line break in what was asked for begins no line in the decision that the answer's head tells", async () => {
  const { port, endpoint } = await testServer();
  const s3 = new S3Client({ region: "us-east-1", endpoint, credentials: CREDENTIALS, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  s3.destroy();
  const text = await exchangeBytes(port, "GET /photos/a%0D%0Ax-made-up:%20b HTTP/1.1\r\nhost: localhost\r\n\r\n");
  expect(text).toMatch(/^x-kumobako-decision: [^\r\n]*photos\/a  x-made-up: b/m);
  expect(text).not.toMatch(/^x-made-up/m);
});

test("a head over the limit is refused and the connection closed", async () => {
  const { port } = await testServer();
  const answer = await exchangeBytes(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(70_000)}\r\n\r\n`);
  expect(answer).toContain("<Code>RequestHeaderSectionTooLarge</Code>");
});

test("a body shorter than its declared length ends the connection and nothing else", async () => {
  const said: string[] = [];
  const { port, endpoint } = await testServer({ report: (error) => void said.push(String(error)) });
  await new Promise<void>((done) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.write(
      "POST / HTTP/1.1\r\nHost: sts.localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nshort",
    );
    socket.on("close", () => done());
    socket.on("error", () => undefined);
    socket.end();
    socket.resume();
  });
  const response = await fetch(`${endpoint}/_kumobako/health`);
  expect(response.status).toBe(200);
  expect(said).toEqual([]);
});

test("a port in use fails the start with EADDRINUSE", async () => {
  const holder = createServer();
  await new Promise<void>((done) => holder.listen(0, "127.0.0.1", done));
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as AddressInfo;
  await expect(startServer({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test.each([
  [{}, "KUMOBAKO_ROOT_SECRET"],
  [{ rootSecret: "" }, "KUMOBAKO_ROOT_SECRET"],
  [{ rootSecret: "of-the-root-users", auth: "permissive" as const }, "unknown keys are taken for the root user's"],
])("an address beyond loopback is refused with %j", async (options, why) => {
  await expect(startServer({ port: 0, host: "0.0.0.0", ...options })).rejects.toThrow(why);
});

test("a master key of another length is refused", async () => {
  const directory = await mkdtemp(join(tmpdir(), "listener-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const options = { port: 0, dataDirectory: directory, masterKey: Buffer.from("short") };
  await expect(startServer(options)).rejects.toThrow("a master key has 32 bytes: found 5");
});

test("a close lets the call under way end", async () => {
  const server = await startServer({ port: 0 });
  const sts = new STSClient({ endpoint: server.endpoint, region: "us-east-1", credentials: CREDENTIALS });
  const [identity] = await Promise.all([sts.send(new GetCallerIdentityCommand({})), closeSoon(server)]);
  expect(identity.Account).toBe("000000000000");
  await expect(fetch(`${server.endpoint}/_kumobako/health`)).rejects.toThrow("fetch failed");
  sts.destroy();
});

/** Closes once a request has arrived. */
async function closeSoon(server: Awaited<ReturnType<typeof startServer>>): Promise<void> {
  const { cloud } = server;
  const answer = cloud.answer.bind(cloud);
  await new Promise<void>((arrived) => {
    Object.assign(cloud, {
      answer: (arrival: Parameters<typeof answer>[0]) => {
        arrived();
        return answer(arrival);
      },
    });
  });
  await server.close();
}

test("a head over the limit is refused in the same words over TLS", async () => {
  const { port } = await testServer();
  const text = await new Promise<string>((done, failed) => {
    const headers = { "x-long": "a".repeat(33_000) };
    const request = secureRequest({ port, host: "localhost", rejectUnauthorized: false, headers }, (response) => {
      let said = "";
      response.on("data", (piece: Buffer) => (said += piece.toString("utf8")));
      response.on("end", () => done(said));
    });
    request.on("error", failed);
    request.end();
  });
  expect(text).toContain("<Code>RequestHeaderSectionTooLarge</Code>");
});
