/** When a session of HTTP/2 is closed because nothing happens on it. */
import { once } from "node:events";
import { connect } from "node:http2";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { wakeAfter } from "../../src/clock/pause.ts";
import { loadCertificate } from "../../src/gateway/listener/certificate.ts";
import { listen } from "../../src/gateway/listener/listener.ts";

const SILENT_SECONDS = 0.1;

/** A session with a server that answers each call after as much time as its path says, in milliseconds. */
async function openSession() {
  const listening = await listen({
    hosts: ["127.0.0.1"],
    port: 0,
    certificate: () => loadCertificate({ directory: undefined, now: new Date() }),
    drainSecondsMax: 1,
    headSecondsMax: SILENT_SECONDS,
    async answer({ path }) {
      await new Promise<void>((done) => wakeAfter(Number(path.slice(1)), done));
      return { status: 200, headers: {}, body: path };
    },
  });
  onTestFinished(() => listening.close());
  const session = connect(`http://127.0.0.1:${listening.port}`);
  onTestFinished(() => session.destroy());
  const call = (path: string) => text(session.request({ ":path": path }));
  return { session, call };
}

test("a session is open as long as a call is under way on it, however long nothing is sent", async () => {
  const { session, call } = await openSession();
  expect(await call("/400")).toBe("/400");
  expect(session.closed).toBe(false);
  expect(await call("/0")).toBe("/0");
});

test("what arrived while the server could not look is no silence", async () => {
  const { session, call } = await openSession();
  expect(await call("/0")).toBe("/0");
  const late = call("/1");
  // both ends live in this process: the request leaves, and then nobody looks for longer than a session may be silent
  await new Promise((done) => setImmediate(done));
  const endMs = performance.now() + SILENT_SECONDS * 3000;
  while (performance.now() < endMs);
  expect(await late).toBe("/1");
  expect(await call("/0")).toBe("/0");
  expect(session.closed).toBe(false);
});

test("a session without a call is closed after a while", async () => {
  const { session, call } = await openSession();
  expect(await call("/0")).toBe("/0");
  await once(session, "close");
  expect(session.closed).toBe(true);
});
