import { expect, test } from "vitest";
import type { AccountId } from "./arn.ts";
import { accountOfAccessKeyId, newAccessKeyId, newUniqueId } from "./ids.ts";

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
