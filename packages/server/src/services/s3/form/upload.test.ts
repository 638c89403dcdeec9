import {
  DeletePublicAccessBlockCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { multipart, uploads } from "../../../../test/browser-forms.ts";
import { receivers } from "../../../../test/receivers.ts";
import { ACCOUNT, policyOf } from "../../../../test/s3-world.ts";

// Source of all answers, unless told: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (TestS3PresignedPost, run against AWS, and its snapshot)
const Bucket = "photos";
test.each([2, 4] as const)("a form signed in version %i puts an object", async (version) => {
  const { post, textOf } = await uploads();
  expect(await post({ version })).toMatchObject({
    statusCode: 204,
    text: "",
    headers: {
      etag: '"4a4be40c96ac6314e91d93f38043a634"',
      location: "http://localhost:4566/photos/cat",
      "x-amz-checksum-crc64nvme": expect.any(String),
      "x-amz-checksum-type": "FULL_OBJECT",
    },
  });
  expect(await textOf("cat")).toBe("meow");
});

test("a large file comes whole", async () => {
  const { post, textOf } = await uploads();
  const file = "0123456789".repeat(300_000);
  expect(await post({ file })).toMatchObject({ statusCode: 204 });
  expect((await textOf("cat")) === file).toBe(true);
});

test("who may not put objects may not sign forms for them; who signs falsely is found out", async () => {
  const { cloud, post } = await uploads();
  const ann = await makeUser(cloud, "ann", { allow: ["s3:GetObject"] });
  const bob = await makeUser(cloud, "bob", { allow: ["s3:PutObject"] });
  expect(await post({ as: ann })).toMatchObject({ statusCode: 403, text: expect.stringContaining("s3:PutObject") });
  expect(await post({ as: bob })).toMatchObject({ statusCode: 204 });
  const forged = await post({ as: { ...bob, secretAccessKey: "guessed" } });
  expect(forged).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Code>SignatureDoesNotMatch</Code>"),
  });
  expect(forged.text).toMatch(/<StringToSign>[A-Za-z0-9+/=]+<\/StringToSign>/);
  expect(await post({ as: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "x" } })).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Code>InvalidAccessKeyId</Code>"),
  });
});

test("anybody may upload where the bucket lets anybody in, and nobody where it does not", async () => {
  const { s3, sendForm, textOf } = await uploads();
  const form = multipart({ key: "cat" }, "meow", "cat.txt");
  expect(await sendForm(form)).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Code>AccessDenied</Code>"),
  });
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const open = { Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::photos/*" };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(open) }));
  expect(await sendForm(form)).toMatchObject({ statusCode: 204 });
  expect(await textOf("cat")).toBe("meow");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html (s3:ObjectCreated:Post)
test("that a form put an object is told as such", async () => {
  const { cloud, records } = await receivers();
  const { s3, post } = await uploads(cloud);
  const queue = { QueueArn: `arn:aws:sqs:us-east-1:${ACCOUNT}:uploads`, Events: ["s3:ObjectCreated:Post" as const] };
  const NotificationConfiguration = { QueueConfigurations: [queue] };
  const SkipDestinationValidation = true;
  await s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration, SkipDestinationValidation }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: "dog" }));
  await post({});
  await cloud.clock.advance(1);
  expect(await records()).toMatchObject([{ eventName: "ObjectCreated:Post", s3: { object: { key: "cat" } } }]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html (s3:authType)
test("a policy may ask whether it was a form", async () => {
  const { s3, post } = await uploads();
  const Condition = { StringEquals: { "s3:authType": "POST" } };
  const closed = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::photos/*",
    Condition,
  };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policyOf(closed) }));
  expect(await post({})).toMatchObject({ statusCode: 403 });
});

test.each([
  ["cat.txt", "photos/cat.txt"],
  ["C:\\\\Pictures\\\\cat.txt", "photos/cat.txt"],
  [undefined, "photos/${filename}"],
])("the file's name %s makes the key %s", async (fileName, key) => {
  const { post, textOf } = await uploads();
  const form = { fields: { key: "photos/${filename}" }, conditions: [["starts-with", "$key", "photos/"]], fileName };
  expect(await post(form)).toMatchObject({ statusCode: 204 });
  expect(await textOf(key)).toBe("meow");
});

test("fields are the object's headers, metadata and tags", async () => {
  const { s3, post } = await uploads();
  const fields = {
    key: "cat",
    "Content-Type": "text/plain",
    "Cache-Control": "max-age=60",
    "x-amz-meta-A": "b",
    "x-ignore-this": "please",
    tagging: "<Tagging><TagSet><Tag><Key>TagName</Key><Value>a = b</Value></Tag></TagSet></Tagging>",
    "x-amz-website-redirect-location": "/dog",
  };
  expect(await post({ fields })).toMatchObject({ statusCode: 204 });
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "cat" }))).toMatchObject({
    ContentType: "text/plain",
    CacheControl: "max-age=60",
    Metadata: { a: "b" },
    WebsiteRedirectLocation: "/dog",
  });
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "cat" }));
  expect(TagSet).toEqual([{ Key: "TagName", Value: "a = b" }]);
});

test("metadata may be of any letters, and what looks like an encoded word is none", async () => {
  const { s3, post } = await uploads();
  const fields = {
    key: "cat",
    "x-amz-meta-nonascii": "ÄMÄZÕÑ S3",
    "x-amz-meta-control": "\u0000\u0001",
    "x-amz-meta-word": "=?UTF-8?B?YWJj?=",
    "x-amz-meta-blanks": " !\t",
  };
  expect(await post({ fields })).toMatchObject({ statusCode: 204 });
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "cat" }))).Metadata).toEqual({
    nonascii: "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=",
    control: "=?UTF-8?B?AAE=?=",
    word: "=?UTF-8?B?YWJj?=",
    blanks: " !\t",
  });
});

test("the type of the file's part is not the object's", async () => {
  const { s3, post } = await uploads();
  await post({});
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "cat" }))).toMatchObject({
    ContentType: "binary/octet-stream",
  });
});

test("the form says how it is answered", async () => {
  const { post } = await uploads();
  const answered = (more: Record<string, string>) => post({ fields: { key: "a cat", ...more } });
  expect(await answered({ success_action_status: "200" })).toMatchObject({ statusCode: 200, text: "" });
  expect(await answered({ success_action_status: "404" })).toMatchObject({ statusCode: 204, text: "" });
  expect(await answered({ success_action_status: "201" })).toMatchObject({
    statusCode: 201,
    headers: { "content-type": "application/xml", location: "http://localhost:4566/photos/a%20cat" },
    text: '<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>http://localhost:4566/photos/a%20cat</Location><Bucket>photos</Bucket><Key>a cat</Key><ETag>&quot;4a4be40c96ac6314e91d93f38043a634&quot;</ETag></PostResponse>',
  });
  expect(await answered({ success_action_redirect: "http://localhost.test/done?a=b" })).toMatchObject({
    statusCode: 303,
    text: "",
    headers: {
      location: "http://localhost.test/done?a=b&bucket=photos&key=a%20cat&etag=%224a4be40c96ac6314e91d93f38043a634%22",
    },
  });
  expect(await answered({ success_action_redirect: "/wrong/redirect" })).toMatchObject({ statusCode: 204 });
});

const failed = (condition: string) => ({
  statusCode: 403,
  text: expect.stringContaining(
    `<Code>AccessDenied</Code><Message>Invalid according to Policy: Policy Condition failed: ${condition.replaceAll('"', "&quot;")}</Message>`,
  ),
});

const redirectTo = { key: "cat", success_action_redirect: "http://localhost.test/random" };

test.each([
  ["eq", "$success_action_redirect", "http://localhost.test/random"],
  ["eq", "$success_Action_REDIRECT", "http://localhost.test/random"],
  ["starts-with", "$success_action_redirect", "http://localhost"],
  ["StArTs-WiTh", "$success_action_redirect", ""],
])("the condition %j holds", async (...condition) => {
  const { post } = await uploads();
  expect(await post({ fields: redirectTo, conditions: [condition] })).toMatchObject({ statusCode: 303 });
});

test.each([
  ["eq", "success_action_redirect", "http://localhost.test/random"],
  ["eq", "$success_action_redirect", "HTTP://localhost.test/random"],
  ["starts-with", "$success_action_redirect", "http://localHOST"],
])('the condition ["%s", "%s", "%s"] does not hold', async (...condition) => {
  const { post } = await uploads();
  const refusal = await post({ fields: redirectTo, conditions: [condition] });
  // as it is written in the policy
  expect(refusal).toMatchObject(failed(JSON.stringify(condition)));
});

test("a field that no condition names is refused, as is one that is not what it was signed to be", async () => {
  const { post } = await uploads();
  expect(await post({}, (fields) => ({ ...fields, "x-amz-meta-a": "b" }))).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("Invalid according to Policy: Extra input fields: x-amz-meta-a"),
  });
  expect(await post({}, (fields) => ({ ...fields, key: "dog" }))).toMatchObject(failed('["eq", "$key", "cat"]'));
});

test("the file is held to the size that was signed", async () => {
  const { post } = await uploads();
  const sized = (file: string) => post({ file, conditions: [["content-length-range", 5, 10]] });
  expect(await sized("aaaaaaaaaaaa")).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining(
      "<Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size</Message><ProposedSize>12</ProposedSize><MaxSizeAllowed>10</MaxSizeAllowed>",
    ),
  });
  expect(await sized("a")).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining(
      "<Code>EntityTooSmall</Code><Message>Your proposed upload is smaller than the minimum allowed size</Message><ProposedSize>1</ProposedSize><MinSizeAllowed>5</MinSizeAllowed>",
    ),
  });
  expect(await sized("aaaaaaaaaa")).toMatchObject({ statusCode: 204 });
  expect(await post({ conditions: [["content-length-range", "test", "10"]] })).toMatchObject(
    failed('["content-length-range","test","10"]'),
  );
});
