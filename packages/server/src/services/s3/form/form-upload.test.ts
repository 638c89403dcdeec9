import { createHmac } from "node:crypto";
import {
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { policyOf, s3World } from "../../../../test/s3-world.ts";
import type { TestCredentials } from "../../../../test/test-cloud.ts";

// Source of all answers, unless told: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (TestS3PresignedPost, run against AWS, and its snapshot)
const Bucket = "photos";
const ROOT: TestCredentials = { accessKeyId: "test", secretAccessKey: "test" };

type Condition = Readonly<Record<string, string>> | readonly (string | number)[];

interface Form {
  readonly fields?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
  readonly file?: string;
  readonly fileName?: string | undefined;
  readonly expiration?: string;
  readonly as?: TestCredentials;
  readonly version?: 2 | 4;
  /** Instead of the policy that the conditions make. */
  readonly policy?: string;
}

const BOUNDARY = "----boundary";

const multipart = (fields: Readonly<Record<string, string>>, file?: string, fileName?: string): string => {
  const parts = Object.entries(fields).map(
    ([name, value]) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
  );
  if (file !== undefined) {
    const named = fileName === undefined ? "" : `; filename="${fileName}"`;
    parts.push(`Content-Disposition: form-data; name="file"${named}\r\nContent-Type: text/plain\r\n\r\n${file}`);
  }
  return `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join("")}--${BOUNDARY}--\r\n`;
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The fields that sign `policy` in version 4, and the conditions that they want. */
function signV4({ accessKeyId, sessionToken }: TestCredentials, now: Date) {
  const stamp = `${now.toISOString().slice(0, 19)}Z`.replaceAll(/[-:]/g, "");
  return {
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": `${accessKeyId}/${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`,
    "x-amz-date": stamp,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
}

function signatureOf(policy: string, { secretAccessKey }: TestCredentials, date: string): string {
  const scope = [date.slice(0, 8), "us-east-1", "s3", "aws4_request"];
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  return hmac(key, policy).toString("hex");
}

async function uploads() {
  const world = await s3World(Bucket);
  const { cloud, s3 } = world;
  const sendForm = async (body: string | Buffer, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await cloud.send({
      method: "POST",
      path: `/${Bucket}`,
      headers: { host: "localhost:4566", "content-type": `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
      body,
    });
    return { ...answer, text: Buffer.from(answer.body).toString() };
  };
  /** A form whose policy has a condition for each field, and those given. */
  const signed = (form: Form): Record<string, string> => {
    const { fields = {}, conditions = [], as = ROOT, version = 4 } = form;
    const now = cloud.clock.now();
    const signing = version === 4 ? signV4(as, now) : {};
    const named = conditions.flatMap((one) => (Array.isArray(one) ? [String(one[1]).slice(1)] : Object.keys(one)));
    const rest = Object.entries({ bucket: Bucket, ...fields, ...signing })
      .filter(([name]) => !named.some((other) => other.toLowerCase() === name.toLowerCase()))
      .map(([name, value]) => ({ [name]: value }));
    const { expiration = new Date(now.getTime() + 3_600_000).toISOString() } = form;
    const document = form.policy ?? JSON.stringify({ expiration, conditions: [...rest, ...conditions] });
    const policy = Buffer.from(document).toString("base64");
    if (version === 2) {
      const signature = createHmac("sha1", as.secretAccessKey).update(policy).digest("base64");
      return { ...fields, AWSAccessKeyId: as.accessKeyId, policy, signature };
    }
    const signature = signatureOf(policy, as, signV4(as, now)["x-amz-date"]);
    return { ...fields, ...signing, policy, "x-amz-signature": signature };
  };
  const post = (
    form: Form,
    change: (fields: Record<string, string>) => Record<string, string> = (fields) => fields,
  ) => {
    const { file = "meow", fileName = "cat.txt" } = form;
    return sendForm(
      multipart(
        change(signed({ fields: { key: "cat" }, ...form })),
        file,
        "fileName" in form ? form.fileName : fileName,
      ),
    );
  };
  const textOf = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  return { ...world, sendForm, signed, post, textOf };
}

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
  expect(refusal).toMatchObject(failed(JSON.stringify(condition).replaceAll(",", ", ")));
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
    failed('["content-length-range", "test", "10"]'),
  );
});

test("a policy ends", async () => {
  const { cloud, signed, sendForm } = await uploads();
  const form = multipart(signed({ fields: { key: "cat" } }), "meow", "cat.txt");
  await cloud.clock.advance(3590);
  expect(await sendForm(form)).toMatchObject({ statusCode: 204 });
  await cloud.clock.advance(20);
  expect(await sendForm(form)).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Message>Invalid according to Policy: Policy expired.</Message>"),
  });
});

const future = "2999-01-01T00:00:00Z";

// Source: https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (test_post_object_…: which are refused with 400)
test.each([
  ["no JSON", "{"],
  ["a wrong case of conditions", JSON.stringify({ expiration: future, CONDITIONS: [] })],
  ["a wrong case of expiration", JSON.stringify({ EXPIRATION: future, conditions: [] })],
  ["a date that is none", JSON.stringify({ expiration: "2999-01-01", conditions: [] })],
  ["no conditions", JSON.stringify({ expiration: future })],
  ["an empty condition", JSON.stringify({ expiration: future, conditions: [{}] })],
  ["two in one", JSON.stringify({ expiration: future, conditions: [{ bucket: Bucket, key: "cat" }] })],
  ["half a range", JSON.stringify({ expiration: future, conditions: [["content-length-range", 0]] })],
  ["a range below zero", JSON.stringify({ expiration: future, conditions: [["content-length-range", -1, 0]] })],
  ["an unknown operation", JSON.stringify({ expiration: future, conditions: [["ends-with", "$key", "a"]] })],
])("a policy with %s is none", async (_what, policy) => {
  const { post } = await uploads();
  expect(await post({ policy })).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining("<Code>InvalidPolicyDocument</Code><Message>Invalid Policy: "),
  });
});

test("a condition of two properties is told apart", async () => {
  const { post } = await uploads();
  expect(await post({ conditions: [{ a: "b", c: "d" }] })).toMatchObject({
    text: expect.stringContaining(
      "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
    ),
  });
});

test.each([
  [4, ["x-amz-signature"], "X-Amz-Signature"],
  [4, ["x-amz-algorithm", "x-amz-credential"], "X-Amz-Algorithm"],
  [4, ["policy"], "Policy"],
  [2, ["signature"], "Signature"],
  [2, ["AWSAccessKeyId"], "AWSAccessKeyId"],
] as const)("a form of version %i without %j lacks %s", async (version, gone, name) => {
  const { post } = await uploads();
  const without = (fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => !gone.some((one) => one === field)));
  expect(await post({ version }, without)).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining(
      `<Code>InvalidArgument</Code><Message>Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.</Message><ArgumentName>${name}</ArgumentName>`,
    ),
  });
});

const refused = (statusCode: number, text: string) => ({ statusCode, text: expect.stringContaining(text) });

test("a form without a key, without a file, or that is no form is refused", async () => {
  const { sendForm } = await uploads();
  expect(await sendForm(multipart({}, "meow", "cat"))).toMatchObject(refused(400, "<ArgumentName>key</ArgumentName>"));
  expect(await sendForm(multipart({ key: "cat" }))).toMatchObject(
    refused(400, "<Message>POST requires exactly one file upload per request.</Message>"),
  );
  expect(await sendForm("meow")).toMatchObject(refused(400, "<Code>MalformedPOSTRequest</Code>"));
  expect(await sendForm("meow", { "content-type": "text/html" })).toMatchObject(
    refused(
      412,
      "<Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message><Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>",
    ),
  );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html (20 KB before the file)
  expect(await sendForm(multipart({ key: "cat", "x-amz-meta-a": "b".repeat(21_000) }, "meow"))).toMatchObject(
    refused(400, "<Code>MaxPostPreDataLengthExceeded</Code>"),
  );
});

test("tags that are no XML are refused", async () => {
  const { post } = await uploads();
  expect(await post({ fields: { key: "cat", tagging: "not-xml" } })).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining("<Code>MalformedXML</Code>"),
  });
});
