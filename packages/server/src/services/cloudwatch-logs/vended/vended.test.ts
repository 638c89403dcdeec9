import {
  CreateDeliveryCommand,
  DeleteDeliveryCommand,
  DeleteDeliveryDestinationCommand,
  DeleteDeliveryDestinationPolicyCommand,
  DeleteDeliverySourceCommand,
  DescribeDeliveriesCommand,
  DescribeDeliveryDestinationsCommand,
  DescribeDeliverySourcesCommand,
  GetDeliveryCommand,
  GetDeliveryDestinationCommand,
  GetDeliveryDestinationPolicyCommand,
  GetDeliverySourceCommand,
  ListTagsForResourceCommand,
  PutDeliveryDestinationCommand,
  PutDeliveryDestinationPolicyCommand,
  PutDeliverySourceCommand,
  UpdateDeliveryConfigurationCommand,
  CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { policyText } from "../../../../test/identities.ts";
import { logWorld } from "../../../../test/logs.ts";

const DISTRIBUTION = "arn:aws:cloudfront::000000000000:distribution/E1Q5F5862X9VJ5";
const SOURCE_ARN = "arn:aws:logs:us-east-1:000000000000:delivery-source:site";
const DESTINATION_ARN = "arn:aws:logs:us-east-1:000000000000:delivery-destination:archive";
const SOURCE = { name: "site", resourceArn: DISTRIBUTION, logType: "ACCESS_LOGS" };
const DESTINATION = {
  name: "archive",
  deliveryDestinationConfiguration: { destinationResourceArn: "arn:aws:s3:::archive" },
} as const;

// Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
test("a source and a destination are put, and a delivery from one to the other made once", async () => {
  const { logs } = await logWorld();
  const { deliverySource } = await logs.send(new PutDeliverySourceCommand({ ...SOURCE, tags: { a: "b" } }));
  expect(deliverySource).toEqual({
    name: "site",
    arn: SOURCE_ARN,
    resourceArns: [DISTRIBUTION],
    service: "cloudfront",
    logType: "ACCESS_LOGS",
    tags: { a: "b" },
  });
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn: SOURCE_ARN }))).tags).toEqual({ a: "b" });
  const { deliveryDestination } = await logs.send(
    new PutDeliveryDestinationCommand({ ...DESTINATION, outputFormat: "json" }),
  );
  expect(deliveryDestination).toEqual({
    ...DESTINATION,
    arn: DESTINATION_ARN,
    deliveryDestinationType: "S3",
    outputFormat: "json",
  });
  const create = new CreateDeliveryCommand({ deliverySourceName: "site", deliveryDestinationArn: DESTINATION_ARN });
  const { delivery: { id = "", ...delivery } = {} } = await logs.send(create);
  expect(delivery).toMatchObject({
    arn: `arn:aws:logs:us-east-1:000000000000:delivery:${id}`,
    deliveryDestinationType: "S3",
    recordFields: expect.arrayContaining(["date", "sc-range-end"]),
    s3DeliveryConfiguration: { enableHiveCompatiblePath: false, suffixPath: "AWSLogs/{account-id}/CloudFront/" },
  });
  await expect(logs.send(create)).rejects.toMatchObject({ name: "ConflictException" });
  const unused = { name: "ConflictException" };
  await expect(logs.send(new DeleteDeliverySourceCommand({ name: "site" }))).rejects.toMatchObject(unused);
  await expect(logs.send(new DeleteDeliveryDestinationCommand({ name: "archive" }))).rejects.toMatchObject(unused);
  expect((await logs.send(new DescribeDeliveriesCommand({}))).deliveries).toHaveLength(1);
  await logs.send(new DeleteDeliveryCommand({ id }));
  await expect(logs.send(new GetDeliveryCommand({ id }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Requested Delivery does not exist in this account.",
  });
  await logs.send(new DeleteDeliverySourceCommand({ name: "site" }));
  await logs.send(new DeleteDeliveryDestinationCommand({ name: "archive" }));
  await expect(logs.send(new GetDeliveryDestinationCommand({ name: "archive" }))).rejects.toMatchObject({
    message: "Requested Delivery Destination does not exist in this account.",
  });
});

// Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
test("what is no source of logs, and no format, is refused", async () => {
  const { logs } = await logWorld();
  const bucket = new PutDeliverySourceCommand({ ...SOURCE, resourceArn: "arn:aws:s3:::b" });
  await expect(logs.send(bucket)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Cannot access provided service.",
  });
  const type = new PutDeliverySourceCommand({ ...SOURCE, logType: "EVENT_LOGS" });
  await expect(logs.send(type)).rejects.toMatchObject({ name: "ValidationException" });
  const format: string = "foobar";
  const outputFormat = Object.values({ format }).find((one): one is "json" => one !== "");
  await expect(
    logs.send(new PutDeliveryDestinationCommand({ ...DESTINATION, ...(outputFormat && { outputFormat }) })),
  ).rejects.toMatchObject({
    name: "ValidationException",
    message: expect.stringContaining("Value 'foobar' at 'outputFormat' failed to satisfy constraint"),
  });
});

test("another account sends to a destination whose policy lets it", async () => {
  const { logs, cloud } = await logWorld();
  const theirs = cloud.client(CloudWatchLogsClient, cloud.rootOf("111111111111"));
  await logs.send(new PutDeliveryDestinationCommand(DESTINATION));
  await theirs.send(
    new PutDeliverySourceCommand({ ...SOURCE, resourceArn: DISTRIBUTION.replace("000000000000", "111111111111") }),
  );
  const create = () =>
    theirs.send(new CreateDeliveryCommand({ deliverySourceName: "site", deliveryDestinationArn: DESTINATION_ARN }));
  await expect(create()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const Statement = [
    { Effect: "Allow", Principal: { AWS: "111111111111" }, Action: "logs:CreateDelivery", Resource: DESTINATION_ARN },
  ];
  const named = { deliveryDestinationName: "archive" };
  const none = await logs.send(new GetDeliveryDestinationPolicyCommand(named));
  expect(none.policy).toEqual({});
  await logs.send(
    new PutDeliveryDestinationPolicyCommand({ ...named, deliveryDestinationPolicy: policyText({ Statement }) }),
  );
  const { delivery } = await create();
  expect(delivery).toMatchObject({ deliverySourceName: "site" });
  await theirs.send(new DeleteDeliveryCommand({ id: delivery?.id }));
  // Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteDeliveryDestinationPolicy.html
  await logs.send(new DeleteDeliveryDestinationPolicyCommand(named));
  expect((await logs.send(new GetDeliveryDestinationPolicyCommand(named))).policy).toEqual({});
  await expect(create()).rejects.toMatchObject({ name: "AccessDeniedException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDeliverySources.html, API_DescribeDeliveryDestinations.html
test("sources and destinations are read one by one, and listed page by page", async () => {
  const { logs } = await logWorld();
  for (const name of ["one", "two"]) {
    const resourceArn = `${DISTRIBUTION}${name.toUpperCase()}`;
    await logs.send(new PutDeliverySourceCommand({ ...SOURCE, name, resourceArn }));
    await logs.send(new PutDeliveryDestinationCommand({ ...DESTINATION, name }));
  }
  const { deliverySource } = await logs.send(new GetDeliverySourceCommand({ name: "two" }));
  expect(deliverySource).toMatchObject({ name: "two", logType: "ACCESS_LOGS", service: "cloudfront" });
  const sources = await logs.send(new DescribeDeliverySourcesCommand({ limit: 1 }));
  expect(sources.deliverySources?.map(({ name }) => name)).toEqual(["one"]);
  const rest = await logs.send(new DescribeDeliverySourcesCommand({ nextToken: sources.nextToken }));
  expect([rest.deliverySources, rest.nextToken]).toEqual([[deliverySource], undefined]);
  const { deliveryDestinations } = await logs.send(new DescribeDeliveryDestinationsCommand({}));
  expect(deliveryDestinations?.map(({ name }) => name)).toEqual(["one", "two"]);
  await expect(logs.send(new GetDeliverySourceCommand({ name: "three" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UpdateDeliveryConfiguration.html
test("what a delivery is made of is changed, and what is not named stays", async () => {
  const { logs } = await logWorld();
  await logs.send(new PutDeliverySourceCommand(SOURCE));
  await logs.send(new PutDeliveryDestinationCommand(DESTINATION));
  const { delivery: { id } = {} } = await logs.send(
    new CreateDeliveryCommand({ deliverySourceName: "site", deliveryDestinationArn: DESTINATION_ARN }),
  );
  await logs.send(new UpdateDeliveryConfigurationCommand({ id, recordFields: ["date", "time"] }));
  const s3DeliveryConfiguration = { suffixPath: "site/{yyyy}" };
  await logs.send(new UpdateDeliveryConfigurationCommand({ id, s3DeliveryConfiguration }));
  expect((await logs.send(new GetDeliveryCommand({ id }))).delivery).toMatchObject({
    recordFields: ["date", "time"],
    s3DeliveryConfiguration: { suffixPath: "site/{yyyy}", enableHiveCompatiblePath: false },
  });
  await expect(
    logs.send(new UpdateDeliveryConfigurationCommand({ id: "0123456789abcdef", fieldDelimiter: "," })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
