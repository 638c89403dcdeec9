/** A queue, and an event bus, that stand for those of services that are not built: they take what they are sent. */
import { AwsError } from "../src/kernel/aws-error.ts";
import { serviceKit } from "../src/service/operation.ts";
import { defineService } from "../src/service/service.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

type SqsSdk = typeof import("@aws-sdk/client-sqs");
type EventBridgeSdk = typeof import("@aws-sdk/client-eventbridge");

interface TakenMessage {
  readonly queue: string;
  readonly text: string;
}

interface TakenEvent {
  readonly bus: string | undefined;
  readonly source: string | undefined;
  readonly detailType: string | undefined;
  readonly resources: readonly string[] | undefined;
  readonly detail: object;
}

export interface Receivers {
  readonly cloud: TestCloud;
  /** What the queue got, in order. */
  readonly messages: () => readonly TakenMessage[];
  readonly events: () => readonly TakenEvent[];
  /** From now on the queue refuses with this code. */
  readonly refuse: (code: string) => void;
}

export async function receivers(): Promise<Receivers> {
  const messages = new Map<string, TakenMessage>();
  const events = new Map<string, TakenEvent>();
  const state: { code?: string } = {};
  const sqs = serviceKit<SqsSdk>("sqs").operation("SendMessage", {
    authorize: () => [],
    async handle({ QueueUrl, MessageBody }, { requestId }) {
      if (state.code !== undefined) throw new AwsError(state.code, "no");
      messages.set(requestId, { queue: QueueUrl, text: MessageBody });
      return {};
    },
  });
  const bus = serviceKit<EventBridgeSdk>("eventbridge").operation("PutEvents", {
    authorize: () => [],
    async handle({ Entries }, { requestId }) {
      for (const [at, { EventBusName, Source, DetailType, Resources, Detail = "{}" }] of Entries.entries()) {
        const id = `${requestId}-${at}`;
        const detail: object = JSON.parse(Detail);
        events.set(id, { bus: EventBusName, source: Source, detailType: DetailType, resources: Resources, detail });
      }
      return { FailedEntryCount: 0, Entries: [] };
    },
  });
  const cloud = await testCloud({
    services: {
      sqs: defineService<SqsSdk>("sqs", { operations: [sqs] }),
      eventbridge: defineService<EventBridgeSdk>("eventbridge", { operations: [bus] }),
    },
  });
  return {
    cloud,
    messages: () => [...messages.values()],
    events: () => [...events.values()],
    refuse: (code) => (state.code = code),
  };
}
