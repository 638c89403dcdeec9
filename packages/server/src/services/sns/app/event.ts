/**
 * What happens to apps on devices, told to the topics that their application names for it.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/application-event-notifications.html
 */
import { formatArn, parseArn } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Application } from "./platform-application.ts";

export type AppEventType = "EndpointCreated" | "EndpointDeleted" | "EndpointUpdated" | "DeliveryFailure";

interface AppEvent {
  readonly type: AppEventType;
  readonly application: Pick<Application, "name" | "settings">;
  readonly endpointArn: string;
  /** What only events of its type have beside the rest. */
  readonly more?: Readonly<Record<string, string | number>>;
}

/** What is to be published, once the change is through. */
export interface AppNotice {
  readonly id: string;
  readonly topicArn: string;
  readonly subject: string;
  readonly text: string;
}

export const appNotices = table<AppNotice>("sns.app-notice", "global", ({ id }) => [id]);

const SUBJECT = " event for app ";

/** Whether a message is such a notice: that one could not be delivered is told to nobody. */
export const isAppNotice = ({ subject }: { readonly subject?: string }): boolean => subject?.includes(SUBJECT) === true;

/** Source: https://pastebin.com/jwmdfVQE (an event as it came, its members in order); those of other types follow its form */
export function tellOfApp({ type, application, endpointArn, more = {} }: AppEvent, context: Context): void {
  const topicArn = application.settings[`Event${type}`] ?? "";
  const [topic, endpoint] = [parseArn(topicArn), parseArn(endpointArn)];
  if (endpoint === undefined || topic?.account !== endpoint.account || topic.region !== endpoint.region) return;
  const now = context.now();
  const [platform = "", name = ""] = application.name.split("/");
  const members = {
    ...more,
    EndpointArn: endpointArn,
    EventType: type,
    Resource: formatArn({ ...endpoint, resource: `app/${application.name}` }),
    Service: "SNS",
    Time: now.toISOString(),
  };
  const inOrder = Object.entries(members).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const notice: AppNotice = {
    id: context.newId(),
    topicArn,
    subject: `${type}${SUBJECT}${name} (${platform})`,
    text: JSON.stringify(Object.fromEntries(inOrder)),
  };
  context.tx.put(appNotices, notice);
  context.at(now.getTime(), "tell", notice.id);
}
