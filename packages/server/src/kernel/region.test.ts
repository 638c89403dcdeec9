import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { isRegion, REGIONS } from "./region.ts";

/** As AWS's SDK knows them: without those that stand for a whole partition. */
function regionsOfSdk(): readonly string[] {
  const sdk = createRequire(createRequire(import.meta.url).resolve("@aws-sdk/client-sts")).resolve("@aws-sdk/core");
  const path = join(dirname(sdk), "../dist-es/submodules/client/util-endpoints/lib/aws/partitions.js");
  const names = [...readFileSync(path, "utf8").matchAll(/"([\w-]+)": \{\s*"description"/g)].map(
    ([, name = ""]) => name,
  );
  return names.filter((name) => !name.endsWith("-global"));
}

test("the regions are those that AWS's SDK knows", () => {
  const known = regionsOfSdk();
  expect(known.filter((name) => !isRegion(name))).toEqual([]);
  expect(REGIONS.filter((name) => !known.includes(name))).toEqual([]);
  expect(known.length).toBeGreaterThan(40);
  expect(isRegion("us-east-9")).toBe(false);
});
