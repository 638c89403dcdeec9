import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { trust } from "./clients/policy-text.ts";
import { kumobakoIn, startServer, type RunningServer } from "./clients/running-server.ts";

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(MIB / 4, "x");
const ROOT = { accessKeyId: "test", secretAccessKey: "test" };

const configOf = ({ endpoint }: RunningServer, credentials = ROOT) => ({
  endpoint,
  region: "us-east-1",
  credentials,
  maxAttempts: 1,
  forcePathStyle: true,
});

interface Given {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
}

const credentialsOf = ({ AccessKeyId, SecretAccessKey, SessionToken }: Given) => ({
  accessKeyId: AccessKeyId ?? "",
  secretAccessKey: SecretAccessKey ?? "",
  ...(SessionToken !== undefined && { sessionToken: SessionToken }),
});

/** A directory that is there as long as it is used. */
function newDirectory(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "kumobako-life-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** What a person leaves in a cloud: a user with a key, a session of a role, an object; and time that has passed. */
async function live(server: RunningServer) {
  const iam = new IAMClient(configOf(server));
  const s3 = new S3Client(configOf(server));
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const key = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const ann = credentialsOf(key.AccessKey ?? {});
  const AssumeRolePolicyDocument = trust(`arn:aws:iam::${server.account}:user/ann`);
  await iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument, MaxSessionDuration: 43_200 }));
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "r", PolicyArn }));
  await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
  await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "large", Body: Buffer.alloc(MIB, "kumobako") }));
  const RoleArn = `arn:aws:iam::${server.account}:role/r`;
  const assumed = await new STSClient(configOf(server, ann)).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "kept", DurationSeconds: 43_200 }),
  );
  await server.answer("clock", "advance", "5h");
  return { ann, session: credentialsOf(assumed.Credentials ?? {}) };
}

async function arnOf(server: RunningServer, credentials: typeof ROOT): Promise<string | undefined> {
  return (await new STSClient(configOf(server, credentials)).send(new GetCallerIdentityCommand({}))).Arn;
}

test.concurrent.each([
  ["is stopped", "SIGTERM"],
  ["is killed", "SIGKILL"],
] as const)("what was there when a server %s is there when it is started again", async (_how, signal) => {
  using kept = newDirectory();
  const directory = kept.path;
  const first = await startServer({ args: [], directory });
  const { ann, session } = await live(first);
  const ended = once(first.child, "exit");
  first.child.kill(signal);
  await ended;

  await using second = await startServer({ args: [], directory });
  expect(await arnOf(second, ann)).toBe("arn:aws:iam::000000000000:user/ann");
  expect(await arnOf(second, session)).toBe("arn:aws:sts::000000000000:assumed-role/r/kept");
  const { Body } = await new S3Client(configOf(second, session)).send(
    new GetObjectCommand({ Bucket: "kept", Key: "large" }),
  );
  expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.alloc(MIB, "kumobako"))).toBe(true);
  const clock: { offsetSeconds: number } = JSON.parse(await second.answer("clock", "--json"));
  expect(clock.offsetSeconds).toBeCloseTo(5 * 3600, -1);
  await second.answer("clock", "advance", "8h");
  await expect(arnOf(second, session)).rejects.toThrow("The security token included in the request is expired");
});

test.concurrent("a server that is asked to stop lets an upload end, and takes no new calls", async () => {
  using kept = newDirectory();
  const directory = kept.path;
  const server = await startServer({ args: [], directory });
  const s3 = new S3Client(configOf(server));
  await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
  const rest = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  // Streams and sockets take several MiB ahead: after 16 MiB the server has seen some of it for sure.
  async function* body() {
    for (let at = 0; at < 32 * MIB; at += PIECE.length) {
      if (at === 16 * MIB) {
        begun.resolve();
        await rest.promise;
      }
      yield PIECE;
    }
  }
  const put = new PutObjectCommand({ Bucket: "kept", Key: "k", Body: Readable.from(body()), ContentLength: 32 * MIB });
  const upload = s3.send(put);
  upload.catch(begun.reject);
  await begun.promise;
  const ended = once(server.child, "exit");
  server.child.kill("SIGTERM");
  await refusesConnections(server);
  rest.resolve();
  expect((await upload).$metadata.httpStatusCode).toBe(200);
  s3.destroy();
  expect(await ended).toEqual([0, null]);

  await using again = await startServer({ args: [], directory });
  const got = await new S3Client(configOf(again)).send(new GetObjectCommand({ Bucket: "kept", Key: "k" }));
  expect((await got.Body?.transformToByteArray())?.length).toBe(32 * MIB);
});

/** Waits until nobody listens any more: a connection is refused. */
async function refusesConnections({ endpoint }: RunningServer): Promise<void> {
  for (;;) {
    const answered = await fetch(`${endpoint}/_kumobako/health`, { headers: { connection: "close" } }).then(
      (answer) => answer.text(),
      () => undefined,
    );
    if (answered === undefined) return;
  }
}

test.concurrent("a detached server is found, read, moved in time, emptied and stopped from its directory", async () => {
  using kept = newDirectory();
  const directory = kept.path;
  const run = (line: string) => kumobakoIn(directory, line.split(" "));
  expect(await run("start --detach --memory --port 0")).toMatchObject({ code: 0, err: "" });
  const env = await run("env --shell posix");
  const endpoint = /AWS_ENDPOINT_URL='(.*)'/.exec(env.out)?.[1] ?? "";
  expect(await run("status")).toMatchObject({ code: 0, out: expect.stringContaining(`running at ${endpoint}`) });
  expect(await run("start --detach --memory --port 0")).toMatchObject({ code: 4 });
  expect(await run(`start --memory --port ${new URL(endpoint).port}`)).toMatchObject({
    code: 4,
    err: expect.stringContaining("remedy: kumobako stop"),
  });
  expect(await run("clock advance 12h")).toMatchObject({ out: expect.stringContaining("12h ahead of real time") });
  expect(await run("reset --yes")).toMatchObject({ code: 0, out: `${endpoint} is empty again\n` });
  expect((await run("logs")).out).toContain("Kumobako is running at");
  expect(await run("stop")).toMatchObject({ code: 0, out: expect.stringContaining("stopped") });
  expect(await run(`status --endpoint ${endpoint}`)).toMatchObject({ code: 3 });
});
