import {
  DeleteIndexPolicyCommand,
  DescribeFieldIndexesCommand,
  DescribeIndexPoliciesCommand,
  PutAccountPolicyCommand,
  PutIndexPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { logWorld } from "../../../test/logs.ts";

const ARN = "arn:aws:logs:us-east-1:000000000000:log-group:app";
const APP = { logGroupIdentifiers: ["app"] };

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutIndexPolicy.html
test("a group's own indexes go before those that its account has for its name", async () => {
  const { logs } = await logWorld();
  const indexes = async () => {
    const { fieldIndexes = [] } = await logs.send(new DescribeFieldIndexesCommand(APP));
    return fieldIndexes.map(({ fieldIndexName, type }) => `${fieldIndexName} ${type}`);
  };
  const ofAccount = (policyName: string, prefix: string, field: string) =>
    logs.send(
      new PutAccountPolicyCommand({
        policyName,
        policyType: "FIELD_INDEX_POLICY",
        policyDocument: JSON.stringify({ Fields: [field] }),
        selectionCriteria: `LogGroupNamePrefix IN ["${prefix}"]`,
      }),
    );
  await ofAccount("apps", "ap", "team");
  await ofAccount("others", "other", "none");
  expect(await indexes()).toEqual(["team FIELD_INDEX"]);
  const policyDocument = JSON.stringify({ Fields: ["user"], FieldsV2: { code: { type: "FACET" } } });
  await logs.send(new PutIndexPolicyCommand({ logGroupIdentifier: "app", policyDocument }));
  expect(await indexes()).toEqual(["user FIELD_INDEX", "code FACET"]);
  const automatic = await logs.send(new DescribeFieldIndexesCommand({ ...APP, indexCategories: ["AUTO"] }));
  expect(automatic.fieldIndexes).toEqual([]);
  expect(await logs.send(new DescribeIndexPoliciesCommand(APP))).toMatchObject({
    indexPolicies: [{ logGroupIdentifier: ARN, policyDocument, source: "LOG_GROUP" }],
  });
  await logs.send(new DeleteIndexPolicyCommand({ logGroupIdentifier: "app" }));
  expect(await indexes()).toEqual(["team FIELD_INDEX"]);
});

test.each([
  ["{}"],
  ['{"Fields":[]}'],
  ['{"Fields":["a"],"FieldsV2":{"a":{"type":"FACET"}}}'],
  ['{"FieldsV2":{"a":{"type":"LIST"}}}'],
  ['{"FieldsV2":["a"]}'],
  ["no JSON"],
])("%s is no policy of indexes", async (policyDocument) => {
  const { logs } = await logWorld();
  const put = new PutIndexPolicyCommand({ logGroupIdentifier: "app", policyDocument });
  await expect(logs.send(put)).rejects.toMatchObject({ name: "InvalidParameterException" });
});
