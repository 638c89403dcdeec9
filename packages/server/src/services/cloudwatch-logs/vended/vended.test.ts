import {
  CreateDeliveryCommand,
  DeleteDeliveryCommand,
  DeleteDeliveryDestinationCommand,
  DeleteDeliverySourceCommand,
  DescribeDeliveriesCommand,
  GetDeliveryCommand,
  GetDeliveryDestinationCommand,
  GetDeliveryDestinationPolicyCommand,
  ListTagsForResourceCommand,
  PutDeliveryDestinationCommand,
  PutDeliveryDestinationPolicyCommand,
  PutDeliverySourceCommand,
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
  expect((await create()).delivery).toMatchObject({ deliverySourceName: "site" });
});
