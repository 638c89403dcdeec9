import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { outwardTo } from "./outward.ts";

const asked = { method: "POST", headers: { "x-kind": "test" }, timeoutMs: 5000, bytesMax: 10 };

interface Heard {
  readonly method: string | undefined;
  readonly kind: unknown;
  readonly body: string;
}

/** Has it listen. */
async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A web server that answers so, and what it hears. */
async function webServer(status: number, body: string): Promise<{ port: number; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const answer = async () => {
      heard.push({ method: request.method, kind: request.headers["x-kind"], body: await text(request) });
      response.writeHead(status, { "x-answer": "yes", location: "http://127.0.0.1:1/" }).end(body);
    };
    void answer();
  });
  onTestFinished(() => void server.close());
  return { port: await portOf(server), heard };
}

test("what is sent arrives, and of the answer no more is read than one takes", async () => {
  const { port, heard } = await webServer(201, "twelve bytes");
  const url = `http://127.0.0.1:${port}/hook`;
  const answer = await outwardTo("loopback").request({ ...asked, url, body: Buffer.from("hello") });
  expect(heard).toEqual([{ method: "POST", kind: "test", body: "hello" }]);
  expect({ status: answer.status, answer: answer.headers["x-answer"] }).toEqual({ status: 201, answer: "yes" });
  expect(Buffer.from(answer.body).toString()).toBe("twelve byt");
});

test("a redirection is an answer, not a way", async () => {
  const { port } = await webServer(302, "");
  expect(await outwardTo("loopback").request({ ...asked, url: `http://localhost:${port}` })).toMatchObject({
    status: 302,
  });
});

test.each([
  "http://192.0.2.1/",
  "http://[2001:db8::1]/",
  "http://169.254.169.254/latest/meta-data",
  "http://0.0.0.0:80/",
  "http://2130706433.example.invalid/",
  "file:///etc/passwd",
  "gopher://127.0.0.1/",
  "nonsense",
])("%s is not reached from a cloud that keeps to this machine", async (url) => {
  await expect(outwardTo("loopback").request({ ...asked, url })).rejects.toMatchObject({ name: "OutwardError" });
});

test.each(["/_kumobako/reset", "/%2e/_kumobako/clock/advance", "/x/../_kumobako/health"])(
  "%s of a server is not asked for users",
  async (path) => {
    const { port } = await webServer(200, "");
    await expect(
      outwardTo("everywhere").request({ ...asked, url: `http://127.0.0.1:${port}${path}` }),
    ).rejects.toMatchObject({ why: "refused" });
  },
);

test("nobody there is said so", async () => {
  await expect(outwardTo("loopback").request({ ...asked, url: "http://127.0.0.1:1/" })).rejects.toMatchObject({
    why: "unreachable",
  });
});

test("who does not answer in time is not waited for", async () => {
  const server = createServer(() => {});
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${await portOf(server)}/`;
  await expect(outwardTo("loopback").request({ ...asked, timeoutMs: 50, url })).rejects.toMatchObject({
    why: "timeout",
  });
});
