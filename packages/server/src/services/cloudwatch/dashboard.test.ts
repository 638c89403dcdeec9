import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  ListDashboardsCommand,
  ListTagsForResourceCommand,
  PutDashboardCommand,
  type Tag,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { testCloud } from "../../../test/test-cloud.ts";

const text = { type: "text", x: 0, y: 0, width: 3, height: 3, properties: { markdown: "hello" } };
const body = (...widgets: readonly object[]): string => JSON.stringify({ widgets });

async function dashboards() {
  const cloud = await testCloud();
  const cloudwatch = cloud.client(CloudWatchClient);
  const put = (DashboardName: string, DashboardBody: string, Tags?: Tag[]) =>
    cloudwatch.send(new PutDashboardCommand({ DashboardName, DashboardBody, Tags }));
  const list = async (DashboardNamePrefix?: string) =>
    (await cloudwatch.send(new ListDashboardsCommand({ DashboardNamePrefix }))).DashboardEntries?.map(
      ({ DashboardName }) => DashboardName,
    );
  return { cloud, cloudwatch, put, list };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_dashboard_lifecycle)
test("a dashboard is the account's, whatever the region", async () => {
  const { cloud, cloudwatch, put, list } = await dashboards();
  await put("shop", body(text));
  await put("stock", body());
  expect(await list()).toEqual(["shop", "stock"]);
  expect(await list("sh")).toEqual(["shop"]);
  const other = cloud.client(CloudWatchClient, undefined, { region: "eu-west-1" });
  expect(await other.send(new GetDashboardCommand({ DashboardName: "shop" }))).toMatchObject({
    DashboardArn: "arn:aws:cloudwatch::000000000000:dashboard/shop",
    DashboardBody: body(text),
  });
  const some = cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: ["shop", "none"] }));
  await expect(some).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  expect(await list()).toEqual(["shop", "stock"]);
  await cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: ["shop", "stock"] }));
  expect(await list()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html (Tags)
test("a dashboard is made with tags, which policies see, and another put leaves them", async () => {
  const { cloud, cloudwatch, put } = await dashboards();
  await put("shop", body(), [{ Key: "team", Value: "blue" }]);
  await put("shop", body(text), [{ Key: "team", Value: "red" }]);
  const ResourceARN = "arn:aws:cloudwatch::000000000000:dashboard/shop";
  const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  expect(Tags).toEqual([{ Key: "team", Value: "blue" }]);
  const Condition = { StringEquals: { "aws:ResourceTag/team": "blue" } };
  const allow = { Statement: [{ Effect: "Allow", Action: "cloudwatch:*", Resource: "*", Condition }] };
  const ann = cloud.client(CloudWatchClient, await makeUser(cloud, "ann", { allow }));
  await ann.send(new GetDashboardCommand({ DashboardName: "shop" }));
  await put("other", body());
  const other = ann.send(new GetDashboardCommand({ DashboardName: "other" }));
  await expect(other).rejects.toMatchObject({ name: "AccessDeniedException" });
});

// Source: the same, test_invalid_dashboard_name
test("a name has letters, digits, dashes and underscores", async () => {
  const { put } = await dashboards();
  await expect(put("my dashboard", body())).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message:
      "The value for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n",
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
test.each([
  ["no JSON", "{"],
  ["no widgets", "{}"],
  ["a widget of no known type", body({ ...text, type: "picture" })],
  ["a widget beyond the edge", body({ ...text, width: 25 })],
  ["a text without text", body({ ...text, properties: {} })],
  ["metrics that are no list", body({ type: "metric", properties: { metrics: {} } })],
])("a body with %s is refused, and says where", async (_what, given) => {
  const { put, list } = await dashboards();
  await expect(put("shop", given)).rejects.toMatchObject({
    name: "DashboardInvalidInputError",
    dashboardValidationMessages: [{ DataPath: expect.stringMatching(/^\//) }],
  });
  expect(await list()).toEqual([]);
});

test("what is only doubtful is saved, and told", async () => {
  const { put, list } = await dashboards();
  const { DashboardValidationMessages = [] } = await put("shop", body({ type: "metric", properties: { metrics: [] } }));
  expect(DashboardValidationMessages.map(({ DataPath }) => DataPath)).toEqual(["/widgets/0/properties"]);
  expect(await list()).toEqual(["shop"]);
});
