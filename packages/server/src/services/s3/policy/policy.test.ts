import {
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
} from "@aws-sdk/client-iam";
import {
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyOf, refusal, s3World, type S3World } from "../../../../test/s3-world.ts";

const allow = (
  Principal: unknown,
  Action: unknown,
  Resource: unknown = "arn:aws:s3:::photos/*",
  more: object = {},
) => ({
  Effect: "Allow",
  Principal,
  Action,
  Resource,
  ...more,
});
const deny = (Principal: unknown, Action: unknown, Resource: unknown = "arn:aws:s3:::photos/*", more: object = {}) => ({
  ...allow(Principal, Action, Resource, more),
  Effect: "Deny",
});
const mayDo = (Action: unknown, Resource: unknown = "*", more: object = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});

const when = (Condition: object) => ({ Condition });

const setPolicy = ({ s3, bucket }: S3World, ...statements: readonly object[]) =>
  s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf(...statements) }));

/** Lets a public policy be put and count. */
const open = ({ s3, bucket }: S3World) => s3.send(new DeletePublicAccessBlockCommand({ Bucket: bucket }));

const get = ({ bucket }: S3World, Key = "k") => new GetObjectCommand({ Bucket: bucket, Key });

async function withObject() {
  const world = await s3World();
  await world.put("k", "hello");
  return world;
}

test("a policy is given back as it was put, and is gone once deleted", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  const Policy = ` {"Version" : "2012-10-17", "Statement": [${JSON.stringify(deny("*", "s3:GetObject"))}]}`.trim();
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  expect((await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy).toBe(Policy);
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
  for (const command of [
    new GetBucketPolicyCommand({ Bucket: bucket }),
    new GetBucketPolicyStatusCommand({ Bucket: bucket }),
  ] as const) {
    expect(await refusal(s3.send(command))).toMatchObject({
      code: "NoSuchBucketPolicy",
      status: 404,
      error: { BucketName: bucket },
    });
  }
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html and the console's own messages
test.each([
  ["no JSON", "nonsense", "Policies must be valid JSON and the first byte must be '{'"],
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_bucket_policy_exc, recorded)
  ["no letter", "", "Policies must be valid JSON and the first byte must be '{'"],
  ["no statement", "{}", "Missing required field Statement"],
  ["another bucket", policyOf(deny("*", "s3:GetObject", "arn:aws:s3:::other/*")), "Policy has invalid resource"],
  ["an action S3 does not have", policyOf(deny("*", "s3:Fly")), "Policy has invalid action"],
  [
    "an action on the wrong kind of resource",
    policyOf(deny("*", "s3:ListBucket")),
    "Action does not apply to any resource(s) in statement",
  ],
  ["nobody", policyOf(mayDo("s3:GetObject", "arn:aws:s3:::photos/*")), "Missing required field Principal"],
])("a policy of %s is refused", async (_what, Policy, message) => {
  const { s3, bucket } = await s3World();
  const put = s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  expect(await refusal(put)).toMatchObject({
    code: "MalformedPolicy",
    status: 400,
    message,
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
test("a new bucket takes no public policy", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  const { PublicAccessBlockConfiguration } = await s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket }));
  expect(PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  });
  expect(await refusal(setPolicy(world, allow("*", "s3:GetObject")))).toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: expect.stringContaining("BlockPublicPolicy"),
  });
  await setPolicy(world, allow({ AWS: "arn:aws:iam::111111111111:root" }, "s3:GetObject"));
  expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }))).PolicyStatus).toEqual({
    IsPublic: false,
  });
});

test("without a block, a public policy lets everyone in; with one again, nobody from outside", async () => {
  const world = await withObject();
  const { s3, bucket, anonymous, stranger, user } = world;
  expect((await anonymous("GET", "/photos/k")).statusCode).toBe(403);
  await open(world);
  expect(await refusal(s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket })))).toMatchObject({
    code: "NoSuchPublicAccessBlockConfiguration",
    status: 404,
  });
  await setPolicy(world, allow("*", "s3:GetObject"));
  expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket: bucket }))).PolicyStatus).toEqual({
    IsPublic: true,
  });
  const read = await anonymous("GET", "/photos/k");
  expect([read.statusCode, Buffer.from(read.body).toString()]).toEqual([200, "hello"]);
  await stranger().send(get(world));
  expect((await anonymous("PUT", "/photos/k")).statusCode).toBe(403);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (404 only to who may list)
  expect((await anonymous("GET", "/photos/none")).statusCode).toBe(403);

  const RestrictPublicBuckets = true;
  await s3.send(
    new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: { RestrictPublicBuckets } }),
  );
  expect((await anonymous("GET", "/photos/k")).statusCode).toBe(403);
  expect(await refusal(stranger().send(get(world)))).toMatchObject({ code: "AccessDenied", status: 403 });
  const insider = await user([], { name: "insider" });
  await insider.send(get(world));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Overriding response header values)
test("who did not sign may not choose the headers", async () => {
  const world = await withObject();
  await open(world);
  await setPolicy(world, allow("*", "s3:GetObject"));
  const asked = await world.anonymous("GET", "/photos/k", { "response-content-type": "text/html" });
  expect(asked.statusCode).toBe(400);
  expect(Buffer.from(asked.body).toString()).toContain("<Code>InvalidRequest</Code>");
});

test("another account needs the bucket's policy and its own", async () => {
  const world = await withObject();
  const { user } = world;
  await setPolicy(world, allow({ AWS: "arn:aws:iam::111111111111:root" }, "s3:GetObject"));
  const account = "111111111111";
  const without = await user([], { account, name: "without" });
  expect(await refusal(without.send(get(world)))).toMatchObject({ code: "AccessDenied" });
  const withRight = await user([mayDo("s3:*")], { account, name: "with" });
  expect(await (await withRight.send(get(world))).Body?.transformToString()).toBe("hello");
  const put = new PutObjectCommand({ Bucket: world.bucket, Key: "new" });
  expect(await refusal(withRight.send(put))).toMatchObject({ code: "AccessDenied", message: /resource-based policy/ });
});

test("a deny counts for those whom their own policies allow", async () => {
  const world = await withObject();
  const ann = await world.user([mayDo("s3:*")]);
  await ann.send(get(world));
  await setPolicy(world, deny("*", "s3:GetObject"));
  expect(await refusal(ann.send(get(world)))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("with an explicit deny in a resource-based policy"),
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
test("that a key is missing is told only to who may list", async () => {
  const world = await s3World();
  const reader = await world.user([mayDo("s3:GetObject")], { name: "reader" });
  expect(await refusal(reader.send(get(world)))).toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: expect.stringContaining("s3:ListBucket"),
  });
  const lister = await world.user([mayDo(["s3:GetObject", "s3:ListBucket"])], { name: "lister" });
  expect(await refusal(lister.send(get(world)))).toMatchObject({ code: "NoSuchKey", status: 404 });
  const nobody = await world.user([], { name: "nobody" });
  const elsewhere = new GetObjectCommand({ Bucket: "no-bucket", Key: "k" });
  expect(await refusal(nobody.send(elsewhere))).toMatchObject({ code: "NoSuchBucket", status: 404 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
test("conditions see the listing, the tags and the signature of a call", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "secret", Tagging: "level=high" }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "plain", Tagging: "level=low" }));
  const ann = await world.user([
    mayDo(
      "s3:ListBucket",
      "*",
      when({ StringLike: { "s3:prefix": "home/*" }, NumericLessThanEquals: { "s3:max-keys": "10" } }),
    ),
    mayDo("s3:GetObject", "*", when({ StringEquals: { "s3:ExistingObjectTag/level": "low" } })),
    mayDo("s3:PutObject*", "*", when({ StringEquals: { "s3:RequestObjectTag/team": "a" } })),
  ]);
  const list = (Prefix: string | undefined, MaxKeys: number) =>
    new ListObjectsV2Command({ Bucket: bucket, Prefix, MaxKeys });
  await ann.send(list("home/ann", 10));
  expect(await refusal(ann.send(list("home/ann", 11)))).toMatchObject({ code: "AccessDenied" });
  expect(await refusal(ann.send(list(undefined, 1)))).toMatchObject({ code: "AccessDenied" });
  await ann.send(get(world, "plain"));
  expect(await refusal(ann.send(get(world, "secret")))).toMatchObject({ code: "AccessDenied" });
  const put = (Tagging: string) => new PutObjectCommand({ Bucket: bucket, Key: "new", Tagging });
  await ann.send(put("team=a"));
  expect(await refusal(ann.send(put("team=b")))).toMatchObject({ code: "AccessDenied" });

  await setPolicy(
    world,
    deny(
      "*",
      "s3:*",
      "arn:aws:s3:::photos/*",
      when({ StringNotEquals: { "s3:signatureversion": "AWS4-HMAC-SHA256" } }),
    ),
  );
  await ann.send(get(world, "plain"));
  await setPolicy(
    world,
    deny("*", "s3:*", "arn:aws:s3:::photos/*", when({ StringEquals: { "s3:authType": "REST-HEADER" } })),
  );
  expect(await refusal(ann.send(get(world, "plain")))).toMatchObject({ code: "AccessDenied" });
});

test("conditions see whose bucket it is", async () => {
  const world = await withObject();
  const own = when({ StringEquals: { "s3:ResourceAccount": "000000000000" } });
  const ann = await world.user([mayDo(["s3:GetObject", "s3:ListBucket"], "*", own)]);
  await ann.send(get(world));
  await ann.send(new ListObjectsV2Command({ Bucket: world.bucket }));
  const foreign = when({ StringEquals: { "s3:ResourceAccount": "111111111111" } });
  const bob = await world.user([mayDo("s3:GetObject", "*", foreign)], { name: "bob" });
  expect(await refusal(bob.send(get(world)))).toMatchObject({ code: "AccessDenied" });
});

test("each key of a batch is asked for by itself", async () => {
  const world = await s3World();
  for (const key of ["a/1", "b/1", "a/2"]) await world.put(key);
  const ann = await world.user([mayDo("s3:DeleteObject", "arn:aws:s3:::photos/a/*")]);
  const Objects = ["a/1", "b/1", "a/2"].map((Key) => ({ Key }));
  const { Deleted, Errors } = await ann.send(new DeleteObjectsCommand({ Bucket: world.bucket, Delete: { Objects } }));
  expect(Deleted).toEqual([{ Key: "a/1" }, { Key: "a/2" }]);
  expect(Errors).toEqual([
    { Key: "b/1", Code: "AccessDenied", Message: expect.stringContaining("s3:DeleteObject on resource") },
  ]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
test("nobody locks themselves out unless they say so; the root user never does", async () => {
  const world = await s3World();
  const { s3, bucket } = world;
  const ann = await world.user([mayDo("s3:*")]);
  const Policy = policyOf(deny("*", ["s3:PutBucketPolicy", "s3:GetBucketPolicy"], "arn:aws:s3:::photos"));
  const put = (more: object = {}) => new PutBucketPolicyCommand({ Bucket: bucket, Policy, ...more });
  expect(await refusal(ann.send(put()))).toMatchObject({ code: "AccessDenied", status: 403 });
  await ann.send(put({ ConfirmRemoveSelfBucketAccess: true }));
  expect(await refusal(ann.send(put()))).toMatchObject({ code: "AccessDenied" });
  expect((await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy).toBe(Policy);
  await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html (405 Method Not Allowed)
test("another account cannot have the policy, whatever it may do", async () => {
  const world = await s3World();
  await setPolicy(world, allow({ AWS: "111111111111" }, "s3:*", ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]));
  const read = world.stranger().send(new GetBucketPolicyCommand({ Bucket: world.bucket }));
  expect(await refusal(read)).toMatchObject({ code: "MethodNotAllowed", status: 405 });
});

test("a policy may have twenty kilobytes", async () => {
  const world = await s3World();
  const many = Array.from({ length: 300 }, (_, index) => deny("*", "s3:GetObject", `arn:aws:s3:::photos/${index}/*`));
  expect(await refusal(setPolicy(world, ...many))).toMatchObject({ code: "MalformedPolicy", status: 400 });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-users
test("a user that a policy names is meant, and not another who gets the name later", async () => {
  const world = await withObject();
  const { s3, bucket, cloud, user } = world;
  const account = "111111111111";
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  const arn = `arn:aws:iam::${account}:user/ann`;
  expect(await refusal(setPolicy(world, allow({ AWS: arn }, "s3:GetObject")))).toMatchObject({
    code: "MalformedPolicy",
    message: "Invalid principal in policy",
    error: { Detail: `"AWS" : "${arn}"` },
  });
  const ann = await user([mayDo("s3:*")], { account });
  await setPolicy(world, allow({ AWS: arn }, "s3:GetObject"));
  await ann.send(get(world));
  const shown = async () => (await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).Policy;
  expect(await shown()).toContain(arn);
  await removeUser(iam, "ann");
  expect(await shown()).toMatch(/"AWS":"AIDA[A-Z2-7]+"/);
  const another = await user([mayDo("s3:*")], { account });
  expect(await refusal(another.send(get(world)))).toMatchObject({ code: "AccessDenied" });
});

async function removeUser(iam: IAMClient, UserName: string): Promise<void> {
  const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName }));
  for (const { AccessKeyId } of AccessKeyMetadata ?? []) {
    await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  }
  await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "rights" }));
  await iam.send(new DeleteUserCommand({ UserName }));
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html
test("a policy may name an account by its canonical id", async () => {
  const world = await withObject();
  const other = world.stranger();
  const { Owner } = await other.send(new ListBucketsCommand({}));
  await setPolicy(world, allow({ CanonicalUser: Owner?.ID }, "s3:GetObject"));
  await other.send(get(world));
  expect(await refusal(world.stranger("222222222222").send(get(world)))).toMatchObject({ code: "AccessDenied" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html#access-denied-message-examples
test("why it is refused is told to the bucket's account and organization alone", async () => {
  const world = await s3World();
  const { user, stranger, anonymous, bucket } = world;
  const ask = get(world);
  const ann = await user([]);
  expect(await refusal(ann.send(ask))).toMatchObject({ message: expect.stringContaining("because no identity-based") });
  expect(await refusal(stranger().send(ask))).toMatchObject({ message: "Access Denied" });
  expect(Buffer.from((await anonymous("GET", `/${bucket}/k`)).body).toString()).toContain(
    "<Message>Access Denied</Message>",
  );
});
