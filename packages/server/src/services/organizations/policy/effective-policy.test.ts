import {
  DescribeEffectivePolicyCommand,
  ListAccountsWithInvalidEffectivePolicyCommand,
  ListEffectivePolicyValidationErrorsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";
import { mergeLevels } from "./effective-tree.ts";

const TYPE = "TAG_POLICY";
const value = (operators: object) => ({ v: operators });
const tags = (statement: object, key = "CostCenter") => JSON.stringify({ tags: { [key]: statement } });

test("the policies on an account's path come to one, by their operators", async () => {
  const { cloud, client, rootId, makeUnit, makeAccount, makePolicy, attach, enable } = await makeOrganization();
  await enable(TYPE);
  const unit = await makeUnit("prod");
  const TargetId = await makeAccount("dev", unit);
  const describe = new DescribeEffectivePolicyCommand({ PolicyType: TYPE, TargetId });
  await expect(client.send(describe)).rejects.toMatchObject({ name: "EffectivePolicyNotFoundException" });
  const top = tags({ tag_key: { "@@assign": "CostCenter" }, tag_value: { "@@assign": ["100", "200"] } });
  await attach(await makePolicy("top", top, TYPE), rootId);
  await attach(await makePolicy("unit", tags({ tag_value: { "@@append": ["300"] } }, "costcenter"), TYPE), unit);
  await attach(await makePolicy("own", tags({ tag_value: { "@@remove": ["100"] } }), TYPE), TargetId);
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html (policy keys have no case)
  const expected = { tags: { costcenter: { tag_key: "CostCenter", tag_value: ["200", "300"] } } };
  const { EffectivePolicy } = await client.send(describe);
  expect(EffectivePolicy).toMatchObject({ TargetId, PolicyType: TYPE });
  expect(JSON.parse(EffectivePolicy?.PolicyContent ?? "")).toEqual(expected);
  await cloud.clock.advance(60);
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_EffectivePolicy.html (LastUpdatedTimestamp)
  const { EffectivePolicy: later } = await client.send(describe);
  expect(later?.LastUpdatedTimestamp).toEqual(EffectivePolicy?.LastUpdatedTimestamp);
  // Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html
  const own = cloud.client(OrganizationsClient, cloud.rootOf(TargetId));
  const seen = await own.send(new DescribeEffectivePolicyCommand({ PolicyType: TYPE }));
  expect(JSON.parse(seen.EffectivePolicy?.PolicyContent ?? "")).toEqual(expected);
  const others = own.send(new DescribeEffectivePolicyCommand({ PolicyType: TYPE, TargetId: MANAGEMENT }));
  await expect(others).rejects.toMatchObject({ name: "AccessDeniedException" });
  const ofUnit = client.send(new DescribeEffectivePolicyCommand({ PolicyType: TYPE, TargetId: unit }));
  await expect(ofUnit).rejects.toMatchObject({ Reason: "TARGET_NOT_SUPPORTED" });
});

test("no account has an effective policy that is not valid", async () => {
  const { client, rootId, makePolicy, attach, enable } = await makeOrganization();
  await enable(TYPE);
  await attach(await makePolicy("top", tags({ tag_key: { "@@assign": "CostCenter" } }), TYPE), rootId);
  const { Accounts } = await client.send(new ListAccountsWithInvalidEffectivePolicyCommand({ PolicyType: TYPE }));
  expect(Accounts).toEqual([]);
  const errors = new ListEffectivePolicyValidationErrorsCommand({ AccountId: MANAGEMENT, PolicyType: TYPE });
  expect((await client.send(errors)).EffectivePolicyValidationErrors).toEqual([]);
});

// Source: https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html
test("a level may forbid those below it what they do", () => {
  const shut = { "@@operators_allowed_for_child_policies": ["@@none"] };
  const top = { services: { ...shut, default: { opt_out_policy: { ...shut, "@@assign": "optOut" } } } };
  const below = {
    services: {
      default: { opt_out_policy: { "@@assign": "optIn" } },
      lex: { opt_out_policy: { "@@assign": "optIn" } },
    },
  };
  expect(mergeLevels([[top], [below]])).toEqual({ services: { default: { opt_out_policy: "optOut" } } });
});

test("a level may leave some operators to those below it, and they cannot give more on", () => {
  const top = value({ "@@assign": ["a"], "@@operators_allowed_for_child_policies": ["@@append"] });
  const middle = value({ "@@append": ["b"], "@@operators_allowed_for_child_policies": ["@@all"] });
  expect(mergeLevels([[top], [middle], [value({ "@@assign": ["c"] })]])).toEqual({ v: ["a", "b"] });
  expect(mergeLevels([[top], [middle], [value({ "@@append": ["c"] })]])).toEqual({ v: ["a", "b", "c"] });
});
