import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CopyObjectCommand,
  DeleteObjectAnnotationCommand,
  GetObjectAnnotationCommand,
  ListObjectAnnotationsCommand,
  PutBucketEncryptionCommand,
  PutObjectAnnotationCommand,
  PutObjectCommand,
  S3Client,
  UpdateObjectEncryptionCommand,
  type CopyObjectCommandInput,
} from "@aws-sdk/client-s3";
import { CreateAccessPointCommand, S3ControlClient } from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { Bucket as VAULT, DAY_S, lockedWorld, LOCKED } from "../../../../test/locked-bucket.ts";
import { ACCOUNT, refusal } from "../../../../test/s3-world.ts";
import type { TestCloud } from "../../../../test/test-cloud.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

/** What tests ask of annotations of the object `k`. */
const annotating = (s3: S3Client, Bucket: string) => ({
  annotate: (AnnotationName: string, AnnotationPayload: string | Uint8Array, more: object = {}, by = s3) =>
    by.send(new PutObjectAnnotationCommand({ Bucket, Key: "k", AnnotationName, AnnotationPayload, ...more })),
  text: async (AnnotationName: string, more: object = {}, by = s3) => {
    const read = new GetObjectAnnotationCommand({ Bucket, Key: "k", AnnotationName, ...more });
    return (await by.send(read)).AnnotationPayload?.transformToString();
  },
  names: async (more: object = {}, by = s3) => {
    const list = new ListObjectAnnotationsCommand({ Bucket, Key: "k", ...more });
    return ((await by.send(list)).Annotations ?? []).map(({ AnnotationName }) => AnnotationName).join(" ");
  },
  erase: (AnnotationName: string, more: object = {}, by = s3) =>
    by.send(new DeleteObjectAnnotationCommand({ Bucket, Key: "k", AnnotationName, ...more })),
});

/** The SDK has no member for the header. */
function bypassingBy(cloud: TestCloud): S3Client {
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  s3.middlewareStack.add(
    (next) => (args) => {
      Object.assign(Reflect.get(args.request ?? {}, "headers"), { "x-amz-bypass-governance-retention": "true" });
      return next(args);
    },
    { step: "build" },
  );
  return s3;
}

async function annotatedWorld() {
  const world = await versionedWorld();
  const { s3, bucket } = world;
  const own = annotating(s3, bucket);
  return {
    ...world,
    ...own,
    copy: (Key: string, more: Partial<CopyObjectCommandInput> = {}, by = s3) =>
      by.send(new CopyObjectCommand({ Bucket: bucket, Key, CopySource: `${bucket}/k`, ...more })),
  };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/annotations-overview.html
test("an annotation is put, read, put anew, listed and deleted, and the object stays as it is", async () => {
  const { s3, bucket: Bucket, write, read, annotate, text, names, erase, history } = await annotatedWorld();
  const ObjectVersionId = await write("k", "body");
  expect(await annotate("labels", `{"cat": 1}`)).toMatchObject({
    Key: "k",
    AnnotationName: "labels",
    ObjectVersionId,
    ServerSideEncryption: "AES256",
    ChecksumType: "FULL_OBJECT",
    ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    ChecksumCRC32: expect.any(String),
  });
  await annotate("labels", "grün", { ChecksumAlgorithm: "SHA256" });
  await annotate("more/notes", "n");
  const at = { Bucket, Key: "k" };
  const answer = await s3.send(
    new GetObjectAnnotationCommand({ ...at, AnnotationName: "labels", ChecksumMode: "ENABLED" }),
  );
  expect(answer).toMatchObject({ ContentLength: 5, ObjectVersionId, ChecksumSHA256: expect.any(String) });
  expect(await answer.AnnotationPayload?.transformToString()).toBe("grün");
  const page = await s3.send(new ListObjectAnnotationsCommand({ ...at, MaxAnnotationResults: 1 }));
  expect(page).toMatchObject({
    AnnotationCount: 1,
    Annotations: [{ AnnotationName: "labels", Size: 5, ChecksumAlgorithm: ["SHA256"] }],
  });
  expect(await names({ ContinuationToken: page.NextContinuationToken })).toBe("more/notes");
  expect(await names({ AnnotationPrefix: "more/" })).toBe("more/notes");
  await erase("labels");
  await erase("labels");
  expect(await names()).toBe("more/notes");
  expect(await refusal(text("labels"))).toMatchObject({ code: "NoSuchAnnotation", status: 404 });
  expect(await read("k")).toBe("body");
  expect(await history({ [ObjectVersionId ?? ""]: "1" })).toBe("k=1*");
});

test("each version has its own, which end with it", async () => {
  const { write, remove, annotate, text, names, setVersioning } = await annotatedWorld();
  const first = await write("k", "1");
  await annotate("a", "of the first");
  await write("k", "2");
  expect(await names()).toBe("");
  await annotate("a", "of the second");
  expect(await text("a", { VersionId: first })).toBe("of the first");
  await annotate("b", "later", { VersionId: first });
  await remove("k");
  expect(await refusal(annotate("c", "x"))).toMatchObject({ code: "MethodNotAllowed", status: 405 });
  expect(await names({ VersionId: first })).toBe("a b");
  await remove("k", first);
  expect(await refusal(names({ VersionId: first }))).toMatchObject({ code: "NoSuchVersion" });
  await setVersioning("Suspended");
  await write("k", "null");
  await annotate("a", "x");
  await write("k", "null again");
  expect(await names()).toBe("");
});

test("names and texts have bounds", async () => {
  const { s3, bucket: Bucket, write, annotate, names } = await annotatedWorld();
  await write("k");
  for (const name of ["aws-notes", "S3x"])
    expect(await refusal(annotate(name, "x"))).toMatchObject({ code: "InvalidAnnotationName", status: 400 });
  expect(await refusal(annotate("é".repeat(257), "x"))).toMatchObject({ code: "AnnotationNameTooLong", status: 400 });
  expect(await refusal(annotate("a", ""))).toMatchObject({ code: "InvalidRequest" });
  expect(await refusal(annotate("a", "x".repeat(2 ** 20 + 1)))).toMatchObject({ code: "InvalidRequest" });
  expect(await refusal(annotate("a", Uint8Array.of(0xff)))).toMatchObject({
    code: "UnsupportedMediaType",
    status: 415,
  });
  expect(await refusal(annotate("a", "x", { ObjectIfMatch: '"other"' }))).toMatchObject({ status: 412 });
  expect(await names()).toBe("");
  await annotate("é".repeat(256), "x".repeat(2 ** 20));
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const },
    BlockedEncryptionTypes: { EncryptionType: ["NONE" as const] },
  };
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
  const customer = { SSECustomerAlgorithm: "AES256", SSECustomerKey: Buffer.alloc(32, 7).toString("base64") };
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...customer }));
  expect(await refusal(annotate("a", "x"))).toMatchObject({ code: "InvalidRequest" });
});

test("an object has 1,000 at the most, and one of those may be put anew", async () => {
  const { write, annotate, erase } = await annotatedWorld();
  await write("k");
  for (let number = 0; number < 1000; number++) await annotate(`n${number}`, "x");
  await annotate("n7", "y");
  expect(await refusal(annotate("one more", "x"))).toMatchObject({ code: "AnnotationLimitExceeded", status: 400 });
  await erase("n7");
  await annotate("one more", "x");
});

test("a copy has the annotations too, unless they are excluded", async () => {
  const { cloud, write, annotate, copy, erase, text } = await annotatedWorld();
  await write("k", "body");
  await annotate("a", "text");
  const other = (Key: string) => text("a", { Key });
  await copy("same");
  await copy("without", { AnnotationDirective: "EXCLUDE" });
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  await copy("keyed", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KeyMetadata?.Arn });
  await copy("k", { MetadataDirective: "REPLACE" });
  expect(await refusal(copy("x", { AnnotationDirective: "MOVE" as "COPY" }))).toMatchObject({
    code: "InvalidArgument",
  });
  await erase("a");
  for (const key of ["same", "keyed"]) expect(await other(key)).toBe("text");
  expect(await refusal(other("without"))).toMatchObject({ code: "NoSuchAnnotation" });
  await cloud.client(KMSClient).send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  expect(await refusal(other("keyed"))).toMatchObject({ code: "KMS.DisabledException" });
});

test("an annotation goes under the object's new key", async () => {
  const { s3, bucket: Bucket, cloud, write, annotate, text } = await annotatedWorld();
  await write("k", "body");
  await annotate("a", "text");
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const SSEKMS = { KMSKeyArn: KeyMetadata?.Arn };
  await s3.send(new UpdateObjectEncryptionCommand({ Bucket, Key: "k", ObjectEncryption: { SSEKMS } }));
  await annotate("b", "more");
  expect(await text("a")).toBe("text");
  await cloud.client(KMSClient).send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
  for (const name of ["a", "b"]) expect(await refusal(text(name))).toMatchObject({ code: "KMS.DisabledException" });
});

test("each deed is asked about, a version's by another name", async () => {
  const { write, annotate, text, names, erase, copy, user, bucket } = await annotatedWorld();
  const VersionId = await write("k");
  await annotate("a", "x");
  const may = (name: string, ...Action: string[]) =>
    user([{ Effect: "Allow", Action, Resource: `arn:aws:s3:::${bucket}/*` }], { name });
  const reader = await may("reader", "s3:GetObjectAnnotation", "s3:ListObjectAnnotations");
  const versed = await may("versed", "s3:GetObjectVersionAnnotation", "s3:PutObjectVersionAnnotation");
  const DENIED = { code: "AccessDenied", status: 403 };
  expect(await text("a", {}, reader)).toBe("x");
  expect(await names({}, reader)).toBe("a");
  expect(await refusal(text("a", { VersionId }, reader))).toMatchObject(DENIED);
  expect(await text("a", { VersionId }, versed)).toBe("x");
  expect(await refusal(text("a", {}, versed))).toMatchObject(DENIED);
  expect(await refusal(names({ VersionId }, versed))).toMatchObject(DENIED);
  await annotate("b", "y", { VersionId }, versed);
  expect(await refusal(annotate("b", "y", {}, versed))).toMatchObject(DENIED);
  expect(await refusal(erase("a", {}, versed))).toMatchObject(DENIED);
  const copier = await may("copier", "s3:GetObject", "s3:PutObject", "s3:GetObjectAnnotation");
  expect(await refusal(copy("c", {}, copier))).toMatchObject(DENIED);
  await copy("c", { AnnotationDirective: "EXCLUDE" }, copier);
});

test("annotations are reached through an access point", async () => {
  const { s3, bucket, cloud, write } = await annotatedWorld();
  await write("k");
  const control = cloud.client(S3ControlClient);
  const create = new CreateAccessPointCommand({ AccountId: ACCOUNT, Name: "finance", Bucket: bucket });
  const { Alias = "" } = await control.send(create);
  const { annotate, text, names, erase } = annotating(s3, Alias);
  await annotate("a", "x");
  expect(await text("a")).toBe("x");
  expect(await names()).toBe("a");
  await erase("a");
  expect(await names()).toBe("");
});

test("what a lock protects keeps its annotations; more may come", async () => {
  const { s3, cloud, put, inDays, hold } = await lockedWorld();
  const { annotate, names, erase } = annotating(s3, VAULT);
  await put({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) });
  await annotate("a", "x");
  await annotate("b", "x");
  expect(await refusal(erase("a"))).toMatchObject(LOCKED);
  const bypassing = bypassingBy(cloud);
  await erase("a", {}, bypassing);
  await hold("ON");
  expect(await refusal(erase("b", {}, bypassing))).toMatchObject(LOCKED);
  await hold("OFF");
  await cloud.clock.advance(2 * DAY_S);
  await erase("b");
  expect(await names()).toBe("");
});
