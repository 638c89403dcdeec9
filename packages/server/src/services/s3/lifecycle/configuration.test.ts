import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const RECORDED =
  "Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json";

type Written = Omit<LifecycleRule, "Status"> & { readonly Status?: LifecycleRule["Status"] };

async function world() {
  const { s3, bucket, ...rest } = await s3World();
  return {
    ...rest,
    s3,
    bucket,
    set: (...rules: readonly Written[]) =>
      s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket: bucket,
          LifecycleConfiguration: { Rules: rules.map((rule) => ({ Status: "Enabled", ...rule })) },
        }),
      ),
    get: () => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket })),
  };
}

test("rules are read back as they were written", async () => {
  const { set, get } = await world();
  const rules: readonly LifecycleRule[] = [
    { ID: "all", Filter: { Prefix: "" }, Status: "Enabled", Expiration: { Days: 7 } },
    { ID: "old form", Prefix: "logs/", Status: "Disabled", Expiration: { Date: new Date("2030-01-01T00:00:00Z") } },
    { ID: "tag", Filter: { Tag: { Key: "a", Value: "1" } }, Status: "Enabled", Expiration: { Days: 1 } },
    {
      ID: "and",
      Filter: {
        And: {
          Prefix: "x/",
          Tags: [{ Key: "a", Value: "1" }],
          ObjectSizeGreaterThan: 1,
          ObjectSizeLessThan: 99,
        },
      },
      Status: "Enabled",
      Transitions: [
        { Days: 30, StorageClass: "STANDARD_IA" },
        { Days: 60, StorageClass: "GLACIER" },
      ],
    },
    {
      ID: "versions",
      Filter: { ObjectSizeLessThan: 10 },
      Status: "Enabled",
      NoncurrentVersionTransitions: [{ NoncurrentDays: 5, StorageClass: "GLACIER", NewerNoncurrentVersions: 2 }],
      NoncurrentVersionExpiration: { NoncurrentDays: 9, NewerNoncurrentVersions: 3 },
    },
    { ID: "marker", Prefix: "", Status: "Enabled", Expiration: { ExpiredObjectDeleteMarker: true } },
    { ID: "uploads", Prefix: "", Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } },
  ];
  await set(...rules);
  const found = await get();
  expect(found.Rules).toEqual(rules);
  expect(found.TransitionDefaultMinimumObjectSize).toBe("all_storage_classes_128K");
});

test("a rule without a name gets one", async () => {
  const { set, get } = await world();
  await set({ Prefix: "", Expiration: { Days: 1 } }, { Prefix: "a", Expiration: { Days: 2 } });
  const ids = (await get()).Rules?.map(({ ID }) => ID) ?? [];
  expect(new Set(ids).size).toBe(2);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_delete_bucket_lifecycle_configuration)
test("without a configuration there is none, and deleting it is no error", async () => {
  const { s3, bucket, set, get } = await world();
  const missing = {
    code: "NoSuchLifecycleConfiguration",
    status: 404,
    message: "The lifecycle configuration does not exist",
  };
  const remove = () => s3.send(new DeleteBucketLifecycleCommand({ Bucket: bucket }));
  expect((await remove()).$metadata.httpStatusCode).toBe(204);
  expect(await refusal(get())).toMatchObject(missing);
  await set({ Prefix: "", Expiration: { Days: 1 } });
  await remove();
  expect(await refusal(get())).toMatchObject(missing);
  await set({ Prefix: "", Expiration: { Days: 1 } });
  await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  expect(await refusal(get())).toMatchObject(missing);
});

const ok = { ID: "a", Filter: {} } as const;
const twice = [
  { Key: "k", Value: "1" },
  { Key: "k", Value: "2" },
];

/** Words that the types do not know. */
const noStatus = Object.assign({ Status: "Enabled" as const }, { Status: "enabled" });
const noColder = Object.assign({ Days: 30, StorageClass: "GLACIER" as const }, { StorageClass: "STANDARD" });

const MALFORMED: readonly (readonly [string, Written])[] = [
  ["neither prefix nor filter", { Expiration: { Days: 7 } }],
  ["both prefix and filter", { ID: "a", Prefix: "", Filter: {}, Expiration: { Days: 7 } }],
  ["two conditions without And", { Filter: { ObjectSizeGreaterThan: 5, Prefix: "" }, Expiration: { Days: 7 } }],
  ["And beside another condition", { Filter: { And: { Prefix: "a" }, Prefix: "" }, Expiration: { Days: 7 } }],
  ["no days of versions that are not current", { ...ok, NoncurrentVersionExpiration: {} }],
  ["both days and delete markers", { ...ok, Expiration: { Days: 7, ExpiredObjectDeleteMarker: true } }],
  ["a transition to no colder class", { ...ok, Transitions: [noColder] }],
  ["a status that is none", { ...ok, ...noStatus, Expiration: { Days: 7 } }],
  ["a transition without a class", { ...ok, Transitions: [{ Days: 30, StorageClass: undefined }] }],
];

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_put_bucket_lifecycle_conf_exc)
test.each(MALFORMED)("a rule with %s is malformed", async (_what, rule) => {
  const { set } = await world();
  expect(await refusal(set(rule))).toMatchObject({ code: "MalformedXML", status: 400 });
});

const REFUSED: readonly (readonly [string, string, string, Written])[] = [
  [
    "InvalidArgument",
    "'Date' must be at midnight GMT",
    RECORDED,
    { ...ok, Expiration: { Date: new Date("2031-01-01T02:00:00Z") } },
  ],
  [
    "InvalidRequest",
    "Duplicate Tag Keys are not allowed.",
    RECORDED,
    { ID: "a", Filter: { And: { Tags: twice } }, Expiration: { Days: 7 } },
  ],
  [
    "InvalidRequest",
    "At least one action needs to be specified in a rule",
    "Source: https://github.com/crossplane-contrib/provider-aws/issues/1337",
    ok,
  ],
  [
    "InvalidRequest",
    "AbortIncompleteMultipartUpload cannot be specified with Tags.",
    "Source: https://github.com/terraform-aws-modules/terraform-aws-s3-bucket/issues/109",
    { Filter: { Tag: { Key: "a", Value: "b" } }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
  ],
  [
    "InvalidArgument",
    "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
    "Source: https://github.com/hashicorp/terraform-provider-aws/issues/35328",
    { ...ok, NoncurrentVersionExpiration: { NewerNoncurrentVersions: 1 } },
  ],
  [
    "InvalidArgument",
    "'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
    "Source: https://github.com/go-to-k/cdkd/pull/1426",
    {
      ...ok,
      NoncurrentVersionTransitions: [{ NoncurrentDays: 15, StorageClass: "GLACIER" }],
      NoncurrentVersionExpiration: { NoncurrentDays: 15 },
    },
  ],
];

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/s3/bucket_lifecycle_configuration_test.go (TestAccS3BucketLifecycleConfiguration_EmptyFilter_NonCurrentVersions)
test("older versions may expire on the day they move, where the newest of them are kept", async () => {
  const { set, get } = await world();
  const rule: LifecycleRule = {
    ID: "versions",
    Filter: {},
    Status: "Enabled",
    NoncurrentVersionTransitions: [{ NoncurrentDays: 30, StorageClass: "STANDARD_IA" }],
    NoncurrentVersionExpiration: { NewerNoncurrentVersions: 2, NoncurrentDays: 30 },
  };
  await set(rule);
  expect((await get()).Rules).toMatchObject([rule]);
});

test.each(REFUSED)("%s: %s (%s)", async (code, message, _source, rule) => {
  const { set } = await world();
  expect(await refusal(set(rule))).toMatchObject({ code, status: 400, message });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Transition.html (Days),
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
test.each<readonly [string, Written]>([
  ["expiration after no days", { ...ok, Expiration: { Days: 0 } }],
  ["a name of 256 characters", { ID: "a".repeat(256), Filter: {}, Expiration: { Days: 1 } }],
  ["infrequent access before 30 days", { ...ok, Transitions: [{ Days: 29, StorageClass: "STANDARD_IA" }] }],
  [
    "less than 30 days of infrequent access",
    {
      ...ok,
      Transitions: [
        { Days: 30, StorageClass: "STANDARD_IA" },
        { Days: 50, StorageClass: "GLACIER" },
      ],
    },
  ],
  [
    "an end before the transition",
    { ...ok, Transitions: [{ Days: 10, StorageClass: "GLACIER" }], Expiration: { Days: 10 } },
  ],
  [
    "more than 100 newer versions",
    { ...ok, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 101 } },
  ],
])("%s is an invalid argument", async (_what, rule) => {
  const { set } = await world();
  expect(await refusal(set(rule))).toMatchObject({ code: "InvalidArgument", status: 400 });
});

const named = (ID: string): Written => ({ ID, Filter: {}, Expiration: { Days: 1 } });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (ID element)
test("there are up to 1000 rules, each with a name of its own", async () => {
  const { set } = await world();
  const many = (count: number) => Array.from({ length: count }, (_, index) => named(String(index)));
  await set(...many(1000));
  expect(await refusal(set(...many(1001)))).toMatchObject({ code: "MalformedXML", status: 400 });
  expect(await refusal(set())).toMatchObject({ code: "MalformedXML", status: 400 });
  expect(await refusal(set(named("a"), named("a")))).toMatchObject({ code: "InvalidArgument", status: 400 });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_transition_default_minimum_object_size)
test("the smallest size that is moved is one of two", async () => {
  const { s3, bucket, get } = await world();
  const put = (size: "varies_by_storage_class" | undefined) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules: [{ Prefix: "", Status: "Enabled", Expiration: { Days: 7 } }] },
        TransitionDefaultMinimumObjectSize: size,
      }),
    );
  expect((await put("varies_by_storage_class")).TransitionDefaultMinimumObjectSize).toBe("varies_by_storage_class");
  expect((await get()).TransitionDefaultMinimumObjectSize).toBe("varies_by_storage_class");
  expect((await put(undefined)).TransitionDefaultMinimumObjectSize).toBe("all_storage_classes_128K");
});

test("setting and removing rules need one permission, reading them another", async () => {
  const { user, bucket, set } = await world();
  await set({ Prefix: "", Expiration: { Days: 1 } });
  const Resource = `arn:aws:s3:::${bucket}`;
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
  const writer = await user([{ Effect: "Allow", Action: "s3:PutLifecycleConfiguration", Resource }], { name: "w" });
  const reader = await user([{ Effect: "Allow", Action: "s3:GetLifecycleConfiguration", Resource }], { name: "r" });
  const input = { Bucket: bucket };
  expect(await refusal(writer.send(new GetBucketLifecycleConfigurationCommand(input)))).toMatchObject({ status: 403 });
  expect((await reader.send(new GetBucketLifecycleConfigurationCommand(input))).Rules).toHaveLength(1);
  expect(await refusal(reader.send(new DeleteBucketLifecycleCommand(input)))).toMatchObject({ status: 403 });
  await writer.send(new DeleteBucketLifecycleCommand(input));
});

test("a suspended bucket takes rules as any other", async () => {
  const { s3, bucket, set, get } = await world();
  const VersioningConfiguration = { Status: "Suspended" as const };
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  await set({ ID: "a", Filter: {}, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  expect((await get()).Rules).toHaveLength(1);
});
