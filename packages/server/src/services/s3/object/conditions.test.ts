import { expect, test } from "vitest";
import { judge, requireCopyable, requireWritable } from "./conditions.ts";

const now = new Date("2026-01-01T00:00:00Z");
const object = { etag: "abc", modifiedAtMs: Date.parse("2025-06-01T00:00:00Z") };
const before = new Date("2025-05-31T00:00:00Z");
const later = new Date("2025-06-02T00:00:00Z");

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (If-Match … If-Unmodified-Since)
test.each([
  ["a matching If-Match goes on", { ifMatch: '"abc"' }, "go-on"],
  ["a differing If-Match fails", { ifMatch: '"other"' }, "failed"],
  ["any object matches a star", { ifMatch: "*" }, "go-on"],
  ["one tag of a list is enough", { ifMatch: '"x", "abc"' }, "go-on"],
  [
    "a matching If-Match outweighs a failing If-Unmodified-Since",
    { ifMatch: "abc", ifUnmodifiedSince: before },
    "go-on",
  ],
  ["an object changed since fails If-Unmodified-Since", { ifUnmodifiedSince: before }, "failed"],
  ["an object unchanged since passes If-Unmodified-Since", { ifUnmodifiedSince: later }, "go-on"],
  ["a matching If-None-Match is not modified", { ifNoneMatch: '"abc"' }, "not-modified"],
  ["a differing If-None-Match outweighs If-Modified-Since", { ifNoneMatch: "x", ifModifiedSince: later }, "go-on"],
  [
    "a matching If-None-Match outweighs If-Modified-Since",
    { ifNoneMatch: "abc", ifModifiedSince: before },
    "not-modified",
  ],
  ["an object unchanged since is not modified", { ifModifiedSince: later }, "not-modified"],
  ["the very second of the change is not after it", { ifModifiedSince: new Date(object.modifiedAtMs) }, "not-modified"],
  ["an object changed since is given", { ifModifiedSince: before }, "go-on"],
  ["a date to come is ignored", { ifModifiedSince: new Date("2030-01-01T00:00:00Z") }, "go-on"],
] as const)("%s", (_fact, conditions, kind) => expect(judge(conditions, object, now).kind).toBe(kind));

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source-if-none-match)
test("a copy whose source was not modified fails as a whole", () => {
  expect(() => requireCopyable({ ifNoneMatch: "abc" }, object, now)).toThrow(
    expect.objectContaining({ code: "PreconditionFailed" }),
  );
});

const code = (expected: string) => expect.objectContaining({ code: expected });

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
test("a conditional write sees what is there", () => {
  expect(() => requireWritable({ IfNoneMatch: "*" }, undefined, "k")).not.toThrow();
  expect(() => requireWritable({ IfNoneMatch: "*" }, object, "k")).toThrow(code("PreconditionFailed"));
  expect(() => requireWritable({ IfMatch: '"abc"' }, object, "k")).not.toThrow();
  expect(() => requireWritable({ IfMatch: '"old"' }, object, "k")).toThrow(code("PreconditionFailed"));
  expect(() => requireWritable({ IfMatch: '"abc"' }, undefined, "k")).toThrow(code("NoSuchKey"));
  expect(() => requireWritable({ IfNoneMatch: '"abc"' }, object, "k")).toThrow(code("NotImplemented"));
});
