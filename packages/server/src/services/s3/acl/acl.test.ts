import { ListFindingsCommand } from "@aws-sdk/client-accessanalyzer";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketOwnershipControlsCommand,
  GetBucketAclCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  DeleteObjectsCommand,
  UploadPartCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeAnalyzer } from "../../../../test/analyzers.ts";
import { listedWorld, pathStyle, policyOf, refusal, s3World } from "../../../../test/s3-world.ts";

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
/** The types do not have it. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl */
const LOG_DELIVERY: object = { ACL: "log-delivery-write" };

const idOf = async (client: S3Client): Promise<string> =>
  (await client.send(new ListBucketsCommand({}))).Owner?.ID ?? "";

const full = (id: string) => ({ Grantee: { Type: "CanonicalUser", ID: id }, Permission: "FULL_CONTROL" });
const everybody = (permission: string) => ({ Grantee: { Type: "Group", URI: ALL_USERS }, Permission: permission });

const group = (URI: string, Permission: string) => ({ Grantee: { Type: "Group", URI }, Permission });
const policy = (Owner: object | undefined, ...Grants: object[]) => ({ AccessControlPolicy: { Owner, Grants } });
const controls = (ObjectOwnership: string) => ({
  // also for words that the model does not have
  Rules: [Object.assign({ ObjectOwnership: "ObjectWriter" as const }, { ObjectOwnership })],
});
const invalid = (ArgumentName: string, ArgumentValue: string, message: string) => ({
  code: "InvalidArgument",
  status: 400,
  message,
  error: { ArgumentName, ArgumentValue },
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
test("where the bucket's owner owns all, lists name it and cannot be changed", async () => {
  const { s3, bucket, put } = await s3World();
  await put("k");
  const me = await idOf(s3);
  const list = { Owner: { ID: me }, Grants: [full(me)] };
  expect(await s3.send(new GetBucketAclCommand({ Bucket: bucket }))).toMatchObject(list);
  expect(await s3.send(new GetObjectAclCommand({ Bucket: bucket, Key: "k" }))).toMatchObject(list);
  const refused = { code: "AccessControlListNotSupported", status: 400 };
  const ACL = "private";
  expect(await refusal(s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL })))).toMatchObject(refused);
  expect(await refusal(s3.send(new PutObjectAclCommand({ Bucket: bucket, Key: "k", ACL })))).toMatchObject(refused);
  expect(await refusal(s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", ACL })))).toMatchObject(refused);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", ACL: "bucket-owner-full-control" }));
  const open = new CreateBucketCommand({ Bucket: "open", ACL: "public-read" });
  expect(await refusal(s3.send(open))).toMatchObject({ code: "InvalidBucketAclWithObjectOwnership", status: 400 });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded answers)
test("ownership is one of three words, at a bucket's creation and later", async () => {
  const { s3, bucket } = await s3World();
  const at = { Bucket: bucket };
  const read = async () => (await s3.send(new GetBucketOwnershipControlsCommand(at))).OwnershipControls;
  expect(await read()).toEqual(controls("BucketOwnerEnforced"));
  await s3.send(new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls: controls("ObjectWriter") }));
  expect(await read()).toEqual(controls("ObjectWriter"));
  const wrong = new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls: controls("RandomValue") });
  expect(await refusal(s3.send(wrong))).toMatchObject({ code: "MalformedXML", status: 400 });
  await s3.send(new DeleteBucketOwnershipControlsCommand(at));
  const gone = { code: "OwnershipControlsNotFoundError", status: 404 };
  expect(await refusal(s3.send(new GetBucketOwnershipControlsCommand(at)))).toMatchObject(gone);
  const odd = new CreateBucketCommand({ Bucket: "odd", ...controls("RandomValue").Rules[0] });
  expect(await refusal(s3.send(odd))).toMatchObject({
    code: "InvalidArgument",
    message: "Invalid x-amz-object-ownership header: RandomValue",
    error: { ArgumentName: "x-amz-object-ownership" },
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-error-responses.html
test("a bucket whose list lets others in cannot be made its owner's alone", async () => {
  const { s3, bucket } = await listedWorld();
  const at = { Bucket: bucket };
  const enforce = () =>
    s3.send(
      new PutBucketOwnershipControlsCommand({
        ...at,
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      }),
    );
  await s3.send(new PutBucketAclCommand({ ...at, ...LOG_DELIVERY }));
  expect(await refusal(enforce())).toMatchObject({ code: "InvalidBucketAclWithObjectOwnership", status: 400 });
  await s3.send(new PutBucketAclCommand({ ...at, ACL: "private" }));
  await enforce();
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
test("lists are read as they were given: canned, by headers, in full", async () => {
  const { s3, bucket, put, stranger } = await listedWorld();
  const [me, her] = [await idOf(s3), await idOf(stranger())];
  const at = { Bucket: bucket };
  const grants = async () => (await s3.send(new GetBucketAclCommand(at))).Grants;
  await s3.send(new PutBucketAclCommand({ ...at, ACL: "public-read" }));
  expect(await grants()).toEqual([full(me), everybody("READ")]);
  await s3.send(new PutBucketAclCommand({ ...at, GrantRead: `id="${her}"`, GrantWrite: `uri="${ALL_USERS}"` }));
  const hers = { Grantee: { Type: "CanonicalUser", ID: her }, Permission: "READ" };
  expect(await grants()).toEqual([hers, everybody("WRITE")]);
  const Grants = [{ Grantee: { Type: "CanonicalUser" as const, ID: her }, Permission: "READ_ACP" as const }];
  await s3.send(new PutBucketAclCommand({ ...at, AccessControlPolicy: { Owner: { ID: me }, Grants } }));
  expect(await grants()).toEqual(Grants);
  await put("k");
  await s3.send(new PutObjectAclCommand({ ...at, Key: "k", ACL: "public-read-write" }));
  const ofObject = await s3.send(new GetObjectAclCommand({ ...at, Key: "k" }));
  expect(ofObject.Grants).toEqual([full(me), everybody("READ"), everybody("WRITE")]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
test("what is no list is refused, even where lists are off", async () => {
  const { s3, bucket } = await s3World();
  const ID = await idOf(s3);
  const put = (more: object) => refusal(s3.send(new PutBucketAclCommand({ Bucket: bucket, ...more })));
  const fake = "http://acs.amazonaws.com/groups/s3/FakeGroup";
  expect(await put({ ACL: "fake-acl" })).toMatchObject({
    code: "InvalidArgument",
    error: { ArgumentName: "x-amz-acl" },
  });
  expect(await put({ GrantWrite: `uri="${fake}"` })).toMatchObject(invalid("uri", fake, "Invalid group uri"));
  expect(await put({ GrantWrite: 'fakekey="1234"' })).toMatchObject(
    invalid("x-amz-grant-write", 'fakekey="1234"', "Argument format not recognized"),
  );
  expect(await put({ GrantWrite: 'id="wrong-id"' })).toMatchObject(invalid("id", "wrong-id", "Invalid id"));
  const malformed = { code: "MalformedACLError", status: 400 };
  expect(await put(policy(undefined, group(ALL_USERS, "WRITE")))).toMatchObject(malformed);
  expect(await put(policy({ ID }, group(ALL_USERS, "WRONG-PERMISSION")))).toMatchObject(malformed);
  expect(await put(policy({ ID: "wrong-id" }, group(ALL_USERS, "READ")))).toMatchObject(
    invalid("CanonicalUser/ID", "wrong-id", "Invalid id"),
  );
  expect(await put(policy({ ID }, group(fake, "READ")))).toMatchObject(invalid("Group/URI", fake, "Invalid group uri"));
  expect(await put({ AccessControlPolicy: {} })).toMatchObject(malformed);
  expect(await put(policy({ ID }, ...Array.from({ length: 101 }, () => full(ID))))).toMatchObject(malformed);
  expect(await put({})).toMatchObject({ code: "MissingSecurityHeader", error: { MissingHeaderName: "x-amz-acl" } });
  expect(await put({ ACL: "private", GrantRead: `uri="${ALL_USERS}"` })).toMatchObject({
    code: "InvalidRequest",
    message: "Specifying both Canned ACLs and Header Grants is not allowed",
  });
  for (const header of [{ ACL: "private" }, { GrantRead: "nonsense" }]) {
    expect(await put({ ...header, ...policy({ ID }, full(ID)) })).toMatchObject({ code: "UnexpectedContent" });
  }
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html (end of support of email grantees)
  expect(await put({ GrantRead: 'emailAddress="x@example.com"' })).toMatchObject({
    code: "MethodNotAllowed",
    status: 405,
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping
test("a public object is anybody's to read, and only that", async () => {
  const { s3, bucket, put, anonymous } = await listedWorld();
  await put("open", "hello");
  await put("shut");
  await s3.send(new PutObjectAclCommand({ Bucket: bucket, Key: "open", ACL: "public-read" }));
  expect((await anonymous("GET", `/${bucket}/open`)).statusCode).toBe(200);
  expect((await anonymous("GET", `/${bucket}/shut`)).statusCode).toBe(403);
  expect((await anonymous("GET", `/${bucket}`)).statusCode).toBe(403);
  expect((await anonymous("GET", `/${bucket}/open`, { acl: "" })).statusCode).toBe(403);
  await s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL: "public-read" }));
  expect((await anonymous("GET", `/${bucket}`)).statusCode).toBe(200);
});

test("what is granted to another account takes that account's own permission as well", async () => {
  const { s3, bucket, put, stranger, user } = await listedWorld();
  const her = stranger();
  await put("k", "hello");
  await s3.send(new PutObjectAclCommand({ Bucket: bucket, Key: "k", GrantRead: `id="${await idOf(her)}"` }));
  const get = (client: S3Client) => client.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
  await get(her);
  expect(await refusal(get(stranger("222222222222")))).toMatchObject({ code: "AccessDenied" });
  const without = await user([], { account: "111111111111" });
  expect(await refusal(get(without))).toMatchObject({ code: "AccessDenied" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
test("an object is its writer's, and even the bucket's owner may not read it unless told so", async () => {
  const { s3, bucket, stranger } = await listedWorld();
  const her = stranger();
  const Action = ["s3:PutObject", "s3:PutObjectAcl", "s3:GetObject"];
  const allow = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action, Resource: `arn:aws:s3:::${bucket}/*` };
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf(allow) }));
  await her.send(new PutObjectCommand({ Bucket: bucket, Key: "hers", Body: "x" }));
  const get = (client: S3Client, Key: string) => client.send(new GetObjectCommand({ Bucket: bucket, Key }));
  await get(her, "hers");
  expect(await refusal(get(s3, "hers"))).toMatchObject({ code: "AccessDenied" });
  const listing = await s3.send(new ListObjectsV2Command({ Bucket: bucket, FetchOwner: true }));
  expect(listing.Contents?.[0]?.Owner?.ID).toBe(await idOf(her));
  await her.send(new PutObjectAclCommand({ Bucket: bucket, Key: "hers", ACL: "bucket-owner-full-control" }));
  await get(s3, "hers");
  const { Owner, Grants } = await s3.send(new GetObjectAclCommand({ Bucket: bucket, Key: "hers" }));
  expect(Owner?.ID).toBe(await idOf(her));
  expect(Grants).toEqual([full(await idOf(her)), full(await idOf(s3))]);
});

test("the bucket's owner owns what comes with full control for it, where that is preferred", async () => {
  const { s3, bucket, stranger } = await listedWorld("BucketOwnerPreferred");
  const her = stranger();
  const Action = ["s3:PutObject", "s3:PutObjectAcl"];
  const allow = { Effect: "Allow", Principal: { AWS: "111111111111" }, Action, Resource: `arn:aws:s3:::${bucket}/*` };
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf(allow) }));
  await her.send(new PutObjectCommand({ Bucket: bucket, Key: "given", ACL: "bucket-owner-full-control" }));
  await her.send(new PutObjectCommand({ Bucket: bucket, Key: "kept" }));
  const ownerOf = async (Key: string, client: S3Client) =>
    (await client.send(new GetObjectAclCommand({ Bucket: bucket, Key }))).Owner?.ID;
  expect(await ownerOf("given", s3)).toBe(await idOf(s3));
  expect(await ownerOf("kept", her)).toBe(await idOf(her));
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_s3_batch_delete_objects_using_requests_with_acl, recorded against AWS)
test("nobody in particular may put objects into a bucket that is open for writing, and delete those alone", async () => {
  const { s3, cloud, bucket, put } = await listedWorld();
  await s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL: "public-read-write" }));
  await put("owners");
  const anyone = pathStyle(cloud, undefined, { signer: { sign: async (request: unknown) => request } });
  await anyone.send(new PutObjectCommand({ Bucket: bucket, Key: "anyones", Body: "x", ACL: "public-read-write" }));
  const Objects = [{ Key: "owners" }, { Key: "anyones" }];
  const done = await anyone.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  expect(done.Deleted?.map(({ Key }) => Key)).toEqual(["anyones"]);
  expect(done.Errors).toMatchObject([{ Key: "owners", Code: "AccessDenied" }]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-options
test("public lists can be refused, and those there are ignored", async () => {
  const { s3, bucket, put, anonymous } = await listedWorld();
  await put("k");
  const open = () => s3.send(new PutObjectAclCommand({ Bucket: bucket, Key: "k", ACL: "public-read" }));
  await open();
  const block = (PublicAccessBlockConfiguration: object) =>
    s3.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration }));
  await block({ BlockPublicAcls: true });
  expect((await anonymous("GET", `/${bucket}/k`)).statusCode).toBe(200);
  expect(await refusal(open())).toMatchObject({ code: "AccessDenied", status: 403 });
  const put2 = new PutObjectCommand({ Bucket: bucket, Key: "k2", ACL: "public-read" });
  expect(await refusal(s3.send(put2))).toMatchObject({ code: "AccessDenied", status: 403 });
  await block({ IgnorePublicAcls: true });
  expect((await anonymous("GET", `/${bucket}/k`)).statusCode).toBe(403);
  const made = new CreateBucketCommand({ Bucket: "made", ACL: "public-read", ObjectOwnership: "ObjectWriter" });
  expect(await refusal(s3.send(made))).toMatchObject({
    code: "InvalidBucketAclWithBlockPublicAccessError",
    status: 400,
  });
});

// Source: https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (test_cors_origin_response)
test("who may list a bucket by its list is told what is not there", async () => {
  const { s3, anonymous } = await listedWorld();
  expect(await anonymous("GET", "/photos/nothing")).toMatchObject({ statusCode: 403 });
  await s3.send(new PutBucketAclCommand({ Bucket: "photos", ACL: "public-read" }));
  expect(await anonymous("GET", "/photos/nothing")).toMatchObject({ statusCode: 404 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html#API_CreateBucket_Errors (BucketAlreadyOwnedByYou)
test("making one's own bucket again takes its list back", async () => {
  const { s3, bucket } = await listedWorld();
  await s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL: "public-read" }));
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const { Grants } = await s3.send(new GetBucketAclCommand({ Bucket: bucket }));
  expect(Grants).toEqual([full(await idOf(s3))]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (the list of the source is not copied)
test("copies and multi-part uploads have the lists that were asked for with them", async () => {
  const { s3, bucket, put } = await listedWorld();
  const at = { Bucket: bucket };
  await put("source", "x");
  await s3.send(new PutObjectAclCommand({ ...at, Key: "source", ACL: "public-read" }));
  await s3.send(new CopyObjectCommand({ ...at, Key: "plain", CopySource: `${bucket}/source` }));
  await s3.send(new CopyObjectCommand({ ...at, Key: "open", CopySource: `${bucket}/source`, ACL: "public-read" }));
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...at, Key: "parts", ACL: "authenticated-read" }),
  );
  const part = { ...at, Key: "parts", UploadId };
  const { ETag } = await s3.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: "x" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload }));
  const extra = async (Key: string) =>
    (await s3.send(new GetObjectAclCommand({ ...at, Key }))).Grants?.slice(1).map(({ Grantee }) => Grantee?.URI);
  expect(await extra("plain")).toEqual([]);
  expect(await extra("open")).toEqual([ALL_USERS]);
  expect(await extra("parts")).toEqual(["http://acs.amazonaws.com/groups/global/AuthenticatedUsers"]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
test("a policy may ask for the list that an object comes with", async () => {
  const { s3, bucket, stranger } = await listedWorld();
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const from = { Principal: { AWS: "111111111111" }, Action: ["s3:PutObject", "s3:PutObjectAcl"], Resource };
  const Condition = { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } };
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf({ Effect: "Allow", ...from, Condition }) }),
  );
  const put = (more: object) => stranger().send(new PutObjectCommand({ Bucket: bucket, Key: "k", ...more }));
  expect(await refusal(put({}))).toMatchObject({ code: "AccessDenied" });
  await put({ ACL: "bucket-owner-full-control" });
});

test("an explanation names the grant that let a call in", async () => {
  const { s3, cloud, bucket, put } = await listedWorld();
  await put("k", "x");
  await s3.send(new PutObjectAclCommand({ Bucket: bucket, Key: "k", ACL: "public-read" }));
  const { headers } = await cloud.send({
    method: "GET",
    path: `/${bucket}/k`,
    query: {},
    headers: { host: "localhost:4566" },
  });
  expect(headers["x-kumobako-decision"]).toContain("ACL of object k (READ for AllUsers)");
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html#access-analyzer-s3
test("Access Analyzer finds whom the list of a bucket lets in, and nobody where such lists are ignored", async () => {
  const { s3, cloud, bucket } = await listedWorld();
  await s3.send(new PutBucketAclCommand({ Bucket: bucket, ACL: "public-read" }));
  const { client, analyzerArn } = await makeAnalyzer(cloud);
  const found = async () => {
    await cloud.clock.advance(1800);
    const { findings = [] } = await client.send(
      new ListFindingsCommand({ analyzerArn, filter: { status: { eq: ["ACTIVE"] } } }),
    );
    return findings;
  };
  expect(await found()).toMatchObject([
    {
      resource: `arn:aws:s3:::${bucket}`,
      principal: { AWS: "*" },
      isPublic: true,
      sources: [{ type: "BUCKET_ACL" }],
      action: ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"],
    },
  ]);
  const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration }));
  expect(await found()).toEqual([]);
});
