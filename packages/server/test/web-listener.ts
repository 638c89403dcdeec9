/** A web server of a subscriber: it remembers what it is sent, and answers as it is told. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as an envelope of SNS. */
  readonly envelope: () => Record<string, string>;
}

export interface WebListener {
  readonly url: string;
  readonly heard: readonly Heard[];
  /** From now on it answers so. */
  answerWith(status: number, body?: string): void;
}

export async function webListener(): Promise<WebListener> {
  const heard: Heard[] = [];
  let answer = { status: 200, body: "" };
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const body = await text(request);
      heard.push({ headers: request.headers, body, envelope: () => JSON.parse(body) });
      response.writeHead(answer.status).end(answer.body);
    };
    void take();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    answerWith: (status, body = "") => void (answer = { status, body }),
  };
}
