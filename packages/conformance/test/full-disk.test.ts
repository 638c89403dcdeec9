/** A server whose disk is full in the midst of a delivery: it goes on where it was once there is room again. */
import { execFileSync } from "node:child_process";
import { on } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect, onTestFinished, test } from "vitest";
import { configOf, startServer, type RunningServer } from "./clients/running-server.ts";
import { subscribe, subscriber } from "./clients/web-subscriber.ts";

/** How large its files may become from now on. */
const limitFiles = ({ child }: RunningServer, bytes: number | "unlimited"): Buffer =>
  execFileSync("prlimit", ["--pid", String(child.pid), `--fsize=${bytes}:unlimited`]);

/** Ends once the server says so on standard error. */
async function reported({ child }: RunningServer, what: string): Promise<void> {
  for await (const piece of on(child.stderr ?? child, "data")) if (String(piece).includes(what)) return;
}

const hasPrlimit = (): boolean => {
  try {
    execFileSync("prlimit", ["--version"]);
    return true;
  } catch {
    return false;
  }
};

test(
  "a delivery that could not be written down for want of room is made once there is",
  { timeout: 60_000 },
  async ({ skip }) => {
    if (!hasPrlimit()) return skip("no prlimit on this machine");
    const directory = mkdtempSync(join(tmpdir(), "kumobako-full-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const web = await subscriber();
    const { next } = web;
    await using server = await startServer({ args: [], directory });
    const sns = new SNSClient(configOf(server));
    const TopicArn = await subscribe(server, web);
    const first = next();
    await sns.send(new PublishCommand({ TopicArn, Message: "kept" }));
    const heard = await first;

    limitFiles(server, 0);
    const failed = reported(server, "the errand sns.post");
    heard.answer();
    await failed;
    await expect(sns.send(new PublishCommand({ TopicArn, Message: "refused" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
    limitFiles(server, "unlimited");

    const again = await next();
    again.answer();
    expect(again.said).toMatchObject({ Message: "kept", MessageId: heard.said["MessageId"] });
    const later = next();
    await sns.send(new PublishCommand({ TopicArn, Message: "later" }));
    const last = await later;
    last.answer();
    expect(last.said).toMatchObject({ Message: "later" });
  },
);
