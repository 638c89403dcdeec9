import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { request as secureRequest } from "node:https";
import { connect, createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, onTestFinished, test } from "vitest";
import { startServer, type ServerOptions } from "../../src/main.ts";

const addresses = Object.values(networkInterfaces()).flatMap((own) => (own ?? []).map(({ address }) => address));
/** A machine may have no IPv6. */
const LOOPBACKS = ["127.0.0.1", "::1"].filter((address) => addresses.includes(address));
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const urlOf = (host: string, port: number): string => `http://${host.includes(":") ? `[${host}]` : host}:${port}`;

async function running(options: ServerOptions = {}) {
  const server = await startServer({ port: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

test.each(LOOPBACKS)("without TLS and with, by HTTP/1.1 and HTTP/2: the cloud is at %s", async (host) => {
  const { port } = await running();
  const health = await fetch(`${urlOf(host, port)}/_kumobako/health`);
  expect(health.status).toBe(200);
  const secure = secureRequest({ host, port, path: "/_kumobako/health", rejectUnauthorized: false }).end();
  const [answer] = await once(secure, "response");
  expect(answer.resume().statusCode).toBe(200);
  const session = connectHttp2(urlOf(host, port));
  const [head] = await once(session.request({ ":path": "/_kumobako/health" }).resume(), "response");
  session.destroy();
  expect(head[":status"]).toBe(200);
});

test.each(LOOPBACKS)("a call by way of %s is a call from this machine, and that is 127.0.0.1", async (host) => {
  const { port, cloud } = await running();
  const settings = { endpoint: urlOf(host, port), region: "us-east-1", credentials };
  await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  await cloud.journal.flush();
  const { Events } = await new CloudTrailClient(settings).send(new LookupEventsCommand({}));
  expect(JSON.parse(Events?.[0]?.CloudTrailEvent ?? "{}")).toMatchObject({ sourceIPAddress: "127.0.0.1" });
});

test("an address that is named is the only one", async () => {
  const { port } = await running({ host: "127.0.0.1" });
  const [failed] = await once(connect({ host: "::1", port }), "error");
  expect(failed).toMatchObject({ code: expect.stringMatching(/^(ECONNREFUSED|EADDRNOTAVAIL|EAFNOSUPPORT)$/) });
});

test.each(LOOPBACKS)("where another program has the port at %s, the cloud does not start", async (host) => {
  const other = createServer().listen(0, host);
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === "object" ? address?.port : undefined;
  await expect(startServer({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});
