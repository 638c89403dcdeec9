import { expect, test } from "vitest";
import { parseTagging, toBucketTags, toObjectTags } from "./set.ts";

const code = (expected: string) => expect.objectContaining({ code: expected });
const many = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "v" }));

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
test("an object has ten tags at the most, a bucket fifty", () => {
  expect(Object.keys(toObjectTags(many(10)))).toHaveLength(10);
  expect(() => toObjectTags(many(11))).toThrow(code("BadRequest"));
  expect(Object.keys(toBucketTags(many(50)))).toHaveLength(50);
  expect(() => toBucketTags(many(51))).toThrow(code("BadRequest"));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-managing.html
test.each([
  ["an empty key", { Key: "", Value: "v" }],
  ["a reserved key", { Key: "aws:x", Value: "v" }],
  ["a long key", { Key: "k".repeat(129), Value: "v" }],
  ["a long value", { Key: "k", Value: "v".repeat(257) }],
  ["a character out of the set", { Key: "k", Value: "a&b" }],
])("%s is refused", (_what, tag) => expect(() => toObjectTags([tag])).toThrow(code("InvalidTag")));

test("a key comes once", () => {
  const twice = [
    { Key: "k", Value: "1" },
    { Key: "k", Value: "2" },
  ];
  expect(() => toObjectTags(twice)).toThrow(code("InvalidTag"));
  expect(() => parseTagging("k=1&k=2")).toThrow(code("InvalidArgument"));
});

// Source: https://github.com/ceph/s3-tests (test_put_obj_with_tags), https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_put_object_with_tags)
test("the tags of a header are in the order of their keys, and nothing between two ampersands is no tag", () => {
  expect(Object.keys(parseTagging("foo=bar&&&bar") ?? {})).toEqual(["bar", "foo"]);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-tagging)
test("a header writes tags as a query", () => {
  expect(parseTagging("team=a%2Fb&cost%20centre=7&x+y=&flag")).toEqual({
    team: "a/b",
    "cost centre": "7",
    "x y": "",
    flag: "",
  });
  expect(parseTagging("")).toBeUndefined();
  expect(() => parseTagging("a=%zz")).toThrow(code("InvalidArgument"));
  // Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/test/object/initiateMPU.js (run against AWS)
  for (const odd of ["a==b", "=b"]) expect(() => parseTagging(odd)).toThrow(code("InvalidArgument"));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_object_tagging_exc)
  expect(() => parseTagging("key1=val1,key2=val2")).toThrow(code("InvalidArgument"));
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_tagging_validation)
test.each([
  [[{ Key: "aws:prefixed", Value: "v" }], { TagKey: "aws:prefixed" }],
  [[{ Key: "Key1,Key2", Value: "v" }], { TagKey: "Key1,Key2" }],
  [[{ Key: "Key1", Value: "Val1,Val2" }], { TagKey: "Key1", TagValue: "Val1,Val2" }],
  [
    [
      { Key: "Key1", Value: "1" },
      { Key: "Key1", Value: "2" },
    ],
    { TagKey: "Key1" },
  ],
])("of %j it is told what is wrong", (set, fields) =>
  expect(() => toBucketTags(set)).toThrow(expect.objectContaining({ code: "InvalidTag", fields })),
);
