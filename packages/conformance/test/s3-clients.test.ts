/** Programs that people reach S3 with, besides the AWS CLI and boto3: Debian's s3cmd, rclone and restic, and the SDK's own uploader. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { describe, expect, test } from "vitest";
import { runProgram, whereInstalled, type Environment } from "./clients/external-program.ts";
import { startServer, type RunningServer } from "./clients/running-server.ts";

const MIB = 1024 * 1024;
/** More than two of the least parts that S3 takes. */
const LARGE = randomBytes(12 * MIB);

/** A tree with an odd name in it, and a large file. */
function writeFiles(directory: string): void {
  mkdirSync(join(directory, "tree", "deep"), { recursive: true });
  writeFileSync(join(directory, "tree", "plain.txt"), "plain");
  writeFileSync(join(directory, "tree", "deep", "雲 & plus+.txt"), "odd");
  writeFileSync(join(directory, "large.bin"), LARGE);
}

/** Runs `program` in the server's directory; it must not fail. */
const runner =
  (program: string, { directory }: RunningServer, { args, env = {} }: { args: readonly string[]; env?: Environment }) =>
  async (...more: readonly string[]): Promise<string> => {
    const run = { args: [...args, ...more], directory, env: { HOME: directory, ...env } };
    const { code, out, err } = await runProgram(program, run);
    expect(code, `${program} ${more.join(" ")}\n${out}\n${err}`).toBe(0);
    return out;
  };

function s3cmdOf(server: RunningServer) {
  const { host } = new URL(server.endpoint);
  const place = [`--host=${host}`, `--host-bucket=${host}`, "--no-ssl", "--region=us-east-1"];
  const keys = ["--access_key=test", "--secret_key=test"];
  return runner("s3cmd", server, { args: ["--config=/dev/null", ...keys, ...place, "--no-progress"] });
}

whereInstalled("s3cmd", ["--version"], () => {
  test("puts, lists, syncs, copies, signs and deletes", { timeout: 90_000 }, async () => {
    await using server = await startServer();
    writeFiles(server.directory);
    const s3cmd = s3cmdOf(server);
    await s3cmd("mb", "s3://kept");
    await s3cmd("put", "large.bin", "s3://kept/", "--multipart-chunk-size-mb=5");
    await s3cmd("get", "s3://kept/large.bin", "back.bin");
    expect(readFileSync(join(server.directory, "back.bin")).equals(LARGE)).toBe(true);
    await s3cmd("sync", "tree/", "s3://kept/tree/");
    expect(await s3cmd("sync", "tree/", "s3://kept/tree/")).toBe("");
    expect(await s3cmd("ls", "-r", "s3://kept")).toMatch(
      /12582912 {2}s3:\/\/kept\/large\.bin\n.* 3 {2}s3:\/\/kept\/tree\/deep\/雲 & plus\+\.txt\n.* 5 {2}s3:\/\/kept\/tree\/plain\.txt\n/,
    );
    // Source: https://github.com/s3tools/s3cmd/issues/1304 (why it takes --acl-private where a bucket has no lists)
    await s3cmd("cp", "s3://kept/tree/plain.txt", "s3://kept/copy.txt", "--acl-private");
    await s3cmd("mv", "s3://kept/copy.txt", "s3://kept/moved.txt", "--acl-private");
    await s3cmd("modify", "s3://kept/moved.txt", "--add-header=x-amz-meta-mood:calm", "--acl-private");
    expect(await s3cmd("info", "s3://kept/moved.txt")).toContain("x-amz-meta-mood: calm");
    const url = (await s3cmd("signurl", "s3://kept/moved.txt", "+600")).trim();
    expect(await (await fetch(url)).text()).toBe("plain");
    await s3cmd("del", "--recursive", "--force", "s3://kept");
    await s3cmd("rb", "s3://kept");
    expect(await s3cmd("ls")).toBe("");
  });
});

function rcloneOf(server: RunningServer) {
  const env = {
    RCLONE_CONFIG: "/dev/null",
    RCLONE_CONFIG_CLOUD_TYPE: "s3",
    RCLONE_CONFIG_CLOUD_PROVIDER: "Other",
    RCLONE_CONFIG_CLOUD_ACCESS_KEY_ID: "test",
    RCLONE_CONFIG_CLOUD_SECRET_ACCESS_KEY: "test",
    RCLONE_CONFIG_CLOUD_REGION: "us-east-1",
    RCLONE_CONFIG_CLOUD_ENDPOINT: server.endpoint,
  };
  return runner("rclone", server, { args: ["--retries=1", "--low-level-retries=1"], env });
}

const CHUNKS = ["--s3-upload-cutoff=5M", "--s3-copy-cutoff=5M", "--s3-chunk-size=5M"];

whereInstalled("rclone", ["version"], () => {
  test("copies, checks, syncs, moves, streams and purges", { timeout: 90_000 }, async () => {
    await using server = await startServer();
    writeFiles(server.directory);
    const rclone = rcloneOf(server);
    await rclone("mkdir", "cloud:kept");
    await rclone("copy", "tree", "cloud:kept/tree");
    await rclone("copyto", "large.bin", "cloud:kept/large.bin", ...CHUNKS);
    // by their MD5 sums, and then byte for byte
    await rclone("check", "tree", "cloud:kept/tree");
    await rclone("check", "--download", "--one-way", "--include=large.bin", ".", "cloud:kept");
    await rclone("moveto", "cloud:kept/large.bin", "cloud:kept/moved.bin", ...CHUNKS);
    await rclone("sync", "tree/deep", "cloud:kept/tree");
    expect(await rclone("lsf", "-R", "--files-only", "cloud:kept")).toBe("moved.bin\ntree/雲 & plus+.txt\n");
    const url = (await rclone("link", "--expire=1h", "cloud:kept/tree/雲 & plus+.txt")).trim();
    expect(await (await fetch(url)).text()).toBe("odd");
    await rclone("backend", "versioning", "cloud:kept", "Enabled");
    await rclone("delete", "cloud:kept/moved.bin");
    expect(await rclone("lsf", "cloud:kept", "--s3-versions")).toMatch(/^moved-v.*\.bin\ntree\/\n$/);
    await rclone("purge", "cloud:kept/tree");
    expect(await rclone("lsf", "cloud:kept")).toBe("");
  });
});

whereInstalled("restic", ["version"], () => {
  test("keeps backups, checks and restores them", { timeout: 90_000 }, async () => {
    await using server = await startServer();
    writeFiles(server.directory);
    const env = {
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      RESTIC_PASSWORD: "kept apart",
      RESTIC_REPOSITORY: `s3:${server.endpoint}/backups`,
    };
    const restic = runner("restic", server, { args: ["--no-cache"], env });
    await restic("init");
    await restic("backup", "large.bin", "tree");
    expect(await restic("check", "--read-data")).toContain("no errors were found");
    await restic("restore", "latest", "--target", "restored", "--include", "large.bin");
    expect(readFileSync(join(server.directory, "restored", "large.bin")).equals(LARGE)).toBe(true);
    await restic("forget", "--keep-last=1", "--prune");
  });
});

async function clientOf(server: RunningServer) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3Client({ endpoint: server.endpoint, region: "us-east-1", credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
  return s3;
}

describe("@aws-sdk/lib-storage", () => {
  test("uploads a large stream in parts, and a small one whole", { timeout: 60_000 }, async () => {
    await using server = await startServer();
    const s3 = await clientOf(server);
    const params = { Bucket: "kept", Key: "large", Body: new Blob([LARGE]).stream() };
    const steps: number[] = [];
    const upload = new Upload({ client: s3, params, partSize: 5 * MIB, queueSize: 3 });
    upload.on("httpUploadProgress", ({ part }) => steps.push(part ?? 0));
    await upload.done();
    expect(steps.toSorted((one, other) => one - other)).toEqual([1, 2, 3]);
    const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: "kept", Key: "large" }));
    expect(ETag).toMatch(/-3"$/);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "kept", Key: "large" }));
    expect(LARGE.equals((await Body?.transformToByteArray()) ?? new Uint8Array())).toBe(true);
    await new Upload({ client: s3, params: { Bucket: "kept", Key: "small", Body: "small" } }).done();
    expect((await s3.send(new HeadObjectCommand({ Bucket: "kept", Key: "small" }))).ETag).not.toContain("-");
  });

  test("leaves nothing behind where it is given up", { timeout: 60_000 }, async () => {
    await using server = await startServer();
    const s3 = await clientOf(server);
    const params = { Bucket: "kept", Key: "large", Body: LARGE };
    const upload = new Upload({ client: s3, params, partSize: 5 * MIB, queueSize: 1 });
    upload.on("httpUploadProgress", () => void upload.abort());
    await expect(upload.done()).rejects.toMatchObject({ name: "AbortError" });
    expect(await s3.send(new ListMultipartUploadsCommand({ Bucket: "kept" }))).not.toHaveProperty("Uploads");
    expect(await s3.send(new ListObjectsV2Command({ Bucket: "kept" }))).toMatchObject({ KeyCount: 0 });
  });
});
