import {
  GetComplianceDetailsByConfigRuleCommand,
  PutConfigRuleCommand,
  PutEvaluationsCommand,
} from "@aws-sdk/client-config-service";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { configuredCloud } from "../../../../test/configured-cloud.ts";
import { functionWorld } from "../../../../test/functions.ts";
import { policyText } from "../../../../test/identities.ts";
import { servicePolicy } from "../../../../test/service-policy.ts";

/** A bucket has to say whose it is. */
const JUDGES = `
import { ConfigServiceClient, PutEvaluationsCommand } from "@aws-sdk/client-config-service";
const client = new ConfigServiceClient({});
export const handler = async ({ invokingEvent, ruleParameters, resultToken, eventLeftScope }) => {
  const { configurationItem: item } = JSON.parse(invokingEvent);
  const { tag } = JSON.parse(ruleParameters);
  const good = item.tags[tag] !== undefined;
  await client.send(new PutEvaluationsCommand({
    ResultToken: resultToken,
    Evaluations: [{
      ComplianceResourceType: item.resourceType,
      ComplianceResourceId: item.resourceId,
      ComplianceType: eventLeftScope ? "NOT_APPLICABLE" : good ? "COMPLIANT" : "NON_COMPLIANT",
      OrderingTimestamp: new Date(item.configurationItemCaptureTime),
    }],
  }));
};`;

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:judges";

async function judgedWorld() {
  const world = await functionWorld();
  const Role = await world.role("judge", "config:PutEvaluations");
  await world.create("judges", JUDGES, { Role, Timeout: 30 });
  const configured = await configuredCloud(undefined, world.cloud);
  const put = () =>
    configured.config.send(
      new PutConfigRuleCommand({
        ConfigRule: {
          ConfigRuleName: "owned",
          Scope: { ComplianceResourceTypes: ["AWS::S3::Bucket"] },
          InputParameters: '{"tag":"owner"}',
          Source: {
            Owner: "CUSTOM_LAMBDA",
            SourceIdentifier: FUNCTION,
            SourceDetails: [{ EventSource: "aws.config", MessageType: "ConfigurationItemChangeNotification" }],
          },
        },
      }),
    );
  const allow = () =>
    world.lambda.send(
      new AddPermissionCommand({
        FunctionName: "judges",
        StatementId: "config",
        Action: "lambda:InvokeFunction",
        Principal: "config.amazonaws.com",
        SourceAccount: "000000000000",
      }),
    );
  return { ...world, ...configured, put, allow };
}

test("a function judges what changes, and EventBridge hears when its mind changes", async () => {
  const { cloud, config, s3, settle, put, allow } = await judgedWorld();
  const queues = cloud.client(SQSClient);
  const Policy = servicePolicy({ service: "events", may: "sqs:SendMessage" });
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: "changes", Attributes: { Policy } }));
  const events = cloud.client(EventBridgeClient);
  const EventPattern = JSON.stringify({
    source: ["aws.config"],
    "detail-type": ["Config Rules Compliance Change"],
    detail: { resourceId: ["data"] },
  });
  await events.send(new PutRuleCommand({ Name: "compliance", EventPattern }));
  const Arn = "arn:aws:sqs:us-east-1:000000000000:changes";
  await events.send(new PutTargetsCommand({ Rule: "compliance", Targets: [{ Id: "1", Arn }] }));
  await allow();
  await put();
  await s3.send(new CreateBucketCommand({ Bucket: "data" }));
  await settle();
  const compliance = async () => {
    const ask = new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: "owned" });
    const { EvaluationResults = [] } = await config.send(ask);
    return EvaluationResults.find(
      ({ EvaluationResultIdentifier: found }) => found?.EvaluationResultQualifier?.ResourceId === "data",
    )?.ComplianceType;
  };
  expect(await compliance()).toBe("NON_COMPLIANT");
  const Tagging = { TagSet: [{ Key: "owner", Value: "blue" }] };
  await s3.send(new PutBucketTaggingCommand({ Bucket: "data", Tagging }));
  await settle();
  expect(await compliance()).toBe("COMPLIANT");
  const heard = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  const told = (heard.Messages ?? []).map(({ Body = "" }): object => JSON.parse(Body));
  // Source: https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
  expect(told).toMatchObject([
    { detail: { newEvaluationResult: { complianceType: "NON_COMPLIANT" } } },
    { detail: { newEvaluationResult: { complianceType: "COMPLIANT" } } },
  ]);
});

test("a function that does not let AWS Config in makes no rule, and nobody makes up a result token", async () => {
  const { config, put } = await judgedWorld();
  await expect(put()).rejects.toMatchObject({ name: "InsufficientPermissionsException" });
  const made = config.send(
    new PutEvaluationsCommand({
      ResultToken: "test",
      Evaluations: [
        {
          ComplianceResourceType: "AWS::S3::Bucket",
          ComplianceResourceId: "data",
          ComplianceType: "COMPLIANT",
          OrderingTimestamp: new Date(0),
        },
      ],
    }),
  );
  await expect(made).rejects.toMatchObject({
    name: "InvalidResultTokenException",
    message: "The Result Token provided is invalid",
  });
});

/** Takes away the policy of a bucket that is found to be public. */
const CLOSES = `
import { S3Client, DeleteBucketPolicyCommand } from "@aws-sdk/client-s3";
const client = new S3Client({ forcePathStyle: true });
export const handler = async ({ detail }) => {
  await client.send(new DeleteBucketPolicyCommand({ Bucket: detail.resourceId }));
};`;

test("what a rule finds wrong, a function that EventBridge calls puts right", async () => {
  const world = await functionWorld();
  const Role = await world.role("closer", "s3:DeleteBucketPolicy");
  await world.create("closes", CLOSES, { Role, Timeout: 30 });
  await world.lambda.send(
    new AddPermissionCommand({
      FunctionName: "closes",
      StatementId: "events",
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
    }),
  );
  const { config, s3, settle, rule } = await configuredCloud(undefined, world.cloud);
  await rule("closed", "S3_BUCKET_PUBLIC_READ_PROHIBITED");
  const events = world.cloud.client(EventBridgeClient);
  const EventPattern = JSON.stringify({
    source: ["aws.config"],
    "detail-type": ["Config Rules Compliance Change"],
    detail: { newEvaluationResult: { complianceType: ["NON_COMPLIANT"] } },
  });
  await events.send(new PutRuleCommand({ Name: "wrong", EventPattern }));
  const Arn = "arn:aws:lambda:us-east-1:000000000000:function:closes";
  await events.send(new PutTargetsCommand({ Rule: "wrong", Targets: [{ Id: "1", Arn }] }));
  await s3.send(new CreateBucketCommand({ Bucket: "open" }));
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "open" }));
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::open/*" }];
  await s3.send(new PutBucketPolicyCommand({ Bucket: "open", Policy: policyText({ Statement }) }));
  // noticed, put right, noticed again
  for (let times = 0; times < 3; times++) await settle();
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket: "open" }))).rejects.toMatchObject({
    name: "NoSuchBucketPolicy",
  });
  const ask = new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: "closed", ComplianceTypes: ["COMPLIANT"] });
  const { EvaluationResults = [] } = await config.send(ask);
  const resources = EvaluationResults.map(
    ({ EvaluationResultIdentifier: found }) => found?.EvaluationResultQualifier?.ResourceId,
  );
  expect(resources).toContain("open");
});
