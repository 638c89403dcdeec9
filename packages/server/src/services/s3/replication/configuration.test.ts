import {
  CreateBucketCommand,
  DeleteBucketReplicationCommand,
  GetBucketReplicationCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  type ReplicationRule,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { replicated, ROLE, rule } from "../../../../test/replicated-world.ts";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const { DeleteMarkerReplication: _markers, ...withoutMarkers } = rule();
const { Priority: _priority, ...withoutPriority } = rule();
const { Filter: _filter, Priority: _one, DeleteMarkerReplication: _two, ...bare } = rule();
const NEW_SCHEMA =
  "must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.";
const COPIES = "arn:aws:s3:::copies";

test("a configuration comes back as it was put, until it is deleted, which may be done twice", async () => {
  const { s3, bucket: Bucket } = await replicated();
  const get = new GetBucketReplicationCommand({ Bucket });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json
  expect((await s3.send(get)).ReplicationConfiguration).toEqual({ Role: ROLE, Rules: [rule()] });
  const gone = () => s3.send(new DeleteBucketReplicationCommand({ Bucket }));
  expect((await gone()).$metadata.httpStatusCode).toBe(204);
  expect((await gone()).$metadata.httpStatusCode).toBe(204);
  expect(await refusal(s3.send(get))).toMatchObject({
    code: "ReplicationConfigurationNotFoundError",
    status: 404,
    message: "The replication configuration was not found",
  });
});

test("both buckets keep versions, the first as long as it is copied", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const configure = () =>
    s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: { Role: ROLE, Rules: [rule()] } }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json
  expect(await refusal(configure())).toMatchObject({
    code: "InvalidRequest",
    message: "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
  });
  const enable = { VersioningConfiguration: { Status: "Enabled" } } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, ...enable }));
  const unversioned = { code: "InvalidRequest", message: "Destination bucket must have versioning enabled." };
  expect(await refusal(configure())).toMatchObject(unversioned);
  await s3.send(new CreateBucketCommand({ Bucket: "copies" }));
  expect(await refusal(configure())).toMatchObject(unversioned);
  await s3.send(new PutBucketVersioningCommand({ Bucket: "copies", ...enable }));
  await configure();
  const suspend = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } });
  // Source: https://github.com/hashicorp/terraform/issues/22491
  expect(await refusal(s3.send(suspend))).toMatchObject({ code: "InvalidBucketState", status: 409 });
});

test("who configures it needs the right to hand the role on", async () => {
  const { user, bucket: Bucket } = await replicated();
  const put = { Effect: "Allow", Action: "s3:PutReplicationConfiguration", Resource: "*" };
  const command = new PutBucketReplicationCommand({
    Bucket,
    ReplicationConfiguration: { Role: ROLE, Rules: [rule()] },
  });
  const ann = await user([put]);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html (Permissions)
  expect((await refusal(ann.send(command))).message).toContain("iam:PassRole");
  const bob = await user([put, { Effect: "Allow", Action: "iam:PassRole", Resource: ROLE }], { name: "bob" });
  await bob.send(command);
});

const REFUSED: readonly [string, readonly ReplicationRule[], string, string][] = [
  ["no rules", [], "MalformedXML", "The XML you provided was not well-formed"],
  ["a filter without priority", [withoutPriority], "InvalidRequest", `Priority ${NEW_SCHEMA}`],
  [
    "a filter without a word on delete markers",
    [withoutMarkers],
    "InvalidRequest",
    `DeleteMarkerReplication ${NEW_SCHEMA}`,
  ],
  [
    "delete markers in the old schema",
    [{ ...bare, Prefix: "", DeleteMarkerReplication: { Status: "Enabled" } }],
    "InvalidRequest",
    // Source: https://github.com/rust-lang/simpleinfra/pull/468
    "DeleteMarkerReplication cannot be used for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.",
  ],
  // Source: https://github.com/hashicorp/terraform-provider-aws/issues/23803
  ["existing objects", [rule({ ExistingObjectReplication: { Status: "Enabled" } })], "MalformedXML", "The XML"],
  [
    "delete markers by tag",
    [rule({ Filter: { Tag: { Key: "a", Value: "b" } }, DeleteMarkerReplication: { Status: "Enabled" } })],
    "InvalidRequest",
    "Delete marker replication is not supported if any Tag filter is specified.",
  ],
  [
    "encrypted objects without a key",
    [rule({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: "Enabled" } } })],
    "InvalidRequest",
    "ReplicaKmsKeyID",
  ],
  [
    "another owner without its account",
    [rule({ Destination: { Bucket: COPIES, AccessControlTranslation: { Owner: "Destination" } } })],
    "InvalidRequest",
    "Account",
  ],
  [
    "a bucket's name for its ARN",
    [rule({ Destination: { Bucket: "copies" } })],
    "InvalidArgument",
    "Invalid bucket ARN.",
  ],
  [
    "the bucket itself",
    [rule({ Destination: { Bucket: "arn:aws:s3:::photos" } })],
    "InvalidRequest",
    "same as the source",
  ],
  ["one id for two", [rule(), rule({ Priority: 2 })], "InvalidArgument", "Rule ID must be unique"],
  ["one priority for two", [rule(), rule({ ID: "other" })], "InvalidRequest", "Priority must be unique"],
];

test.each(REFUSED)("%s is refused", async (_what, rules, code, message) => {
  const { s3, bucket: Bucket } = await replicated();
  const ReplicationConfiguration = { Role: ROLE, Rules: [...rules] };
  const put = s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration }));
  expect(await refusal(put)).toMatchObject({ code, status: 400, message: expect.stringContaining(message) });
});
