/** Devices that users signed in on, as they are kept. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { deviceNotFound } from "../errors.ts";
import type { PasswordVerifier } from "../sign-in/srp.ts";
import type { User } from "../user/user-row.ts";

export interface Device {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  readonly key: string;
  readonly groupKey: string;
  readonly name?: string | undefined;
  /** Once it is confirmed. */
  readonly verifier?: PasswordVerifier | undefined;
  readonly remembered: boolean;
  readonly lastIp: string;
  readonly createdMs: number;
  readonly changedMs: number;
  readonly authenticatedMs: number;
}

export const devices = table<Device>("cognito-idp.device", "global", ({ poolId, user, key }) => [poolId, user, key]);

/** @throws {AwsError} `ResourceNotFoundException` for a device that was never confirmed, too. */
export async function requireDevice({ poolId, key: user }: User, key: string, tx: Transaction): Promise<Device> {
  const device = await tx.get(devices, poolId, user, key);
  if (device?.verifier === undefined) throw deviceNotFound();
  return device;
}
