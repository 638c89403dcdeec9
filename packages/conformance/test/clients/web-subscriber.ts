/** A web server that subscribes to topics, and answers when it is told to. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { onTestFinished } from "vitest";
import { configOf, type RunningServer } from "./running-server.ts";

interface Heard {
  readonly said: Readonly<Record<string, string>>;
  readonly answer: () => void;
}

export async function subscriber() {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const next = () =>
    new Promise<Heard>((resolve, reject) => {
      server.once("request", (request, response) => {
        const answer = (): void => void response.end();
        text(request).then((body) => resolve({ said: JSON.parse(body), answer }), reject);
      });
    });
  return { url: `http://127.0.0.1:${port}/`, next };
}

/** A topic that a subscriber has said yes to. */
export async function subscribe(
  server: RunningServer,
  { url, next }: Awaited<ReturnType<typeof subscriber>>,
): Promise<string> {
  const sns = new SNSClient(configOf(server));
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
  const asked = next();
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: url }));
  const { said, answer } = await asked;
  answer();
  await (await fetch(said["SubscribeURL"] ?? "")).text();
  return TopicArn;
}
