import {
  AddTagsCommand,
  CloudTrailClient,
  CreateTrailCommand,
  DescribeTrailsCommand,
  GetTrailCommand,
  LookupEventsCommand,
  RemoveTagsCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { ACCOUNT, loggingCloud, LOGS, TRAIL, trailCloud } from "../../../test/trails.ts";

const denied = { name: "AccessDeniedException" };

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html */
test("a user does to trails what its policies say, by their ARNs", async () => {
  const cloud = await loggingCloud();
  const Statement = [
    { Effect: "Allow", Action: "cloudtrail:GetTrail", Resource: TRAIL },
    { Effect: "Allow", Action: "cloudtrail:LookupEvents", Resource: "*" },
  ];
  const ann = cloud.client(CloudTrailClient, await makeUser(cloud, "ann", { allow: { Statement } }));
  expect(await ann.send(new GetTrailCommand({ Name: "audit" }))).toMatchObject({ Trail: { TrailARN: TRAIL } });
  await expect(ann.send(new GetTrailCommand({ Name: "other" }))).rejects.toMatchObject(denied);
  await expect(ann.send(new DescribeTrailsCommand({}))).rejects.toMatchObject(denied);
  await expect(ann.send(new StopLoggingCommand({ Name: "audit" }))).rejects.toMatchObject({
    ...denied,
    message: `User: arn:aws:iam::${ACCOUNT}:user/ann is not authorized to perform: cloudtrail:StopLogging on resource: ${TRAIL} because no identity-based policy allows the cloudtrail:StopLogging action`,
  });
  const { Events } = await ann.send(new LookupEventsCommand({}));
  expect(Events?.[0]?.Username).toBeDefined();
});

const when = (Action: string, key: string, value: string) => ({
  Effect: "Allow",
  Action: `cloudtrail:${Action}`,
  Resource: "*",
  Condition: { StringEquals: { [key]: value } },
});

const add = (Value: string) => new AddTagsCommand({ ResourceId: TRAIL, TagsList: [{ Key: "stage", Value }] });
const remove = (Key: string) => new RemoveTagsCommand({ ResourceId: TRAIL, TagsList: [{ Key }] });

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html (aws:ResourceTag, aws:RequestTag, aws:TagKeys) */
test("tags of trails, of requests and their keys are conditions", async () => {
  const cloud = await loggingCloud({ TagsList: [{ Key: "team", Value: "audit" }] });
  const Statement = [
    when("GetTrail", "aws:ResourceTag/team", "audit"),
    when("AddTags", "aws:RequestTag/stage", "prod"),
    when("RemoveTags", "aws:TagKeys", "stage"),
  ];
  const ann = cloud.client(CloudTrailClient, await makeUser(cloud, "ann", { allow: { Statement } }));
  await expect(ann.send(add("test"))).rejects.toMatchObject(denied);
  await ann.send(add("prod"));
  await ann.send(new GetTrailCommand({ Name: "audit" }));
  await expect(ann.send(remove("team"))).rejects.toMatchObject(denied);
  await ann.send(remove("stage"));
});

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
test("who names a role for CloudWatch Logs has to be allowed to pass it", async () => {
  const cloud = await trailCloud();
  const ann = cloud.client(CloudTrailClient, await makeUser(cloud, "ann", { allow: ["cloudtrail:*"] }));
  const making = ann.send(
    new CreateTrailCommand({
      Name: "audit",
      S3BucketName: LOGS,
      CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail:*`,
      CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/logs`,
    }),
  );
  await expect(making).rejects.toMatchObject({ ...denied, message: expect.stringContaining("iam:PassRole") });
});
