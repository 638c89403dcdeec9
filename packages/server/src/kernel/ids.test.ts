import { expect, test } from "vitest";
import type { AccountId } from "./arn.ts";
import { accountOfAccessKeyId, newAccessKeyId, newUniqueId, requestIdMaker, timeOfRequestId } from "./ids.ts";

test.each(["000000000000", "123456789012", "999999999999"])("an access key id of %s carries its account", (account) => {
  for (const kind of ["accessKey", "temporaryKey"] as const) {
    const id = newAccessKeyId(kind, account as AccountId);
    expect(id).toMatch(/^A[KS]IA[A-Z2-7]{16}$/);
    expect(accountOfAccessKeyId(id)).toBe(account);
  }
});

test("the published example decodes to its account", () => {
  // Source: https://awsteele.com/blog/2020/09/26/aws-access-key-format.html
  expect(accountOfAccessKeyId("ASIAY34FZKBOKMUTVV7A")).toBe("609629065308");
});

test("a unique id has its kind's prefix and 21 characters, that of a public key 20", () => {
  expect(newUniqueId("role")).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect(newUniqueId("publicKey")).toMatch(/^APKA[A-Z2-7]{16}$/);
});

test.each([0, 1_800_000_000_123.5, Date.UTC(9999, 11, 31)])(
  "a request id of the time %d is a UUID that tells it",
  (atMs) => {
    const id = requestIdMaker()(atMs);
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const s3 = id.replaceAll("-", "").slice(0, 16).toUpperCase();
    for (const nowMs of [atMs, atMs + 700 * 86_400_000]) {
      for (const form of [id, s3]) expect(timeOfRequestId(form, nowMs)).toBe(Math.floor(atMs));
    }
    expect(timeOfRequestId("no-id", atMs)).toBeUndefined();
  },
);

test("no two request ids are the same", () => {
  const newRequestId = requestIdMaker();
  expect(new Set(Array.from({ length: 1000 }, () => newRequestId(1_800_000_000_000))).size).toBe(1000);
});
