import {
  ListTagsForResourceCommand,
  S3ControlClient,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-s3-control";
import { expect, test } from "vitest";
import { ACCOUNT, s3World } from "../../../../test/s3-world.ts";

async function tagged(bucket = "photos") {
  const { cloud } = await s3World();
  const control = cloud.client(S3ControlClient, cloud.rootOf(ACCOUNT));
  const at = { AccountId: ACCOUNT, ResourceArn: `arn:aws:s3:::${bucket}` };
  const tag = (Tags: { Key: string; Value: string }[]) => control.send(new TagResourceCommand({ ...at, Tags }));
  return { control, at, tag };
}

const INVALID =
  "This request contains a tag key or value that isn't valid. Valid characters include the following: [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 characters.";

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_tag_resource_validation)
test.each([
  [
    [{ Key: "aws:test", Value: "value1" }],
    'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
  ],
  [
    [
      { Key: "key1", Value: "value1" },
      { Key: "key1", Value: "value2" },
    ],
    "There are duplicate tag keys in your request. Remove the duplicate tag keys and try again.",
  ],
  [[{ Key: "test", Value: "value1,value2" }], INVALID],
  [[{ Key: "test,test2", Value: "value1" }], INVALID],
])("the tags %j are refused", async (tags, message) => {
  const { tag } = await tagged();
  await expect(tag(tags)).rejects.toMatchObject({ name: "InvalidTag", message });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_tag_operation_no_bucket)
test("a bucket that is not there is a resource that is not there", async () => {
  const { control, at, tag } = await tagged("nowhere");
  const gone = {
    name: "NoSuchResource",
    message: "The specified resource doesn't exist.",
    $metadata: { httpStatusCode: 404 },
  };
  await expect(tag([{ Key: "a", Value: "b" }])).rejects.toMatchObject(gone);
  await expect(control.send(new UntagResourceCommand({ ...at, TagKeys: ["a"] }))).rejects.toMatchObject(gone);
  await expect(control.send(new ListTagsForResourceCommand(at))).rejects.toMatchObject(gone);
});
