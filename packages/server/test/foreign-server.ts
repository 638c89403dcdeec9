/** A web server that belongs to somebody else: what it was asked, and what it answers. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ForeignAnswer {
  readonly status: number;
  readonly body?: string;
}

export interface ForeignServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

export async function foreignServer(
  answer: (seen: SeenRequest) => ForeignAnswer = () => ({ status: 200 }),
): Promise<ForeignServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const { method, url, headers } = request;
      const seen = { method, url, headers, body: await text(request) };
      requests.push(seen);
      const { status, body } = answer(seen);
      response.writeHead(status).end(body);
    };
    void take();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, requests };
}
