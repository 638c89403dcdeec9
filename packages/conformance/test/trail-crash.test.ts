import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeLoggingTrail } from "../../server/test/logging-trail.ts";
import { configOf, kill, startServer, type RunningServer } from "./clients/running-server.ts";

const Bucket = "audit-logs";

interface Logged {
  readonly eventName: string;
  readonly requestParameters: { readonly userName?: string } | null;
}

/** The users whose making is in the log files, once for each time that it is told. */
async function loggedUsers(server: RunningServer): Promise<string[]> {
  const s3 = new S3Client(configOf(server));
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const users: string[] = [];
  for (const { Key = "" } of Contents.filter((item) => item.Key?.endsWith(".gz"))) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString("utf8");
    const { Records }: { readonly Records: readonly Logged[] } = JSON.parse(text);
    const made = Records.filter(({ eventName }) => eventName === "CreateUser");
    users.push(...made.map(({ requestParameters }) => requestParameters?.userName ?? ""));
  }
  return users.toSorted();
}

/** Before anything is delivered, and while it is. */
test.concurrent.each([0, 20, 60])(
  "a server that is killed %s ms into a delivery tells every change once",
  { timeout: 60_000 },
  async (milliseconds) => {
    const directory = mkdtempSync(join(tmpdir(), "kumobako-trail-"));
    const first = await startServer({ args: [], directory });
    await makeLoggingTrail(configOf(first), { Name: "audit", S3BucketName: Bucket });
    const users = Array.from({ length: 20 }, (_, at) => `user${String(at).padStart(2, "0")}`);
    for (const UserName of users) await new IAMClient(configOf(first)).send(new CreateUserCommand({ UserName }));
    const advance = JSON.stringify({ seconds: 1800 });
    const headers = { "content-type": "application/json" };
    const moving = fetch(`${first.endpoint}/_kumobako/clock/advance`, { method: "POST", headers, body: advance });
    await new Promise((done) => setTimeout(done, milliseconds));
    await Promise.all([kill(first), moving.catch(() => undefined)]);

    await using second = await startServer({ args: [], directory });
    await second.answer("clock", "advance", "2h");
    expect(await loggedUsers(second)).toEqual(users);
    rmSync(directory, { recursive: true, force: true });
  },
);
