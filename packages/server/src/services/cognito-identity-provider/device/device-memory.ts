/** Devices in a sign-in: new ones are given keys, known ones have to show theirs. */
import type { NewDeviceMetadataType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { User } from "../user/user-row.ts";
import { devices, requireDevice } from "./device-row.ts";

interface OnDevice {
  readonly pool: Pool;
  readonly user: User;
  readonly deviceKey?: string | undefined;
}

/**
 * Whether the device that the caller names is remembered: it then shows its own secret.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
 * @throws {AwsError} `ResourceNotFoundException` where the user has no such device
 */
export async function isKnownDevice({ pool, user, deviceKey }: OnDevice, context: Context): Promise<boolean> {
  if (deviceKey === undefined || pool.settings.DeviceConfiguration === undefined) return false;
  const device = await requireDevice(user, deviceKey, context.tx);
  return device.remembered;
}

/** Whether a remembered device stands for the second factor. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceConfigurationType.html */
export const replacesFactor = ({ settings }: Pool): boolean =>
  settings.DeviceConfiguration?.ChallengeRequiredOnNewDevice ?? false;

/** The keys of a device that is new; `undefined` where the pool keeps no track, or knows it. */
export async function newDevice(
  { pool, user, deviceKey }: OnDevice,
  context: Context,
): Promise<NewDeviceMetadataType | undefined> {
  if (pool.settings.DeviceConfiguration === undefined) return undefined;
  const nowMs = context.now().getTime();
  const known = deviceKey === undefined ? undefined : await context.tx.get(devices, pool.id, user.key, deviceKey);
  if (known) {
    context.tx.put(devices, { ...known, authenticatedMs: nowMs, lastIp: context.request.sourceIp });
    return undefined;
  }
  const key = `${pool.region}_${context.newId()}`;
  const groupKey = `-${context.newId().replaceAll("-", "").slice(0, 8)}`;
  context.tx.put(devices, {
    poolId: pool.id,
    user: user.key,
    key,
    groupKey,
    remembered: false,
    lastIp: context.request.sourceIp,
    createdMs: nowMs,
    changedMs: nowMs,
    authenticatedMs: nowMs,
  });
  return { DeviceKey: key, DeviceGroupKey: groupKey };
}
