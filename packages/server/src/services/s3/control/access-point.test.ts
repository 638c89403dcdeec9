import {
  CreateBucketCommand,
  CopyObjectCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateAccessPointCommand,
  DeleteAccessPointCommand,
  DeletePublicAccessBlockCommand,
  DeleteAccessPointPolicyCommand,
  GetAccessPointCommand,
  GetAccessPointPolicyCommand,
  GetAccessPointPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  ListAccessPointsCommand,
  ListTagsForResourceCommand,
  PutAccessPointPolicyCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { ACCOUNT, policyOf, refusal, s3World, type S3World } from "../../../../test/s3-world.ts";

const AccountId = ACCOUNT;
const ARN = `arn:aws:s3:us-east-1:${ACCOUNT}:accesspoint/finance`;
const ALL = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const NONE = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

interface PointWorld extends S3World {
  readonly control: S3ControlClient;
  readonly alias: string;
  /** A client that may name access points by ARN. */
  readonly byArn: () => S3Client;
}

/** A world whose bucket has the access point `finance`. */
async function pointed(more: object = {}): Promise<PointWorld> {
  const world = await s3World();
  const control = world.cloud.client(S3ControlClient);
  const create = new CreateAccessPointCommand({ AccountId, Name: "finance", Bucket: world.bucket, ...more });
  const { Alias: alias = "" } = await control.send(create);
  return { ...world, control, alias, byArn: () => world.cloud.client(S3Client) };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (recorded answers)
test("an access point is shown, listed and ended", async () => {
  const { control, bucket, alias } = await pointed();
  expect(alias).toMatch(/^finance-[a-z0-9]{34}-s3alias$/);
  const short = {
    AccessPointArn: ARN,
    Alias: alias,
    Bucket: bucket,
    BucketAccountId: ACCOUNT,
    Name: "finance",
    NetworkOrigin: "Internet",
  };
  const shown = await control.send(new GetAccessPointCommand({ AccountId, Name: "finance" }));
  expect(shown).toMatchObject({ ...short, PublicAccessBlockConfiguration: ALL });
  expect(shown.Endpoints?.["dualstack"]).toBe("s3-accesspoint.dualstack.us-east-1.amazonaws.com");
  expect((await control.send(new ListAccessPointsCommand({ AccountId }))).AccessPointList).toEqual([short]);
  await control.send(new DeleteAccessPointCommand({ AccountId, Name: "finance" }));
  for (const command of [GetAccessPointCommand, DeleteAccessPointCommand]) {
    await expect(control.send(new command({ AccountId, Name: "finance" }))).rejects.toMatchObject({
      name: "NoSuchAccessPoint",
      message: "The specified accesspoint does not exist",
      AccessPointName: "finance",
      $metadata: { httpStatusCode: 404 },
    });
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (recorded answers)
test("an access point needs a bucket, a name of its own, and a right one", async () => {
  const { control, bucket } = await pointed();
  const create = (Name: string, Bucket = bucket) =>
    control.send(new CreateAccessPointCommand({ AccountId, Name, Bucket }));
  await expect(create("other", "nowhere")).rejects.toMatchObject({
    name: "InvalidRequest",
    message: "Amazon S3 AccessPoint can only be created for existing bucket",
  });
  await expect(create("finance")).rejects.toMatchObject({
    name: "AccessPointAlreadyOwnedByYou",
    $metadata: { httpStatusCode: 409 },
  });
  await expect(create("xn-_test-alias")).rejects.toMatchObject({
    name: "InvalidURI",
    URI: "accesspoint/xn-_test-alias",
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.py (test_access_point_name_validation, run against AWS)
  for (const name of ["sa", "a".repeat(51), "WRONG-casing"]) {
    await expect(create(name)).rejects.toMatchObject({ name: "InvalidURI" });
  }
  for (const name of ["-hyphen-start", "cannot-end-s3alias", "cannot-have.dot"]) {
    await expect(create(name)).rejects.toMatchObject({ message: "Your Amazon S3 AccessPoint name is invalid" });
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_access_point_lifecycle)
test("an access point that is deleted leaves nothing to say", async () => {
  const { control } = await pointed();
  const gone = await control.send(new DeleteAccessPointCommand({ AccountId, Name: "finance" }));
  expect(gone.$metadata.httpStatusCode).toBe(204);
});

test("what a request leaves out of an access point's block is off", async () => {
  const { control } = await pointed({ PublicAccessBlockConfiguration: { IgnorePublicAcls: true } });
  const { PublicAccessBlockConfiguration } = await control.send(
    new GetAccessPointCommand({ AccountId, Name: "finance" }),
  );
  expect(PublicAccessBlockConfiguration).toEqual({ ...NONE, IgnorePublicAcls: true });
});

test("access points are listed in pages, of one bucket or of all", async () => {
  const { control, s3, bucket } = await pointed();
  await s3.send(new CreateBucketCommand({ Bucket: "second" }));
  const create = (Name: string, Bucket: string) =>
    control.send(new CreateAccessPointCommand({ AccountId, Name, Bucket }));
  await create("ap-b", bucket);
  await create("ap-c", "second");
  const list = async (more: object) => control.send(new ListAccessPointsCommand({ AccountId, ...more }));
  const names = ({ AccessPointList = [] }: Awaited<ReturnType<typeof list>>) => AccessPointList.map(({ Name }) => Name);
  expect(names(await list({}))).toEqual(["ap-b", "ap-c", "finance"]);
  expect(names(await list({ Bucket: "second" }))).toEqual(["ap-c"]);
  const first = await list({ MaxResults: 2 });
  expect(names(first)).toEqual(["ap-b", "ap-c"]);
  const second = await list({ NextToken: first.NextToken });
  expect([names(second), second.NextToken]).toEqual([["finance"], undefined]);
});

const read = async (client: S3Client, Bucket: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key: "a/b" }))).Body?.transformToString();

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
test("an access point stands for its bucket: by ARN, by alias, by host", async () => {
  const { s3, cloud, alias, byArn, bucket, anonymous } = await pointed();
  await byArn().send(new PutObjectCommand({ Bucket: ARN, Key: "a/b", Body: "hello" }));
  expect(await read(s3, bucket)).toBe("hello");
  expect(await read(byArn(), ARN)).toBe("hello");
  expect(await read(s3, alias)).toBe("hello");
  expect((await s3.send(new ListObjectsV2Command({ Bucket: alias }))).KeyCount).toBe(1);
  expect((await s3.send(new HeadBucketCommand({ Bucket: alias }))).AccessPointAlias).toBe(true);
  expect((await s3.send(new HeadBucketCommand({ Bucket: bucket }))).AccessPointAlias).toBe(false);
  await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "c", CopySource: `${ARN}/object/a/b` }));
  await byArn().send(new PutObjectCommand({ Bucket: ARN, Key: "50%2F", Body: "half" }));
  const CopySource = encodeURIComponent(`${ARN}/object/50%2F`);
  expect(await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "d", CopySource }))).toHaveProperty(
    "CopyObjectResult",
  );
  const mangled = new CopyObjectCommand({ Bucket: bucket, Key: "d", CopySource: "arn%3Aaws%ZZ/object/a" });
  expect(await refusal(s3.send(mangled))).toMatchObject({ code: "InvalidArgument", status: 400 });
  expect((await anonymous("GET", `/${alias}/a/b`)).statusCode).toBe(403);
  const tag = new PutBucketTaggingCommand({ Bucket: alias, Tagging: { TagSet: [] } });
  expect(await refusal(s3.send(tag))).toMatchObject({ code: "MethodNotAllowed", status: 405 });
  // to a host of access points
  const atAws = cloud.client(S3Client, undefined, { endpoint: undefined });
  expect(await read(atAws, ARN)).toBe("hello");
  const nobodys = `arn:aws:s3:us-east-1:${ACCOUNT}:accesspoint/nobodys`;
  expect(await refusal(read(atAws, nobodys))).toMatchObject({ code: "NoSuchAccessPoint", status: 404 });
});

test("a bucket with access points cannot be deleted", async () => {
  const { s3, bucket, control } = await pointed();
  const remove = () => s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  expect(await refusal(remove())).toMatchObject({ code: "BucketHasAccessPointsAttached", status: 400 });
  await control.send(new DeleteAccessPointCommand({ AccountId, Name: "finance" }));
  await remove();
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
test("the access point and the bucket both have to let a call through", async () => {
  const { put, user, alias, s3, bucket, control } = await pointed();
  await put("k", "x");
  const ann = await user([{ Effect: "Allow", Action: "s3:GetObject", Resource: `${ARN}/object/*` }]);
  const get = (Bucket: string) => ann.send(new GetObjectCommand({ Bucket, Key: "k" }));
  expect(await refusal(get(alias))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining(`arn:aws:s3:::${bucket}/k`),
  });
  // the bucket leaves it to the access points of its account
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const Condition = { StringEquals: { "s3:DataAccessPointAccount": ACCOUNT } };
  const Policy = policyOf({ Effect: "Allow", Principal: { AWS: "*" }, Action: "*", Resource, Condition });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  await get(alias);
  expect(await refusal(get(bucket))).toMatchObject({ code: "AccessDenied" });
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `${ARN}/object/*` };
  await control.send(new PutAccessPointPolicyCommand({ AccountId, Name: "finance", Policy: policyOf(deny) }));
  expect(await refusal(get(alias))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("explicit deny in a resource-based policy"),
  });
});

test("an access point's policy lets other accounts in, where the bucket does", async () => {
  const { put, alias, s3, bucket, control, stranger } = await pointed({ PublicAccessBlockConfiguration: NONE });
  await put("k", "x");
  const Principal = { AWS: "111111111111" };
  const allow = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: `${ARN}/object/*` };
  await control.send(new PutAccessPointPolicyCommand({ AccountId, Name: "finance", Policy: policyOf(allow) }));
  const get = () => stranger().send(new GetObjectCommand({ Bucket: alias, Key: "k" }));
  expect(await refusal(get())).toMatchObject({ code: "AccessDenied" });
  const Condition = { StringEquals: { "s3:DataAccessPointArn": ARN, "s3:AccessPointNetworkOrigin": "Internet" } };
  const delegate = { ...allow, Principal: { AWS: "*" }, Resource: `arn:aws:s3:::${bucket}/*`, Condition };
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policyOf(delegate) }));
  await get();
});

test("policies of access points are read as they were put, and are about them alone", async () => {
  const { control, bucket } = await pointed();
  const about = { AccountId, Name: "finance" };
  const put = (Policy: string) => control.send(new PutAccessPointPolicyCommand({ ...about, Policy }));
  const allow = { Effect: "Allow", Action: "s3:GetObject" };
  const Policy = policyOf({ ...allow, Principal: { AWS: "111111111111" }, Resource: `${ARN}/object/*` });
  await put(Policy);
  const shown = await control.send(new GetAccessPointPolicyCommand(about));
  expect(JSON.parse(shown.Policy ?? "")).toMatchObject({ Statement: [{ Resource: `${ARN}/object/*` }] });
  const { PolicyStatus } = await control.send(new GetAccessPointPolicyStatusCommand(about));
  expect(PolicyStatus).toEqual({ IsPublic: false });
  const foreign = policyOf({ ...allow, Principal: "*", Resource: `arn:aws:s3:::${bucket}/*` });
  await expect(put(foreign)).rejects.toMatchObject({ name: "MalformedPolicy" });
  const open = policyOf({ ...allow, Principal: "*", Resource: `${ARN}/object/*` });
  await expect(put(open)).rejects.toMatchObject({ name: "AccessDenied" });
  await control.send(new DeleteAccessPointPolicyCommand(about));
  for (const command of [GetAccessPointPolicyCommand, GetAccessPointPolicyStatusCommand]) {
    await expect(control.send(new command(about))).rejects.toMatchObject({ name: "NoSuchAccessPointPolicy" });
  }
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
test("nobody comes through an access point of a VPC from the internet", async () => {
  const { control, s3, alias, put } = await pointed({ VpcConfiguration: { VpcId: "vpc-1a2b3c" } });
  await put("k");
  const shown = await control.send(new GetAccessPointCommand({ AccountId, Name: "finance" }));
  expect(shown).toMatchObject({ NetworkOrigin: "VPC", VpcConfiguration: { VpcId: "vpc-1a2b3c" } });
  const get = new GetObjectCommand({ Bucket: alias, Key: "k" });
  expect(await refusal(s3.send(get))).toMatchObject({ code: "AccessDenied", status: 403 });
});

// Source: https://github.com/getmoto/moto/blob/master/tests/test_s3control/test_s3control_tagging.py (verified against AWS)
test("what has an ARN is tagged by it", async () => {
  const { control, bucket } = await pointed({ Tags: [{ Key: "team", Value: "a" }] });
  for (const ResourceArn of [ARN, `arn:aws:s3:::${bucket}`]) {
    const at = { AccountId, ResourceArn };
    await control.send(new TagResourceCommand({ ...at, Tags: [{ Key: "cost", Value: "1" }] }));
    await control.send(new UntagResourceCommand({ ...at, TagKeys: ["team"] }));
    const { Tags } = await control.send(new ListTagsForResourceCommand(at));
    expect(Tags).toEqual([{ Key: "cost", Value: "1" }]);
  }
  const far = { AccountId, ResourceArn: ARN.replace("us-east-1", "eu-west-1") };
  await expect(control.send(new ListTagsForResourceCommand(far))).rejects.toMatchObject({ name: "NoSuchResource" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
test("an account's block holds for its buckets, those there and those to come", async () => {
  const { control, s3, bucket, put, anonymous, stranger } = await pointed();
  const shown = () => control.send(new GetPublicAccessBlockCommand({ AccountId }));
  await expect(shown()).rejects.toMatchObject({
    name: "NoSuchPublicAccessBlockConfiguration",
    AccountId: ACCOUNT,
    $metadata: { httpStatusCode: 404 },
  });
  await put("k", "x");
  const { DeletePublicAccessBlockCommand: Unblock } = await import("@aws-sdk/client-s3");
  const open = (Bucket: string) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: policyOf({ Effect: "Allow", Principal: "*", Action: "s3:*", Resource: `arn:aws:s3:::${Bucket}/*` }),
      }),
    );
  await s3.send(new Unblock({ Bucket: bucket }));
  await open(bucket);
  expect((await anonymous("GET", `/${bucket}/k`)).statusCode).toBe(200);
  const block = (PublicAccessBlockConfiguration: object) =>
    control.send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration }));
  await expect(block({})).rejects.toMatchObject({ name: "InvalidRequest" });
  await block({ RestrictPublicBuckets: true, BlockPublicPolicy: true });
  expect((await shown()).PublicAccessBlockConfiguration).toEqual({
    ...NONE,
    RestrictPublicBuckets: true,
    BlockPublicPolicy: true,
  });
  expect((await anonymous("GET", `/${bucket}/k`)).statusCode).toBe(403);
  await s3.send(new CreateBucketCommand({ Bucket: "to-come" }));
  await s3.send(new Unblock({ Bucket: "to-come" }));
  expect(await refusal(open("to-come"))).toMatchObject({ code: "AccessDenied" });
  await control.send(new DeletePublicAccessBlockCommand({ AccountId }));
  await open("to-come");
  expect((await anonymous("GET", `/${bucket}/k`)).statusCode).toBe(200);
  await expect(control.send(new GetPublicAccessBlockCommand({ AccountId: "111111111111" }))).rejects.toMatchObject({
    name: "AccessDenied",
  });
  await stranger().send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
test("the account's block holds for access points, too", async () => {
  const { put, s3, bucket, alias, control, anonymous } = await pointed({ PublicAccessBlockConfiguration: NONE });
  await put("k", "x");
  const { DeletePublicAccessBlockCommand: Unblock } = await import("@aws-sdk/client-s3");
  await s3.send(new Unblock({ Bucket: bucket }));
  const open = { Effect: "Allow", Principal: "*", Action: "s3:GetObject" };
  const onBucket = policyOf({ ...open, Resource: `arn:aws:s3:::${bucket}/*` });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: onBucket }));
  const Policy = policyOf({ ...open, Resource: `${ARN}/object/*` });
  const onPoint = () => control.send(new PutAccessPointPolicyCommand({ AccountId, Name: "finance", Policy }));
  await onPoint();
  expect((await anonymous("GET", `/${alias}/k`)).statusCode).toBe(200);
  const block = (PublicAccessBlockConfiguration: object) =>
    control.send(new PutPublicAccessBlockCommand({ AccountId, PublicAccessBlockConfiguration }));
  await block({ RestrictPublicBuckets: true });
  expect((await anonymous("GET", `/${alias}/k`)).statusCode).toBe(403);
  await block({ BlockPublicPolicy: true });
  expect((await anonymous("GET", `/${alias}/k`)).statusCode).toBe(200);
  await expect(onPoint()).rejects.toMatchObject({ name: "AccessDenied" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-manage.html
test("an access point of another account names the bucket's, and is of use where the bucket lets it", async () => {
  const { put, cloud, s3, bucket } = await pointed();
  await put("k", "x");
  const account = "111111111111";
  const control = cloud.client(S3ControlClient, cloud.rootOf(account));
  const create = (more: object) =>
    control.send(new CreateAccessPointCommand({ AccountId: account, Name: "theirs", Bucket: bucket, ...more }));
  await expect(create({})).rejects.toMatchObject({ name: "AccessDenied" });
  const { Alias = "", AccessPointArn } = await create({ BucketAccountId: ACCOUNT });
  expect(AccessPointArn).toBe(`arn:aws:s3:us-east-1:${account}:accesspoint/theirs`);
  const theirs = cloud.client(S3Client, cloud.rootOf(account), { forcePathStyle: true });
  const get = () => theirs.send(new GetObjectCommand({ Bucket: Alias, Key: "k" }));
  expect(await refusal(get())).toMatchObject({ code: "AccessDenied" });
  const Condition = { StringEquals: { "s3:DataAccessPointAccount": account } };
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const Policy = policyOf({ Effect: "Allow", Principal: { AWS: "*" }, Action: "s3:GetObject", Resource, Condition });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  await get();
  const { AccessPointList } = await control.send(new ListAccessPointsCommand({ AccountId: account, Bucket: bucket }));
  expect(AccessPointList?.map(({ Name }) => Name)).toEqual(["theirs"]);
});
