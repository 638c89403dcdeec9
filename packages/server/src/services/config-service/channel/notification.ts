/**
 * What goes to the channel's topic.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html
 */
import { formatArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { findChannel, type Channel } from "./row.ts";
import type { Item } from "../item/row.ts";

export interface Notification {
  readonly subject: string;
  readonly messageType: string;
  readonly message: object;
}

/** Nothing where the channel names no topic. */
export async function notify(told: Notification, channel: Channel | undefined, context: Context): Promise<void> {
  if (channel?.topicArn === undefined) return;
  const { account, region, partition, topicArn } = channel;
  const body = {
    ...told.message,
    messageType: told.messageType,
    notificationCreationTime: context.now().toISOString(),
    recordVersion: "1.3",
  };
  const subject = told.subject.slice(0, 100);
  await context.deliver(
    {
      to: topicArn,
      source: { arn: formatArn({ partition, service: "config", region, account, resource: "*" }), account },
      content: { kind: "message", subject, text: JSON.stringify(body) },
    },
    { account, region },
  );
}

export async function tellOfItem(item: Item, before: Item | undefined, context: Context): Promise<void> {
  const channel = await findChannel(context.tx.in({ region: item.region }));
  const changeType = before === undefined ? "CREATE" : item.status === "ResourceDeleted" ? "DELETE" : "UPDATE";
  await notify(
    {
      subject: `[AWS Config:${item.region}] ${item.type} ${item.name} ${CHANGES[changeType]} in Account ${item.account}`,
      messageType: "ConfigurationItemChangeNotification",
      message: {
        configurationItemDiff: {
          changedProperties: before === undefined ? {} : changedProperties(before, item),
          changeType,
        },
        configurationItem: itemDocument(item),
      },
    },
    channel,
    context,
  );
}

const CHANGES = { CREATE: "Created", UPDATE: "Updated", DELETE: "Deleted" } as const;

/** The members of the configuration that are not as before. */
function changedProperties(before: Item, item: Item): object {
  const was = membersOf(before);
  const is = membersOf(item);
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]),
  );
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        previousValue: was[name] ?? null,
        updatedValue: is[name] ?? null,
        changeType: was[name] === undefined ? "CREATE" : is[name] === undefined ? "DELETE" : "UPDATE",
      },
    ]),
  );
}

const prefixed = (prefix: string, members: Readonly<Record<string, unknown>>) =>
  Object.entries(members).map(([name, value]) => [`${prefix}.${name}`, value] as const);

function membersOf({ configuration, supplementary, tags }: Item): Readonly<Record<string, unknown>> {
  const plain: Readonly<Record<string, unknown>> = JSON.parse(configuration) ?? {};
  return Object.fromEntries([
    ...prefixed("Configuration", plain),
    ...prefixed(
      "SupplementaryConfiguration",
      Object.fromEntries(Object.entries(supplementary).map(([name, text]) => [name, JSON.parse(text)])),
    ),
    ...prefixed("Tags", tags),
  ]);
}

/** An item as it stands in files, notifications and the events of rules. */
export function itemDocument(item: Item): Readonly<Record<string, unknown>> {
  const supplementary = Object.entries(item.supplementary).map(([name, text]) => [name, JSON.parse(text)]);
  return {
    version: "1.3",
    accountId: item.account,
    configurationItemCaptureTime: new Date(item.capturedAtMs).toISOString(),
    configurationItemStatus: item.status,
    configurationStateId: String(item.stateId),
    configurationStateMd5Hash: "",
    ...(item.arn !== "" && { ARN: item.arn }),
    resourceType: item.type,
    resourceId: item.id,
    ...(item.name !== "" && { resourceName: item.name }),
    awsRegion: item.region,
    availabilityZone: "Regional",
    ...(item.createdAtMs !== undefined && { resourceCreationTime: new Date(item.createdAtMs).toISOString() }),
    tags: item.tags,
    relatedEvents: [],
    relationships: item.relationships.map(({ type, id, name, relation }) => ({
      resourceType: type,
      resourceId: id,
      ...(name !== undefined && { resourceName: name }),
      name: relation,
    })),
    configuration: JSON.parse(item.configuration),
    supplementaryConfiguration: Object.fromEntries(supplementary),
  };
}
