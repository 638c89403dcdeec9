/** The package for tests, as a user's own suite imports it. */
import { join } from "node:path";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, ListUsersCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { startCloud } from "kumobako/testing";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { runProgram } from "./clients/external-program.ts";

describe("a suite with one cloud that is emptied before each test", async () => {
  const cloud = await startCloud({ account: "111111111111" });
  const { endpoint, region, credentials } = cloud;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const sts = new STSClient({ endpoint, region, credentials });
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.stop());

  test("puts an object and gets it", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
    await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "meow" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "cat" }));
    expect(await Body?.transformToString()).toBe("meow");
  });

  test("finds nothing of the test before", async () => {
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  test("is the root user of the account asked for", async () => {
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe("arn:aws:iam::111111111111:root");
  });

  test("makes a session old", async () => {
    const { Credentials } = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    const session = new STSClient({
      endpoint,
      region,
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    });
    await session.send(new GetCallerIdentityCommand({}));
    const before = cloud.clock.now();
    await cloud.clock.advance(901);
    expect(cloud.clock.now().getTime() - before.getTime()).toBeGreaterThanOrEqual(901_000);
    await expect(session.send(new GetCallerIdentityCommand({}))).rejects.toThrow("expired");
  });

  test("stands still at a moment", async () => {
    await cloud.clock.freeze();
    const moment = cloud.clock.now();
    await s3.send(new CreateBucketCommand({ Bucket: "still" }));
    expect(cloud.clock.now()).toEqual(moment);
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.[0]?.CreationDate?.getTime()).toBe(
      Math.floor(moment.getTime() / 1000) * 1000,
    );
    await cloud.clock.resume();
  });
});

test("clouds beside each other share nothing", async () => {
  await using one = await startCloud();
  await using two = await startCloud();
  const iam = ({ endpoint, region, credentials }: typeof one) => new IAMClient({ endpoint, region, credentials });
  await iam(one).send(new CreateUserCommand({ UserName: "ann" }));
  expect((await iam(two).send(new ListUsersCommand({}))).Users).toEqual([]);
});

test("a cloud that was disposed of answers no longer", async () => {
  const { endpoint, region } = await (async () => {
    await using cloud = await startCloud();
    return cloud;
  })();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const gone = new STSClient({ endpoint, region, credentials, maxAttempts: 1 });
  await expect(gone.send(new GetCallerIdentityCommand({}))).rejects.toThrow("ECONNREFUSED");
});

test("keys that nobody issued are taken where that is asked for, and refused where not", async () => {
  const madeUp = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "whatever" };
  await using permissive = await startCloud({ auth: "permissive" });
  await using enforced = await startCloud();
  const call = ({ endpoint, region }: typeof enforced) =>
    new STSClient({ endpoint, region, credentials: madeUp }).send(new GetCallerIdentityCommand({}));
  expect((await call(permissive)).Account).toBe("000000000000");
  await expect(call(enforced)).rejects.toThrow("The security token included in the request is invalid");
});

test("what is not allowed is refused here too", async () => {
  await using cloud = await startCloud();
  const { endpoint, region } = cloud;
  const iam = new IAMClient({ endpoint, region, credentials: cloud.credentials });
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  const ann = new IAMClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  await expect(ann.send(new ListUsersCommand({}))).rejects.toThrow(
    "because no identity-based policy allows the iam:ListUsers action",
  );
});

test("it works with node:test as well", async () => {
  const suite = join(import.meta.dirname, "..", "clients", "node-suite.mjs");
  const { code, out } = await runProgram(process.execPath, {
    args: ["--test", "--test-reporter=tap", suite],
    directory: import.meta.dirname,
    env: {},
  });
  expect({ code, out }, out).toMatchObject({ code: 0, out: expect.stringContaining("# pass 2") });
});
