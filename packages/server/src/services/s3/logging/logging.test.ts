import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteObjectsCommand,
  GetBucketLoggingCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  type LoggingEnabled,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { pathStyle, policyOf, refusal, s3World } from "../../../../test/s3-world.ts";
import { canonicalIdOf } from "../acl/owner.ts";
import { parseAccountId } from "../../../kernel/arn.ts";

const Bucket = "photos";
const LOGS = "logs";
const OWNER = canonicalIdOf(parseAccountId("000000000000") ?? never());

/** The types do not have it. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
const LOG_DELIVERY: object = { ACL: "log-delivery-write" };

function never(): never {
  throw new Error("twelve digits are an account");
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-bucket-policy
const letDeliver = {
  Effect: "Allow",
  Principal: { Service: "logging.s3.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: "arn:aws:s3:::logs/*",
  Condition: {
    ArnLike: { "aws:SourceArn": "arn:aws:s3:::photos" },
    StringEquals: { "aws:SourceAccount": "000000000000" },
  },
};

async function logged(more: Partial<LoggingEnabled> = {}) {
  const world = await s3World(Bucket);
  const { s3, cloud } = world;
  await s3.send(new CreateBucketCommand({ Bucket: LOGS }));
  const enable = (LoggingEnabled?: Partial<LoggingEnabled>) =>
    s3.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: LoggingEnabled
          ? { LoggingEnabled: { TargetBucket: LOGS, TargetPrefix: "log/", ...LoggingEnabled } }
          : {},
      }),
    );
  const letIn = () => s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: policyOf(letDeliver) }));
  await enable(more);
  const delivered = async () => {
    await cloud.clock.advance(3600);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: LOGS }));
    const objects = Contents.map(async ({ Key = "" }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: LOGS, Key }));
      return { key: Key, lines: ((await Body?.transformToString()) ?? "").trimEnd().split("\n") };
    });
    return Promise.all(objects);
  };
  const lines = async () => (await delivered()).flatMap((object) => object.lines);
  return { ...world, enable, letIn, delivered, lines };
}

/** As https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html names the fields. */
const FIELDS = [
  "owner",
  "bucket",
  "time",
  "ip",
  "requester",
  "requestId",
  "operation",
  "key",
  "uri",
  "status",
  "error",
  "bytesSent",
  "objectSize",
  "totalTime",
  "turnAroundTime",
  "referer",
  "userAgent",
  "versionId",
  "hostId",
  "signatureVersion",
  "cipherSuite",
  "authenticationType",
  "host",
  "tlsVersion",
  "accessPoint",
  "aclRequired",
  "sourceRegion",
];

const parse = (line: string): Record<string, string> =>
  Object.fromEntries(
    (line.match(/\[[^\]]*\]|"[^"]*"|\S+/g) ?? []).map((value, index) => [FIELDS[index] ?? `${index}`, value]),
  );

test("a request is a line of all fields, written where the bucket lets it", async () => {
  const { s3, put, letIn, lines } = await logged();
  await letIn();
  await put("a cat", "meow");
  await s3.send(new GetObjectCommand({ Bucket, Key: "a cat", Range: "bytes=1-2" }));
  const [putting, getting, ...others] = (await lines()).map(parse);
  expect(others).toEqual([]);
  expect(putting).toMatchObject({ operation: "REST.PUT.OBJECT", key: "a%20cat", objectSize: "4", bytesSent: "-" });
  expect(getting).toEqual({
    owner: OWNER,
    bucket: Bucket,
    time: expect.stringMatching(/^\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\]$/),
    ip: "127.0.0.1",
    requester: OWNER,
    requestId: expect.stringMatching(/^[0-9A-F]{16}$/),
    operation: "REST.GET.OBJECT",
    key: "a%20cat",
    uri: '"GET /photos/a%20cat?x-id=GetObject HTTP/1.1"',
    status: "206",
    error: "-",
    bytesSent: "2",
    objectSize: "4",
    totalTime: expect.stringMatching(/^\d+$/),
    turnAroundTime: expect.stringMatching(/^\d+$/),
    referer: '"-"',
    userAgent: expect.stringContaining("aws-sdk-js"),
    versionId: "-",
    hostId: expect.stringMatching(/^[A-Za-z0-9+/=]{20,}$/),
    signatureVersion: "SigV4",
    cipherSuite: "-",
    authenticationType: "AuthHeader",
    host: "localhost:4566",
    tlsVersion: "-",
    accessPoint: "-",
    aclRequired: "-",
    sourceRegion: "-",
  });
});

test("what is refused is logged with its error, and nobody's name where nobody signed", async () => {
  const { anonymous, letIn, lines } = await logged();
  await letIn();
  await anonymous("GET", "/photos/cat", { versionId: "null" });
  expect((await lines()).map(parse)).toEqual([
    expect.objectContaining({
      operation: "REST.GET.OBJECT",
      requester: "-",
      status: "403",
      error: "AccessDenied",
      versionId: "null",
      signatureVersion: "-",
      authenticationType: "-",
    }),
  ]);
});

test("a request that was signed falsely is logged, and nobody's name with it", async () => {
  const { cloud, letIn, lines } = await logged();
  await letIn();
  const forger = pathStyle(cloud, { accessKeyId: "test", secretAccessKey: "guessed" });
  expect(await refusal(forger.send(new GetObjectCommand({ Bucket, Key: "cat" })))).toMatchObject({ status: 403 });
  expect((await lines()).map(parse)).toEqual([
    expect.objectContaining({
      operation: "REST.GET.OBJECT",
      key: "cat",
      requester: "-",
      status: "403",
      error: "SignatureDoesNotMatch",
    }),
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (Operation)
test("requests are called what they are", async () => {
  const { s3, put, letIn, lines } = await logged();
  await letIn();
  await put("cat", "meow");
  await s3.send(new ListObjectsV2Command({ Bucket }));
  await s3.send(new GetBucketLoggingCommand({ Bucket }));
  await refusal(s3.send(new GetObjectLockConfigurationCommand({ Bucket })));
  await refusal(s3.send(new RestoreObjectCommand({ Bucket, Key: "cat", RestoreRequest: { Days: 1 } })));
  await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: "photos/cat" }));
  // those of one moment are in no order
  const operations = (await lines()).map((line) => parse(line)["operation"]);
  expect(new Set(operations)).toEqual(
    new Set([
      "REST.COPY.OBJECT",
      "REST.COPY.OBJECT_GET",
      "REST.GET.BUCKET",
      "REST.GET.LOGGING_STATUS",
      "REST.GET.OBJECT_LOCK_CONFIGURATION",
      "REST.POST.RESTORE",
      "REST.PUT.OBJECT",
    ]),
  );
});

test("of several objects that one request removes, each has an entry", async () => {
  const { s3, letIn, lines } = await logged();
  await letIn();
  const Objects = [{ Key: "cat" }, { Key: "dog" }];
  await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
  const entries = (await lines()).map(parse);
  const removal = { operation: "BATCH.DELETE.OBJECT", uri: "-", status: "204", error: "-", bytesSent: "-" };
  expect(entries).toContainEqual(expect.objectContaining({ operation: "REST.POST.MULTI_OBJECT_DELETE", key: "-" }));
  for (const key of ["cat", "dog"]) expect(entries).toContainEqual(expect.objectContaining({ ...removal, key }));
  expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(1);
});

test("a visit of a website is one of the website", async () => {
  const { s3, cloud, letIn, lines } = await logged();
  await letIn();
  await s3.send(
    new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: "index.html" } } }),
  );
  const host = "photos.s3-website-us-east-1.amazonaws.com";
  await cloud.send({ method: "GET", path: "/a", headers: { host, referer: "https://example.com/" } });
  const visit = (await lines()).map(parse).find(({ operation }) => operation?.startsWith("WEBSITE"));
  expect(visit).toMatchObject({
    operation: "WEBSITE.GET.OBJECT",
    key: "a",
    uri: '"GET /a HTTP/1.1"',
    status: "403",
    error: "AccessDenied",
    referer: '"https://example.com/"',
    host,
  });
});

// Source: https://github.com/digitalcorpora/digitalcorpora-stats/blob/main/python/dclogtool.py (REST.OPTIONS.PREFLIGHT, seen in logs)
test("what browsers ask in advance is logged, refusals included", async () => {
  const { s3, cloud, letIn, lines } = await logged();
  await letIn();
  const ask = (path: string) => {
    const headers = { host: "localhost:4566", origin: "https://example.com", "access-control-request-method": "GET" };
    return cloud.send({ method: "OPTIONS", path, headers });
  };
  await ask("/photos");
  const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }];
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  await ask("/photos/a%20cat");
  const asked = (await lines()).map(parse).filter(({ operation }) => operation === "REST.OPTIONS.PREFLIGHT");
  const both = { requester: "-", turnAroundTime: "-", signatureVersion: "-", authenticationType: "-", objectSize: "-" };
  expect(asked).toHaveLength(2);
  expect(asked).toContainEqual(
    expect.objectContaining({ ...both, key: "-", uri: '"OPTIONS /photos HTTP/1.1"', status: "403" }),
  );
  expect(asked).toContainEqual(expect.objectContaining({ error: "AccessForbidden" }));
  expect(asked).toContainEqual(
    expect.objectContaining({ ...both, key: "a%20cat", status: "200", error: "-", bytesSent: "-" }),
  );
});

// Source: https://github.com/digitalcorpora/digitalcorpora-stats/blob/main/python/dclogtool.py (WEBSITE.INVALIDOPERATION, seen in logs)
test("what a website does not answer is logged as that", async () => {
  const { s3, cloud, letIn, lines } = await logged();
  await letIn();
  const IndexDocument = { Suffix: "index.html" };
  await s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument } }));
  const headers = { host: "photos.s3-website-us-east-1.amazonaws.com" };
  await cloud.send({ method: "POST", path: "/a", headers });
  const asked = { ...headers, origin: "https://example.com", "access-control-request-method": "GET" };
  await cloud.send({ method: "OPTIONS", path: "/a", headers: asked });
  const unreadable = await cloud.send({ method: "GET", path: "/%ZZ", headers });
  expect(unreadable).toMatchObject({ statusCode: 400, headers: { "x-amz-error-code": "InvalidURI" } });
  const entries = (await lines()).map(parse);
  const operations = entries.map(({ operation }) => operation);
  expect(operations).toEqual(expect.arrayContaining(["WEBSITE.INVALIDOPERATION", "REST.OPTIONS.PREFLIGHT"]));
  expect(entries).toContainEqual(expect.objectContaining({ key: "-", status: "400", error: "InvalidURI" }));
});

test("requests at the same time are all logged", async () => {
  const { put, letIn, lines } = await logged();
  await letIn();
  const keys = Array.from({ length: 30 }, (_, index) => `k${String(index).padStart(2, "0")}`);
  await Promise.all(keys.map((key) => put(key)));
  expect(new Set((await lines()).map((line) => parse(line)["key"]))).toEqual(new Set(keys));
});

test("a log that the bucket does not take is lost", async () => {
  const { put, letIn, lines } = await logged();
  await put("cat");
  expect(await lines()).toEqual([]);
  await letIn();
  expect(await lines()).toEqual([]);
  await put("cat");
  expect(await lines()).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-acl
test("the list of a bucket may let the log in", async () => {
  const { s3, put, lines } = await logged();
  const Rules = [{ ObjectOwnership: "BucketOwnerPreferred" as const }];
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket: LOGS, OwnershipControls: { Rules } }));
  await s3.send(new PutBucketAclCommand({ Bucket: LOGS, ...LOG_DELIVERY }));
  await put("cat");
  expect(await lines()).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format
test.each([
  [{ SimplePrefix: {} }, /^log\/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/],
  [
    { PartitionedPrefix: { PartitionDateSource: "DeliveryTime" as const } },
    /^log\/000000000000\/us-east-1\/photos\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}$/,
  ],
  [
    { PartitionedPrefix: { PartitionDateSource: "EventTime" as const } },
    /^log\/000000000000\/us-east-1\/photos\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\d-00-00-00-[0-9A-F]{16}$/,
  ],
])("the log's key for the format %j", async (TargetObjectKeyFormat, key) => {
  const { put, letIn, delivered } = await logged({ TargetObjectKeyFormat });
  await letIn();
  await put("cat");
  expect(await delivered()).toEqual([expect.objectContaining({ key: expect.stringMatching(key) })]);
});

// Source of the rest: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (TestS3BucketLogging, run against AWS)
test("the setting is read back as it was put, and gone when it is taken away", async () => {
  const { s3, enable } = await logged();
  const get = async () => (await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled;
  expect(await get()).toEqual({ TargetBucket: LOGS, TargetPrefix: "log/" });
  await enable();
  expect(await get()).toBeUndefined();
});

test("grants are kept where lists count, and refused where they do not", async () => {
  const { s3, enable } = await logged();
  const Grantee = { Type: "Group" as const, URI: "http://acs.amazonaws.com/groups/s3/LogDelivery" };
  const TargetGrants = [{ Grantee, Permission: "WRITE" as const }];
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html (no grants where the bucket's owner owns all)
  expect(await refusal(enable({ TargetGrants }))).toMatchObject({ status: 400 });
  await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket: LOGS }));
  await enable({ TargetGrants });
  expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled?.TargetGrants).toEqual(TargetGrants);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_TargetObjectKeyFormat.html (either format)
test("a log's keys have one format", async () => {
  const { enable } = await logged();
  const PartitionedPrefix = { PartitionDateSource: "EventTime" as const };
  expect(await refusal(enable({ TargetObjectKeyFormat: { SimplePrefix: {}, PartitionedPrefix } }))).toMatchObject({
    code: "MalformedXML",
    status: 400,
  });
});

test("logs go to a bucket that there is", async () => {
  const { enable } = await logged();
  expect(await refusal(enable({ TargetBucket: "nowhere" }))).toMatchObject({
    code: "InvalidTargetBucketForLogging",
    status: 400,
    message: "The target bucket for logging does not exist",
    error: { TargetBucket: "nowhere" },
  });
});

test("logs go to a bucket of the same region and of the same account", async () => {
  const { s3, stranger, enable } = await logged();
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" as const };
  await s3.send(new CreateBucketCommand({ Bucket: "far-away", CreateBucketConfiguration }));
  expect(await refusal(enable({ TargetBucket: "far-away" }))).toMatchObject({
    code: "CrossLocationLoggingProhibitted",
    status: 403,
    message: "Cross S3 location logging not allowed. ",
    error: { TargetBucketLocation: "eu-west-1" },
  });
  await stranger().send(new CreateBucketCommand({ Bucket: "not-mine" }));
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_logging.py
  expect(await refusal(enable({ TargetBucket: "not-mine" }))).toMatchObject({
    code: "InvalidTargetBucketForLogging",
    message: "The owner for the bucket to be logged and the target bucket must be the same.",
  });
});

test("what is done without a log leaves none behind", async () => {
  const { s3, put, enable, letIn, lines } = await logged();
  await letIn();
  await enable();
  await put("cat");
  await s3.send(new PutObjectCommand({ Bucket, Key: "dog" }));
  // that it was taken away is the last that is logged
  expect((await lines()).map((line) => parse(line)["operation"])).toEqual(["REST.PUT.LOGGING_STATUS"]);
});
