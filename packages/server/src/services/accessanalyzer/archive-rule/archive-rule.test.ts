import {
  ApplyArchiveRuleCommand,
  CreateArchiveRuleCommand,
  DeleteArchiveRuleCommand,
  GetArchiveRuleCommand,
  ListArchiveRulesCommand,
  ListFindingsV2Command,
  UpdateArchiveRuleCommand,
} from "@aws-sdk/client-accessanalyzer";
import { expect, test } from "vitest";
import { analyzerCloud } from "../../../../test/analyzers.ts";
import { makeRole } from "../../../../test/identities.ts";

const FRIEND = "111111111111";
const analyzerName = "lookout";
const ruleName = "friends";
const filter = { "principal.AWS": { contains: [FRIEND] } };

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-archive-rules.html
test("a rule archives what is found from then on, and what was found before when it is applied", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud();
  await makeRole(cloud, "before", { trusts: FRIEND });
  const statuses = async () => {
    const { findings = [] } = await client.send(new ListFindingsV2Command({ analyzerArn }));
    return Object.fromEntries(findings.map(({ resource, status }) => [resource?.split("/").at(-1), status]));
  };
  expect(await statuses()).toEqual({ before: "ACTIVE" });
  await client.send(new CreateArchiveRuleCommand({ analyzerName, ruleName, filter }));
  await makeRole(cloud, "after", { trusts: FRIEND });
  await makeRole(cloud, "other", { trusts: "222222222222" });
  expect(await statuses()).toEqual({ before: "ACTIVE", after: "ARCHIVED", other: "ACTIVE" });
  await client.send(new ApplyArchiveRuleCommand({ analyzerArn, ruleName }));
  expect(await statuses()).toEqual({ before: "ARCHIVED", after: "ARCHIVED", other: "ACTIVE" });
});

test("rules are made with the analyzer or later, shown, changed and deleted", async () => {
  const { client } = await analyzerCloud("ACCOUNT", {
    archiveRules: [{ ruleName: "public", filter: { isPublic: { eq: ["false"] } } }],
  });
  await client.send(new CreateArchiveRuleCommand({ analyzerName, ruleName, filter }));
  const create = client.send(new CreateArchiveRuleCommand({ analyzerName, ruleName, filter }));
  await expect(create).rejects.toMatchObject({ name: "ConflictException", resourceType: "ArchiveRule" });
  const list = async (paging: object = {}) => client.send(new ListArchiveRulesCommand({ analyzerName, ...paging }));
  expect((await list()).archiveRules?.map((rule) => rule.ruleName)).toEqual(["friends", "public"]);
  const first = await list({ maxResults: 1 });
  const second = await list({ maxResults: 1, nextToken: first.nextToken });
  expect(second.archiveRules?.map((rule) => rule.ruleName)).toEqual(["public"]);
  const changed = { resource: { contains: ["x"] }, error: { exists: false } };
  await client.send(new UpdateArchiveRuleCommand({ analyzerName, ruleName, filter: changed }));
  const { archiveRule } = await client.send(new GetArchiveRuleCommand({ analyzerName, ruleName }));
  expect(archiveRule).toMatchObject({ ruleName, filter: changed, createdAt: expect.any(Date) });
  await client.send(new DeleteArchiveRuleCommand({ analyzerName, ruleName }));
  const gone = client.send(new GetArchiveRuleCommand({ analyzerName, ruleName }));
  await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException", resourceId: ruleName });
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
test.each([
  ["the status of findings", { status: { eq: ["ACTIVE"] } }],
  ["the id of a finding", { id: { eq: ["x"] } }],
  ["what findings do not have", { colour: { eq: ["red"] } }],
  ["nothing", {}],
  ["a property without a question", { resource: {} }],
])("a rule cannot ask for %s", async (_what, wrong) => {
  const { client } = await analyzerCloud();
  const create = client.send(new CreateArchiveRuleCommand({ analyzerName, ruleName, filter: wrong }));
  await expect(create).rejects.toMatchObject({ name: "ValidationException" });
});
