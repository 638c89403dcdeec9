import { gunzipSync } from "node:zlib";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteDestinationCommand,
  DeleteSubscriptionFilterCommand,
  DescribeDestinationsCommand,
  DescribeSubscriptionFiltersCommand,
  PutAccountPolicyCommand,
  PutDestinationCommand,
  PutDestinationPolicyCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { makeRole, makeUser, policyText } from "../../../../test/identities.ts";
import { APP, logWorld, type LogWorld } from "../../../../test/logs.ts";

const LOG_ACCOUNT = "222222222222";
const STREAM = "arn:aws:kinesis:us-east-1:222222222222:stream/central";
const DESTINATION = "arn:aws:logs:us-east-1:222222222222:destination:central";

const subscribe = (client: CloudWatchLogsClient, filterPattern = "") =>
  client.send(
    new PutSubscriptionFilterCommand({
      logGroupName: "app",
      filterName: "to-central",
      filterPattern,
      destinationArn: DESTINATION,
    }),
  );

/** An account for the logs of others, with a destination. */
async function centralWorld() {
  const world = await logWorld();
  const { cloud } = world;
  const central = cloud.client(CloudWatchLogsClient, cloud.rootOf(LOG_ACCOUNT));
  const role = await makeRole(cloud, "carrier", {
    account: LOG_ACCOUNT,
    principal: { Service: "logs.amazonaws.com" },
    allow: ["kinesis:PutRecord"],
  });
  const { destination } = await central.send(
    new PutDestinationCommand({ destinationName: "central", targetArn: STREAM, roleArn: role }),
  );
  const allow = (account: string, Action = "logs:PutSubscriptionFilter") => {
    const Statement = [{ Effect: "Allow", Principal: { AWS: account }, Action, Resource: DESTINATION }];
    const accessPolicy = policyText({ Statement });
    return central.send(new PutDestinationPolicyCommand({ destinationName: "central", accessPolicy }));
  };
  return { ...world, central, destination, allow };
}

/** What was sent and did not arrive, newest first. */
async function sent({ cloud }: Pick<LogWorld, "cloud">) {
  const found = await cloud.cloud.deliveries(10);
  return found.map(({ to, error, content, account }) => ({
    to,
    error,
    account,
    message: JSON.parse(
      gunzipSync(Buffer.from(content.kind === "message" ? content.text : "", "base64")).toString("utf8"),
    ),
  }));
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
test("accounts that a destination's policy names send their events there, and others are refused", async () => {
  const world = await centralWorld();
  const { logs, cloud, allow, destination, central, put } = world;
  expect(destination).toMatchObject({ arn: DESTINATION, targetArn: STREAM });
  await expect(subscribe(logs)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await allow("000000000000");
  await subscribe(logs, "ERROR");
  const other = cloud.client(CloudWatchLogsClient, cloud.rootOf("333333333333"));
  await other.send(new CreateLogGroupCommand({ logGroupName: "app" }));
  await expect(subscribe(other)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await put(["all is well", "ERROR 1", "ERROR 2"]);
  await cloud.clock.advance(1);
  const [delivery, ...others] = await sent(world);
  expect(others).toEqual([]);
  expect(delivery).toMatchObject({
    to: STREAM,
    account: LOG_ACCOUNT,
    error: expect.stringContaining("NotImplemented"),
  });
  expect(delivery?.message).toEqual({
    messageType: "DATA_MESSAGE",
    owner: "000000000000",
    logGroup: "app",
    logStream: "main",
    subscriptionFilters: ["to-central"],
    logEvents: [
      { id: expect.stringMatching(/^\d{56}$/), timestamp: expect.any(Number), message: "ERROR 1" },
      { id: expect.stringMatching(/^\d{56}$/), timestamp: expect.any(Number), message: "ERROR 2" },
    ],
  });
  const { destinations } = await central.send(new DescribeDestinationsCommand({ DestinationNamePrefix: "cen" }));
  expect(destinations).toMatchObject([
    { destinationName: "central", accessPolicy: expect.stringContaining("000000000000") },
  ]);
});

test("fields that a pattern names go along with each event", async () => {
  const world = await centralWorld();
  await world.allow("000000000000");
  await subscribe(world.logs, "[ip, user, size > 10]");
  await world.put(["10.0.0.1 ann 12", "10.0.0.2 bob 3"]);
  await world.cloud.clock.advance(1);
  const [delivery] = await sent(world);
  expect(delivery?.message).toMatchObject({
    logEvents: [{ message: "10.0.0.1 ann 12", extractedFields: { ip: "10.0.0.1", user: "ann", size: "12" } }],
  });
});

const refusals: readonly (readonly [string, Partial<PutSubscriptionFilterCommand["input"]>, object])[] = [
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
  [
    "a function of another account",
    { destinationArn: "arn:aws:lambda:us-east-1:111111111111:function:f" },
    {
      name: "AccessDeniedException",
      message:
        "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers.",
    },
  ],
  [
    "a stream without a role",
    { destinationArn: STREAM },
    {
      name: "InvalidParameterException",
      message: "destinationArn for vendor kinesis cannot be used without roleArn",
    },
  ],
  ["a destination that is not there", { destinationArn: DESTINATION }, { name: "ResourceNotFoundException" }],
  ["a bucket", { destinationArn: "arn:aws:s3:::b" }, { name: "InvalidParameterException" }],
  [
    "a function that is not there",
    { destinationArn: "arn:aws:lambda:us-east-1:000000000000:function:f" },
    { name: "InvalidParameterException" },
  ],
  [
    "a role that does not trust CloudWatch Logs",
    {
      destinationArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s",
      roleArn: "arn:aws:iam::000000000000:role/none",
    },
    { name: "InvalidParameterException" },
  ],
];

test.each(refusals)("%s gets no events", async (_what, input, refusal) => {
  const { logs } = await logWorld();
  const more = { logGroupName: "app", filterName: "f", filterPattern: "", destinationArn: "", ...input };
  await expect(logs.send(new PutSubscriptionFilterCommand(more))).rejects.toMatchObject(refusal);
});

// Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
test("a group has two filters at the most, and putting one again keeps when it was made", async () => {
  const { allow, logs, cloud } = await centralWorld();
  await allow("000000000000");
  const put = (filterName: string, filterPattern = "") =>
    logs.send(
      new PutSubscriptionFilterCommand({ logGroupName: "app", filterName, filterPattern, destinationArn: DESTINATION }),
    );
  await put("one");
  await cloud.clock.advance(10);
  await put("two");
  await put("one", "x");
  await expect(put("three")).rejects.toMatchObject({
    name: "LimitExceededException",
    message: "Resource limit exceeded.",
  });
  const { subscriptionFilters = [] } = await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: "app" }));
  expect(subscriptionFilters).toMatchObject([
    { filterName: "one", filterPattern: "x", distribution: "ByLogStream", applyOnTransformedLogs: false },
    { filterName: "two" },
  ]);
  const [one, two] = subscriptionFilters;
  expect((two?.creationTime ?? 0) - (one?.creationTime ?? 0)).toBeGreaterThanOrEqual(10_000);
});

test("an account subscribes to all its groups but those that it leaves out", async () => {
  const world = await logWorld();
  const { logs, cloud, now } = world;
  const role = await makeRole(cloud, "carrier", {
    principal: { Service: "logs.amazonaws.com" },
    allow: ["kinesis:PutRecord"],
  });
  const policy = {
    DestinationArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s",
    RoleArn: role,
    FilterPattern: "x",
  };
  await logs.send(
    new PutAccountPolicyCommand({
      policyName: "all",
      policyType: "SUBSCRIPTION_FILTER_POLICY",
      policyDocument: JSON.stringify(policy),
      selectionCriteria: 'LogGroupName NOT IN ["quiet"]',
    }),
  );
  await logs.send(new CreateLogGroupCommand({ logGroupName: "quiet" }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: "quiet", logStreamName: "main" }));
  for (const logGroupName of ["app", "quiet"]) {
    await logs.send(
      new PutLogEventsCommand({
        ...APP,
        logGroupName,
        logEvents: [{ timestamp: now(), message: `x of ${logGroupName}` }],
      }),
    );
  }
  await cloud.clock.advance(1);
  expect(await sent(world)).toMatchObject([{ message: { logEvents: [{ message: "x of app" }] } }]);
});

const ofAll = (document: object) =>
  new PutAccountPolicyCommand({
    policyName: "all",
    policyType: "SUBSCRIPTION_FILTER_POLICY",
    policyDocument: JSON.stringify(document),
  });

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions-Kinesis-Account.html (access policy)
test("an account sends all its events to a destination of another only where that lets it", async () => {
  const { logs, allow } = await centralWorld();
  const put = () => logs.send(ofAll({ DestinationArn: DESTINATION }));
  await expect(put()).rejects.toMatchObject({ name: "AccessDeniedException" });
  await allow("000000000000");
  await expect(put()).rejects.toMatchObject({ name: "AccessDeniedException" });
  await allow("000000000000", "logs:PutAccountPolicy");
  expect((await put()).accountPolicy).toMatchObject({ policyName: "all" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html (iam:PassRole)
test("who names a role in the subscription of an account has to be let pass it", async () => {
  const { cloud } = await logWorld();
  const Statement = [
    { Effect: "Allow", Action: ["logs:PutAccountPolicy", "logs:PutSubscriptionFilter"], Resource: "*" },
  ];
  const ann = cloud.client(CloudWatchLogsClient, await makeUser(cloud, "ann", { allow: { Statement } }));
  const DestinationArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
  const put = ann.send(ofAll({ DestinationArn, RoleArn: "arn:aws:iam::000000000000:role/admin" }));
  await expect(put).rejects.toThrow("is not authorized to perform: iam:PassRole");
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteSubscriptionFilter.html, API_DeleteDestination.html
test("a filter and a destination are deleted once, and make room", async () => {
  const { logs, central, allow } = await centralWorld();
  const filters = async () =>
    (await logs.send(new DescribeSubscriptionFiltersCommand({ logGroupName: "app" }))).subscriptionFilters;
  await allow("000000000000");
  await subscribe(logs);
  expect(await filters()).toHaveLength(1);
  const removeFilter = () =>
    logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: "app", filterName: "to-central" }));
  await removeFilter();
  expect(await filters()).toEqual([]);
  await expect(removeFilter()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  const removeDestination = () => central.send(new DeleteDestinationCommand({ destinationName: "central" }));
  await removeDestination();
  expect((await central.send(new DescribeDestinationsCommand({}))).destinations).toEqual([]);
  await expect(removeDestination()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
