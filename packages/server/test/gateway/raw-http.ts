/** HTTP as bytes, for what no client would send. */
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { startServer, type RunningServer, type ServerOptions } from "../../src/main.ts";

/** A server on a free port; it ends with the test. */
export async function testServer(options: ServerOptions = {}): Promise<RunningServer> {
  const server = await startServer({ ...options, port: 0 });
  onTestFinished(() => server.close());
  return server;
}

/** Sends `bytes` as they are and gives all that comes back until the server closes or the answer is whole. */
export function exchangeBytes(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((done, failed) => {
    const socket = connect({ port, host: "127.0.0.1" });
    let text = "";
    const finish = (): void => {
      socket.destroy();
      done(text);
    };
    socket.on("error", failed);
    socket.on("close", finish);
    socket.on("data", (piece: Buffer) => {
      text += piece.toString("latin1");
      if (isWhole(text)) finish();
    });
    socket.write(bytes);
  });
}

function isWhole(text: string): boolean {
  const head = text.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return head >= 0 && length !== undefined && text.length >= head + 4 + Number(length);
}
