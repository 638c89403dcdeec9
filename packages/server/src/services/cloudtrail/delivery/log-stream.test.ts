import {
  CreateTrailCommand,
  DeleteTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  PutMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateUserCommand, DeleteRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { makeRole } from "../../../../test/identities.ts";
import { ACCOUNT, LOGS, trailBucketPolicy, trailCloud, untilDelivered } from "../../../../test/trails.ts";

const logGroupName = "trail";
const GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${logGroupName}:*`;
const STREAM = `${ACCOUNT}_CloudTrail_us-east-1`;

/** A trail whose events go to a log group too, by a role that may do `actions`. */
async function loggedCloud(...actions: readonly string[]) {
  const cloud = await trailCloud();
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const resource = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${logGroupName}:log-stream:${STREAM}*`;
  const Statement = [{ Effect: "Allow", Action: actions, Resource: resource }];
  const principal = { Service: "cloudtrail.amazonaws.com" };
  const role = await makeRole(cloud, "trail-logs", { principal, allow: { Statement } });
  const create = (Name = "audit") =>
    cloud.trails.send(
      new CreateTrailCommand({
        Name,
        S3BucketName: LOGS,
        CloudWatchLogsLogGroupArn: GROUP,
        CloudWatchLogsRoleArn: role,
      }),
    );
  return { ...cloud, logs, role, create };
}

const RIGHTS = ["logs:CreateLogStream", "logs:PutLogEvents"];

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html */
test("events are lines of a stream that is named after account and region", async () => {
  const cloud = await loggedCloud(...RIGHTS);
  expect(await cloud.create()).toMatchObject({ CloudWatchLogsLogGroupArn: GROUP, CloudWatchLogsRoleArn: cloud.role });
  await cloud.trails.send(new StartLoggingCommand({ Name: "audit" }));
  await cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  await untilDelivered(cloud);
  const { logStreams } = await cloud.logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  expect(logStreams).toMatchObject([{ logStreamName: STREAM }]);
  const { events = [] } = await cloud.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: STREAM }));
  const names = events.map(({ message = "{}" }): string => JSON.parse(message).eventName);
  expect(names).toContain("CreateUser");
  const status = await cloud.trails.send(new GetTrailStatusCommand({ Name: "audit" }));
  expect(status).toMatchObject({ LatestCloudWatchLogsDeliveryTime: expect.any(Date) });
});

/** Source of the words: https://github.com/aws/aws-cli/issues/5098, https://github.com/awslabs/dynamodb-continuous-backup/issues/2 */
test("the role has to trust CloudTrail, and may have to do its work", async () => {
  const powerless = await loggedCloud("logs:DescribeLogGroups");
  await expect(powerless.create()).rejects.toMatchObject({
    name: "InvalidCloudWatchLogsLogGroupArnException",
    message: "Access denied. Check the permissions for your role.",
  });
  const stranger = await makeRole(powerless, "stranger", { trusts: ACCOUNT, allow: RIGHTS });
  const making = powerless.trails.send(
    new CreateTrailCommand({
      Name: "audit",
      S3BucketName: LOGS,
      CloudWatchLogsLogGroupArn: GROUP,
      CloudWatchLogsRoleArn: stranger,
    }),
  );
  await expect(making).rejects.toMatchObject({
    name: "InvalidCloudWatchLogsRoleArnException",
    message: "Access denied. Check the trust relationships for your role.",
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html (LatestCloudWatchLogsDeliveryError) */
test("a role that lost its rights shows in the status, and the files are delivered all the same", async () => {
  const cloud = await loggedCloud(...RIGHTS);
  await cloud.create();
  await cloud.trails.send(new StartLoggingCommand({ Name: "audit" }));
  const iam = cloud.client(IAMClient);
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "trail-logs", PolicyName: "rights" }));
  await untilDelivered(cloud);
  expect(await cloud.trails.send(new GetTrailStatusCommand({ Name: "audit" }))).toMatchObject({
    LatestCloudWatchLogsDeliveryError: "AccessDeniedException",
    LatestDeliveryTime: expect.any(Date),
  });
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html */
test("a metric filter on the log group sounds an alarm when a trail is deleted", async () => {
  const cloud = await loggedCloud(...RIGHTS);
  const anyTrail = JSON.stringify(trailBucketPolicy())
    .replaceAll('"StringEquals"', '"StringLike"')
    .replaceAll("trail/audit", "trail/*");
  await cloud.s3.send(new PutBucketPolicyCommand({ Bucket: LOGS, Policy: anyTrail }));
  await cloud.create();
  await cloud.create("other");
  await cloud.trails.send(new StartLoggingCommand({ Name: "audit" }));
  const metric = { metricName: "TrailsDeleted", metricNamespace: "Audit", metricValue: "1" };
  await cloud.logs.send(
    new PutMetricFilterCommand({
      logGroupName,
      filterName: "deletions",
      filterPattern: "{ $.eventName = DeleteTrail }",
      metricTransformations: [metric],
    }),
  );
  const watch = cloud.client(CloudWatchClient);
  await watch.send(
    new PutMetricAlarmCommand({
      AlarmName: "deleted",
      Namespace: "Audit",
      MetricName: "TrailsDeleted",
      Statistic: "Sum",
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      TreatMissingData: "notBreaching",
    }),
  );
  const stateOf = async () => {
    const { MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand({ AlarmNames: ["deleted"] }));
    return MetricAlarms[0]?.StateValue;
  };
  await cloud.clock.advance(600);
  expect(await stateOf()).toBe("OK");
  await cloud.trails.send(new DeleteTrailCommand({ Name: "other" }));
  await untilDelivered(cloud);
  await cloud.clock.advance(120);
  expect(await stateOf()).toBe("ALARM");
});
