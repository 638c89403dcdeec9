/** A real server that is killed while CloudTrail delivers: the chain of its digests has no gap, and vouches for all files. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { makeLoggingTrail } from "../../server/test/logging-trail.ts";
import { configOf, kill, startServer, type RunningServer } from "./clients/running-server.ts";

const Bucket = "audit-logs";

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html */
interface Digest {
  readonly digestS3Object: string;
  readonly digestStartTime: string;
  readonly digestEndTime: string;
  readonly previousDigestS3Object: string | null;
  readonly previousDigestHashValue: string | null;
  readonly logFiles: readonly { readonly s3Object: string; readonly hashValue: string }[];
}

async function delivered(server: RunningServer, kind: "CloudTrail" | "CloudTrail-Digest"): Promise<readonly string[]> {
  const { Contents = [] } = await new S3Client(configOf(server)).send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key = "" }) => Key).filter((key) => key.includes(`/${kind}/`) && key.endsWith(".gz"));
}

async function bytesOf(server: RunningServer, Key: string): Promise<Buffer> {
  const { Body } = await new S3Client(configOf(server)).send(new GetObjectCommand({ Bucket, Key }));
  return gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
}

/** Of what a file says, unpacked. */
const sumOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Moves time on until there are `count` digests, and kills the server in the midst of it. */
async function killAtDigest(server: RunningServer, count: number): Promise<void> {
  const headers = { "content-type": "application/json" };
  const order = { method: "POST", headers, body: JSON.stringify({ seconds: 12 * 3600 }) };
  const moving = fetch(`${server.endpoint}/_kumobako/clock/advance`, order).catch(() => undefined);
  const digests = async (): Promise<number> => (await delivered(server, "CloudTrail-Digest")).length;
  await expect.poll(digests, { timeout: 20_000, interval: 1 }).toBeGreaterThanOrEqual(count);
  await kill(server);
  await moving;
}

test("digests vouch for each file once and follow each other without a gap", { timeout: 60_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-digests-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  let server = await startServer({ args: [], directory });
  onTestFinished(() => server.end().then(() => undefined));
  const trail = { Name: "audit", S3BucketName: Bucket, EnableLogFileValidation: true };
  await makeLoggingTrail(configOf(server), trail);
  for (const [round, count] of [2, 5, 9].entries()) {
    for (let at = 0; at < 5; at++) {
      await new IAMClient(configOf(server)).send(new CreateUserCommand({ UserName: `user-${round}-${at}` }));
    }
    await killAtDigest(server, count);
    server = await startServer({ args: [], directory });
  }
  await server.answer("clock", "advance", "3h");

  const keys = await delivered(server, "CloudTrail-Digest");
  const found = await Promise.all(
    keys.map(async (key) => {
      const bytes = await bytesOf(server, key);
      const digest: Digest = JSON.parse(bytes.toString("utf8"));
      return { key, sum: sumOf(bytes), digest };
    }),
  );
  const chain = found.toSorted((one, other) => (one.digest.digestEndTime < other.digest.digestEndTime ? -1 : 1));
  const links = chain.map(({ digest }) => [
    digest.digestStartTime,
    digest.previousDigestS3Object,
    digest.previousDigestHashValue,
  ]);
  const before = chain.map(({ digest, key, sum }) => [digest.digestEndTime, key, sum]);
  expect(links.slice(1)).toEqual(before.slice(0, -1));
  expect(chain.map(({ digest, key }) => digest.digestS3Object === key)).not.toContain(false);

  const listed = chain.flatMap(({ digest }) => digest.logFiles);
  const files = await delivered(server, "CloudTrail");
  expect(listed.map(({ s3Object }) => s3Object).toSorted()).toEqual(files.toSorted());
  for (const { s3Object, hashValue } of listed) expect(hashValue).toBe(sumOf(await bytesOf(server, s3Object)));
});
