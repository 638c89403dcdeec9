import { expect, test } from "vitest";
import { withKey } from "../../../../test/keys.ts";

test("a key of a key store is refused, whatever says that it is one", async () => {
  const { makeKey } = await withKey();
  for (const facts of [
    { Origin: "AWS_CLOUDHSM" },
    { CustomKeyStoreId: "cks-1234567890abcdef0" },
    { XksKeyId: "key-1" },
  ] as const) {
    await expect(makeKey(facts)).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  }
});
