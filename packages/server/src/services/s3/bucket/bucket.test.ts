import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { pathStyle, refusal, s3World } from "../../../../test/s3-world.ts";

test("a bucket is made, found, listed, located and deleted", async () => {
  const { s3, bucket } = await s3World();
  const head = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_create_bucket_head_bucket)
  expect(head).toMatchObject({ BucketRegion: "us-east-1", BucketArn: `arn:aws:s3:::${bucket}` });
  const { Buckets, Owner } = await s3.send(new ListBucketsCommand({}));
  expect(Buckets).toEqual([expect.objectContaining({ Name: bucket, CreationDate: expect.any(Date) })]);
  expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (us-east-1 is null)
  expect((await s3.send(new GetBucketLocationCommand({ Bucket: bucket }))).LocationConstraint).toBeUndefined();
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: bucket })))).toMatchObject({ status: 404 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
test("a name is taken in all accounts; one's own bucket may be made again in us-east-1 alone", async () => {
  const { s3, bucket, stranger, cloud } = await s3World();
  const again = new CreateBucketCommand({ Bucket: bucket });
  expect(await refusal(stranger().send(again))).toMatchObject({ code: "BucketAlreadyExists", status: 409 });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_create_bucket_head_bucket)
  expect(await s3.send(again)).toMatchObject({ Location: `/${bucket}`, BucketArn: `arn:aws:s3:::${bucket}` });
  const ireland = pathStyle(cloud, undefined, { region: "eu-west-1" });
  const there = new CreateBucketCommand({
    Bucket: "there",
    CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
  });
  await ireland.send(there);
  expect(await refusal(ireland.send(there))).toMatchObject({ code: "BucketAlreadyOwnedByYou", status: 409 });
});

const createIn = (Bucket: string, LocationConstraint?: "eu-west-1" | "eu-central-1" | "ap-east-1" | "EU") =>
  new CreateBucketCommand({
    Bucket,
    ...(LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } }),
  });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
test("the location must be that of the endpoint, which us-east-1's leaves open", async () => {
  const { s3, cloud } = await s3World();
  const ireland = pathStyle(cloud, undefined, { region: "eu-west-1" });
  expect(await refusal(ireland.send(createIn("elsewhere", "eu-central-1")))).toMatchObject({
    code: "IllegalLocationConstraintException",
    status: 400,
  });
  await s3.send(createIn("from-the-first", "eu-central-1"));
  await s3.send(createIn("by-its-old-name", "EU"));
  const location = await s3.send(new GetBucketLocationCommand({ Bucket: "from-the-first" }));
  expect(location.LocationConstraint).toBe("eu-central-1");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_create_bucket_with_eu_location_constraint, run against AWS)
  const old = await s3.send(new GetBucketLocationCommand({ Bucket: "by-its-old-name" }));
  expect(old.LocationConstraint).toBe("EU");
  const raw = new CreateBucketCommand({
    Bucket: "x-1",
    CreateBucketConfiguration: { LocationConstraint: "us-east-1" as "EU" },
  });
  expect(await refusal(s3.send(raw))).toMatchObject({ code: "InvalidLocationConstraint", status: 400 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (PermanentRedirect)
test("a call signed for another region is told the right one", async () => {
  const { bucket, cloud } = await s3World();
  const ireland = pathStyle(cloud, undefined, { region: "eu-west-1" });
  const { code, status, error } = await refusal(ireland.send(new PutObjectCommand({ Bucket: bucket, Key: "k" })));
  expect({ code, status }).toEqual({ code: "PermanentRedirect", status: 301 });
  expect(error).toMatchObject({ Bucket: bucket, $response: { headers: { "x-amz-bucket-region": "us-east-1" } } });
  const location = await ireland.send(new GetBucketLocationCommand({ Bucket: bucket }));
  expect(location.$metadata.httpStatusCode).toBe(200);
});

const notIn = (location: string) => ({
  code: "IllegalLocationConstraintException",
  status: 400,
  message: `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
});

const readK = (client: S3Client, Bucket: string) => refusal(client.send(new GetObjectCommand({ Bucket, Key: "k" })));

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/object_test.go (TestAccS3Object_optInRegion)
// Source: https://github.com/cloud-custodian/cloud-custodian/issues/8005 (the words, of both directions)
test("a region that accounts have to enable knows nothing of the other regions' buckets, nor they of its own", async () => {
  const { s3, bucket, cloud } = await s3World();
  await s3.send(createIn("in-hong-kong", "ap-east-1"));
  const hongKong = pathStyle(cloud, undefined, { region: "ap-east-1" });
  expect(await readK(s3, "in-hong-kong")).toMatchObject(notIn("ap-east-1"));
  expect(await readK(hongKong, bucket)).toMatchObject(notIn("unspecified"));
  expect(await readK(hongKong, "in-hong-kong")).toMatchObject({ code: "NoSuchKey" });
});

// Source: https://github.com/aws/aws-sdk-ruby/blob/version-3/gems/aws-sdk-s3/features/client/buckets.feature (run against S3: "HEAD bucket works with improper region")
test("by its name at the global endpoint a bucket is found, and the signature's region is what is wrong", async () => {
  const { bucket, cloud } = await s3World();
  const ireland = cloud.client(S3Client, undefined, { region: "eu-west-1", endpoint: "https://s3.amazonaws.com" });
  const read = new GetObjectCommand({ Bucket: bucket, Key: "k" });
  expect(await refusal(ireland.send(read))).toMatchObject({
    code: "AuthorizationHeaderMalformed",
    status: 400,
    message: "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'",
    error: { Region: "us-east-1", $response: { headers: { "x-amz-bucket-region": "us-east-1" } } },
  });
  expect(await refusal(ireland.send(new HeadBucketCommand({ Bucket: bucket })))).toMatchObject({
    status: 400,
    error: { $response: { headers: { "x-amz-bucket-region": "us-east-1" } } },
  });
  const { host, pathname, searchParams } = new URL(await getSignedUrl(ireland, read));
  const query = Object.fromEntries(searchParams);
  const { statusCode, body } = await cloud.send({ method: "GET", path: pathname, query, headers: { host } });
  expect([statusCode, Buffer.from(body).toString()]).toEqual([
    400,
    expect.stringContaining("<Code>AuthorizationQueryParametersError</Code>"),
  ]);
});

test("a client that follows redirects finds the bucket", async () => {
  const { bucket, cloud } = await s3World();
  const ireland = pathStyle(cloud, undefined, { region: "eu-west-1", followRegionRedirects: true });
  const put = await ireland.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x" }));
  expect(put.$metadata.httpStatusCode).toBe(200);
});

test("a bucket with objects stays, one with uploads under way goes", async () => {
  const { s3, bucket, put } = await s3World();
  await put("k");
  const remove = new DeleteBucketCommand({ Bucket: bucket });
  expect(await refusal(s3.send(remove))).toMatchObject({ code: "BucketNotEmpty", status: 409 });
  await s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: "big" }));
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));
  await s3.send(remove);
  expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
});

test("a name that breaks the rules is refused", async () => {
  const { s3 } = await s3World();
  const create = new CreateBucketCommand({ Bucket: "Not_A_Bucket" });
  expect(await refusal(s3.send(create))).toMatchObject({ code: "InvalidBucketName", status: 400 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
test("buckets are listed by page, by prefix and by region, one's own only", async () => {
  const { s3, stranger } = await s3World("a-1");
  for (const Bucket of ["a-2", "b-1", "a-3"]) await s3.send(new CreateBucketCommand({ Bucket }));
  const far = { LocationConstraint: "eu-west-1" } as const;
  await s3.send(new CreateBucketCommand({ Bucket: "a-far", CreateBucketConfiguration: far }));
  await stranger().send(new CreateBucketCommand({ Bucket: "a-foreign" }));
  const names: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListBucketsCommand({ Prefix: "a-", MaxBuckets: 1, ContinuationToken }));
    expect(page.Buckets).toHaveLength(1);
    names.push(...(page.Buckets ?? []).map(({ Name }) => Name));
    ({ ContinuationToken } = page);
  } while (ContinuationToken !== undefined);
  expect(names).toEqual(["a-1", "a-2", "a-3", "a-far"]);
  const inRegion = await s3.send(new ListBucketsCommand({ BucketRegion: "eu-west-1" }));
  expect(inRegion.Buckets).toEqual([expect.objectContaining({ Name: "a-far", BucketRegion: "eu-west-1" })]);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.snapshot.json (test_list_buckets_region_validation, test_list_buckets_when_continuation_token_is_empty)
  expect(await refusal(s3.send(new ListBucketsCommand({ BucketRegion: "eu-east-1" })))).toMatchObject({
    code: "InvalidArgument",
    message: "Argument value eu-east-1 is not a valid AWS Region",
  });
  expect((await s3.send(new ListBucketsCommand({ ContinuationToken: "", MaxBuckets: 1 }))).Buckets).toHaveLength(1);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_create_bucket_with_tags_us_east_1_idempotency)
test("a bucket is not made again with tags", async () => {
  const { s3, stranger, bucket } = await s3World();
  const again = (Tags: { Key: string; Value: string }[], by = s3) =>
    by.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { Tags } }));
  const Tags = [{ Key: "a", Value: "b" }];
  expect(await refusal(again(Tags))).toMatchObject({ code: "BucketAlreadyOwnedByYou" });
  expect(await refusal(again(Tags, stranger()))).toMatchObject({ code: "BucketAlreadyExists" });
  await again([]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (of HeadBucket)
// Source: https://github.com/aws/aws-sdk-go-v2/blob/main/feature/s3/manager/integ_bucket_region_test.go (run against AWS)
test("who may not look at a bucket is told its region all the same", async () => {
  const { bucket, anonymous, stranger } = await s3World();
  for (const method of ["HEAD", "GET"]) {
    const { statusCode, headers } = await anonymous(method, `/${bucket}`);
    expect([statusCode, headers["x-amz-bucket-region"]]).toEqual([403, "us-east-1"]);
  }
  expect(await refusal(stranger().send(new HeadBucketCommand({ Bucket: bucket })))).toMatchObject({
    status: 403,
    error: { $response: { headers: { "x-amz-bucket-region": "us-east-1" } } },
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
test("a bucket that is not the expected owner's is refused", async () => {
  const { s3, bucket } = await s3World();
  const head = (ExpectedBucketOwner: string) => s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner }));
  await head("000000000000");
  expect(await refusal(head("111111111111"))).toMatchObject({ status: 403 });
  expect(await refusal(head("not an account"))).toMatchObject({ status: 400 });
});

test("what is not built is refused by name", async () => {
  const { s3 } = await s3World();
  const Location = { Type: "AvailabilityZone", Name: "use1-az1" } as const;
  const create = new CreateBucketCommand({ Bucket: "directory", CreateBucketConfiguration: { Location } });
  expect(await refusal(s3.send(create))).toMatchObject({
    code: "NotImplemented",
    status: 501,
    error: { Header: "Location" },
  });
});

test("directory buckets are refused by name, as their clients call", async () => {
  const { cloud } = await s3World();
  const endpoint = "https://s3express-control.us-east-1.amazonaws.com";
  const express = cloud.client(S3Client, undefined, { endpoint, disableS3ExpressSessionAuth: true });
  const Bucket = "words--use1-az4--x-s3";
  const create = new CreateBucketCommand({
    Bucket,
    CreateBucketConfiguration: {
      Location: { Type: "AvailabilityZone", Name: "use1-az4" },
      Bucket: { Type: "Directory", DataRedundancy: "SingleAvailabilityZone" },
    },
  });
  expect(await refusal(express.send(create))).toMatchObject({
    code: "NotImplemented",
    status: 501,
    message: "Kumobako does not implement s3express:CreateBucket yet.",
  });
});

// Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3.py (test_create_bucket_account_regional_namespace_invalid_name)
test("a bucket of an account's own namespace ends with the account and the region", async () => {
  const { s3 } = await s3World();
  const create = (Bucket: string) => s3.send(new CreateBucketCommand({ Bucket, BucketNamespace: "account-regional" }));
  expect(await refusal(create("mine"))).toMatchObject({ code: "InvalidNamespaceHeader", status: 400 });
  expect(await create("mine-000000000000-us-east-1-an")).toHaveProperty("BucketArn");
});

// Source: https://github.com/aws/aws-cli/blob/develop/tests/integration/customizations/s3/test_plugin.py (test_short_an_suffix_sends_namespace_header), https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
test.each(["xyz-an", "mine-111122223333-us-east-1-an", "mine-000000000000-eu-west-1-an"])(
  "%s is in nobody's namespace, or in another one",
  async (Bucket) => {
    const { s3 } = await s3World();
    const create = new CreateBucketCommand({ Bucket, BucketNamespace: "account-regional" });
    expect(await refusal(s3.send(create))).toMatchObject({ code: "InvalidBucketNamespace", status: 400 });
  },
);

// Source: https://github.com/ansible-collections/amazon.aws/issues/2935 (seen on S3)
test("a name of an account's own namespace is taken with its header alone", async () => {
  const { s3 } = await s3World();
  const create = new CreateBucketCommand({ Bucket: "mine-000000000000-us-east-1-an" });
  expect(await refusal(s3.send(create))).toMatchObject({
    code: "MissingNamespaceHeader",
    status: 400,
    message:
      "The requested bucket is an account-regional namespace bucket, but your request is missing the required x-amz-bucket-namespace header.",
    error: { Header: "x-amz-bucket-namespace" },
  });
});

// Source: https://github.com/versity/versitygw/issues/1869 (seen on S3)
test("a bucket that was asked for with the private list has lists", async () => {
  const { s3 } = await s3World();
  await s3.send(new CreateBucketCommand({ Bucket: "listed", ACL: "private" }));
  const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket: "listed" }));
  expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerPreferred" }]);
  await s3.send(new PutObjectCommand({ Bucket: "listed", Key: "k", ACL: "private" }));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html (Permissions)
test("who makes a bucket with controls or a list of rights needs the rights to those as well", async () => {
  const { user } = await s3World();
  const ann = await user([{ Effect: "Allow", Action: "s3:CreateBucket", Resource: "*" }]);
  const controlled = new CreateBucketCommand({ Bucket: "controlled", ObjectOwnership: "BucketOwnerEnforced" });
  expect(await refusal(ann.send(controlled))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:PutBucketOwnershipControls"),
  });
  expect(await refusal(ann.send(new CreateBucketCommand({ Bucket: "open", ACL: "public-read" })))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:PutBucketAcl"),
  });
  await ann.send(new CreateBucketCommand({ Bucket: "plain", ACL: "private" }));
});

// Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_create_bucket.sh (run against S3)
test("grants for a bucket whose owner's word alone counts are refused, whoever they are for", async () => {
  const { s3 } = await s3World();
  const create = new CreateBucketCommand({ Bucket: "granted", GrantFullControl: "id=nobody" });
  expect(await refusal(s3.send(create))).toMatchObject({ code: "InvalidBucketAclWithObjectOwnership", status: 400 });
});
