/** Delivery channels. Source: https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html */
import type { ConfigExportDeliveryInfo, DeliveryChannel, DeliveryChannelStatus } from "@aws-sdk/client-config-service";
import { asRegion, formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import { HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import { channels, findChannel, hoursOf, type Channel, type DeliveryAttempt, type SnapshotFrequency } from "./row.ts";
import { putDocument, requireWritable } from "./delivery.ts";
import {
  bucketUnnamed,
  channelNameInvalid,
  channelNotFound,
  keyInvalid,
  lastChannel,
  prefixInvalid,
  recorderMissing,
  recorderNotRunning,
  tooManyChannels,
  topicInvalid,
} from "../errors.ts";
import { attempted, noteAttempt } from "./history-file.ts";
import { itemsThere } from "../item/row.ts";
import { operation, placeOf, streaming } from "../kit.ts";
import { itemDocument, notify } from "./notification.ts";
import { findRecorder } from "../recorder/row.ts";

const SNAPSHOT = "snapshot";

interface Given {
  readonly name?: string | undefined;
  readonly s3BucketName?: string | undefined;
  readonly s3KeyPrefix?: string | undefined;
  readonly s3KmsKeyArn?: string | undefined;
  readonly snsTopicARN?: string | undefined;
  readonly configSnapshotDeliveryProperties?:
    | { readonly deliveryFrequency?: SnapshotFrequency | undefined }
    | undefined;
}

export const putDeliveryChannel = streaming("PutDeliveryChannel", {
  authorize: () => ({ action: "config:PutDeliveryChannel", resource: "*" }),

  async receive({ DeliveryChannel: given }, context) {
    const recorder = await findRecorder(context.tx, context.region);
    if (recorder === undefined) throw recorderMissing("put delivery channel");
    return requireWritable(requireChannel(given, context), context);
  },

  async handle(_, context, channel) {
    const { tx } = context;
    const before = await findChannel(tx);
    if (before !== undefined && before.name !== channel.name) throw tooManyChannels(channel.name);
    tx.put(channels, { ...statusOf(before), ...channel });
    scheduleSnapshot(channel, context);
    return {};
  },
});

const statusOf = (before: Channel | undefined) => ({
  ...(before?.snapshot && { snapshot: before.snapshot }),
  ...(before?.history && { history: before.history }),
});

function requireChannel(given: Given, context: Context): Channel {
  const { name = "", s3BucketName: bucket = "", s3KeyPrefix, s3KmsKeyArn, snsTopicARN } = given;
  if (name === "") throw channelNameInvalid(name);
  if (bucket === "") throw bucketUnnamed();
  if (s3KeyPrefix === "") throw prefixInvalid();
  return {
    ...placeOf(context),
    name,
    bucket,
    ...(s3KeyPrefix !== undefined && { prefix: s3KeyPrefix }),
    ...(s3KmsKeyArn !== undefined && { kmsKeyArn: requireKey(s3KmsKeyArn) }),
    ...(snsTopicARN !== undefined && { topicArn: requireTopic(snsTopicARN) }),
    ...frequencyOf(given),
  };
}

function frequencyOf({ configSnapshotDeliveryProperties: properties }: Given) {
  const frequency = properties?.deliveryFrequency;
  return frequency === undefined ? {} : { frequency };
}

function requireKey(text: string): string {
  if (parseArn(text)?.service !== "kms") throw keyInvalid(text);
  return text;
}

function requireTopic(text: string): Arn {
  const parts = parseArn(text);
  if (parts?.service !== "sns") throw topicInvalid(text);
  return formatArn(parts);
}

function scheduleSnapshot({ frequency, region }: Channel, context: Context): void {
  if (frequency === undefined) return context.cancel(SNAPSHOT, region);
  context.at(context.now().getTime() + hoursOf(frequency) * HOUR_MS, SNAPSHOT, region, {});
}

/** @throws {AwsError} `NoSuchDeliveryChannelException` */
async function requireNamed(names: readonly string[], { tx }: Context): Promise<readonly Channel[]> {
  const channel = await findChannel(tx);
  const unknown = names.find((name) => name !== channel?.name);
  if (unknown !== undefined) throw channelNotFound(unknown);
  return channel === undefined ? [] : [channel];
}

export const describeDeliveryChannels = operation("DescribeDeliveryChannels", {
  authorize: () => ({ action: "config:DescribeDeliveryChannels", resource: "*" }),
  handle: async ({ DeliveryChannelNames: names = [] }, context) => ({
    DeliveryChannels: (await requireNamed(names, context)).map(shown),
  }),
});

const shown = ({ name, bucket, prefix, kmsKeyArn, topicArn, frequency }: Channel): DeliveryChannel => ({
  name,
  s3BucketName: bucket,
  ...(prefix !== undefined && { s3KeyPrefix: prefix }),
  ...(kmsKeyArn !== undefined && { s3KmsKeyArn: kmsKeyArn }),
  ...(topicArn !== undefined && { snsTopicARN: topicArn }),
  ...(frequency !== undefined && { configSnapshotDeliveryProperties: { deliveryFrequency: frequency } }),
});

export const describeDeliveryChannelStatus = operation("DescribeDeliveryChannelStatus", {
  authorize: () => ({ action: "config:DescribeDeliveryChannelStatus", resource: "*" }),
  handle: async ({ DeliveryChannelNames: names = [] }, context) => ({
    DeliveryChannelsStatus: (await requireNamed(names, context)).map(
      ({ name, snapshot, history }): DeliveryChannelStatus => ({
        name,
        configSnapshotDeliveryInfo: attemptOf(snapshot),
        configHistoryDeliveryInfo: attemptOf(history),
        configStreamDeliveryInfo: {},
      }),
    ),
  }),
});

function attemptOf(attempt: DeliveryAttempt | undefined): ConfigExportDeliveryInfo {
  if (attempt === undefined) return {};
  const { atMs, succeededAtMs, error } = attempt;
  return {
    lastStatus: error === undefined ? "Success" : "Failure",
    lastAttemptTime: new Date(atMs),
    ...(succeededAtMs !== undefined && { lastSuccessfulTime: new Date(succeededAtMs) }),
    ...(error && { lastErrorCode: error.code, lastErrorMessage: error.message }),
  };
}

export const deleteDeliveryChannel = operation("DeleteDeliveryChannel", {
  authorize: () => ({ action: "config:DeleteDeliveryChannel", resource: "*" }),

  async handle({ DeliveryChannelName: name }, context) {
    await requireNamed([name], context);
    const recorder = await findRecorder(context.tx, context.region);
    if (recorder?.isRecording === true) throw lastChannel(name);
    context.tx.delete(channels);
    context.cancel(SNAPSHOT, context.region);
    return {};
  },
});

export const deliverConfigSnapshot = operation("DeliverConfigSnapshot", {
  authorize: () => ({ action: "config:DeliverConfigSnapshot", resource: "*" }),

  async handle({ deliveryChannelName: name }, context) {
    await requireNamed([name], context);
    const recorder = await findRecorder(context.tx, context.region);
    if (recorder === undefined) throw recorderMissing("deliver config snapshot");
    if (!recorder.isRecording) throw recorderNotRunning("deliver config snapshot");
    const id = context.newId();
    context.at(context.now().getTime(), SNAPSHOT, `${context.region} ${id}`, { id });
    return { configSnapshotId: id };
  },
});

const idOf = (payload: unknown): string | undefined =>
  typeof payload === "object" && payload !== null && "id" in payload && typeof payload.id === "string"
    ? payload.id
    : undefined;

export const deliverSnapshot: Errand = async (context, key, payload) => {
  const asked = idOf(payload);
  const region = asRegion(key.split(" ")[0] ?? "");
  const channel = await findChannel(context.tx.in({ region }));
  if (channel === undefined) return;
  const id = asked ?? context.newId();
  const items = await allItems(channel, context);
  let file = "";
  const attempt = await attempted(async () => {
    file = await putDocument({ kind: "ConfigSnapshot", id, items }, channel, context);
  }, context);
  await context.transact(async (inner) => {
    await noteAttempt(channel, { kind: "snapshot", attempt }, inner);
    if (asked === undefined) scheduleSnapshot(channel, inner);
    if (attempt.error === undefined) await tellOfSnapshot({ id, file }, channel, inner);
  });
};

const allItems = ({ region }: Channel, { tx }: ErrandContext): Promise<readonly object[]> =>
  Array.fromAsync(itemsThere(undefined, tx.in({ region })), itemDocument);

interface Snapshot {
  readonly id: string;
  readonly file: string;
}

const tellOfSnapshot = ({ id, file }: Snapshot, channel: Channel, context: Context): Promise<void> =>
  notify(
    {
      subject: `[AWS Config:${channel.region}] Configuration Snapshot Delivery Completed for Account ${channel.account}`,
      messageType: "ConfigurationSnapshotDeliveryCompleted",
      message: { configSnapshotId: id, s3ObjectKey: file, s3Bucket: channel.bucket },
    },
    channel,
    context,
  );
