/** Before what people are told of certificates that expire. Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/customize-notification-settings.html */
import type { OutputOf } from "../../service/sdk.ts";
import { thresholdNeeded } from "./errors.ts";
import type { RolesAnywhereSdk } from "./kit.ts";

export interface NotificationSetting {
  readonly event: "CA_CERTIFICATE_EXPIRY" | "END_ENTITY_CERTIFICATE_EXPIRY";
  readonly isEnabled: boolean;
  readonly thresholdDays: number | undefined;
}

/** Where nothing is set. Differs: nobody is told, as there is no EventBridge and no Health Dashboard yet. */
const DEFAULTS: readonly NotificationSetting[] = [
  { event: "CA_CERTIFICATE_EXPIRY", isEnabled: true, thresholdDays: 45 },
  { event: "END_ENTITY_CERTIFICATE_EXPIRY", isEnabled: true, thresholdDays: 45 },
];

interface Given {
  readonly event: NotificationSetting["event"];
  readonly enabled: boolean;
  readonly threshold?: number | undefined;
}

/** @throws {AwsError} `ValidationException` */
export function withSettings(
  present: readonly NotificationSetting[],
  given: readonly Given[],
): readonly NotificationSetting[] {
  const settings = given.map(({ event, enabled: isEnabled, threshold: thresholdDays }) => {
    if (isEnabled && thresholdDays === undefined) throw thresholdNeeded();
    return { event, isEnabled, thresholdDays };
  });
  return [...withoutSettings(present, settings), ...settings];
}

export const withoutSettings = (
  present: readonly NotificationSetting[],
  gone: readonly { readonly event: NotificationSetting["event"] }[],
): readonly NotificationSetting[] => present.filter(({ event }) => !gone.some((other) => other.event === event));

type Shown = NonNullable<OutputOf<RolesAnywhereSdk, "GetTrustAnchor">["trustAnchor"]["notificationSettings"]>;

/** Those of the account, and the service's own where it has none. */
export function formatSettings(own: readonly NotificationSetting[], account: string): Shown {
  const format = ({ event, isEnabled: enabled, thresholdDays }: NotificationSetting, configuredBy: string) => ({
    event,
    enabled,
    ...(thresholdDays !== undefined && { threshold: thresholdDays }),
    channel: "ALL" as const,
    configuredBy,
  });
  const defaults = withoutSettings(DEFAULTS, own).map((setting) => format(setting, "rolesanywhere.amazonaws.com"));
  return [...own.map((setting) => format(setting, account)), ...defaults];
}
