/** Devices. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html */
import type { DeviceType } from "@aws-sdk/client-cognito-identity-provider";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { deviceNotFound, invalidParameter, invalidToken, missingParameter } from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { sealVerifier } from "../sign-in/srp.ts";
import { requireHolder } from "../token/access-token.ts";
import { requireUser, type User } from "../user/user-row.ts";
import { devices, requireDevice, type Device } from "./device-row.ts";

const hexOf = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

export const confirmDevice = operation("ConfirmDevice", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, DeviceKey, DeviceSecretVerifierConfig: config, DeviceName: name }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    const device = await context.tx.get(devices, pool.id, user.key, DeviceKey);
    if (!device) throw deviceNotFound();
    const { PasswordVerifier: verifier, Salt: salt } = config ?? {};
    if (verifier === undefined || salt === undefined) throw invalidParameter("DeviceSecretVerifierConfig is required.");
    const asksUser = pool.settings.DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt ?? false;
    context.tx.put(devices, {
      ...device,
      name,
      verifier: sealVerifier({ salt: hexOf(salt), verifier: hexOf(verifier) }, context),
      remembered: !asksUser,
      changedMs: context.now().getTime(),
    });
    return { UserConfirmationNecessary: asksUser };
  },
});

export const getDevice = operation("GetDevice", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, DeviceKey }, context) {
    const user = await requireOwner(AccessToken, context);
    return { Device: formatDevice(await requireDevice(user, DeviceKey, context.tx)) };
  },
});

async function requireOwner(token: string | undefined, context: Context): Promise<User> {
  if (token === undefined) throw missingParameter("AccessToken");
  return (await requireHolder(token, context)).user;
}

export const adminGetDevice = operation("AdminGetDevice", {
  authorize: onPool("AdminGetDevice"),

  async handle({ UserPoolId, Username, DeviceKey }, context) {
    const user = await requireUser(await requirePool(UserPoolId, context), Username, context.tx);
    return { Device: formatDevice(await requireDevice(user, DeviceKey, context.tx)) };
  },
});

export const listDevices = operation("ListDevices", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, Limit, PaginationToken }, context) {
    return list(await requireOwner(AccessToken, context), { limit: Limit, token: PaginationToken }, context);
  },
});

export const adminListDevices = operation("AdminListDevices", {
  authorize: onPool("AdminListDevices"),

  async handle({ UserPoolId, Username, Limit, PaginationToken }, context) {
    const user = await requireUser(await requirePool(UserPoolId, context), Username, context.tx);
    return list(user, { limit: Limit, token: PaginationToken }, context);
  },
});

interface Paging {
  readonly limit: number | undefined;
  readonly token: string | undefined;
}

async function list({ poolId, key }: User, { limit, token }: Paging, { tx }: Context) {
  const asked = { token, limit: limit === 0 ? undefined : limit, max: PAGE_ROWS_MAX, invalidToken };
  const { rows, next } = await page(tx, devices, { prefix: [poolId, key], ...asked });
  const Devices = rows.filter(({ verifier }) => verifier !== undefined).map(formatDevice);
  return { Devices, ...(next !== undefined && { PaginationToken: next }) };
}

export const forgetDevice = operation("ForgetDevice", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, DeviceKey }, context) {
    return forget(await requireOwner(AccessToken, context), DeviceKey, context);
  },
});

export const adminForgetDevice = operation("AdminForgetDevice", {
  authorize: onPool("AdminForgetDevice"),

  async handle({ UserPoolId, Username, DeviceKey }, context) {
    const user = await requireUser(await requirePool(UserPoolId, context), Username, context.tx);
    return forget(user, DeviceKey, context);
  },
});

async function forget(user: User, key: string, { tx }: Context): Promise<object> {
  const { poolId } = await requireDevice(user, key, tx);
  tx.delete(devices, poolId, user.key, key);
  return {};
}

export const updateDeviceStatus = operation("UpdateDeviceStatus", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, DeviceKey, DeviceRememberedStatus: status }, context) {
    return remember(await requireOwner(AccessToken, context), DeviceKey, status, context);
  },
});

export const adminUpdateDeviceStatus = operation("AdminUpdateDeviceStatus", {
  authorize: onPool("AdminUpdateDeviceStatus"),

  async handle({ UserPoolId, Username, DeviceKey, DeviceRememberedStatus: status }, context) {
    const user = await requireUser(await requirePool(UserPoolId, context), Username, context.tx);
    return remember(user, DeviceKey, status, context);
  },
});

type Status = "remembered" | "not_remembered" | undefined;

async function remember(user: User, key: string, status: Status, context: Context): Promise<object> {
  const device = await requireDevice(user, key, context.tx);
  context.tx.put(devices, { ...device, remembered: status === "remembered", changedMs: context.now().getTime() });
  return {};
}

const formatDevice = (device: Device): DeviceType => ({
  DeviceKey: device.key,
  DeviceAttributes: [
    { Name: "device_status", Value: "valid" },
    { Name: "device_name", Value: device.name ?? "" },
    { Name: "dev:device_remembered_status", Value: device.remembered ? "remembered" : "not_remembered" },
    { Name: "last_ip_used", Value: device.lastIp },
  ],
  DeviceCreateDate: new Date(device.createdMs),
  DeviceLastModifiedDate: new Date(device.changedMs),
  DeviceLastAuthenticatedDate: new Date(device.authenticatedMs),
});
