/** Clients that begin and do not go on. */
import { connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { listen, type ListenerParts } from "../../src/gateway/listener/listener.ts";
import { loadCertificate } from "../../src/gateway/listener/certificate.ts";

const NOTHING = { status: 200, headers: {}, body: "" };

async function listener(answer: ListenerParts["answer"] = async () => NOTHING): Promise<number> {
  const listening = await listen({
    hosts: ["127.0.0.1"],
    port: 0,
    answer,
    certificate: () => loadCertificate({ directory: undefined, now: new Date() }),
    drainSecondsMax: 1,
    headSecondsMax: 0.2,
  });
  onTestFinished(() => listening.close());
  return listening.port;
}

const inTheClear = (port: number): Socket => connect({ port, host: "127.0.0.1" });
const overTls = (port: number): Socket => connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });

/** Sends `first`, then `drop` again and again; what came back, once the server closes. */
function hangingClient(port: number, first: string, drop = "", dial = inTheClear): Promise<string> {
  return new Promise((done) => {
    let text = "";
    const socket = dial(port);
    const dripping = drop === "" ? undefined : setInterval(() => socket.write(drop), 20);
    socket.on("data", (piece: Buffer) => (text += piece.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(dripping);
      done(text);
    });
    if (first !== "") socket.write(first, "latin1");
  });
}

test.each([
  ["sends nothing", ""],
  ["sends half a head", "GET / HTTP/1.1\r\nHost: loc"],
  ["begins a TLS handshake", "\x16\x03\x01"],
  ["begins HTTP/2", "PRI * HTTP/2.0\r\n"],
])("a client that %s and stops is dropped", async (_what, first) => {
  const answer = await hangingClient(await listener(), first);
  expect(answer).not.toContain("200");
});

test("a client that sends its head letter by letter is told and dropped", async () => {
  const answer = await hangingClient(await listener(), "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ", "a");
  expect(answer).toContain("<Code>RequestTimeout</Code>");
});

test("a second head on the same connection has no longer", async () => {
  const answer = await hangingClient(await listener(), "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nX: ", "a");
  expect(answer).toMatch(/^HTTP\/1.1 200 [^]*<Code>RequestTimeout<\/Code>/);
});

test("an idle session of HTTP/2 is closed", async () => {
  const session = connectHttp2(`http://127.0.0.1:${await listener()}`);
  const reason = await new Promise((done) => {
    session.once("close", () => done("closed"));
    session.once("error", done);
  });
  expect(reason).toBe("closed");
});

test.each([
  ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "in the clear", inTheClear],
  ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "over TLS", overTls],
  ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", "in the clear", inTheClear],
  ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", "over TLS", overTls],
])("a client that waits for an answer is not silent: %j %s", async (request, _how, dial) => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const port = await listener(async () => {
    arrived.resolve();
    await release.promise;
    return NOTHING;
  });
  const waiting = hangingClient(port, request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), "", dial);
  await arrived.promise;
  // by the time that this one is dropped, the other has waited as long
  await hangingClient(port, "GET / HTTP/1.1\r\nHost: loc");
  await hangingClient(port, "GET / HTTP/1.1\r\nHost: loc");
  release.resolve();
  expect(await waiting).toMatch(/^HTTP\/1.1 200 /);
});

test.each([
  ["in the clear", inTheClear],
  ["over TLS", overTls],
])(
  "a client that is refused before it has sent its body is told so and keeps its connection: %s",
  async (_how, dial) => {
    const begun = Promise.withResolvers<void>();
    const port = await listener(async () => {
      begun.resolve();
      return NOTHING;
    });
    const socket = dial(port);
    let text = "";
    const ended = new Promise((done) => socket.on("data", (piece: Buffer) => (text += piece)).once("close", done));
    socket.write("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n");
    await begun.promise;
    socket.write("bodyGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await ended;
    expect(text.match(/^HTTP\/1.1 200 /gm)).toHaveLength(2);
  },
);

test("a client that waits to go on is refused without its body", async () => {
  const answer = await hangingClient(
    await listener(),
    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n",
  );
  expect(answer).toMatch(/^HTTP\/1.1 200 [^]*connection: close/i);
});

test("a client that never sends the body of what was refused is answered all the same", async () => {
  const head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
  expect(await hangingClient(await listener(), head)).toMatch(/^HTTP\/1.1 200 [^]*connection: close/i);
});
