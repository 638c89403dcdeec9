/**
 * Whom a vault tells of jobs that are done.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/configuring-notifications.html
 */
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import { onVault } from "../access.ts";
import { eventsMissing, invalidValue, missing, noNotifications } from "../errors.ts";
import { operation, vaultArn } from "../kit.ts";
import { requireVault, vaults } from "./row.ts";

const EVENTS = ["ArchiveRetrievalCompleted", "InventoryRetrievalCompleted"];

export const setVaultNotifications = operation("SetVaultNotifications", {
  authorize: (input, context) => onVault("SetVaultNotifications", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const { SNSTopic: topic, Events: events } = input.vaultNotificationConfig ?? {};
    if (topic === undefined) throw missing("SNSTopic");
    if (events === undefined || events.length === 0) throw eventsMissing();
    requireTopic(topic);
    const unknown = events.find((event) => !EVENTS.includes(event));
    if (unknown !== undefined) throw invalidValue("event", unknown);
    place.tx.put(vaults, { ...vault, notifications: { topic, events: [...new Set(events)] } });
    return {};
  },
});

/** @throws {AwsError} `InvalidParameterValueException` for what is no topic's ARN. */
export function requireTopic(text: string): Arn {
  const arn = parseArn(text);
  if (arn?.service !== "sns" || !/^\d{12}$/.test(arn.account) || !/^[\w-]{1,256}(\.fifo)?$/.test(arn.resource)) {
    throw invalidValue("SNS topic ARN", text);
  }
  return formatArn(arn);
}

export const getVaultNotifications = operation("GetVaultNotifications", {
  authorize: (input, context) => onVault("GetVaultNotifications", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const { notifications } = vault;
    if (!notifications) throw noNotifications(vaultArn(place, vault.name));
    return { vaultNotificationConfig: { SNSTopic: notifications.topic, Events: [...notifications.events] } };
  },
});

export const deleteVaultNotifications = operation("DeleteVaultNotifications", {
  authorize: (input, context) => onVault("DeleteVaultNotifications", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const { notifications: _gone, ...rest } = vault;
    place.tx.put(vaults, rest);
    return {};
  },
});
