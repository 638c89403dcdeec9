import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, onTestFinished, test } from "vitest";
import { configOf, kill, startServer } from "./clients/running-server.ts";

/** A subscriber's web server: it keeps silent as long as it is told to. */
async function subscriber() {
  const heard: Record<string, string>[] = [];
  const state = { isSilent: false, came: Promise.withResolvers<void>() };
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      heard.push(JSON.parse(await text(request)));
      if (!state.isSilent) response.end();
      state.came.resolve();
      state.came = Promise.withResolvers();
    };
    void take();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const hears = async (count: number) => {
    while (heard.length < count) await state.came.promise;
    return heard[count - 1] ?? {};
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    hears,
    keepSilent: (isSilent: boolean) => void (state.isSilent = isSilent),
  };
}

test("a message that was on its way when the server was killed arrives all the same", { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-killed-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { url, hears, keepSilent } = await subscriber();
  {
    await using server = await startServer({ args: [], directory });
    const sns = new SNSClient(configOf(server));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint: url }));
    const asked = await hears(1);
    await (await fetch(asked["SubscribeURL"] ?? "")).text();
    keepSilent(true);
    await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
    expect(await hears(2)).toMatchObject({ Message: "hello" });
    await kill(server);
  }
  keepSilent(false);
  await using _ = await startServer({ args: [], directory });
  expect(await hears(3)).toMatchObject({ Message: "hello", MessageId: (await hears(2))["MessageId"] });
});
