/**
 * Second factors: virtual devices, their seeds sealed.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
 * Differs: hardware tokens and FIDO security keys cannot be had here; only virtual devices exist.
 */
import type { VirtualMFADevice } from "@aws-sdk/client-iam";
import { formatArn, parseArn, type Arn } from "../../../kernel/arn.ts";
import { base32, newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import { mfaDeviceExists, mfaDeviceInUse, mfaDeviceNotFound, mfaDevicesRemain } from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { list } from "../listing.ts";
import { arnOf, keyOfName, ROOT_PATH, type Place } from "../path.ts";
import { formatTags, listTags, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";
import { formatUser, requireUser } from "../user/user.ts";
import { nameOfOwner, ROOT_CREATED_AT, rootArn, type Owner } from "./owner.ts";
import { qrCodePng } from "./qr-code.ts";

export interface MfaDevice extends Place {
  /** The device's ARN. */
  readonly serialNumber: string;
  /** Sealed for `MFA_SEED_PURPOSE`. */
  readonly seed: string;
  readonly tags: Tags;
  readonly assignment: Unassigned | Assigned;
}

interface Unassigned {
  readonly kind: "unassigned";
}

export interface Assigned {
  readonly kind: "assigned";
  /** The user's unique id, or the account's id for its root user. */
  readonly ownerId: string;
  readonly enabledAtMs: number;
  /** The steps of the latest codes that were taken: none of them is taken again. */
  readonly usedSteps: readonly number[];
  /** How many steps the device's clock is ahead, found when it was synchronized. */
  readonly driftSteps: number;
}

export type AssignedDevice = MfaDevice & { readonly assignment: Assigned };

/** As long as AWS's own: 64 characters of base32. */
const SEED_BYTES = 40;

/** What the seeds of MFA devices are sealed for. */
export const MFA_SEED_PURPOSE = "iam.mfa-seed";

export const mfaDevices = table<MfaDevice>("iam.mfa-device", "account", ({ serialNumber }) => [
  keyOfName(serialNumber),
]);

interface OwnedDevice {
  readonly ownerId: string;
  readonly serialNumber: string;
}

export const mfaDevicesOfOwner = table<OwnedDevice>(
  "iam.mfa-device-of-owner",
  "account",
  ({ ownerId, serialNumber }) => [ownerId, keyOfName(serialNumber)],
);

export const createVirtualMfaDevice = operation("CreateVirtualMFADevice", {
  authorize: ({ VirtualMFADeviceName, Path = ROOT_PATH, Tags }, context) =>
    withTagging("TagMFADevice", {
      action: "iam:CreateVirtualMFADevice",
      resource: arnOf(context, "mfa", { path: Path, name: VirtualMFADeviceName }),
      requestTags: requestTags(Tags),
    }),

  async handle({ VirtualMFADeviceName: name, Path: path = ROOT_PATH, Tags }, context) {
    const { tx, keys } = context;
    const serialNumber = arnOf(context, "mfa", { path, name });
    if (await findMfaDevice(serialNumber, tx)) throw mfaDeviceExists();
    await countUp(tx, "mfaDevices");
    const seed = newSecretBytes(SEED_BYTES);
    const device: MfaDevice = {
      serialNumber,
      path,
      name,
      seed: keys.seal(seed, MFA_SEED_PURPOSE),
      tags: withTags({}, Tags),
      assignment: { kind: "unassigned" },
    };
    tx.put(mfaDevices, device);
    return { VirtualMFADevice: await formatNewDevice(device, base32(seed), context) };
  },
});

export const deleteVirtualMfaDevice = operation("DeleteVirtualMFADevice", {
  authorize: ({ SerialNumber }, context) => onMfaDevice("DeleteVirtualMFADevice", SerialNumber, context),

  async handle({ SerialNumber }, { tx }) {
    const device = await requireMfaDevice(SerialNumber, tx);
    if (device.assignment.kind === "assigned") throw mfaDeviceInUse();
    tx.delete(mfaDevices, keyOfName(device.serialNumber));
    await countDown(tx, "mfaDevices");
    return {};
  },
});

export const listVirtualMfaDevices = operation("ListVirtualMFADevices", {
  authorize: (_input, context) => ({ action: "iam:ListVirtualMFADevices", resource: arn(context, "mfa/") }),

  async handle({ AssignmentStatus = "Any", ...paging }, context) {
    const { rows, paging: rest } = await list(context.tx, mfaDevices, paging, {
      where: ({ assignment }) => AssignmentStatus === "Any" || assignment.kind === AssignmentStatus.toLowerCase(),
    });
    return { VirtualMFADevices: await Promise.all(rows.map((device) => formatListedDevice(device, context))), ...rest };
  },
});

export const tagMfaDevice = operation("TagMFADevice", {
  authorize: ({ SerialNumber, Tags }, context) =>
    onMfaDevice("TagMFADevice", SerialNumber, context, { requestTags: requestTags(Tags) }),

  async handle({ SerialNumber, Tags }, { tx }) {
    const device = await requireMfaDevice(SerialNumber, tx);
    tx.put(mfaDevices, { ...device, tags: withTags(device.tags, Tags) });
    return {};
  },
});

export const untagMfaDevice = operation("UntagMFADevice", {
  authorize: ({ SerialNumber, TagKeys }, context) =>
    onMfaDevice("UntagMFADevice", SerialNumber, context, { tagKeys: TagKeys }),

  async handle({ SerialNumber, TagKeys }, { tx }) {
    const device = await requireMfaDevice(SerialNumber, tx);
    tx.put(mfaDevices, { ...device, tags: withoutTags(device.tags, TagKeys) });
    return {};
  },
});

export const listMfaDeviceTags = operation("ListMFADeviceTags", {
  authorize: ({ SerialNumber }, context) => onMfaDevice("ListMFADeviceTags", SerialNumber, context),

  async handle({ SerialNumber, ...paging }, { tx }) {
    const { tags } = await requireMfaDevice(SerialNumber, tx);
    return listTags(tags, paging);
  },
});

export const findMfaDevice = (serialNumber: string, tx: Transaction): Promise<MfaDevice | undefined> =>
  tx.get(mfaDevices, keyOfName(serialNumber));

/** @throws {AwsError} `NoSuchEntity` */
export async function requireMfaDevice(serialNumber: string, tx: Transaction): Promise<MfaDevice> {
  const device = await findMfaDevice(serialNumber, tx);
  if (!device) throw mfaDeviceNotFound(serialNumber);
  return device;
}

export const isAssigned = (device: MfaDevice): device is AssignedDevice => device.assignment.kind === "assigned";

/** The devices that are enabled for an owner. */
export const mfaDevicesOf = ({ id }: Pick<Owner, "id">, tx: Transaction): Promise<OwnedDevice[]> =>
  tx.scan(mfaDevicesOfOwner, { prefix: [id], limit: QUOTAS.MFADevicesPerUser });

/** @throws {AwsError} `DeleteConflict` where one is left. */
export async function requireNoMfaDevices(owner: Pick<Owner, "id">, tx: Transaction): Promise<void> {
  if ((await mfaDevicesOf(owner, tx)).length > 0) throw mfaDevicesRemain();
}

async function onMfaDevice(
  action: IamAction,
  serialNumber: string,
  context: Context,
  more: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const device = await findMfaDevice(serialNumber, context.tx);
  return {
    action: `iam:${action}`,
    resource: device ? arnOf(context, "mfa", device) : asArn(serialNumber, context),
    resourceTags: device?.tags,
    ...more,
  };
}

function asArn(serialNumber: string, context: Context): Arn {
  const parts = parseArn(serialNumber);
  return parts ? formatArn(parts) : arn(context, `mfa/${serialNumber}`);
}

/** Shown this once. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_VirtualMFADevice.html */
async function formatNewDevice(device: MfaDevice, seed: string, { account }: Context): Promise<VirtualMFADevice> {
  const url = `otpauth://totp/${encodeURIComponent(`${device.name}@${account}`)}?secret=${seed}`;
  return {
    SerialNumber: device.serialNumber,
    Base32StringSeed: Buffer.from(seed, "latin1"),
    QRCodePNG: await qrCodePng(url),
    Tags: shownTags(device),
  };
}

async function formatListedDevice(device: MfaDevice, context: Context): Promise<VirtualMFADevice> {
  if (!isAssigned(device)) return { SerialNumber: device.serialNumber, Tags: shownTags(device) };
  const { ownerId, enabledAtMs } = device.assignment;
  const name = await nameOfOwner(ownerId, context.tx);
  const User =
    name === undefined
      ? { Path: undefined, UserName: undefined, UserId: ownerId, Arn: rootArn(context), CreateDate: ROOT_CREATED_AT }
      : formatUser(await requireUser(name, context.tx), context);
  return {
    SerialNumber: device.serialNumber,
    User,
    EnableDate: new Date(enabledAtMs),
    Tags: shownTags(device),
  };
}

const shownTags = ({ tags }: MfaDevice) => (Object.keys(tags).length > 0 ? formatTags(tags) : undefined);
