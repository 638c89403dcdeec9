/** Devices that wait for a user to let them in, as rows. */
import { table, type Transaction } from "../../kernel/table.ts";

export interface DeviceRequest {
  /** SHA-256 of the device's code, base64. */
  readonly codeHash: string;
  /** What the user compares: `BCDF-GHJK`. */
  readonly userCode: string;
  readonly clientId: string;
  readonly instanceId: string;
  readonly expiresAtMs: number;
  readonly intervalSeconds: number;
  readonly polls: number;
  readonly polledAtMs?: number | undefined;
  readonly state: { readonly kind: "pending" | "denied" } | { readonly kind: "allowed"; readonly sessionId: string };
}

export const deviceRequests = table<DeviceRequest>("sso-oidc.device", "global", ({ codeHash }) => [codeHash]);

const userCodes = table<Pick<DeviceRequest, "userCode" | "codeHash">>(
  "sso-oidc.user-code",
  "global",
  ({ userCode }) => [userCode],
);

export function putDeviceRequest(device: DeviceRequest, tx: Transaction): void {
  tx.put(deviceRequests, device);
  tx.put(userCodes, { userCode: device.userCode, codeHash: device.codeHash });
}

export function dropDeviceRequest({ codeHash, userCode }: DeviceRequest, tx: Transaction): void {
  tx.delete(deviceRequests, codeHash);
  tx.delete(userCodes, userCode);
}

/** As the user typed it, in any case and with or without its hyphen. */
export async function findByUserCode(typed: string, tx: Transaction): Promise<DeviceRequest | undefined> {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, "");
  const found = await tx.get(userCodes, `${letters.slice(0, 4)}-${letters.slice(4)}`);
  return found && tx.get(deviceRequests, found.codeHash);
}
