/** Two servers over one PostgreSQL store: what one of them had in hand when it was killed the other delivers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect, onTestFinished, test } from "vitest";
import { startPostgres } from "../../server/test/postgres-server.ts";
import { configOf, kill, startServer } from "./clients/running-server.ts";
import { subscribe, subscriber } from "./clients/web-subscriber.ts";

test("what a killed server had in hand the other one delivers", { timeout: 60_000 }, async ({ skip }) => {
  const postgres = await startPostgres();
  if (postgres === undefined) return skip("no PostgreSQL on this machine");
  onTestFinished(() => postgres.stop());
  const directory = mkdtempSync(join(tmpdir(), "kumobako-two-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const args = ["--postgres", postgres.url];
  const web = await subscriber();
  await using first = await startServer({ args, directory });
  const TopicArn = await subscribe(first, web);
  const asked = web.next();
  await new SNSClient(configOf(first)).send(new PublishCommand({ TopicArn, Message: "hello" }));
  const { said } = await asked;
  await using _ = await startServer({ args, directory });
  await kill(first);
  const again = await web.next();
  again.answer();
  expect(again.said).toMatchObject({ Message: "hello", MessageId: said["MessageId"] });
});
