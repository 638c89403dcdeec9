/** A cloud with alarms, and a topic that a queue hears of. */
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { testCloud } from "./test-cloud.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:heard";

export async function notified() {
  const cloud = await testCloud();
  const [sns, sqs] = [cloud.client(SNSClient), cloud.client(SQSClient)];
  const cloudwatch = cloud.client(CloudWatchClient);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "alarms" }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const Attributes = { RawMessageDelivery: "true" };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: QUEUE_ARN, Attributes }));
  const put = (AlarmName: string, more: object = {}) =>
    cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "Shop",
        MetricName: "errors",
        Statistic: "Average",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 2,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
        AlarmActions: [TopicArn],
        ...more,
      }),
    );
  const set = async (AlarmName: string, value: StateValue) => {
    await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: value, StateReason: "testing alarm" }));
    await cloud.clock.advance(1);
  };
  const heard = async (): Promise<Record<string, unknown>[]> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body = "{}" }) => JSON.parse(Body));
  };
  const actions = async (AlarmName: string) => {
    const asked = { AlarmName, HistoryItemType: "Action" as const, AlarmTypes: ["MetricAlarm" as const] };
    const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand(asked));
    return AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary);
  };
  return { ...cloud, sns, cloudwatch, TopicArn, put, set, heard, actions };
}
