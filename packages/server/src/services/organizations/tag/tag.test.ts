import {
  CreateOrganizationalUnitCommand,
  ListTagsForResourceCommand,
  OrganizationsClient,
  PutResourcePolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { makeOrganization, MANAGEMENT } from "../../../../test/organizations.ts";

const DENY = policyText({ Statement: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }] });

test("roots, units, accounts and policies have tags", async () => {
  const { client, rootId, makeUnit, makePolicy } = await makeOrganization();
  const everyone = { Effect: "Allow", Principal: "*", Action: "organizations:ListAccounts", Resource: "*" };
  const put = new PutResourcePolicyCommand({ Content: policyText({ Statement: [everyone] }) });
  const { ResourcePolicy } = await client.send(put);
  const resourcePolicy = ResourcePolicy?.ResourcePolicySummary?.Id ?? "";
  for (const ResourceId of [rootId, await makeUnit("a"), MANAGEMENT, await makePolicy("p", DENY), resourcePolicy]) {
    const Tags = [
      { Key: "team", Value: "a" },
      { Key: "stage", Value: "prod" },
    ];
    await client.send(new TagResourceCommand({ ResourceId, Tags }));
    await client.send(new UntagResourceCommand({ ResourceId, TagKeys: ["stage", "none"] }));
    const listed = await client.send(new ListTagsForResourceCommand({ ResourceId }));
    expect(listed.Tags).toEqual([{ Key: "team", Value: "a" }]);
  }
});

test("making something with tags takes the right to tag as well", async () => {
  // Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html
  const { cloud, rootId: ParentId } = await makeOrganization();
  const action = "organizations:CreateOrganizationalUnit";
  const maker = cloud.client(OrganizationsClient, await makeUser(cloud, "maker", { allow: [action] }));
  const rights = { allow: [action, "organizations:TagResource"] };
  const tagger = cloud.client(OrganizationsClient, await makeUser(cloud, "tagger", rights));
  const tagged = new CreateOrganizationalUnitCommand({ ParentId, Name: "a", Tags: [{ Key: "team", Value: "a" }] });
  await expect(maker.send(tagged)).rejects.toThrow("no identity-based policy allows the organizations:TagResource");
  await maker.send(new CreateOrganizationalUnitCommand({ ParentId, Name: "b" }));
  await tagger.send(tagged);
});

test("tags that break the rules are refused, and resources that there are not", async () => {
  const { client, rootId } = await makeOrganization();
  const tag = (ResourceId: string, ...keys: readonly string[]) =>
    client.send(new TagResourceCommand({ ResourceId, Tags: keys.map((Key) => ({ Key, Value: "" })) }));
  await expect(tag(rootId, "a", "a")).rejects.toMatchObject({ Reason: "DUPLICATE_TAG_KEY" });
  await expect(tag(rootId, "aws:a")).rejects.toMatchObject({ Reason: "INVALID_SYSTEM_TAGS_PARAMETER" });
  const many = Array.from({ length: 51 }, (_, index) => `k${index}`);
  await expect(tag(rootId, ...many)).rejects.toMatchObject({ Reason: "MAX_TAG_LIMIT_EXCEEDED" });
  for (const id of ["r-none", "123412341234", "p-FullAWSAccess", "p-12345678"]) {
    await expect(tag(id, "a")).rejects.toMatchObject({ name: "TargetNotFoundException" });
  }
  await expect(tag("0A000000X000", "a")).rejects.toMatchObject({
    name: "InvalidInputException",
    Reason: "INVALID_PATTERN",
  });
});
