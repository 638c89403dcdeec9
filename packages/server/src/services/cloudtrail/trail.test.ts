import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  GetTrailCommand,
  ListTrailsCommand,
  UpdateTrailCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";
import { LOGS, TRAIL, trailBucketPolicy, trailCloud } from "../../../test/trails.ts";

/** Source of the words: https://github.com/getmoto/moto/blob/master/tests/test_cloudtrail/test_cloudtrail.py, https://github.com/boto/boto3/issues/1766 */
test("a trail needs a bucket, and a policy of the bucket that lets CloudTrail in for this trail", async () => {
  const cloud = await testCloud();
  const trails = cloud.client(CloudTrailClient);
  const s3 = cloud.client(S3Client);
  const making = () => trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS }));
  await expect(making()).rejects.toMatchObject({
    name: "S3BucketDoesNotExistException",
    message: `S3 bucket ${LOGS} does not exist!`,
  });
  await s3.send(new CreateBucketCommand({ Bucket: LOGS }));
  const insufficient = {
    name: "InsufficientS3BucketPolicyException",
    message: `Incorrect S3 bucket policy is detected for bucket: ${LOGS}`,
  };
  await expect(making()).rejects.toMatchObject(insufficient);
  const allow = (policy: object) =>
    s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: JSON.stringify(policy) }));
  await allow(trailBucketPolicy(TRAIL.replace("audit", "another")));
  await expect(making()).rejects.toMatchObject(insufficient);
  await allow(trailBucketPolicy(TRAIL, "elsewhere"));
  await expect(making()).rejects.toMatchObject(insufficient);
  await allow(trailBucketPolicy());
  expect(await making()).toMatchObject({
    Name: "audit",
    S3BucketName: LOGS,
    TrailARN: TRAIL,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: false,
    LogFileValidationEnabled: false,
    IsOrganizationTrail: false,
  });
  await expect(making()).rejects.toMatchObject({ name: "TrailAlreadyExistsException" });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html, the words from https://github.com/getmoto/moto/blob/master/tests/test_cloudtrail/test_cloudtrail.py */
test("names of trails keep to rules, which are told", async () => {
  const { trails } = await trailCloud();
  const words = {
    a: "Trail name too short. Minimum allowed length: 3 characters. Specified name length: 1 characters.",
    ["a".repeat(129)]:
      "Trail name too long. Maximum allowed length: 128 characters. Specified name length: 129 characters.",
    "trail!": "Trail name must ends with a letter or number.",
    "my#trail":
      "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).",
    "-trail": "Trail name must starts with a letter or number.",
  };
  for (const [Name, message] of Object.entries(words)) {
    const making = trails.send(new CreateTrailCommand({ Name, S3BucketName: LOGS }));
    await expect(making).rejects.toMatchObject({ name: "InvalidTrailNameException", message });
  }
  for (const Name of ["my--trail", "192.168.5.4"]) {
    const making = trails.send(new CreateTrailCommand({ Name, S3BucketName: LOGS }));
    await expect(making).rejects.toMatchObject({ name: "InvalidTrailNameException" });
  }
});

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_cloudtrail/test_cloudtrail.py */
test("a trail of all regions has global events", async () => {
  const { trails } = await trailCloud();
  const making = trails.send(
    new CreateTrailCommand({
      Name: "audit",
      S3BucketName: LOGS,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: false,
    }),
  );
  await expect(making).rejects.toMatchObject({
    name: "InvalidParameterCombinationException",
    message: "Multi-Region trail must include global service events.",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html (shadow trails) */
test("a trail of all regions has a shadow in each, which only its home may change", async () => {
  const cloud = await trailCloud();
  await cloud.trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, IsMultiRegionTrail: true }));
  const elsewhere = cloud.client(CloudTrailClient, undefined, { region: "eu-west-1" });
  const { trailList } = await elsewhere.send(new DescribeTrailsCommand({}));
  expect(trailList).toMatchObject([{ TrailARN: TRAIL, HomeRegion: "us-east-1", IsMultiRegionTrail: true }]);
  const own = await elsewhere.send(new DescribeTrailsCommand({ includeShadowTrails: false }));
  expect(own.trailList).toEqual([]);
  const named = elsewhere.send(new GetTrailCommand({ Name: "audit" }));
  await expect(named).rejects.toMatchObject({ name: "TrailNotFoundException" });
  expect(await elsewhere.send(new GetTrailCommand({ Name: TRAIL }))).toMatchObject({ Trail: { Name: "audit" } });
  const ending = elsewhere.send(new DeleteTrailCommand({ Name: TRAIL }));
  await expect(ending).rejects.toMatchObject({ name: "InvalidHomeRegionException" });
  expect(await elsewhere.send(new ListTrailsCommand({}))).toMatchObject({
    Trails: [{ TrailARN: TRAIL, Name: "audit", HomeRegion: "us-east-1" }],
  });
});

test("what an update does not name stays, and an empty text takes away", async () => {
  const { trails } = await trailCloud();
  await trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS, EnableLogFileValidation: true }));
  const changed = await trails.send(new UpdateTrailCommand({ Name: "audit", IsMultiRegionTrail: true }));
  expect(changed).toMatchObject({ LogFileValidationEnabled: true, IsMultiRegionTrail: true });
  const prefixed = trails.send(new UpdateTrailCommand({ Name: "audit", S3KeyPrefix: "all" }));
  await expect(prefixed).rejects.toMatchObject({ name: "InsufficientS3BucketPolicyException" });
  expect(await trails.send(new GetTrailCommand({ Name: "audit" }))).not.toHaveProperty("Trail.S3KeyPrefix");
  await trails.send(new DeleteTrailCommand({ Name: "audit" }));
  const gone = trails.send(new GetTrailCommand({ Name: "audit" }));
  await expect(gone).rejects.toMatchObject({
    name: "TrailNotFoundException",
    message: "Unknown trail: audit for the user: 000000000000",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
test("a region has five trails, those of all regions counted", async () => {
  const cloud = await trailCloud();
  const anyTrail = JSON.stringify(trailBucketPolicy())
    .replaceAll('"StringEquals"', '"StringLike"')
    .replaceAll("/audit", "/*");
  await cloud.s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: anyTrail }));
  for (const Name of ["one", "two", "three", "four"])
    await cloud.trails.send(new CreateTrailCommand({ Name, S3BucketName: LOGS }));
  await cloud.trails.send(new CreateTrailCommand({ Name: "five", S3BucketName: LOGS, IsMultiRegionTrail: true }));
  const making = cloud.trails.send(new CreateTrailCommand({ Name: "six", S3BucketName: LOGS }));
  await expect(making).rejects.toMatchObject({ name: "MaximumNumberOfTrailsExceededException" });
});

// Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (Errors), https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
test.each(["ab", "Logs", "logs_of", "-logs", "\ud800logs"])("no trail delivers to `%s`", async (S3BucketName) => {
  const trails = (await testCloud()).client(CloudTrailClient);
  await expect(trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName }))).rejects.toMatchObject({
    name: "InvalidS3BucketNameException",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html */
test("no key is twice among the tags of a trail", async () => {
  const { trails } = await trailCloud();
  const { TrailARN } = await trails.send(new CreateTrailCommand({ Name: "audit", S3BucketName: LOGS }));
  const TagsList = [
    { Key: "team", Value: "a" },
    { Key: "team", Value: "b" },
  ];
  await expect(trails.send(new AddTagsCommand({ ResourceId: TrailARN, TagsList }))).rejects.toMatchObject({
    name: "InvalidTagParameterException",
  });
});
