import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withService } from "./service-list.ts";
import { ROOT } from "./sources.ts";

const SERVICES = readFileSync(join(ROOT, "packages/server/src/services.ts"), "utf8");

test.each([
  { id: "accessanalyzer", camel: "accessanalyzer" },
  { id: "cloudwatch-logs", camel: "cloudwatchLogs" },
  { id: "cognito-identity-provider", camel: "cognitoIdentityProvider" },
  { id: "iam", camel: "iam" },
  { id: "sts", camel: "sts" },
])("a new service is entered as $id stands in the list", (listed) => {
  const key = /\W/.test(listed.id) ? `"${listed.id}"` : listed.id;
  const start = SERVICES.indexOf(`\n  ${key}: onceThere(`) + 1;
  const [row = ""] = /^.*?\),\n(?= {2}\S|\};)/s.exec(SERVICES.slice(start)) ?? [];
  const without = SERVICES.slice(0, start) + SERVICES.slice(start + row.length);
  expect(without).not.toContain(`./services/${listed.id}/`);
  expect(withService(without, listed)).toBe(SERVICES);
});

test("a text without such a list is refused", () => {
  expect(() => withService("export const SERVICES = {};", { id: "x", camel: "x" })).toThrow("no list of services");
});
