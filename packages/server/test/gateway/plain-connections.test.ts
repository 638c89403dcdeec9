/** Connections on which requests come whole are read without Node's parser: nobody may see a difference. */
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { loadCertificate } from "../../src/gateway/listener/certificate.ts";
import { listen, type Listening, type ListenerParts } from "../../src/gateway/listener/listener.ts";
import { collect, HeldBytes } from "../../src/kernel/bytes.ts";
import { exchangeBytes } from "./raw-http.ts";

async function listener(answer: ListenerParts["answer"], drainSecondsMax = 1): Promise<Listening> {
  const listening = await listen({
    hosts: ["127.0.0.1"],
    port: 0,
    answer,
    certificate: () => loadCertificate({ directory: undefined, now: new Date() }),
    drainSecondsMax,
    headSecondsMax: 1,
  });
  onTestFinished(() => listening.close());
  return listening;
}

/** Answers with what it has seen of a request, and whether it came whole. */
const mirror: ListenerParts["answer"] = async (arrival) => {
  const { method, path, query, headers, secure, remoteAddress } = arrival;
  const cameWhole = arrival.body instanceof HeldBytes && arrival.constructor.name === "WholeArrival";
  const body = Buffer.from(await collect(arrival.body)).toString("latin1");
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-came-whole": String(cameWhole) },
    body: JSON.stringify({ method, path, query, headers, secure, remoteAddress, body }),
  };
};

/** Sends requests one after another on one connection, each in its pieces, and gives all that came back. */
async function send(port: number, ...requests: (readonly string[])[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void socket.destroy());
  let text = "";
  let answers = 0;
  for (const pieces of requests) {
    const answered = bodiesOn(socket, 1);
    for (const piece of pieces) {
      socket.write(piece, "latin1");
      await whenRead();
    }
    answers++;
    text += await answered;
    expect(bodiesIn(text)).toHaveLength(answers);
  }
  return text;
}

/** The server lives in this process: in two turns of its loop it has read what lay there before. */
async function whenRead(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((done) => setImmediate(done));
}

/** What comes on `socket` until there are so many answers, or it is closed. */
function bodiesOn(socket: Socket, answers: number): Promise<string> {
  return new Promise((done) => {
    let text = "";
    const finish = (): void => {
      socket.off("data", take);
      done(text);
    };
    const take = (piece: Buffer): void => {
      text += piece.toString("latin1");
      if (bodiesIn(text).length >= answers) finish();
    };
    socket.on("error", () => undefined);
    socket.once("close", finish);
    socket.on("data", take);
  });
}

/** The whole bodies of answers that say their length. */
function bodiesIn(text: string): string[] {
  const bodies: string[] = [];
  for (let at = 0; at < text.length;) {
    const head = text.indexOf("\r\n\r\n", at);
    const length = Number(/content-length: (\d+)/i.exec(text.slice(at, head))?.[1] ?? Number.NaN);
    const end = head + 4 + length;
    if (head < 0 || !(end <= text.length)) break;
    bodies.push(text.slice(head + 4, end));
    at = end;
  }
  return bodies;
}

const SIGNED = "authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request";

const REQUESTS = [
  "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  `GET /a/b%20c?x=1&y=%2F?z HTTP/1.1\r\nHOST: a:4566\r\n${SIGNED}\r\n\r\n`,
  "POST / HTTP/1.1\r\nhost:a\r\ncontent-length:\t 2 \t\r\n\r\n{}",
  "PUT /k HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nX-Amz-Meta-A:\r\nX-B: a b  c\r\n\r\n",
  "PUT /k HTTP/1.1\r\nHost: a\r\nX-Amz-Meta-A: \xc3\xa9\xff\r\nConnection: Keep-Alive\r\nContent-Length: 3\r\n\r\n\x00\xff\n",
  "DELETE /__proto__ HTTP/1.1\r\nHost: a\r\nConstructor: x\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nContent-Length: 1\r\n\r\nb",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
  "GET http://b/c?d HTTP/1.1\r\nHost: a\r\n\r\n",
  "OPTIONS /x HTTP/1.1\r\nHost: a\r\nOrigin: http://b\r\n\r\n",
  "PATCH / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n%",
];

/** A connection on which it came is Node's from then on. */
const FOR_NODE = "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n\r\n";

test.each(REQUESTS)("is seen as Node's parser sees it: %j", async (request) => {
  const { port } = await listener(mirror);
  const atOnce = await send(port, [request]);
  const byNode = await send(port, [FOR_NODE], [request]);
  expect(byNode).not.toContain("x-came-whole: true");
  expect(bodiesIn(atOnce)).toEqual(bodiesIn(byNode).slice(1));
  expect(headOf(atOnce)).toEqual(headOf(byNode.slice(byNode.lastIndexOf("HTTP/1.1 200"))));
});

/** Names in lower case and in order, without what tells the two apart. */
const headOf = (answer: string): string[] =>
  answer
    .slice(0, answer.indexOf("\r\n\r\n"))
    .split("\r\n")
    .map((line) => line.replace(/^[^:]+:/, (name) => name.toLowerCase()))
    .filter((line) => !/^(date|x-came-whole):/.test(line))
    .toSorted();

test("what SDKs send comes whole, also where head and body are sent one after the other", async () => {
  const { port } = await listener(mirror);
  const [head, body] = ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n", "b".repeat(20_000)];
  const get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const answers = await send(port, [head + body], [head, body], [head, body.slice(0, 5), body.slice(5)], [get]);
  expect(answers.match(/x-came-whole: true/g)).toHaveLength(4);
  expect(bodiesIn(answers).map((one) => JSON.parse(one).body)).toEqual([body, body, body, ""]);
});

test.each([
  ["together", [["/1", "/2", "/3"]]],
  ["one after the other", [["/1"], ["/2"], ["/3"]]],
])("requests that are sent %s, without waiting, are answered in order", async (_how, groups) => {
  const { port } = await listener(mirror);
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void socket.destroy());
  const answered = bodiesOn(socket, 3);
  for (const paths of groups) {
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
    await whenRead();
  }
  const paths = bodiesIn(await answered).map((body) => JSON.parse(body).path);
  expect(paths).toEqual(["/1", "/2", "/3"]);
});

test("a connection goes on where a request in its midst is one for Node", async () => {
  const { port } = await listener(mirror);
  const plain = "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n";
  const chunked = "PUT /odd HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const answers = bodiesIn(await send(port, [plain], [plain], [chunked], [plain]));
  expect(answers.map((body) => JSON.parse(body))).toMatchObject([
    { path: "/plain" },
    { path: "/plain" },
    { path: "/odd", body: "abc" },
    { path: "/plain" },
  ]);
});

test.each([
  ["a second length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x"],
  ["a length and chunks", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"],
  ["a length that is none", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}"],
  ["no host", "GET / HTTP/1.1\r\nX: a\r\n\r\n"],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
  ["a blank before the colon", "GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n"],
  ["a name beyond ASCII", "GET / HTTP/1.1\r\nHost: a\r\nX\xe9: a\r\n\r\n"],
  ["a header that is folded", "GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"],
  ["a control character", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n"],
  ["a bare carriage return", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb: c\r\n\r\n"],
  ["a bare line feed", "GET / HTTP/1.1\r\nHost: a\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n"],
  ["a blank in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["another version", "GET / HTTP/1.7\r\nHost: a\r\n\r\n"],
])("is never taken whole: %s", async (_what, request) => {
  const { port } = await listener(mirror);
  expect(await exchangeBytes(port, Buffer.from(request, "latin1"))).not.toContain("x-came-whole: true");
});

test("a value cannot end a head, and a name that could ends the connection", async () => {
  const answers = [
    { status: 200, headers: { "x-amz-meta-a": "b\r\nx-other: c" }, body: "" },
    { status: 200, headers: { "x-amz-meta-a\r\nx-other": "c" }, body: "" },
  ];
  const { port } = await listener(async () => answers.shift() ?? { status: 500, headers: {}, body: "" });
  const request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  expect(await exchangeBytes(port, request)).toContain("x-amz-meta-a: b  x-other: c\r\n");
  expect(await exchangeBytes(port, request)).toBe("");
});

async function* inPieces(...pieces: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece);
}

test.each([
  [
    "a body of unknown length",
    "GET",
    { status: 200, headers: {}, body: inPieces("ab", "", "c") },
    /chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n$/,
  ],
  [
    "a body whose length is known",
    "GET",
    { status: 200, headers: { "content-length": "3" }, body: inPieces("ab", "c") },
    /Content-Length: 3\r\n\r\nabc$/,
  ],
  ["text beyond ASCII", "GET", { status: 200, headers: {}, body: "é" }, /Content-Length: 2\r\n\r\n\xc3\xa9$/],
  ["bytes", "GET", { status: 200, headers: {}, body: new Uint8Array([0xe9, 0]) }, /Content-Length: 2\r\n\r\n\xe9\0$/],
  [
    "many bytes",
    "GET",
    { status: 200, headers: {}, body: new Uint8Array(20_000) },
    /Content-Length: 20000\r\n\r\n\0{20000}$/,
  ],
  [
    "nothing",
    "GET",
    { status: 204, headers: {}, body: undefined },
    /^HTTP\/1.1 204 No Content(?![^]*Content-Length)[^]*\r\n\r\n$/,
  ],
  [
    "what HEAD asks for",
    "HEAD",
    { status: 200, headers: { "content-length": "5" }, body: undefined },
    /Content-Length: 5\r\n\r\n$/,
  ],
  [
    "no body where HEAD asks",
    "HEAD",
    { status: 403, headers: {}, body: "<Error/>" },
    /^HTTP\/1.1 403 Forbidden[^]*\r\n\r\n$/,
  ],
])("answers with %s, and the next request too", async (_what, method, response, expected) => {
  const answers = [response, { status: 200, headers: {}, body: "next" }];
  const { port } = await listener(async () => answers.shift() ?? { status: 500, headers: {}, body: "" });
  const socket = connect({ port, host: "127.0.0.1" });
  onTestFinished(() => void socket.destroy());
  let text = "";
  const ended = new Promise<void>((done) =>
    socket.on("data", (piece: Buffer) => {
      text += piece.toString("latin1");
      if (text.endsWith("next")) done();
    }),
  );
  socket.once("data", () => socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  socket.write(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`);
  await ended;
  expect(text.slice(0, text.lastIndexOf("HTTP/1.1 200"))).toMatch(expected);
});

test("a body that fails breaks the connection: it is not whole", async () => {
  const { port } = await listener(async () => ({
    status: 200,
    headers: { "content-length": "9" },
    body: (async function* () {
      yield Buffer.from("abc");
      throw new Error("the disk is gone");
    })(),
  }));
  expect(await exchangeBytes(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).toMatch(/Content-Length: 9\r\n\r\nabc$/);
});

test("whoever waits for a client hears that it has gone, or has its answer", async () => {
  const heard: string[] = [];
  const arrived = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const { port } = await listener(async (arrival) => {
    arrival.whenGone?.(() => {
      heard.push(arrival.path);
      if (arrival.path === "/waits") gone.resolve();
    });
    if (arrival.path === "/waits") {
      arrived.resolve();
      await gone.promise;
    }
    return { status: 200, headers: {}, body: "" };
  });
  await exchangeBytes(port, "GET /answered HTTP/1.1\r\nHost: a\r\n\r\n");
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  await arrived.promise;
  socket.destroy();
  await gone.promise;
  expect(heard).toEqual(["/answered", "/waits"]);
});

test("a close ends silent connections at once and lets calls under way end, the last of their connections", async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const listening = await listener(async ({ path }) => {
    if (path === "/slow") {
      arrived.resolve();
      await release.promise;
    }
    return { status: 200, headers: {}, body: path };
  }, 10);
  const silent = connect({ port: listening.port, host: "127.0.0.1" });
  const ended = new Promise((done) => silent.once("close", done).resume());
  silent.write("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n");
  const busy = exchangeBytes(listening.port, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  await arrived.promise;
  const closed = listening.close();
  await ended;
  release.resolve();
  expect(await busy).toMatch(/Connection: close[^]*\/slow$/);
  await closed;
});

test("a close lets a call end whose connection went over to Node", async () => {
  const arrived = Promise.withResolvers<void>();
  const listening = await listener(async (arrival) => {
    arrived.resolve();
    return { status: 200, headers: {}, body: Buffer.from(await collect(arrival.body)).toString("latin1") };
  }, 10);
  const socket = connect({ port: listening.port, host: "127.0.0.1", noDelay: true });
  onTestFinished(() => void socket.destroy());
  const answered = bodiesOn(socket, 1);
  socket.write("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  await arrived.promise;
  const closed = listening.close();
  await whenRead();
  socket.write("3\r\ndef\r\n0\r\n\r\n");
  expect(bodiesIn(await answered)).toEqual(["abcdef"]);
  await closed;
});
