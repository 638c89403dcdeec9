/**
 * Templated targets: what is called for the ARN of a queue, a function, a bus …, and with what.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 */
import type { ArnParts } from "../../kernel/arn.ts";
import type { Target } from "./schedule-row.ts";

/** What an operation is asked, in the words of its model. */
export type Asked = Readonly<Record<string, unknown>>;

interface Named {
  readonly arn: ArnParts;
  readonly target: Target;
  /** What the owner wrote, or the usual notification. */
  readonly input: string;
}

export type Parameters =
  | "EcsParameters"
  | "EventBridgeParameters"
  | "EventBridgePutEventsV2Parameters"
  | "EventBridgePutRawEventsParameters"
  | "KinesisParameters"
  | "SageMakerPipelineParameters"
  | "SqsParameters";

export interface Template {
  /** The SDK's names: `sqs` and `sendMessage`. */
  readonly service: string;
  readonly action: string;
  /** The members that only this kind of target has. */
  readonly parameters?: Parameters;
  readonly needsParameters?: (arn: ArnParts) => boolean;
  /** Its input has to be JSON. */
  readonly takesJson?: true;
  readonly ask: (named: Named) => Asked;
}

const always = (): boolean => true;

/** By the service in the ARN, and how the resource begins. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  "sqs:": {
    service: "sqs",
    action: "sendMessage",
    parameters: "SqsParameters",
    needsParameters: ({ resource }) => resource.endsWith(".fifo"),
    ask: ({ arn, target, input }) => ({
      MessageBody: input,
      QueueUrl: queueUrl(arn),
      ...(target.SqsParameters?.MessageGroupId !== undefined && {
        MessageGroupId: target.SqsParameters.MessageGroupId,
      }),
    }),
  },
  "lambda:function:": {
    service: "lambda",
    action: "invoke",
    takesJson: true,
    ask: ({ target, input }) => ({ FunctionName: target.Arn, InvocationType: "Event", Payload: input }),
  },
  "sns:": {
    service: "sns",
    action: "publish",
    ask: ({ target, input }) => ({ TopicArn: target.Arn, Message: input }),
  },
  "events:event-bus/": {
    service: "eventbridge",
    action: "putEvents",
    parameters: "EventBridgeParameters",
    needsParameters: always,
    takesJson: true,
    ask: ({ target, input }) => ({
      Entries: [
        {
          EventBusName: target.Arn,
          Source: target.EventBridgeParameters?.Source,
          DetailType: target.EventBridgeParameters?.DetailType,
          Detail: input,
        },
      ],
    }),
  },
  "states:stateMachine:": {
    service: "sfn",
    action: "startExecution",
    takesJson: true,
    ask: ({ target, input }) => ({ stateMachineArn: target.Arn, input }),
  },
  "kinesis:stream/": {
    service: "kinesis",
    action: "putRecord",
    parameters: "KinesisParameters",
    needsParameters: always,
    ask: ({ target, input }) => ({
      StreamARN: target.Arn,
      PartitionKey: target.KinesisParameters?.PartitionKey,
      Data: input,
    }),
  },
  "firehose:deliverystream/": {
    service: "firehose",
    action: "putRecord",
    ask: ({ arn, input }) => ({ DeliveryStreamName: lastOf(arn), Record: { Data: input } }),
  },
  "codebuild:project/": {
    service: "codebuild",
    action: "startBuild",
    ask: ({ arn }) => ({ projectName: lastOf(arn) }),
  },
  "codepipeline:": {
    service: "codepipeline",
    action: "startPipelineExecution",
    ask: ({ arn }) => ({ name: arn.resource }),
  },
  "ecs:cluster/": {
    service: "ecs",
    action: "runTask",
    parameters: "EcsParameters",
    needsParameters: always,
    ask: ({ target }) => runTask(target),
  },
  "inspector:": {
    service: "inspector",
    action: "startAssessmentRun",
    ask: ({ target }) => ({ assessmentTemplateArn: target.Arn }),
  },
  "sagemaker:pipeline/": {
    service: "sagemaker",
    action: "startPipelineExecution",
    parameters: "SageMakerPipelineParameters",
    ask: ({ arn, target }) => ({
      PipelineName: lastOf(arn),
      PipelineParameters: target.SageMakerPipelineParameters?.PipelineParameterList,
    }),
  },
};

/** Buses of EventBridge's second version are not built: no target has their parameters. */
export const ALL_PARAMETERS: readonly Parameters[] = [
  "EcsParameters",
  "EventBridgeParameters",
  "EventBridgePutEventsV2Parameters",
  "EventBridgePutRawEventsParameters",
  "KinesisParameters",
  "SageMakerPipelineParameters",
  "SqsParameters",
];

export const findTemplate = ({ service, resource }: ArnParts): Template | undefined =>
  Object.entries(TEMPLATES).find(([start]) => `${service}:${resource}`.startsWith(start))?.[1];

const queueUrl = ({ region, account, resource }: ArnParts): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${resource}`;

const lastOf = ({ resource }: ArnParts): string => resource.slice(resource.indexOf("/") + 1);

/** What the parameters say of a task, in the words of ECS. */
function runTask({ Arn: cluster, EcsParameters: given }: Target): Asked {
  if (given === undefined) return { cluster };
  const { TaskDefinitionArn, TaskCount, NetworkConfiguration, ...rest } = given;
  const network = NetworkConfiguration?.awsvpcConfiguration;
  return {
    ...rest,
    cluster,
    taskDefinition: TaskDefinitionArn,
    ...(TaskCount !== undefined && { count: TaskCount }),
    ...(network !== undefined && { networkConfiguration: { awsvpcConfiguration: network } }),
  };
}
