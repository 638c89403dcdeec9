/** Keys, names and values that look like parts of a policy, and uploads and copies that reach further than allowed. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { ACCOUNT, policyOf, refusal, s3World } from "../s3-world.ts";

const allow = (Action: string | readonly string[], Resource: string | readonly string[], more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

test.each(["*", "?", "p*", "private//x", "/public/x", "./public/x", "Public/x", "public", "public\\x"])(
  "the key %j is not within public/",
  async (Key) => {
    const world = await s3World();
    await world.put(Key, "secret");
    const ann = await world.user([allow("s3:GetObject", "arn:aws:s3:::photos/public/*")]);
    const { status } = await refusal(ann.send(new GetObjectCommand({ Bucket: "photos", Key })));
    expect(status).toBe(403);
  },
);

test("dots in a key are letters: a key within public/ stays there however it is spelt", async () => {
  const world = await s3World();
  await world.put("private/x", "secret");
  const ann = await world.user([allow("s3:GetObject", "arn:aws:s3:::photos/public/*")]);
  for (const Key of ["public/../private/x", "public/%2e%2e/private/x", "public/./../private/x"]) {
    // allowed to look, and there is nothing
    const answer = await refusal(ann.send(new GetObjectCommand({ Bucket: "photos", Key })));
    expect(answer.code, Key).toMatch(/NoSuchKey|AccessDenied/);
  }
  for (const path of [
    "/photos/public/../private/x",
    "/photos/public/%2e%2e/private/x",
    "/photos//private/x",
    "//photos/private/x",
  ]) {
    const { statusCode } = await world.anonymous("GET", path);
    expect(statusCode, path).toBeGreaterThanOrEqual(400);
  }
});

test("a wildcard in a caller's value stands for itself where a policy uses it as a variable", async () => {
  const world = await s3World();
  await world.put("ann/x", "secret");
  const saying = async (text: string, variable: string) => {
    const name = `user-${Buffer.from(text).toString("hex")}-${variable.slice(4)}`;
    const user = await world.user([allow("s3:*", `arn:aws:s3:::photos/\${${variable}}/*`)], { name });
    user.middlewareStack.add(
      (next) => (args) => {
        Object.assign(Reflect.get(args.request ?? {}, "headers"), { "user-agent": text, referer: text });
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    return user.send(new GetObjectCommand({ Bucket: "photos", Key: "ann/x" }));
  };
  for (const variable of ["aws:UserAgent", "aws:Referer"]) {
    expect((await saying("ann", variable)).ContentLength).toBe(6);
    for (const text of ["*", "?nn", "a*", "${*}", "${aws:username}"]) {
      expect(await refusal(saying(text, variable)), text).toMatchObject({ code: "AccessDenied" });
    }
  }
});

test("an explicit deny holds whatever the case of the action and however the key is encoded", async () => {
  const world = await s3World();
  await world.put("secret/é x+y", "hush");
  const ann = await world.user([
    allow("S3:gEtObJeCt", "arn:aws:s3:::*"),
    { ...allow("s3:GETobject", "arn:aws:s3:::photos/secret/*"), Effect: "Deny" },
  ]);
  expect(await refusal(ann.send(new GetObjectCommand({ Bucket: "photos", Key: "secret/é x+y" })))).toMatchObject({
    status: 403,
  });
  await world.put("open", "hello");
  expect((await ann.send(new GetObjectCommand({ Bucket: "photos", Key: "open" }))).ContentLength).toBe(5);
});

test("an upload belongs to its key and bucket", async () => {
  const world = await s3World();
  await world.s3.send(new CreateBucketCommand({ Bucket: "others" }));
  const { UploadId = "" } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket: "photos", Key: "secret" }));
  await world.s3.send(
    new UploadPartCommand({ Bucket: "photos", Key: "secret", UploadId, PartNumber: 1, Body: "hush" }),
  );
  const ann = await world.user([allow("s3:*", ["arn:aws:s3:::photos/mine", "arn:aws:s3:::others/*"])]);
  for (const place of [
    { Bucket: "photos", Key: "mine" },
    { Bucket: "others", Key: "secret" },
  ]) {
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: "e00cf25ad42683b3df678c61f42c6bda" }] };
    const noSuchUpload = { code: "NoSuchUpload" };
    expect(await refusal(ann.send(new ListPartsCommand({ ...place, UploadId })))).toMatchObject(noSuchUpload);
    expect(await refusal(ann.send(new AbortMultipartUploadCommand({ ...place, UploadId })))).toMatchObject(
      noSuchUpload,
    );
    const part = new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: "evil" });
    expect(await refusal(ann.send(part))).toMatchObject(noSuchUpload);
    const complete = new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload });
    expect(await refusal(ann.send(complete))).toMatchObject(noSuchUpload);
  }
  expect(await refusal(ann.send(new ListPartsCommand({ Bucket: "photos", Key: "secret", UploadId })))).toMatchObject({
    status: 403,
  });
});

test.each([
  "photos/secret",
  "/photos/secret",
  "photos%2Fsecret",
  "/photos/%73ecret",
  "photos/secret?versionId=null",
  "//photos/secret",
])("a copy from %j needs the right to read it", async (CopySource) => {
  const world = await s3World();
  await world.put("secret", "hush");
  const ann = await world.user([
    allow(["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"], "arn:aws:s3:::photos/mine*"),
  ]);
  const copy = new CopyObjectCommand({ Bucket: "photos", Key: "mine", CopySource });
  expect((await refusal(ann.send(copy))).status).toBeGreaterThanOrEqual(400);
  const { UploadId } = await ann.send(new CreateMultipartUploadCommand({ Bucket: "photos", Key: "mine" }));
  const part = new UploadPartCopyCommand({ Bucket: "photos", Key: "mine", UploadId, PartNumber: 1, CopySource });
  expect((await refusal(ann.send(part))).status).toBeGreaterThanOrEqual(400);
});

test("a list of deletions is a question for each key", async () => {
  const world = await s3World();
  await world.put("mine");
  await world.put("secret");
  const ann = await world.user([allow("s3:DeleteObject", "arn:aws:s3:::photos/mine")]);
  const Delete = { Objects: [{ Key: "mine" }, { Key: "secret" }, { Key: "secret", VersionId: "null" }] };
  const { Deleted, Errors } = await ann.send(new DeleteObjectsCommand({ Bucket: "photos", Delete }));
  expect(Deleted?.map(({ Key }) => Key)).toEqual(["mine"]);
  expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([
    ["secret", "AccessDenied"],
    ["secret", "AccessDenied"],
  ]);
  await world.s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "secret" }));
});

test("tags and lists of grants come with no other right than their own", async () => {
  const world = await s3World();
  const ann = await world.user([allow("s3:PutObject", "arn:aws:s3:::photos/*")]);
  for (const more of [{ Tagging: "team=red" }, { ACL: "bucket-owner-full-control" as const }, { GrantRead: "id=1" }]) {
    const put = new PutObjectCommand({ Bucket: "photos", Key: "x", Body: "x", ...more });
    expect((await refusal(ann.send(put))).status, JSON.stringify(more)).toBeGreaterThanOrEqual(400);
  }
  expect(await refusal(world.s3.send(new HeadObjectCommand({ Bucket: "photos", Key: "x" })))).toMatchObject({
    status: 404,
  });
});

test("a list is bounded to the prefix that a condition asks for", async () => {
  const world = await s3World();
  const ann = await world.user([
    allow("s3:ListBucket", "arn:aws:s3:::photos", { Condition: { StringLike: { "s3:prefix": "mine/*" } } }),
  ]);
  await ann.send(new ListObjectsV2Command({ Bucket: "photos", Prefix: "mine/" }));
  for (const Prefix of [undefined, "", "m", "mine", "Mine/", "secret/", "*"]) {
    const answer = await refusal(ann.send(new ListObjectsV2Command({ Bucket: "photos", Prefix })));
    expect(answer.status, String(Prefix)).toBe(403);
  }
});

test("what is not there is told only to those who may list", async () => {
  const world = await s3World();
  await world.put("there");
  const blind = await world.user([allow("s3:GetObject", "arn:aws:s3:::photos/public/*")], { name: "blind" });
  for (const Key of ["there", "absent"]) {
    expect(await refusal(blind.send(new GetObjectCommand({ Bucket: "photos", Key })))).toMatchObject({ status: 403 });
    expect(await refusal(blind.send(new HeadObjectCommand({ Bucket: "photos", Key })))).toMatchObject({ status: 403 });
  }
  expect(await refusal(blind.send(new GetObjectCommand({ Bucket: "photos", Key: "public/absent" })))).toMatchObject({
    status: 403,
  });
});

test("a bucket's policy alone opens it to nobody of another account, nor their own policy alone", async () => {
  const world = await s3World();
  await world.put("x", "hello");
  const read = new GetObjectCommand({ Bucket: "photos", Key: "x" });
  const account = "111111111111";
  const willing = await world.user([allow("s3:*", "*")], { account, name: "willing" });
  const bare = await world.user([], { account, name: "bare" });
  expect(await refusal(willing.send(read))).toMatchObject({ status: 403 });
  const Policy = policyOf({ ...allow("s3:GetObject", "arn:aws:s3:::photos/*"), Principal: { AWS: account } });
  await world.s3.send(new PutBucketPolicyCommand({ Bucket: "photos", Policy }));
  expect((await willing.send(read)).ContentLength).toBe(5);
  expect(await refusal(bare.send(read))).toMatchObject({ status: 403 });
  expect(await refusal(world.stranger("222222222222").send(read))).toMatchObject({ status: 403 });
  expect(await refusal(willing.send(new PutBucketPolicyCommand({ Bucket: "photos", Policy })))).toMatchObject({
    status: 403,
  });
});

test("the condition on an object's tags looks at the object's own, not at those that a call names", async () => {
  const world = await s3World();
  await world.put("x", "secret");
  const tagged = { Condition: { StringEquals: { "s3:ExistingObjectTag/open": "yes" } } };
  const ann = await world.user([allow("s3:GetObject", "arn:aws:s3:::photos/*", tagged)]);
  const read = new GetObjectCommand({ Bucket: "photos", Key: "x" });
  expect(await refusal(ann.send(read))).toMatchObject({ status: 403 });
  const Tagging = { TagSet: [{ Key: "open", Value: "yes" }] };
  const tag = new PutObjectTaggingCommand({ Bucket: "photos", Key: "x", Tagging });
  expect(await refusal(ann.send(tag))).toMatchObject({ status: 403 });
  await world.s3.send(tag);
  expect((await ann.send(read)).ContentLength).toBe(6);
});

// the official client itself loses metadata called `__proto__`
test.each(["constructor", "toString", "hasOwnProperty"])(
  "a tag, a metadata name and a condition key may be called %s",
  async (name) => {
    const world = await s3World();
    const ann = await world.user([
      allow("s3:GetObject", "arn:aws:s3:::photos/*", {
        Condition: { Null: { [`aws:PrincipalTag/${name}`]: "false" } },
      }),
      allow("s3:GetObject", "arn:aws:s3:::photos/*", {
        Condition: { Null: { [`s3:ExistingObjectTag/${name}`]: "false" } },
      }),
      allow("s3:GetObject", "arn:aws:s3:::photos/*", { Condition: { Null: { [name]: "false" } } }),
    ]);
    await world.put("plain");
    expect(await refusal(ann.send(new GetObjectCommand({ Bucket: "photos", Key: "plain" })))).toMatchObject({
      code: "AccessDenied",
    });
    const Metadata = Object.fromEntries([[name.toLowerCase(), "m"]]);
    await world.s3.send(new PutObjectCommand({ Bucket: "photos", Key: "x", Metadata, Tagging: `${name}=t` }));
    const got = await ann.send(new GetObjectCommand({ Bucket: "photos", Key: "x" }));
    expect(Object.entries(got.Metadata ?? {})).toEqual([[name.toLowerCase(), "m"]]);
    expect(got.TagCount).toBe(1);
  },
);

test("the owner's account is the one that made the bucket, whoever asks to be told otherwise", async () => {
  const world = await s3World();
  const put = new PutObjectCommand({ Bucket: "photos", Key: "x", Body: "x", ExpectedBucketOwner: "111111111111" });
  expect(await refusal(world.s3.send(put))).toMatchObject({ status: 403 });
  const own = new PutObjectCommand({ Bucket: "photos", Key: "x", Body: "x", ExpectedBucketOwner: ACCOUNT });
  expect((await world.s3.send(own)).ETag).toBeTruthy();
  const client: S3Client = world.stranger();
  expect(await refusal(client.send(new CreateBucketCommand({ Bucket: "photos" })))).toMatchObject({ status: 409 });
});
