/** Which second factors are whose: enabling, synchronizing and deactivating them. */
import { assert } from "../../../kernel/assert.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import {
  invalidAuthenticationCode,
  mfaDeviceAssigned,
  mfaDeviceNotFound,
  mfaDeviceOfAnother,
  quotaExceeded,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { list } from "../listing.ts";
import { keyOfName } from "../path.ts";
import { findUser, onUser, requireUser } from "../user/user.ts";
import { synchronize, withUsed, type CodePair } from "./mfa-code.ts";
import {
  findMfaDevice,
  isAssigned,
  mfaDevices,
  mfaDevicesOf,
  mfaDevicesOfOwner,
  requireMfaDevice,
  type AssignedDevice,
  type MfaDevice,
} from "./mfa-device.ts";
import { onOwner, requireOwner, rootOf, type Owner } from "./owner.ts";

export const enableMfaDevice = operation("EnableMFADevice", {
  authorize: ({ UserName }, context) => onUser("EnableMFADevice", UserName, context),

  async handle({ UserName, SerialNumber, ...codes }, context) {
    const { tx } = context;
    const owner = await requireNamed(UserName, context);
    const device = await requireMfaDevice(SerialNumber, tx);
    if (isAssigned(device)) throw mfaDeviceAssigned();
    if ((await mfaDevicesOf(owner, tx)).length >= QUOTAS.MFADevicesPerUser)
      throw quotaExceeded("MFADevicesPerUser", QUOTAS.MFADevicesPerUser);
    const synchronized = requireSynchronized(device, codes, context);
    const enabledAtMs = context.now().getTime();
    tx.put(mfaDevices, {
      ...device,
      assignment: { kind: "assigned", ownerId: owner.id, enabledAtMs, ...synchronized },
    });
    tx.put(mfaDevicesOfOwner, { ownerId: owner.id, serialNumber: device.serialNumber });
    await countUp(tx, "mfaDevicesInUse");
    return {};
  },
});

/**
 * The user of that name, or the root user, who calls itself `root` here.
 * Differs: AWS enables a device of the root user in its console alone.
 */
async function requireNamed(name: string, context: Context): Promise<Owner> {
  const isRoot = name === "root" && context.principal.type === "root";
  return isRoot && !(await findUser(name, context.tx)) ? rootOf(context) : requireUser(name, context.tx);
}

export const resyncMfaDevice = operation("ResyncMFADevice", {
  authorize: ({ UserName }, context) => onUser("ResyncMFADevice", UserName, context),

  async handle({ UserName, SerialNumber, ...codes }, context) {
    const { tx } = context;
    const device = await requireOwnDevice(SerialNumber, await requireUser(UserName, tx), tx);
    const { usedSteps, driftSteps } = requireSynchronized(device, codes, context);
    const assignment = { ...withUsed(device.assignment, usedSteps), driftSteps };
    tx.put(mfaDevices, { ...device, assignment });
    return {};
  },
});

export const deactivateMfaDevice = operation("DeactivateMFADevice", {
  authorize: ({ UserName }, context) => onOwner("DeactivateMFADevice", UserName, context),

  async handle({ UserName, SerialNumber }, context) {
    const { tx } = context;
    const owner = await requireOwner(UserName, context);
    const device = await requireOwnDevice(SerialNumber, owner, tx);
    tx.put(mfaDevices, { ...device, assignment: { kind: "unassigned" } });
    tx.delete(mfaDevicesOfOwner, owner.id, keyOfName(device.serialNumber));
    await countDown(tx, "mfaDevicesInUse");
    return {};
  },
});

export const listMfaDevices = operation("ListMFADevices", {
  authorize: ({ UserName }, context) => onOwner("ListMFADevices", UserName, context),

  async handle({ UserName, ...paging }, context) {
    const owner = await requireOwner(UserName, context);
    const { rows, paging: rest } = await list(context.tx, mfaDevicesOfOwner, paging, { prefix: [owner.id] });
    const devices = await Promise.all(rows.map(({ serialNumber }) => enabledDevice(serialNumber, context.tx)));
    const MFADevices = devices.map(({ serialNumber, assignment }) => ({
      UserName: owner.name,
      SerialNumber: serialNumber,
      EnableDate: new Date(assignment.enabledAtMs),
    }));
    return { MFADevices, ...rest };
  },
});

export const getMfaDevice = operation("GetMFADevice", {
  authorize: ({ UserName }, context) => onOwner("GetMFADevice", UserName, context),

  /**
   * Only for security keys, which do not exist here.
   * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html
   */
  async handle({ UserName, SerialNumber }, context) {
    await requireOwner(UserName, context);
    throw mfaDeviceNotFound(SerialNumber);
  },
});

/** @throws {AwsError} `InvalidAuthenticationCode` */
function requireSynchronized(device: MfaDevice, codes: CodePair, context: Context) {
  const synchronized = synchronize(device, codes, context);
  if (!synchronized) throw invalidAuthenticationCode();
  return synchronized;
}

/** @throws {AwsError} `NoSuchEntity` */
async function requireOwnDevice(serialNumber: string, owner: Owner, tx: Transaction): Promise<AssignedDevice> {
  const device = await requireMfaDevice(serialNumber, tx);
  if (!isAssigned(device) || device.assignment.ownerId !== owner.id) throw mfaDeviceOfAnother();
  return device;
}

async function enabledDevice(serialNumber: string, tx: Transaction): Promise<AssignedDevice> {
  const device = await findMfaDevice(serialNumber, tx);
  assert(device && isAssigned(device), "an owner's device is assigned");
  return device;
}
