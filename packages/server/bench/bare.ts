/** What everything is compared with: a bare `node:http` server that answers given bytes, or streams a file. */
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type BareOrder =
  | { readonly answer: "bytes"; readonly body: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly answer: "file"; readonly path: string };

process.on("message", (order: BareOrder) => {
  const server = createServer((request, response) => {
    request.on("data", () => undefined);
    request.on("end", () => reply(order, request, response));
  });
  server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
});

function reply(order: BareOrder, _request: IncomingMessage, response: ServerResponse): void {
  if (order.answer === "bytes") {
    const body = Buffer.from(order.body, "base64");
    response.writeHead(200, { ...order.headers, "content-length": body.byteLength });
    response.end(body);
    return;
  }
  response.writeHead(200, { "content-length": statSync(order.path).size });
  createReadStream(order.path).pipe(response);
}

process.on("disconnect", () => process.exit());
